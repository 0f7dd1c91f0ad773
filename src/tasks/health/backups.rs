//! One place of backups: the newest against the RPO, against those before it, and what is proved.

use super::Eyes;
use super::probe::Probe;
use super::words::{age, down, length, number, seconds};
use crate::domain::backup::Place;
use crate::domain::catalogue::{Blemish, ListedBackup};
use crate::domain::failure::{Arg, Failure, FailureCode};
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// Longest wait for a list; longer than a round waits, so that it comes to its end and says why.
const LISTING: Duration = Duration::from_secs(15);
/// Those before the newest that tell what is usual.
const BEFORE: usize = 10;
/// Fewer of them tell nothing.
const ENOUGH: usize = 3;
/// A backup of every hour is a while over an hour old before the next one is there.
const LEAST_LEEWAY: Duration = Duration::from_secs(5 * 60);
/// So many times the RPO is no lateness any more.
const FAR: u32 = 4;
/// They are verified weekly, and this is a week missed.
const UNVERIFIED: Duration = Duration::from_secs(15 * 24 * 60 * 60);

pub(super) fn probes(eyes: &Arc<Eyes>) -> Vec<Probe> {
    let places = eyes.profile.places.iter();
    places.map(|place| probe(eyes, place)).collect()
}

fn probe(eyes: &Arc<Eyes>, place: &Place) -> Probe {
    let asks = vec![(Part::Backups, Some(name(place).to_owned()))];
    let keep = match place {
        Place::Folder => Duration::ZERO,
        Place::S3 => eyes.profile.keep.remote,
    };
    let place = place.clone();
    Probe::new(eyes, asks, move |eyes| look(eyes, place.clone())).keeping(keep)
}

fn name(place: &Place) -> &'static str {
    match place {
        Place::Folder => "folder",
        Place::S3 => "s3",
    }
}

async fn look(eyes: Arc<Eyes>, place: Place) -> Vec<Finding> {
    // The listing gives up by itself and leaves its thread behind where the file system hangs. This
    // does not: it keeps the probe, and with it the next listing.
    if let (Place::Folder, Some(folder)) = (&place, &eyes.profile.backup_dir) {
        let _ = eyes.ports.host.room(folder).await;
    }
    let listed = eyes.ports.backups.listed(&place, LISTING).await;
    let found = match listed {
        Ok(backups) => judge(&backups, eyes.profile.rpo, eyes.now()),
        Err(error) => unreadable(error.failure),
    };
    vec![found.of(name(&place))]
}

/// A folder that is not there holds none; of all else nobody can tell what is in it.
fn unreadable(failure: Failure) -> Finding {
    let found = Finding::up(Part::Backups);
    match failure.code {
        FailureCode::BackupPlaceMissing => down(found, Sign::new(SignCode::BackupNone), failure),
        _ => Finding::unknown(Part::Backups, failure),
    }
}

fn judge(backups: &[ListedBackup], rpo: Duration, now: Timestamp) -> Finding {
    let good: Vec<_> = backups
        .iter()
        .filter(|one| one.blemish(now).is_none())
        .collect();
    let mut found =
        Finding::up(Part::Backups).measured(Measure::Backups, Some(number(backups.len() as u64)));
    let newest = backups.first().and_then(|newest| newest.blemish(now));
    if matches!(newest, Some(Blemish::Failed | Blemish::Empty)) {
        found = found.with(Condition::Degraded, Sign::new(SignCode::BackupBad));
    }
    let Some((newest, before)) = good.split_first() else {
        return found.with(Condition::Down, Sign::new(SignCode::BackupNone));
    };
    let old = age(now, newest.backup.time.at());
    if old > rpo + LEAST_LEEWAY.max(rpo / 10) {
        let sign = Sign::new(SignCode::BackupOld)
            .with("age", length(old))
            .with("rpo", length(rpo));
        let late = if old > rpo * FAR {
            Condition::Down
        } else {
            Condition::Degraded
        };
        found = found.with(late, sign);
    }
    if let Some(usual) = usual(before).filter(|usual| newest.backup.size < usual / 2) {
        let sign = Sign::new(SignCode::BackupShrunk)
            .with("size", Arg::Bytes(newest.backup.size))
            .with("usual", Arg::Bytes(usual));
        found = found.with(Condition::Degraded, sign);
    }
    let proofs = good.iter().filter_map(|one| one.record.as_ref());
    let proved = proofs.map(|record| age(now, record.verified_at)).min();
    if proved.is_none_or(|proved| proved > UNVERIFIED) {
        let sign = Sign::new(SignCode::BackupUnverified);
        let sign = match proved {
            Some(proved) => sign.with("age", length(proved)),
            None => sign,
        };
        // Nothing is wrong with them as far as anybody knows.
        found = found.with(Condition::Up, sign);
    }
    found
        .measured(Measure::SizeBytes, Some(number(newest.backup.size)))
        .measured(Measure::AgeSeconds, Some(seconds(old)))
        .measured(Measure::CheckedSeconds, proved.map(seconds))
}

/// The size in the middle of those before the newest.
fn usual(before: &[&ListedBackup]) -> Option<u64> {
    let last = before.iter().take(BEFORE);
    let mut sizes: Vec<u64> = last.map(|one| one.backup.size).collect();
    sizes.sort_unstable();
    let middle = sizes.get(sizes.len() / 2).copied();
    middle.filter(|_| sizes.len() >= ENOUGH)
}
