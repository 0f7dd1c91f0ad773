//! REI's queue and its workers.

use super::Eyes;
use super::memory::Known;
use super::probe::Probe;
use super::words::{age, length, number, seconds};
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use crate::domain::queue::{QueueView, WorkerSeen};
use crate::ports::PortResult;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// RQ's workers give a sign of life every half minute while they are at a job, and every seven while
/// they wait for one (its `worker_ttl` of 420 s less 15 s); with some leeway.
const BUSY_SILENCE: Duration = Duration::from_secs(120);
const IDLE_SILENCE: Duration = Duration::from_secs(480);
/// Nobody at work, and still a job waits for so long.
const IDLE_WAIT: Duration = Duration::from_secs(2 * 60);
/// The same job at the front for so long, whoever is at work on what.
const BUSY_WAIT: Duration = Duration::from_secs(10 * 60);
/// Fewer jobs than this are never many.
const MANY: u64 = 50;
/// More than so many times the usual number is.
const TIMES: u64 = 5;
/// Rounds before anything is usual.
const USUAL: usize = 10;
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
/// A row this fresh may not have its job yet, or no longer.
const SETTLED: Duration = Duration::from_secs(60);
/// With more unfinished rows than this, which of them have a job is not asked every minute.
const CHEAP: usize = 2_000;

pub(super) fn probe(eyes: &Arc<Eyes>) -> Probe {
    Probe::new(eyes, vec![(Part::Queue, None)], look)
}

/// Asks for no finding of its own: the file system of the database may hang, and the queue's finding
/// waits for nobody.
pub(super) fn lost_probe(eyes: &Arc<Eyes>) -> Probe {
    Probe::new(eyes, Vec::new(), |eyes| async move {
        let begun = eyes.now();
        // Whatever keeps it from being known is told by the probes of database and Redis.
        let count = lost(&eyes).await.ok().flatten();
        let seen = count.map(|count| (begun, count));
        eyes.memory.with(|known| known.lost = seen);
        Vec::new()
    })
}

/// Adds what became known of lost jobs since a moment.
pub(super) fn add_lost(eyes: &Eyes, findings: &mut [Finding], since: Timestamp) {
    let lost = eyes.memory.with(|known| known.lost);
    let queue = findings.iter_mut().find(|found| found.part == Part::Queue);
    if let (Some((at, count @ 1..)), Some(found)) = (lost, queue)
        && at >= since
    {
        let sign = Sign::new(SignCode::JobsLost).with("count", number(count));
        *found = found.clone().with(Condition::Degraded, sign);
    }
}

async fn look(eyes: Arc<Eyes>) -> Vec<Finding> {
    let view = match eyes.ports.queue.view().await {
        Ok(view) => view,
        Err(error) => return vec![Finding::unknown(Part::Queue, error.into())],
    };
    let now = eyes.now();
    let sums = Sums::of(&view, now);
    let found = eyes.memory.with(|known| judge(&view, &sums, known, now));
    let waited = sums.oldest.map(|oldest| seconds(age(now, oldest)));
    vec![
        found
            .measured(Measure::Depth, Some(number(sums.waiting)))
            .measured(Measure::OldestSeconds, waited)
            .measured(Measure::Failed, Some(number(sums.failed)))
            .measured(Measure::FailedLately, Some(number(sums.lately)))
            .measured(Measure::Abandoned, Some(number(sums.abandoned)))
            .measured(Measure::Workers, Some(number(sums.workers))),
    ]
}

/// All queues together.
struct Sums {
    waiting: u64,
    started: u64,
    failed: u64,
    lately: u64,
    abandoned: u64,
    workers: u64,
    oldest: Option<Timestamp>,
}

impl Sums {
    fn of(view: &QueueView, now: Timestamp) -> Self {
        let sum = |count: fn(&crate::domain::queue::QueueDepth) -> u64| {
            view.queues.iter().map(count).sum::<u64>()
        };
        let alive = |worker: &&WorkerSeen| lives(worker, now);
        Self {
            waiting: sum(|queue| queue.waiting),
            started: sum(|queue| queue.started),
            failed: sum(|queue| queue.failed),
            lately: sum(|queue| queue.failed_lately),
            abandoned: sum(|queue| queue.abandoned),
            workers: view.workers.iter().filter(alive).count() as u64,
            oldest: view.queues.iter().filter_map(|queue| queue.oldest).min(),
        }
    }
}

fn lives(worker: &WorkerSeen, now: Timestamp) -> bool {
    let silence = match worker.state.as_str() {
        "busy" => BUSY_SILENCE,
        _ => IDLE_SILENCE,
    };
    let heard = worker.heartbeat;
    heard.is_some_and(|heard| age(now, heard) <= silence)
}

