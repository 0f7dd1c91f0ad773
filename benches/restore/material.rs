//! The database and its backup; built once and kept for the next time.

use anyhow::{Result, ensure};
use rusqlite::{Connection, Transaction};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SCHEMA: &str = include_str!("../../tests/it/restore/schema.sql");
const NAME: &str = "db_20261123_031500.db.gz";
const USERS: u32 = 20_000;
const BATCH: u32 = 20_000;

/// Paths of everything.
pub struct Material {
    /// The database that was backed up.
    pub database: PathBuf,
    /// `BACKUP_DIR`.
    pub folder: PathBuf,
    /// Root of the S3 server; the bucket's folder holds the same backup.
    pub store: PathBuf,
    /// Where the restored database goes.
    pub home: PathBuf,
}

impl Material {
    pub fn prepare(mib: u64) -> Result<Self> {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("restore-{mib}"));
        let material = Self {
            database: root.join("original.db"),
            folder: root.join("backups"),
            store: root.join("store"),
            home: root.join("home"),
        };
        let bucket = material.store.join(super::BUCKET);
        for folder in [&material.folder, &bucket, &material.home] {
            fs::create_dir_all(folder)?;
        }
        if !material.backup().exists() {
            eprintln!("building a database of {mib} MiB and its backup, once");
            build(&material.database, mib)?;
            pack(&material.database, &material.backup())?;
        }
        if !bucket.join(NAME).exists() {
            fs::hard_link(material.backup(), bucket.join(NAME))?;
        }
        Ok(material)
    }

    pub fn backup(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    pub fn describe(&self) -> String {
        let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
        let mb = |path: &Path| size(path) as f64 / 1e6;
        format!(
            "database {:.0} MB, backup {:.0} MB (gzip -6), {} cores",
            mb(&self.database),
            mb(&self.backup()),
            std::thread::available_parallelism().map_or(1, usize::from),
        )
    }

    /// Removes what a run left, brings the backup into the page cache and waits for the disk.
    pub fn clean(&self) -> Result<()> {
        fs::remove_dir_all(&self.home)?;
        fs::create_dir_all(&self.home)?;
        fs::read(self.backup())?;
        ensure!(Command::new("sync").status()?.success());
        Ok(())
    }
}

fn pack(database: &Path, backup: &Path) -> Result<()> {
    let partial = backup.with_extension("part");
    let status = Command::new("gzip")
        .args(["-6", "-c"])
        .arg(database)
        .stdout(fs::File::create(&partial)?)
        .status()?;
    ensure!(status.success(), "gzip failed");
    fs::rename(partial, backup)?;
    Ok(())
}

fn build(path: &Path, mib: u64) -> Result<()> {
    let _ = fs::remove_file(path);
    let mut db = Connection::open(path)?;
    db.execute_batch("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000")?;
    db.execute_batch(SCHEMA)?;
    let mut random = Random(7);
    let users = db.transaction()?;
    for id in 1..=USERS {
        users.execute(
            "INSERT INTO users(id, created_at) VALUES (?1, '2026-01-01 00:00:00')",
            [id],
        )?;
    }
    users.commit()?;
    while fs::metadata(path)?.len() < mib << 20 {
        let batch = db.transaction()?;
        jobs(&batch, &mut random)?;
        batch.commit()?;
    }
    db.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Jobs with prompts of words, and their ledger rows.
fn jobs(batch: &Transaction<'_>, random: &mut Random) -> Result<()> {
    let mut job = batch.prepare_cached(
        "INSERT INTO jobs VALUES (?1, ?2, 'kling', 'image', 'completed', ?3, 3, NULL, 1, ?4, ?4)",
    )?;
    let mut ledger = batch.prepare_cached(
        "INSERT INTO ledger(user_id, amount, reason, reference, created_at) VALUES (?1, -3, 'job', ?2, ?3)",
    )?;
    for _ in 0..BATCH {
        let id = format!("{:016x}{:016x}", random.next(), random.next());
        let user = i64::try_from(random.next() % u64::from(USERS))? + 1;
        let words: Vec<String> = (0..40).map(|_| random.word()).collect();
        let params = format!("{{\"prompt\":\"{}\"}}", words.join(" "));
        let at = format!("2026-{:02}-11 10:20:30", random.next() % 11 + 1);
        job.execute((&id, user, params, &at))?;
        ledger.execute((user, &id, &at))?;
    }
    Ok(())
}

/// The same numbers each time (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) >> 1
    }

    /// One of four thousand words.
    fn word(&mut self) -> String {
        let mut own = Self(self.next() % 4000);
        let length = own.next() % 8 + 3;
        let letter = |n: u64| char::from(b'a' + u8::try_from(n % 26).unwrap_or(0));
        (0..length).map(|_| letter(own.next())).collect()
    }
}
