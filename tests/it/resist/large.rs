//! A large database in WAL mode, with rows in the WAL and damaged pages, from each place of backups.
//!
//! `REI_TEST_LARGE_BYTES` gives it another size than the one that every run can afford.

use super::play::*;
use rei_recovery::demo::patient::{
    Damage, PatientOptions, Taken, damage, fingerprint, integrity, rows,
};
use rei_recovery::demo::world::World;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Of an ordinary run.
const BYTES: u64 = 128 << 20;

/// Nobody on this machine: the owner is kept as a number.
const OWNER: (u32, u32) = (41_234, 41_235);

const SIDECARS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Where the program writes that the database in its place is verified, in a run without trouble.
const VERIFIED: u64 = 16;

fn bytes() -> u64 {
    match std::env::var("REI_TEST_LARGE_BYTES") {
        Ok(bytes) => bytes.parse().expect("a number of bytes"),
        Err(_) => BYTES,
    }
}

/// A patient as it was before its recovery.
struct Before {
    world: World,
    taken: Taken,
    /// The backup's database, unpacked beside everything.
    unpacked: PathBuf,
    files: BTreeMap<&'static str, String>,
    opened: Vec<String>,
}

impl Before {
    /// `gone`: the place that has lost its backups.
    async fn build(gone: fn(&World) -> PathBuf) -> Self {
        let mut patient = PatientOptions::of_bytes(bytes());
        patient.owner = Some(OWNER);
        let world = build(options().patient(patient).units_down()).await;
        let taken = world.patient.latest_good().unwrap().clone();
        let unpacked = world.root().join("unpacked.db");
        gunzip(&taken.file, &unpacked);
        fs::remove_dir_all(gone(&world)).unwrap();
        fs::create_dir(gone(&world)).unwrap();
        let database = world.patient.database();
        assert!(fs::metadata(world.patient.sidecar("-wal")).unwrap().len() > 0);
        damage(&database, Damage::FlippedBytes).unwrap();
        let opened = opens(&database);
        assert!(
            opened.iter().any(|line| line.contains("malformed")),
            "{opened:?}"
        );
        Self {
            files: hashes(&database),
            world,
            taken,
            unpacked,
            opened,
        }
    }

    async fn approve(&self) {
        let ask = ask(&self.world).await;
        press_data(&self.world, self.world.cast.boris, &ask, &ask.approve).await;
    }

    fn owner_is_kept(&self) {
        let (uid, gid) = OWNER;
        let kept = self.world.patient.ownership().unwrap();
        assert_eq!(kept, (uid, gid, 0o640));
    }

    /// Everything that must hold after a recovery.
    async fn is_recovered(&self, place: &str) {
        assert_eq!(outcome(&self.world).await, "recovered");
        self.owner_is_kept();
        let staged = staged(&self.world);
        assert_eq!(staged["place"], place, "{staged}");
        self.world.stop_units().await.unwrap();
        let database = self.world.patient.database();
        assert!(integrity(&database).unwrap().is_empty());
        assert_eq!(rows(&self.unpacked).unwrap(), self.taken.rows);
        let cut = self.taken.time.at().strftime("%Y-%m-%d %H:%M:%S");
        let print = |path: &Path| fingerprint(path, &cut.to_string()).unwrap();
        assert_eq!(print(&database), print(&self.unpacked));
        self.quarantine_is_complete();
    }

    fn quarantine_is_complete(&self) {
        let plan = self.world.state.plan(1).unwrap();
        let folder = PathBuf::from(plan["quarantine"].as_str().unwrap());
        let aside = folder.join("bot.db");
        assert_eq!(hashes(&aside), self.files);
        for suffix in ["", "-wal", "-shm"] {
            let file = folder.join(format!("bot.db{suffix}"));
            assert!(file.exists(), "{}", file.display());
        }
        assert_eq!(opens(&aside), self.opened);
    }
}

/// What the fetched backup left in the journal.
fn staged(world: &World) -> serde_json::Value {
    let fetched = journal(world)
        .into_iter()
        .find(|entry| entry.kind() == "step-succeeded" && entry.step() == Some("fetch"));
    fetched.expect("the fetch").event["facts"].clone()
}

/// Database and WAL; the index of the WAL changes with every reader.
fn hashes(database: &Path) -> BTreeMap<&'static str, String> {
    ["", "-wal"]
        .map(|suffix| {
            let mut path = database.as_os_str().to_owned();
            path.push(suffix);
            let mut hash = blake3::Hasher::new();
            hash.update_reader(File::open(path).unwrap()).unwrap();
            (suffix, hash.finalize().to_string())
        })
        .into()
}

/// What each table answers, be it an error; leaves the WAL as it is.
fn opens(database: &Path) -> Vec<String> {
    let db = Connection::open(database).unwrap();
    let keep = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    db.set_db_config(keep, true).unwrap();
    let tables = ["jobs", "ledger", "payments", "users"];
    let asked = tables.map(|table| {
        let sql = format!("SELECT count(*), max(id) FROM {table} NOT INDEXED");
        let answer = db.query_row(&sql, [], |row| {
            Ok(format!(
                "{} {}",
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?
            ))
        });
        match answer {
            Ok(answer) => format!("{table}: {answer}"),
            Err(error) => format!("{table}: {error}"),
        }
    });
    asked.to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_folder_and_without_a_sidecar_when_it_is_verified() {
    let before = Before::build(World::bucket).await;
    let world = &before.world;
    asked(world).await;
    let snare = world.snare(VERIFIED).unwrap();
    before.approve().await;
    let seen = snare.kill_there(SOON).await.unwrap();
    let last = seen.last().unwrap();
    assert_eq!((last.kind(), last.step()), ("step-started", Some("verify")));
    for suffix in SIDECARS {
        let sidecar = world.patient.sidecar(suffix);
        assert!(!sidecar.exists(), "{}", sidecar.display());
    }
    before.owner_is_kept();
    snare.remove().unwrap();
    world.start_bot().await.unwrap();
    before.is_recovered("folder").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_bucket() {
    let before = Before::build(|world| world.patient.backup_dir()).await;
    asked(&before.world).await;
    before.approve().await;
    before.is_recovered("s3").await;
}
