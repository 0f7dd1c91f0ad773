//! Backups: each place is listed, its newest backup is begun to be read, a record could be put beside
//! it, and its content has room beside REI's database.

use super::finding::{Finding, Verdict, args, count, path};
use super::{Checker, heard};
use crate::adapters::sqlite_files::room_needed;
use crate::adapters::trial;
use crate::domain::Timestamp;
use crate::domain::backup::{Backup, Place};
use crate::domain::catalogue::is_future;
use crate::domain::failure::{Arg, Args, Failure, FailureCode};
use crate::ports::PortResult;
use crate::ports::backups::BackupPlace;
use futures::StreamExt;
use futures::future::join_all;
use jiff::SignedDuration;
use std::sync::Arc;

/// What one place holds.
type Held = Option<Vec<Backup>>;

/// All places at once, and what they hold together.
pub(super) async fn check(checker: &Checker<'_>) -> Vec<Finding> {
    let places = super::super::compose::places(&checker.settings().base).await;
    let looked = join_all(places.iter().map(|place| within(checker, place))).await;
    let answered = looked.iter().filter(|(_, held)| held.is_some()).count();
    let held: Vec<Backup> = looked
        .iter()
        .filter_map(|(_, held)| held.as_ref())
        .flatten()
        .cloned()
        .collect();
    let mut findings: Vec<Finding> = looked.into_iter().flat_map(|(told, _)| told).collect();
    findings.push(together(checker, &held, answered));
    findings
}

/// A place that hangs costs its own line alone.
async fn within(checker: &Checker<'_>, place: &Arc<dyn BackupPlace>) -> (Vec<Finding>, Held) {
    match tokio::time::timeout(super::DEADLINE, one(checker, place)).await {
        Ok(looked) => looked,
        Err(_) => {
            let silent = checker.silent(name("backups", place), Verdict::Failed);
            (vec![silent], None)
        }
    }
}

fn name(what: &str, place: &Arc<dyn BackupPlace>) -> String {
    let word = match place.place() {
        Place::Folder => "folder",
        Place::S3 => "s3",
    };
    format!("{what} {word}")
}

async fn one(checker: &Checker<'_>, place: &Arc<dyn BackupPlace>) -> (Vec<Finding>, Held) {
    let held = match heard(place.list().await) {
        Ok(held) => held,
        Err(failure) => return (vec![refused(checker, "backups", place, &failure)], None),
    };
    let told = args([
        ("count", count(held.len())),
        ("place", place.describe().into()),
    ]);
    let mut findings = vec![
        checker
            .words
            .ok(name("backups", place), "check-place-list", &told),
    ];
    let newest = newest(&held);
    let (read, room, written) = tokio::join!(
        read(checker, place, newest),
        room(checker, place, newest),
        writable(checker, place),
    );
    findings.extend(read.into_iter().chain(room).chain([written]));
    (findings, Some(held))
}

/// The newest that has bytes and a past.
fn newest(held: &[Backup]) -> Option<&Backup> {
    let now = Timestamp::now();
    let good = |backup: &&Backup| backup.size > 0 && !is_future(backup.time, now);
    held.iter().filter(good).max_by_key(|backup| backup.time)
}

/// The first bytes of the newest backup.
async fn read(
    checker: &Checker<'_>,
    place: &Arc<dyn BackupPlace>,
    newest: Option<&Backup>,
) -> Option<Finding> {
    let backup = newest?;
    let first = heard(first_bytes(place, backup).await);
    let told = args([("backup", backup.name.as_str().into())]);
    Some(match first {
        Ok(_) => checker
            .words
            .ok(name("read", place), "check-backup-read", &told),
        Err(failure) => refused(checker, "read", place, &failure),
    })
}

async fn first_bytes(place: &Arc<dyn BackupPlace>, backup: &Backup) -> PortResult<usize> {
    let mut stream = place.open(backup).await?;
    match stream.next().await {
        Some(chunk) => Ok(chunk?.len()),
        None => Ok(0),
    }
}

