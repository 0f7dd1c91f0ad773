//! Looking into a database while another process opens, writes and closes it.

use super::fixture::*;
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::database::DatabaseChecks;
use rei_recovery::ports::glance::DatabaseGlance;
use rei_recovery::runbook::schema;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const USERS: u32 = 8_000;
const WRITES_TO: &str = "LIVE_TEST_WRITES_TO";

/// Looks for so long; each is some hundred of the writer's transactions.
const LOOKS: Duration = Duration::from_secs(8);

/// Another process that writes all the time, and closes the database again and again.
struct Writer(Child);

impl Writer {
    fn at(path: &Path, test: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", test, "--nocapture"]);
        command.env(WRITES_TO, path).stdout(Stdio::null());
        Self(command.spawn().unwrap())
    }

    /// It has not given up.
    fn assert_alive(&mut self) {
        assert_eq!(self.0.try_wait().unwrap(), None, "the writer ended");
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// What the other process does until it is killed: rows that move pages about, in each turn on a
/// connection of its own, so that the log comes and goes.
fn write_for_ever(path: &Path) {
    for turn in 0_u32.. {
        let db = Connection::open(path).unwrap();
        db.busy_timeout(Duration::from_secs(30)).unwrap();
        db.pragma_update(None, "synchronous", "off").unwrap();
        // Table and index change together, and meet in the main file when the log goes.
        let status = ["failed", "completed"][(turn % 2) as usize];
        let first = (turn * 331) % (USERS - 60);
        let sql = "UPDATE jobs SET status = ?1 WHERE rowid BETWEEN ?2 AND ?2 + 60";
        db.execute(sql, (status, first)).unwrap();
        db.execute(
            "UPDATE ledger SET user_id = user_id % ?1 + 1 WHERE id BETWEEN ?2 AND ?2 + 60",
            (USERS, first),
        )
        .unwrap();
        db.close().unwrap();
        // Left alone for a moment, it looks like a database that nobody uses.
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn home(wal: bool) -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("bot.db");
    let db = database(&path, USERS);
    if wal {
        db.pragma_update(None, "journal_mode", "wal").unwrap();
    }
    db.close().unwrap();
    (dir, path)
}

/// Checks again and again, maybe with short looks beside it (which keep a log where it is). Gives how
/// many checks came to an end.
async fn checks(path: &Path, writer: &mut Writer, looks_beside: bool) -> u32 {
    let limits = CheckLimits {
        busy: Duration::from_secs(20),
        ..CheckLimits::default()
    };
    let checks = SqliteChecks::new(schema::built_in().unwrap(), limits);
    let (beside, file) = (checks.clone(), path.to_owned());
    let glances = looks_beside.then(|| {
        tokio::spawn(async move {
            loop {
                beside.glance(&file).await.unwrap();
                beside.loss(&file, time()).await.unwrap();
            }
        })
    });
    let (begun, mut done) = (Instant::now(), 0);
    while begun.elapsed() < LOOKS {
        match checks.check_live(path, &Work::default()).await {
            Ok(report) => {
                assert_eq!(report.counts["users"], u64::from(USERS));
                done += 1;
            }
            // What could not be seen is said to be so, and is no damage.
            Err(error) => assert!(!error.code().is_about_content(), "{error:?}"),
        }
        writer.assert_alive();
    }
    if let Some(glances) = glances {
        assert!(!glances.is_finished());
        glances.abort();
    }
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_whose_log_comes_and_goes_is_never_called_damaged() {
    if let Some(path) = std::env::var_os(WRITES_TO) {
        return write_for_ever(Path::new(&path));
    }
    let (_dir, path) = home(true);
    let name = "restore::live::a_database_whose_log_comes_and_goes_is_never_called_damaged";
    let mut writer = Writer::at(&path, name);
    assert!(checks(&path, &mut writer, false).await > 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn looks_beside_each_other_let_no_writer_in() {
    if let Some(path) = std::env::var_os(WRITES_TO) {
        return write_for_ever(Path::new(&path));
    }
    let (_dir, path) = home(false);
    let name = "restore::live::looks_beside_each_other_let_no_writer_in";
    let mut writer = Writer::at(&path, name);
    assert!(checks(&path, &mut writer, true).await > 0);
}
