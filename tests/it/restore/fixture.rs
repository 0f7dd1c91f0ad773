//! Databases, backups, mounts, and running as somebody else.

use flate2::{Compression, write::GzEncoder};
use rei_recovery::adapters::{s3::*, sqlite_files::LocalFiles};
use rei_recovery::demo::s3::{S3Options, S3Server};
use rei_recovery::domain::backup::{Backup, BackupTime, VerificationRecord};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::PortResult;
use rei_recovery::ports::backups::{BackupPlace, Fetched, Work};
use rei_recovery::ports::database::{DatabaseFiles, Layout};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

pub const KEY: &str = "recovery";
pub const SECRET: &str = "a secret for the tests";
pub const NAME: &str = "db_20261123_031500.db.gz";

pub fn time() -> BackupTime {
    "20261123_031500".parse().unwrap()
}

/// A database with so many users, a job, a ledger row and a payment each, one second apart.
pub fn database(path: &Path, users: u32) -> Connection {
    let db = Connection::open(path).unwrap();
    db.execute_batch(include_str!("schema.sql")).unwrap();
    add_users(&db, 1, users, "2026-11-23 02:00:00");
    db
}

/// More of the same, from a moment on.
pub fn add_users(db: &Connection, from: u32, count: u32, since: &str) {
    db.execute_batch("BEGIN").unwrap();
    for id in from..from + count {
        let at: String = db
            .query_row(
                "SELECT datetime(?1, ?2 || ' seconds')",
                (since, id - from),
                |r| r.get(0),
            )
            .unwrap();
        let job = format!("job-{id}");
        db.execute(
            "INSERT INTO users(id, created_at) VALUES (?1, ?2)",
            (id, &at),
        )
        .unwrap();
        db.execute(
            "INSERT INTO jobs VALUES (?1, ?2, 'kling', 'video', 'completed', ?3, 5, NULL, 1, ?4, ?4)",
            (&job, id, format!("{{\"seed\":{id}}}"), &at),
        )
        .unwrap();
        db.execute(
            "INSERT INTO ledger(user_id, amount, reason, reference, created_at) VALUES (?1, -5, 'job', ?2, ?3)",
            (id, &job, &at),
        )
        .unwrap();
        db.execute(
            "INSERT INTO payments VALUES (?1, ?2, NULL, '199.00', 'RUB', 100, 'succeeded', ?3, ?3)",
            (format!("pay-{id}"), id, &at),
        )
        .unwrap();
    }
    db.execute_batch("COMMIT").unwrap();
}

/// The bytes of a closed database with so many users.
pub fn database_bytes(users: u32) -> Vec<u8> {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("bot.db");
    database(&path, users).close().unwrap();
    std::fs::read(path).unwrap()
}

pub fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// Bytes that hardly compress.
pub fn noise(length: usize) -> Vec<u8> {
    let mut reader = blake3::Hasher::new_derive_key("noise").finalize_xof();
    let mut bytes = vec![0; length];
    reader.fill(&mut bytes);
    bytes
}

pub fn sha256(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

pub fn layout(folder: &Path) -> Layout {
    Layout {
        database: folder.join("bot.db"),
        quarantine: folder.join("quarantine/R-7"),
        staging: folder.join(".bot.db.R-7"),
    }
}

/// Stages the one backup of a place in a folder.
pub async fn stage(place: &Arc<dyn BackupPlace>, into: &Path) -> PortResult<Fetched> {
    let backup = only(place.as_ref()).await;
    stage_backup(place, &backup, into, &Work::default()).await
}

/// Stages a backup in a folder.
pub async fn stage_backup(
    place: &Arc<dyn BackupPlace>,
    backup: &Backup,
    into: &Path,
    work: &Work,
) -> PortResult<Fetched> {
    let place = Arc::clone(place);
    LocalFiles.stage(&layout(into), place, backup, work).await
}

/// The one backup of a place.
pub async fn only(place: &dyn BackupPlace) -> Backup {
    let mut backups = place.list().await.unwrap();
    assert_eq!(backups.len(), 1, "{backups:?}");
    backups.remove(0)
}

pub fn code<T: std::fmt::Debug>(result: PortResult<T>) -> FailureCode {
    result.expect_err("it should have failed").code()
}

pub fn record(time: BackupTime, bytes: u64) -> VerificationRecord {
    VerificationRecord {
        time,
        content: rei_recovery::domain::backup::ContentHash("ab".repeat(32)),
        bytes,
        counts: [("users".to_owned(), 3)].into(),
        verified_at: "2026-11-23T04:00:00Z".parse().unwrap(),
        sqlite: "3.51.3".into(),
    }
}

/// Short deadlines: what is to fail fails soon.
pub fn limits() -> S3Limits {
    S3Limits {
        connect: Duration::from_secs(2),
        attempt: Duration::from_secs(2),
        operation: Duration::from_secs(6),
        stall: Duration::from_secs(1),
        attempts: 2,
        resumes: 3,
    }
}

pub fn settings(server: &S3Server) -> S3Settings {
    S3Settings {
        endpoint: Some(server.url()),
        region: None,
        bucket: "rei-backups".into(),
        prefix: "/prod/".into(),
        keys: Some(S3Keys {
            id: KEY.into(),
            secret: SECRET.into(),
            session: None,
        }),
        limits: limits(),
    }
}

/// A server whose bucket's folder `prod` holds the backups.
pub async fn s3(dir: &Path, page_size: u16) -> (S3Server, PathBuf) {
    let options = S3Options {
        page_size,
        ..S3Options::local(dir, "rei-backups", KEY, SECRET)
    };
    let server = S3Server::start(options).await.unwrap();
    let folder = server.folder().join("prod");
    std::fs::create_dir_all(&folder).unwrap();
    (server, folder)
}

/// A small file system of its own, unmounted when dropped.
pub struct Disk {
    pub dir: TempDir,
}

impl Disk {
    pub fn new(kib: u32) -> Self {
        let dir = TempDir::new().unwrap();
        let size = format!("size={kib}k,mode=0755");
        run(Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(dir.path()));
        Self { dir }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        run(Command::new("umount").arg("-l").arg(self.dir.path()));
    }
}

pub fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

/// Runs the calling test once more as a user without rights. True in the process that is that user.
pub fn as_nobody(test: &str) -> bool {
    if std::env::var_os("AS_NOBODY").is_some() {
        return true;
    }
    // The binary may lie where nobody may not look.
    let dir = TempDir::new().unwrap();
    let binary = dir.path().join("it");
    std::fs::copy(std::env::current_exe().unwrap(), &binary).unwrap();
    run(Command::new("chmod").arg("0755").arg(dir.path()));
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&binary)
        .args(["--exact", test, "--nocapture"])
        .env("AS_NOBODY", "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    false
}
