//! Where backups lie and are tested: the same code as every Sunday, on real files and a real state.

use jiff::Timestamp;
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::catalogue::AllBackups;
use rei_recovery::adapters::scratch::WorkFolders;
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::adapters::sqlite_files::LocalFiles;
use rei_recovery::domain::backup::BackupTime;
use rei_recovery::domain::chore::testing::{Finding, Tested};
use rei_recovery::ports::backups::{BackupPlace, Work};
use rei_recovery::ports::clock::Clock;
use rei_recovery::runbook::schema;
use rei_recovery::store::Store;
use rei_recovery::tasks::testing::{Order, Tester};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A clock that stands.
pub struct Stopped(pub Timestamp);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// When tests are made here.
pub fn now() -> Timestamp {
    "2026-11-23T02:00:00Z".parse().unwrap()
}

/// The state, and folders of backups beside it.
pub struct Ground {
    pub dir: TempDir,
    pub store: Store,
    made: std::cell::Cell<u32>,
}

/// One backup folder with a tester of its own.
pub struct Yard {
    pub folder: PathBuf,
    pub tester: Tester,
    name: String,
    work: PathBuf,
}

impl Ground {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let store = Store::open(&dir.path().join("state"), Arc::new(Stopped(now()))).unwrap();
        Self {
            dir,
            store,
            made: std::cell::Cell::new(0),
        }
    }

    /// A folder of its own, whose backups only this yard sees. The live database is not there.
    pub fn yard(&self) -> Yard {
        let number = self.made.get();
        self.made.set(number + 1);
        let folder = self.dir.path().join(format!("backups-{number}"));
        std::fs::create_dir(&folder).unwrap();
        let place: Arc<dyn BackupPlace> =
            Arc::new(BackupDir::new(folder.clone(), Duration::from_secs(10)));
        let deadline = Duration::from_secs(10);
        let verifications = Arc::new(self.store.clone());
        let state = self.dir.path().join("state");
        let checks = SqliteChecks::new(schema::built_in().unwrap(), CheckLimits::default());
        Yard {
            tester: Tester {
                backups: Arc::new(AllBackups::new(vec![place], verifications, deadline)),
                files: Arc::new(LocalFiles),
                checks: Arc::new(checks),
                scratch: Arc::new(WorkFolders::new(&state)),
                clock: Arc::new(Stopped(now())),
                database: self.dir.path().join(format!("live-{number}.db")),
                rto: Duration::from_secs(3600),
                rpo: Duration::from_secs(3600),
            },
            folder,
            name: format!("backup-test-{number}"),
            work: state.join("work"),
        }
    }
}

/// The name of a backup of this moment.
pub fn name(at: Timestamp) -> String {
    format!("db_{}.db.gz", BackupTime::of(at))
}

impl Yard {
    /// Puts a backup of this moment there.
    pub fn put(&self, at: Timestamp, packed: &[u8]) {
        std::fs::write(self.folder.join(name(at)), packed).unwrap();
    }

    /// Puts what `sha256sum` says of these bytes beside it.
    pub fn put_sum(&self, at: Timestamp, of: &[u8]) {
        let sum = data_encoding::HEXLOWER.encode(&Sha256::digest(of));
        let line = format!("{sum}  {}\n", name(at));
        std::fs::write(self.folder.join(format!("{}.sha256", name(at))), line).unwrap();
    }

    /// Puts the record beside it that a backup program leaves of these uncompressed bytes.
    pub fn put_record(&self, at: Timestamp, plain: &[u8], users: u64) {
        let record = serde_json::json!({
            "time": BackupTime::of(at).to_string(),
            "content": blake3::hash(plain).to_hex().to_string(),
            "bytes": plain.len(),
            "counts": { "users": users },
            "verified_at": at.to_string(),
            "sqlite": "3.51.3",
        });
        let name = format!("db_{}.manifest.json", BackupTime::of(at));
        std::fs::write(self.folder.join(name), record.to_string()).unwrap();
    }

    /// The weekly test. Whatever it finds, it leaves nothing behind.
    pub async fn test(&self, earlier: &[Tested]) -> Tested {
        self.test_of(None, earlier).await
    }

    pub async fn test_of(&self, backup: Option<BackupTime>, earlier: &[Tested]) -> Tested {
        let order = Order {
            name: &self.name,
            backup,
            earlier,
        };
        let tested = self.tester.test(order, &Work::default()).await.unwrap();
        assert!(!self.work.join(&self.name).exists(), "something was left");
        tested
    }
}

/// What speaks against the one backup that was tested, in short.
pub fn words(tested: &Tested) -> Vec<&'static str> {
    let findings = tested.places.iter().flat_map(|place| &place.findings);
    let word = |finding: &Finding| match finding {
        Finding::Failed { failure } => failure.code.as_str(),
        other => other.as_str(),
    };
    findings.map(word).collect()
}
