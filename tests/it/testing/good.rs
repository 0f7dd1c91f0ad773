//! Fifty good backups: none of them fails.

use super::ground::*;
use super::material::*;
use jiff::{SignedDuration, Timestamp};
use rei_recovery::domain::backup::BackupTime;
use rei_recovery::domain::chore::testing::Verdict;
use std::time::Instant;

const COUNT: u64 = 56;

/// REI goes on after a backup.
pub const LIVE: &str = "INSERT INTO users(id, created_at) VALUES (900001, '2026-11-23 01:59:00')";

/// A database of this number: every page size with every journal mode and every kind of vacuum.
fn form(number: u64) -> Form {
    Form {
        page: 512 << (number % 8),
        wal: number / 8 % 2 == 1,
        vacuum: ["none", "full", "incremental"][(number / 16 % 3) as usize],
        encoding: if number >= 48 { "UTF-16le" } else { "UTF-8" },
        users: 40 + (mixed(number) % 300) as u32,
    }
}

fn packed(number: u64, plain: &[u8]) -> Vec<u8> {
    match number % 5 {
        0 => members(plain, 30_000),
        1 => named_gzip(plain),
        // The last member of some programs is empty.
        2 => [gzip(plain, 9), gzip(b"", 6)].concat(),
        3 => gzip(plain, 0),
        _ => gzip(plain, 1 + (number % 9) as u32),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_good_backup_fails() {
    let ground = Ground::new();
    let begun = Instant::now();
    let mut wrong = Vec::new();
    for number in 0..COUNT {
        let yard = ground.yard();
        let age = SignedDuration::from_mins((mixed(number + 900) % 500_000) as i64);
        let fresh = number % 2 == 0;
        let age = if fresh {
            SignedDuration::from_mins(30)
        } else {
            age
        };
        let at = now()
            .checked_sub(age + SignedDuration::from_secs(number as i64))
            .unwrap();
        let form = form(number);
        let plain = bytes(&form, before(at, number));
        let file = packed(number, &plain);
        yard.put(at, &file);
        if number % 3 == 0 {
            yard.put_sum(at, &file);
        }
        if number % 4 == 0 {
            yard.put_record(at, &plain, form.users.into());
        }
        if number % 7 == 0 {
            beside(&yard, at);
        }
        if number % 6 == 0 {
            live(&yard, &form, before(at, number));
        }
        let wanted = (!fresh).then(|| BackupTime::of(at));
        let tested = yard.test_of(wanted, &[]).await;
        if tested.verdict() != Verdict::Pass {
            wrong.push(format!("seed {number} {form:?}: {:?}", tested.places));
        }
    }
    println!("{COUNT} good backups in {:?}", begun.elapsed());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The newest row: sometimes long before the backup, where nobody did anything meanwhile.
fn before(at: Timestamp, number: u64) -> Timestamp {
    let quiet = SignedDuration::from_mins((number % 9 * 40) as i64);
    at.checked_sub(quiet).unwrap()
}

/// Sidecars that some script left beside the backup: they are nobody's.
fn beside(yard: &Yard, at: Timestamp) {
    let name = name(at).replace(".gz", "");
    for sidecar in ["-wal", "-shm", "-journal"] {
        let path = yard.folder.join(format!("{name}{sidecar}"));
        std::fs::write(path, noise(5000, 1)).unwrap();
    }
}

/// REI went on after the backup.
fn live(yard: &Yard, form: &Form, until: Timestamp) {
    let db = make(&yard.tester.database, form, until);
    db.execute_batch(LIVE).unwrap();
    db.close().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_backup_is_remembered_and_a_bad_one_condemned() {
    let ground = Ground::new();
    let yard = ground.yard();
    let at = now().checked_sub(SignedDuration::from_mins(20)).unwrap();
    let packed = gzip(&bytes(&Form::default(), at), 6);
    yard.put(at, &packed);
    assert_eq!(yard.test(&[]).await.verdict(), Verdict::Pass);
    let within = std::time::Duration::from_secs(5);
    let listed = yard.tester.backups.catalogue(within).await.backups;
    assert!(listed[0].record.is_some() && listed[0].failed.is_none());
    yard.put(at, &packed[..packed.len() - 9]);
    assert_eq!(words(&yard.test(&[]).await), ["backup-truncated"]);
    let listed = yard.tester.backups.catalogue(within).await.backups;
    assert!(listed[0].failed.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_newest_backup_breaks_the_promise_and_an_old_one_asked_for_does_not() {
    let ground = Ground::new();
    let yard = ground.yard();
    let at = now().checked_sub(SignedDuration::from_hours(3)).unwrap();
    yard.put(at, &gzip(&bytes(&Form::default(), at), 6));
    let tested = yard.test(&[]).await;
    assert_eq!(
        (tested.verdict(), words(&tested)),
        (Verdict::Fail, vec!["too-old"])
    );
    let tested = yard.test_of(Some(BackupTime::of(at)), &[]).await;
    assert_eq!(tested.verdict(), Verdict::Pass);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_cannot_be_seen_is_no_pass_and_an_empty_one_fails() {
    let ground = Ground::new();
    let yard = ground.yard();
    assert_eq!(words(&yard.test(&[]).await), ["no-backup"]);
    std::fs::remove_dir(&yard.folder).unwrap();
    std::fs::write(&yard.folder, "no folder").unwrap();
    assert_eq!(yard.test(&[]).await.verdict(), Verdict::Inconclusive);
}
