//! A small patient on real files: its database with rows that only the write-ahead log holds, backups,
//! saved files, settings. Made once and copied for each recovery.

use super::fault::{Database, Newest, Setting};
use flate2::{Compression, write::GzEncoder};
use jiff::{SignedDuration, Timestamp};
use rei_recovery::domain::backup::{BackupTime, ContentHash, VerificationRecord};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// People in the live database, and of these in the write-ahead log alone.
pub const PEOPLE: i64 = 12;
pub const IN_WAL: i64 = 4;

/// Payments of REI's that the provider knows as paid, as canceled, and as open.
pub const PAID: &str = "pay-1";
pub const CANCELED: &str = "pay-2";
pub const OPEN: &str = "pay-3";

/// A backup's bytes.
pub struct Taken {
    pub time: BackupTime,
    pub plain: Vec<u8>,
    counts: BTreeMap<String, u64>,
}

/// What every patient is copied from.
pub struct Template {
    main: Vec<u8>,
    wal: Vec<u8>,
    /// The older and the newest.
    pub taken: [Taken; 2],
}

/// Made once in a process.
pub fn template() -> &'static Template {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    TEMPLATE.get_or_init(Template::make)
}

/// Memory in place of a disk where there is such a folder: a soak syncs a hundred times a second.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    match memory.is_dir() {
        true => TempDir::new_in(memory).unwrap(),
        false => TempDir::new().unwrap(),
    }
}

impl Template {
    fn make() -> Self {
        let dir = folder();
        let path = dir.path().join("bot.db");
        let db = Connection::open(&path).unwrap();
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;")
            .unwrap();
        db.execute_batch(include_str!("../restore/schema.sql"))
            .unwrap();
        db.execute_batch(
            "CREATE TABLE marker(name TEXT); CREATE TABLE beats(n INTEGER PRIMARY KEY);
             INSERT INTO marker VALUES ('older');",
        )
        .unwrap();
        people(&db, 1..=5);
        money(&db);
        let now = Timestamp::now();
        let older = taken(&db, dir.path(), now - SignedDuration::from_hours(3));
        people(&db, 6..=7);
        db.execute("UPDATE marker SET name = 'newest'", []).unwrap();
        let newest = taken(&db, dir.path(), now - SignedDuration::from_mins(40));
        people(&db, 8..=PEOPLE - IN_WAL);
        db.execute("UPDATE marker SET name = 'live'", []).unwrap();
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        people(&db, PEOPLE - IN_WAL + 1..=PEOPLE);
        Self {
            main: fs::read(&path).unwrap(),
            wal: fs::read(dir.path().join("bot.db-wal")).unwrap(),
            taken: [older, newest],
        }
    }
}

/// Each with a job that is done, one that waits, one that failed, and a ledger that is his balance.
fn people(db: &Connection, ids: std::ops::RangeInclusive<i64>) {
    for id in ids {
        db.execute_batch(&format!(
            "BEGIN;
             INSERT INTO users(id, balance, language, created_at)
               VALUES ({id}, 95, 'en', datetime('now', '-2 hours'));
             INSERT INTO ledger(user_id, amount, reason, reference, created_at)
               VALUES ({id}, 100, 'bonus', NULL, datetime('now', '-2 hours')),
                      ({id}, -5, 'job', 'done-{id}', datetime('now', '-1 hours'));
             INSERT INTO jobs(id, user_id, provider, kind, status, params, cost, error, created_at, updated_at)
               VALUES ('done-{id}', {id}, 'kling', 'video', 'completed', '{{}}', 5, NULL,
                       datetime('now', '-1 hours'), datetime('now', '-1 hours')),
                      ('waits-{id}', {id}, 'kling', 'video', 'queued', '{{}}', 5, NULL,
                       datetime('now', '-10 minutes'), datetime('now', '-10 minutes')),
                      ('failed-{id}', {id}, 'kling', 'video', 'failed', '{{}}', 5, 'Timeout: 30 s',
                       datetime('now', '-10 minutes'), datetime('now', '-5 minutes'));
             COMMIT;"
        ))
        .unwrap();
    }
}

fn money(db: &Connection) {
    for (user, id) in [(1, PAID), (2, CANCELED), (3, OPEN)] {
        db.execute(
            "INSERT INTO payments VALUES (?1, ?2, ?3, '199.00', 'RUB', 100, 'pending',
               datetime('now', '-10 minutes'), datetime('now', '-10 minutes'))",
            (id, user, format!("remote-{id}")),
        )
        .unwrap();
    }
}

