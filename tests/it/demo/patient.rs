//! The patient is what it claims to be, and breaks when it is broken.

use flate2::read::MultiGzDecoder;
use rei_recovery::demo::patient::{
    BackupOptions, Damage, Flaw, Guest, Patient, PatientOptions, balances_hold, damage,
    fingerprint, integrity, rows,
};
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

fn build(options: &PatientOptions) -> (tempfile::TempDir, Patient) {
    let dir = tempfile::tempdir().unwrap();
    let patient = Patient::build(dir.path(), options).unwrap();
    (dir, patient)
}

fn unpack(file: &Path, to: &Path) -> io::Result<u64> {
    let mut packed = MultiGzDecoder::new(File::open(file)?);
    io::copy(&mut packed, &mut File::create(to)?)
}

#[test]
fn the_rehearsals_patient_is_sound() {
    let mut options = PatientOptions::rehearsal();
    options.guests.push(Guest {
        id: 1_003,
        username: "vera".into(),
        language: "ru".into(),
    });
    let (_dir, patient) = build(&options);
    let counted = rows(&patient.database()).unwrap();
    assert_eq!(counted["users"], 3_000);
    assert_eq!(counted["jobs"], 18_000);
    assert!(counted["payments"] > 1_000, "{counted:?}");
    assert!(balances_hold(&patient.database()).unwrap());
    assert_eq!(
        integrity(&patient.database()).unwrap(),
        Vec::<String>::new()
    );
    assert_eq!(patient.ownership().unwrap().2, 0o640);
    let guest = rusqlite::Connection::open(patient.database())
        .unwrap()
        .query_row("SELECT username FROM users WHERE id = 1003", [], |r| {
            r.get::<_, String>(0)
        });
    assert_eq!(guest.unwrap(), "vera");
}

#[test]
fn the_last_rows_are_only_in_the_wal() {
    let (dir, patient) = build(&PatientOptions::tiny());
    let all = rows(&patient.database()).unwrap();
    let alone = dir.path().join("alone.db");
    fs::copy(patient.database(), &alone).unwrap();
    assert_eq!(all["ledger"], rows(&alone).unwrap()["ledger"] + 40);
    assert!(fs::metadata(patient.sidecar("-wal")).unwrap().len() > 0);
}

#[test]
fn the_same_seed_gives_the_same_rows() {
    let options = PatientOptions::tiny();
    let other = PatientOptions {
        seed: 7,
        ..options.clone()
    };
    let prints = [&options, &options, &other].map(|options| {
        let (_dir, patient) = build(options);
        fingerprint(&patient.database(), "9999").unwrap()
    });
    assert_eq!(prints[0], prints[1]);
    assert_ne!(prints[0], prints[2]);
}

#[test]
fn a_backup_is_the_past_of_the_database() {
    let (dir, patient) = build(&PatientOptions::rehearsal());
    let unpacked = dir.path().join("unpacked.db");
    let mut before = 0;
    for taken in patient.backups().iter().filter(|t| t.flaw.is_none()) {
        unpack(&taken.file, &unpacked).unwrap();
        assert_eq!(rows(&unpacked).unwrap(), taken.rows);
        assert_eq!(integrity(&unpacked).unwrap(), Vec::<String>::new());
        assert!(balances_hold(&unpacked).unwrap());
        let cut = taken.time.at().strftime("%Y-%m-%d %H:%M:%S").to_string();
        let then = fingerprint(&unpacked, "9999").unwrap();
        assert_eq!(then, fingerprint(&patient.database(), &cut).unwrap());
        assert!(before < taken.rows["jobs"], "a later backup holds more");
        before = taken.rows["jobs"];
    }
    assert!(before < rows(&patient.database()).unwrap()["jobs"]);
}

#[test]
fn a_fingerprint_notices_one_changed_value() {
    let (_dir, patient) = build(&PatientOptions::tiny());
    let before = fingerprint(&patient.database(), "9999").unwrap();
    let db = rusqlite::Connection::open(patient.database()).unwrap();
    db.execute("UPDATE ledger SET amount = amount + 1 WHERE id = 5", [])
        .unwrap();
    let after = fingerprint(&patient.database(), "9999").unwrap();
    assert_ne!(before["ledger"], after["ledger"]);
    assert_eq!(before["users"], after["users"]);
    assert!(!balances_hold(&patient.database()).unwrap());
}

