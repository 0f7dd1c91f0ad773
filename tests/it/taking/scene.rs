//! A database, a folder and a bucket, and what takes backups of the one into the others.

use crate::restore::fixture::{KEY, SECRET, add_users, limits, s3};
use flate2::read::MultiGzDecoder;
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::catalogue::AllBackups;
use rei_recovery::adapters::s3::{S3Keys, S3Place, S3Settings};
use rei_recovery::adapters::sqlite_backup::{CopyLimits, SqliteCopies};
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::demo::s3::S3Server;
use rei_recovery::domain::Timestamp;
use rei_recovery::ports::backups::{BackupPlace, Backups};
use rei_recovery::ports::clock::{Clock, SystemClock};
use rei_recovery::ports::taking::Depot;
use rei_recovery::runbook::schema;
use rei_recovery::store::Store;
use rei_recovery::tasks::taking::Taking;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

pub const DAY: Duration = Duration::from_secs(24 * 3600);

/// How a database is made.
#[derive(Clone, Copy)]
pub struct Make {
    pub page_size: u32,
    pub journal: &'static str,
    pub users: u32,
}

impl Default for Make {
    fn default() -> Self {
        Self {
            page_size: 4096,
            journal: "wal",
            users: 200,
        }
    }
}

/// A database as a bot has it.
pub fn make(path: &Path, how: Make) -> Connection {
    let db = Connection::open(path).unwrap();
    db.pragma_update(None, "page_size", how.page_size).unwrap();
    db.pragma_update(None, "journal_mode", how.journal).unwrap();
    db.execute_batch(include_str!("../restore/schema.sql"))
        .unwrap();
    add_users(&db, 1, how.users, "2026-11-23 02:00:00");
    db
}

/// A clock that stands.
pub struct At(pub Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

pub fn at(text: &str) -> Arc<dyn Clock> {
    Arc::new(At(text.parse().unwrap()))
}

pub struct Scene {
    pub dir: TempDir,
    pub server: S3Server,
    /// The bucket's folder.
    pub bucket: PathBuf,
    pub taking: Taking,
}

impl Scene {
    /// With a database of some users, which nobody has open.
    pub async fn new() -> Self {
        let scene = Self::without_database().await;
        make(&scene.database(), Make::default()).close().unwrap();
        scene
    }

    pub async fn without_database() -> Self {
        let dir = TempDir::new().unwrap();
        let (server, bucket) = s3(&dir.path().join("s3"), 1000).await;
        std::fs::create_dir_all(dir.path().join("home")).unwrap();
        std::fs::create_dir_all(dir.path().join("backups")).unwrap();
        let taking = taking(dir.path(), &server.url()).await;
        Self {
            dir,
            server,
            bucket,
            taking,
        }
    }

    pub fn database(&self) -> PathBuf {
        self.dir.path().join("home/bot.db")
    }

    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("backups")
    }

    /// Names of everything in folder and bucket, hidden files and half uploads too.
    pub fn names(&self) -> BTreeSet<String> {
        let named = |place: &str, folder: &Path| {
            let names = |entry: std::io::Result<std::fs::DirEntry>| {
                let name = entry.unwrap().file_name().into_string().unwrap();
                format!("{place}/{name}")
            };
            let found: Vec<_> = std::fs::read_dir(folder).unwrap().map(names).collect();
            found
        };
        let mut all = named("folder", &self.folder());
        all.extend(named("s3", &self.bucket));
        let half = named("half", &self.dir.path().join("s3"));
        all.extend(half.into_iter().filter(|name| name.contains("upload")));
        all.into_iter().collect()
    }

    /// What is left in the folder that backups are made in.
    pub fn staged(&self) -> usize {
        let staging = self.dir.path().join("state/taking");
        std::fs::read_dir(staging).map_or(0, Iterator::count)
    }

    /// The names that a whole backup of this time has.
    pub fn whole(place: &str, time: &str) -> BTreeSet<String> {
        ["db.gz", "db.gz.sha256", "manifest.json"]
            .map(|end| format!("{place}/db_{time}.{end}"))
            .into()
    }
}

/// What takes backups of the database in a folder into a folder and a bucket.
pub async fn taking(dir: &Path, s3: &str) -> Taking {
    let bucket = S3Settings {
        endpoint: Some(s3.to_owned()),
        region: None,
        bucket: "rei-backups".into(),
        prefix: "prod".into(),
        keys: Some(S3Keys {
            id: KEY.into(),
            secret: SECRET.into(),
            session: None,
        }),
        limits: limits(),
    };
    let folder = BackupDir::new(dir.join("backups"), Duration::from_secs(5));
    of(dir, folder, S3Place::new(&bucket).await)
}

fn of(dir: &Path, folder: BackupDir, s3: S3Place) -> Taking {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Store::open(&dir.join("state"), Arc::clone(&clock)).unwrap();
    let places: Vec<Arc<dyn BackupPlace>> = vec![Arc::new(folder.clone()), Arc::new(s3.clone())];
    let depots: Vec<Arc<dyn Depot>> = vec![Arc::new(folder), Arc::new(s3)];
    let backups = AllBackups::new(places, Arc::new(store), Duration::from_secs(5));
    with(dir, Arc::new(backups), depots, clock)
}

fn with(
    dir: &Path,
    backups: Arc<dyn Backups>,
    depots: Vec<Arc<dyn Depot>>,
    clock: Arc<dyn Clock>,
) -> Taking {
    let limits = CopyLimits {
        copy: Duration::from_secs(60),
        busy: Duration::from_secs(20),
    };
    let schema = schema::built_in().unwrap();
    Taking {
        copies: Arc::new(SqliteCopies { limits }),
        checks: Arc::new(SqliteChecks::new(schema, CheckLimits::default())),
        backups,
        depots,
        clock,
        database: dir.join("home/bot.db"),
        staging: dir.join("state/taking"),
        retention: DAY * 14,
        program: "test",
    }
}

/// Takes nothing from nowhere to nowhere: for those who only need one.
pub fn nowhere(backups: Arc<dyn Backups>) -> Taking {
    with(
        Path::new("/nowhere"),
        backups,
        Vec::new(),
        Arc::new(SystemClock),
    )
}

/// A gzip file's content, with another inflater than ours.
pub fn unpacked(file: &Path) -> Vec<u8> {
    let mut plain = Vec::new();
    let packed = std::fs::File::open(file).unwrap();
    MultiGzDecoder::new(packed).read_to_end(&mut plain).unwrap();
    plain
}
