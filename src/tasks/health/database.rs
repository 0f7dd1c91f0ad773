//! REI's database: file, lock, rows, REI's own SQLite, and what the long looks told.

use super::memory::Trail;
use super::probe::Probe;
use super::words::{age, cut, extra, length, number, seconds};
use super::{Eyes, sqlite};
use crate::domain::database::Counts;
use crate::domain::failure::{Arg, Failure, FailureCode};
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use crate::ports::PortError;
use crate::ports::glance::Glance;
use jiff::SignedDuration;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Checkpoints leave four MiB or so. Sixteen times as much means that none succeeds.
const LARGE_WAL: u64 = 64 << 20;
/// How long, and how often within this time, it is looked whether the same process still holds the
/// lock for writing.
const HELD: Duration = Duration::from_millis(700);
const BETWEEN: Duration = Duration::from_millis(70);
/// How long the number of rows is remembered.
const ROWS: SignedDuration = SignedDuration::from_hours(4);
/// Tables whose rows stay: jobs may be tidied away.
const STAY: [&str; 3] = ["users", "ledger", "payments"];
/// Fewer rows than this can go without a word.
const FEW: u64 = 10;

pub(super) fn probe(eyes: &Arc<Eyes>) -> Probe {
    Probe::new(eyes, vec![(Part::Database, None)], look)
}

async fn look(eyes: Arc<Eyes>) -> Vec<Finding> {
    let database = &eyes.profile.database;
    // First and alone: a file system that hangs keeps this thread and no other.
    let glance = match eyes.ports.glance.glance(database).await {
        Ok(glance) => glance,
        Err(error) => return vec![Finding::unknown(Part::Database, error.into())],
    };
    let file = extra(eyes.ports.host.file(database)).await.flatten();
    let file = file.map(|file| file.identity);
    let mut found = of_file(&glance);
    if glance.readable.is_ok() {
        let (locked, rows, version) = tokio::join!(
            extra(locked(&eyes)),
            rows(&eyes, file),
            extra(sqlite::version(&eyes))
        );
        if locked == Some(true) && !found.shows(SignCode::DatabaseLocked) {
            let sign = Sign::new(SignCode::DatabaseLocked);
            found = found.with(Condition::Degraded, sign);
        }
        for (condition, sign) in rows {
            found = found.with(condition, sign);
        }
        // Known for years and rarely met: worth a word, and no alarm.
        if let Some(old) = version.flatten().filter(|version| sqlite::is_old(version)) {
            let sign = Sign::new(SignCode::SqliteOld).with("version", old);
            found = found.with(Condition::Up, sign);
        }
    }
    let now = eyes.now();
    let verdict = eyes.memory.with(|known| {
        known.saw(file, now);
        known.verdicts.told(file, now)
    });
    if let Some((condition, sign)) = verdict.sign {
        found = found.with(condition, sign);
    }
    let written = glance.last_write.map(|at| seconds(age(now, at)));
    vec![
        found
            .measured(Measure::SizeBytes, glance.size.map(number))
            .measured(Measure::WalBytes, glance.wal.map(number))
            .measured(Measure::AgeSeconds, written)
            .measured(Measure::FreeBytes, glance.size.map(|_| number(glance.free)))
            .measured(Measure::CheckedSeconds, verdict.age.map(seconds)),
    ]
}

/// What the file itself tells.
fn of_file(glance: &Glance) -> Finding {
    let found = Finding::up(Part::Database);
    let mut found = match &glance.readable {
        Ok(()) => found,
        Err(failure) => unreadable(found, failure),
    };
    if let Some(size) = glance.wal.filter(|size| *size >= LARGE_WAL) {
        let sign = Sign::new(SignCode::WalLarge).with("size", Arg::Bytes(size));
        found = found.with(Condition::Degraded, sign);
    }
    found
}

fn unreadable(found: Finding, failure: &Failure) -> Finding {
    let (condition, code) = match failure.code {
        FailureCode::DatabaseMissing => (Condition::Down, SignCode::DatabaseMissing),
        FailureCode::DatabaseEmpty => (Condition::Down, SignCode::DatabaseEmpty),
        FailureCode::NotADatabase | FailureCode::IntegrityFailed => {
            (Condition::Down, SignCode::DatabaseUnreadable)
        }
        FailureCode::RecordsBusy => (Condition::Degraded, SignCode::DatabaseLocked),
        _ => return Finding::unknown(Part::Database, failure.clone()),
    };
    let mut found = found.with(condition, Sign::new(code));
    found.failure = Some(failure.clone());
    found
}

/// Whether one and the same process holds the lock for writing whenever it is looked.
async fn locked(eyes: &Eyes) -> Result<bool, PortError> {
    let holder = || eyes.ports.host.writer(&eyes.profile.database);
    let Some(first) = holder().await? else {
        return Ok(false);
    };
    let begun = Instant::now();
    while begun.elapsed() < HELD {
        tokio::time::sleep(BETWEEN).await;
        if holder().await? != Some(first) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Rows that went, and tables that are not there.
async fn rows(eyes: &Eyes, file: Option<(u64, u64)>) -> Vec<(Condition, Sign)> {
    match eyes.ports.records.counts().await {
        Ok(counts) => gone(eyes, counts, file),
        Err(error) if error.code() == FailureCode::SchemaDiffers => {
            let missing = match error.failure.args.get("missing") {
                Some(Arg::Text(missing)) => cut(missing),
                _ => String::new(),
            };
            let sign = Sign::new(SignCode::DatabaseForeign).with("missing", missing);
            vec![(Condition::Degraded, sign)]
        }
        // Too large to be counted in a moment, or not to be read: others say why.
        Err(_) => Vec::new(),
    }
}

/// Held against the most that there was in the same file: one that was put in its place by a restore
/// begins anew.
fn gone(eyes: &Eyes, now: Counts, file: Option<(u64, u64)>) -> Vec<(Condition, Sign)> {
    let at = eyes.now();
    let before = eyes.memory.with(|known| {
        if known.rows_of != file {
            known.rows = Trail::default();
            known.rows_of = file;
        }
        let most = |table: &str| {
            let counts = known.rows.values();
            counts.filter_map(|counts| counts.get(table)).max().copied()
        };
        let before = STAY.map(|table| (table, most(table).unwrap_or_default()));
        known.rows.push(at, now.clone(), ROWS);
        before
    });
    let far_fewer = |was: u64, is: u64| was.saturating_sub(is) >= FEW && is * 10 < was * 9;
    before
        .into_iter()
        .filter_map(|(table, was)| {
            let is = *now.get(table)?;
            let sign = Sign::new(SignCode::RowsGone)
                .with("table", table)
                .with("was", number(was))
                .with("now", number(is));
            far_fewer(was, is).then_some((Condition::Down, sign))
        })
        .collect()
}

/// The sign of a long look that found damage.
pub(super) fn damaged(failure: &Failure, since: Duration) -> Sign {
    let cause = match failure.args.get("first").or(failure.args.get("table")) {
        Some(Arg::Text(first)) => first.as_str(),
        _ => failure.detail.as_deref().unwrap_or(failure.code.as_str()),
    };
    Sign::new(SignCode::DatabaseDamaged)
        .with("cause", cut(cause))
        .with("age", length(since))
}