fn judge(view: &QueueView, sums: &Sums, known: &mut Known, now: Timestamp) -> Finding {
    let mut found = Finding::up(Part::Queue);
    if sums.workers == 0 {
        found = found.with(Condition::Down, Sign::new(SignCode::WorkersGone));
    }
    if view.suspended {
        found = found.with(Condition::Degraded, Sign::new(SignCode::QueueSuspended));
    }
    if let Some((condition, waits)) = stuck(sums, known, now) {
        let sign = Sign::new(SignCode::QueueStuck)
            .with("count", number(sums.waiting))
            .with("age", length(waits));
        found = found.with(condition, sign);
    }
    if is_deep(sums.waiting, known) {
        let sign = Sign::new(SignCode::QueueDeep).with("count", number(sums.waiting));
        found = found.with(Condition::Degraded, sign);
    }
    known.depths.push(now, sums.waiting, REMEMBERED);
    if sums.abandoned > 0 {
        let sign = Sign::new(SignCode::JobsAbandoned).with("count", number(sums.abandoned));
        found = found.with(Condition::Degraded, sign);
    }
    found
}

/// Whether jobs wait and none is taken, and how long the first has waited. A long queue that moves is
/// not stuck: as long as somebody is at work, the front must have stood still before our eyes.
fn stuck(sums: &Sums, known: &mut Known, now: Timestamp) -> Option<(Condition, Duration)> {
    let oldest = sums.oldest.filter(|_| sums.waiting > 0);
    let since = match (oldest, known.front) {
        (Some(front), Some((before, since))) if front == before => since,
        _ => now,
    };
    known.front = oldest.map(|front| (front, since));
    let waits = age(now, oldest?);
    match sums.started {
        0 if waits > IDLE_WAIT => Some((Condition::Down, waits)),
        1.. if age(now, since) > BUSY_WAIT => Some((Condition::Degraded, waits)),
        _ => None,
    }
}

fn is_deep(waiting: u64, known: &Known) -> bool {
    let mut before: Vec<u64> = known.depths.values().copied().collect();
    before.sort_unstable();
    let usual = before.get(before.len() / 2).copied().unwrap_or_default();
    before.len() >= USUAL && waiting >= MANY && waiting > usual.saturating_mul(TIMES)
}

/// Unfinished rows without a job in Redis; nothing where there are too many to look at each.
async fn lost(eyes: &Eyes) -> PortResult<Option<u64>> {
    let now = eyes.now();
    let rows = eyes.ports.records.unfinished_jobs().await?;
    let settled = |at: Timestamp| age(now, at) > SETTLED;
    let ids: Vec<_> = rows
        .into_iter()
        .filter(|row| settled(row.updated_at) && settled(row.created_at))
        .map(|row| row.id)
        .collect();
    if ids.len() > CHEAP {
        return Ok(None);
    }
    let known = eyes.ports.queue.statuses(&ids).await?;
    let lost = ids.iter().filter(|id| !known.contains_key(*id));
    Ok(Some(lost.count() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn sums(started: u64, oldest: i64) -> Sums {
        Sums {
            waiting: 3,
            started,
            failed: 0,
            lately: 0,
            abandoned: 0,
            workers: 1,
            oldest: Some(at(oldest)),
        }
    }

    #[test]
    fn a_queue_that_moves_is_not_stuck_however_long_it_is() {
        let mut known = Known::default();
        for minute in 20..60 {
            let moving = sums(2, minute - 15);
            assert_eq!(stuck(&moving, &mut known, at(minute)), None);
        }
        for minute in 60..=70 {
            assert_eq!(stuck(&sums(2, 45), &mut known, at(minute)), None);
        }
        let found = stuck(&sums(2, 45), &mut known, at(71)).unwrap();
        assert_eq!(found, (Condition::Degraded, Duration::from_secs(26 * 60)));
    }

    #[test]
    fn a_queue_that_nobody_is_at_is_stuck_at_once() {
        let mut known = Known::default();
        assert_eq!(stuck(&sums(0, 9), &mut known, at(10)), None);
        let found = stuck(&sums(0, 9), &mut known, at(12)).unwrap();
        assert_eq!(found.0, Condition::Down);
    }

    #[test]
    fn many_is_what_is_many_for_this_queue() {
        let mut known = Known::default();
        assert!(!is_deep(10_000, &known));
        for minute in 0..20 {
            known.depths.push(at(minute), 30, REMEMBERED);
        }
        assert!(!is_deep(150, &known) && is_deep(151, &known));
    }
}
