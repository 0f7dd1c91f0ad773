//! This program itself: who works on the runs, and what waits for Telegram.

use super::Eyes;
use super::probe::Probe;
use super::words::{age, number, seconds};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use std::sync::Arc;
use std::time::Duration;

/// A post that waits for longer does not get through.
const WAITS: Duration = Duration::from_secs(60);

pub(super) fn probe(eyes: &Arc<Eyes>) -> Probe {
    Probe::new(eyes, vec![(Part::Itself, None)], look)
}

async fn look(eyes: Arc<Eyes>) -> Vec<Finding> {
    let outbox = &eyes.ports.outbox;
    let looks = tokio::try_join!(outbox.backlog(), outbox.pending(1), outbox.last_delivery());
    let (backlog, waiting, delivered) = match looks {
        Ok((backlog, waiting, delivered)) => (number(backlog), waiting, delivered),
        Err(error) => {
            let why = Failure::new(FailureCode::StateUnavailable).because(error);
            return vec![Finding::unknown(Part::Itself, why)];
        }
    };
    let now = eyes.now();
    let oldest = waiting.iter().map(|post| age(now, post.created_at)).max();
    let mut found = Finding::up(Part::Itself);
    if oldest.is_some_and(|oldest| oldest >= WAITS) {
        let sign = Sign::new(SignCode::OutboxWaits).with("count", backlog);
        found = found.with(Condition::Degraded, sign);
    }
    let host = &eyes.ports.host;
    let lock = &eyes.profile.instance_lock;
    let (held, memory) = tokio::join!(host.is_held(lock), host.own_memory());
    // The worker lives and dies with the instance that holds the lock: whoever of the two ends takes
    // the other along.
    if held == Ok(false) {
        found = found.with(Condition::Down, Sign::new(SignCode::WorkerGone));
    }
    vec![
        found
            .measured(Measure::Backlog, Some(backlog))
            .measured(Measure::OldestSeconds, oldest.map(seconds))
            .measured(
                Measure::AgeSeconds,
                delivered.map(|at| seconds(age(now, at))),
            )
            .measured(Measure::MemoryBytes, memory.ok().map(number)),
    ]
}