#[test]
fn each_flaw_of_a_backup_is_there() {
    let flaws = [
        Flaw::Truncated,
        Flaw::FlippedBit,
        Flaw::WrongChecksum,
        Flaw::Empty,
        Flaw::EmptyDatabase,
        Flaw::OtherSchema,
        Flaw::DamagedPages,
    ];
    let mut options = PatientOptions::tiny();
    options.backups = (2..)
        .zip(flaws)
        .map(|(hours, flaw)| BackupOptions::aged(Duration::from_secs(hours * 3600)).flaw(flaw))
        .collect();
    let (dir, patient) = build(&options);
    let target = dir.path().join("unpacked.db");
    for taken in patient.backups() {
        let unpacked = unpack(&taken.file, &target);
        match taken.flaw.unwrap() {
            Flaw::Truncated | Flaw::FlippedBit | Flaw::Empty => {
                assert!(unpacked.is_err(), "{:?}", taken.flaw);
            }
            Flaw::WrongChecksum => assert_ne!(checksum_beside(&taken.file), sha256(&taken.file)),
            Flaw::EmptyDatabase => assert_eq!(unpacked.unwrap(), 0),
            Flaw::OtherSchema => {
                assert!(unpacked.is_ok() && rows(&target).is_err());
                assert_eq!(integrity(&target).unwrap(), Vec::<String>::new());
            }
            Flaw::DamagedPages => {
                assert!(unpacked.is_ok());
                assert!(integrity(&target).map_or(true, |found| !found.is_empty()));
            }
        }
    }
}

#[test]
fn checksums_are_right_and_the_damaged_backup_is_not_the_latest() {
    let (_dir, patient) = build(&PatientOptions::rehearsal());
    let latest = patient.backups().last().unwrap();
    assert_eq!(latest.time, patient.latest_good().unwrap().time);
    assert_eq!(checksum_beside(&latest.file), sha256(&latest.file));
    let damaged = patient.backups().iter().filter(|t| t.flaw.is_some());
    assert_eq!(damaged.count(), 1);
}

fn checksum_beside(file: &Path) -> String {
    let text = fs::read_to_string(format!("{}.sha256", file.display())).unwrap();
    text.split_whitespace().next().unwrap().to_owned()
}

fn sha256(file: &Path) -> String {
    use sha2::Digest;
    let mut bytes = Vec::new();
    File::open(file).unwrap().read_to_end(&mut bytes).unwrap();
    data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(&bytes))
}

#[test]
fn every_way_of_breaking_the_database_breaks_it() {
    let ways = [
        Damage::FlippedBytes,
        Damage::Truncated,
        Damage::Deleted,
        Damage::Emptied,
        Damage::Overwritten,
        Damage::OtherSchema,
    ];
    for way in ways {
        let (_dir, patient) = build(&PatientOptions::tiny());
        // The WAL is set aside: it would stand in for the pages it holds.
        fs::remove_file(patient.sidecar("-wal")).unwrap();
        let inode = fs::metadata(patient.database()).unwrap().ino();
        damage(&patient.database(), way).unwrap();
        let sound = integrity(&patient.database()).is_ok_and(|found| found.is_empty());
        let whole = rows(&patient.database()).is_ok();
        assert!(!(sound && whole), "{way:?}");
        if way == Damage::FlippedBytes {
            assert!(!sound && fs::metadata(patient.database()).unwrap().ino() == inode);
        }
    }
}

#[test]
fn flipped_bytes_show_through_the_wal() {
    let (_dir, patient) = build(&PatientOptions::tiny());
    damage(&patient.database(), Damage::FlippedBytes).unwrap();
    let found = integrity(&patient.database());
    assert!(
        found.as_ref().map_or(true, |found| !found.is_empty()),
        "{found:?}"
    );
}

#[test]
fn a_size_that_was_asked_for_is_about_met() {
    let (_dir, patient) = build(&PatientOptions::of_bytes(24 << 20));
    let size = fs::metadata(patient.database()).unwrap().len();
    assert!((20 << 20..28 << 20).contains(&size), "{size}");
}

#[test]
fn files_get_the_owner_that_was_asked_for() {
    let me = fs::metadata("/proc/self").unwrap();
    // Only root may give files away; anybody may give them to oneself.
    let owner = if me.uid() == 0 {
        (1_234, 2_345)
    } else {
        (me.uid(), me.gid())
    };
    let mut options = PatientOptions::tiny();
    options.owner = Some(owner);
    let (_dir, patient) = build(&options);
    assert_eq!(patient.ownership().unwrap(), (owner.0, owner.1, 0o640));
    let wal = fs::metadata(patient.sidecar("-wal")).unwrap();
    assert_eq!((wal.uid(), wal.gid()), owner);
}