/// A restore stages the whole database beside the old one. Its size is in the record beside the backup,
/// or estimated from the last bytes of the compressed file, which hold it modulo 4 GiB.
async fn room(
    checker: &Checker<'_>,
    place: &Arc<dyn BackupPlace>,
    newest: Option<&Backup>,
) -> Option<Finding> {
    let backup = newest?;
    let needed = room_needed(place.as_ref(), backup).await.ok()?;
    let database = &checker.settings().base.patient.database;
    let free = trial::free(database).await.unwrap_or_default();
    let told = args([
        ("path", path(database)),
        ("needed", Arg::Bytes(needed)),
        ("free", Arg::Bytes(free)),
    ]);
    let name = name("room", place);
    Some(match free {
        _ if free < needed => checker.words.wrong(name, "check-room-short", &told),
        _ => checker.words.ok(name, "check-room-ok", &told),
    })
}

/// Records of verifications are kept in `state.db` too, so a place that takes none is good enough.
async fn writable(checker: &Checker<'_>, place: &Arc<dyn BackupPlace>) -> Finding {
    let told = args([("place", place.describe().into())]);
    match heard(place.prove_writable().await) {
        Ok(()) => checker
            .words
            .ok(name("write", place), "check-place-put", &told),
        Err(failure) => {
            let mend = ("check-put-mend", &told);
            let finding = checker
                .words
                .failed_but(name("write", place), &failure, mend);
            finding.lenient()
        }
    }
}

/// What the store said tells what to do about it.
fn refused(
    checker: &Checker<'_>,
    what: &str,
    place: &Arc<dyn BackupPlace>,
    failure: &Failure,
) -> Finding {
    let told = args([("place", place.describe().into())]);
    let name = name(what, place);
    match (place.place(), s3_mend(failure)) {
        (Place::S3, Some(mend)) => checker.words.failed_but(name, failure, (mend, &told)),
        (Place::Folder, _) if failure.code == FailureCode::BackupPlaceMissing => checker
            .words
            .failed_but(name, failure, ("check-backup-dir-mend", &told)),
        (Place::Folder, _) if failure.code == FailureCode::BackupAccessDenied => checker
            .words
            .failed_but(name, failure, ("check-backup-dir-read-mend", &told)),
        _ => checker.words.failed(name, failure),
    }
}

/// S3's own error codes, as the detail of the failure quotes them.
fn s3_mend(failure: &Failure) -> Option<&'static str> {
    let said = failure.detail.as_deref().unwrap_or_default();
    let says = |codes: &[&str]| codes.iter().any(|code| said.contains(code));
    if failure.code == FailureCode::BackupPlaceMissing {
        return Some("check-s3-bucket-mend");
    }
    if says(&["RequestTimeTooSkewed", "RequestExpired"]) {
        return Some("check-s3-clock-mend");
    }
    if says(&[
        "AuthorizationHeaderMalformed",
        "PermanentRedirect",
        "301 ",
        "IllegalLocation",
    ]) {
        return Some("check-s3-region-mend");
    }
    if says(&["SignatureDoesNotMatch"]) {
        return Some("check-s3-secret-mend");
    }
    if says(&[
        "InvalidAccessKeyId",
        "NotSignedUp",
        "InvalidToken",
        "ExpiredToken",
    ]) {
        return Some("check-s3-key-mend");
    }
    match failure.code {
        FailureCode::BackupAccessDenied => Some("check-s3-policy-mend"),
        FailureCode::BackupPlaceUnreachable => Some("check-s3-silent-mend"),
        _ => None,
    }
}

/// The newest of all against RPO. Where no place gave a list there is nothing to say.
fn together(checker: &Checker<'_>, held: &[Backup], answered: usize) -> Finding {
    let words = &checker.words;
    let Some(newest) = newest(held) else {
        let none = match answered {
            0 => words.wrong("backups", "check-backups-unknown", &Args::new()),
            _ => words.wrong("backups", "check-backups-none", &Args::new()),
        };
        return none;
    };
    let rpo = checker.settings().base.objectives.rpo;
    let age = Timestamp::now().duration_since(newest.time.at());
    let told = args([
        ("count", count(held.len())),
        ("newest", newest.time.to_string().into()),
        ("rpo", rpo.into()),
        ("age", Arg::Seconds(age.as_secs().max(0).unsigned_abs())),
    ]);
    match SignedDuration::try_from(rpo) {
        // Backups that came to a stop are an outage to come, not a broken installation.
        Ok(rpo) if age > rpo => words.wrong("backups", "check-backups-old", &told).lenient(),
        _ => words.ok("backups", "check-backups-ok", &told),
    }
}