fn taken(db: &Connection, dir: &Path, at: Timestamp) -> Taken {
    let time = BackupTime::of(at);
    let path = dir.join(format!("{time}.db"));
    db.execute("VACUUM INTO ?1", [path.to_str().unwrap()])
        .unwrap();
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table}");
        let rows: i64 = db.query_row(&sql, [], |row| row.get(0)).unwrap();
        (table.to_owned(), rows.unsigned_abs())
    };
    Taken {
        time,
        plain: fs::read(path).unwrap(),
        counts: ["users", "jobs", "ledger", "payments"].map(count).into(),
    }
}

impl Taken {
    pub fn record(&self) -> VerificationRecord {
        VerificationRecord {
            time: self.time,
            content: ContentHash(blake3::hash(&self.plain).to_hex().to_string()),
            bytes: self.plain.len() as u64,
            counts: self.counts.clone(),
            verified_at: Timestamp::now(),
            sqlite: "3.51.3".to_owned(),
        }
    }
}

/// A patient's folders.
pub struct Ground {
    pub dir: TempDir,
    /// The main file as it was, where it is damaged.
    pub damaged: Option<Vec<u8>>,
}

impl Ground {
    pub fn new(setting: &Setting) -> Self {
        let template = template();
        let mut ground = Self {
            dir: folder(),
            damaged: None,
        };
        for folder in [
            ground.home(),
            ground.backups(),
            ground.state(),
            ground.runbooks(),
        ] {
            fs::create_dir_all(folder).unwrap();
        }
        let home = ground.home();
        match setting.database {
            Database::Live => {
                fs::write(ground.database(), &template.main).unwrap();
                fs::write(home.join("bot.db-wal"), &template.wal).unwrap();
            }
            Database::Damaged => {
                let bytes = damage(template.main.clone());
                fs::write(ground.database(), &bytes).unwrap();
                ground.damaged = Some(bytes);
            }
            Database::Missing => {}
        }
        fs::write(
            home.join("config.py"),
            "TOKEN = 'x'\nYOOKASSA_MANUAL_MODE=False\n",
        )
        .unwrap();
        let env = "BOT_TOKEN=x\nENABLE_FALLBACK_PROVIDERS=false\n";
        fs::write(home.join(".env"), env).unwrap();
        fs::write(home.join(".env.example"), env).unwrap();
        fs::write(home.join("bot.log"), "").unwrap();
        ground.fill(setting);
        ground
    }

    fn fill(&self, setting: &Setting) {
        let [older, newest] = &template().taken;
        let name = |time| self.backups().join(format!("db_{time}.db.gz"));
        fs::write(name(older.time), gzip(&older.plain)).unwrap();
        let bytes = match setting.newest {
            Newest::Good => gzip(&newest.plain),
            Newest::Truncated => {
                let whole = gzip(&newest.plain);
                whole[..whole.len() / 2].to_vec()
            }
            Newest::Damaged => gzip(&damage(newest.plain.clone())),
        };
        fs::write(name(newest.time), bytes).unwrap();
        if setting.saved {
            let path = self.backups().join(format!("files_{}.tar.gz", newest.time));
            fs::write(path, gzip(&archive())).unwrap();
        }
        for (name, text) in rei_recovery::runbook::BUILT_IN {
            fs::write(self.runbooks().join(name), hurried(text)).unwrap();
        }
    }

    pub fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    pub fn database(&self) -> PathBuf {
        self.home().join("bot.db")
    }

    pub fn backups(&self) -> PathBuf {
        self.dir.path().join("backups")
    }

    pub fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    pub fn runbooks(&self) -> PathBuf {
        self.dir.path().join("runbooks")
    }
}

/// The same runbook with shorter longest times: nothing here takes an hour, and each second that nothing
/// happens is two looks of the worker.
fn hurried(text: &str) -> String {
    let line = |line: &str| match line.split_once(" = ") {
        Some((
            "timeout",
            "\"45m\"" | "\"30m\"" | "\"20m\"" | "\"15m\"" | "\"10m\"" | "\"5m\"" | "\"1h\""
            | "\"2h\"" | "\"3h\"",
        )) => "timeout = \"3m\"".to_owned(),
        Some(("action.patience", _)) => "action.patience = \"1m\"".to_owned(),
        _ => line.to_owned(),
    };
    text.lines().map(|it| line(it) + "\n").collect()
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// Pages in the middle say something else; the header is whole.
fn damage(mut bytes: Vec<u8>) -> Vec<u8> {
    for page in bytes.chunks_mut(4096).skip(1) {
        page[..64].fill(0xee);
    }
    bytes
}

fn archive() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(5);
    header.set_mode(0o644);
    archive
        .append_data(&mut header, "uploads/a.txt", &b"saved"[..])
        .unwrap();
    archive.into_inner().unwrap()
}
