//! REI's Redis: whether it answers, takes writes, and has room.

use super::Eyes;
use super::probe::Probe;
use super::words::{cut, down, number};
use crate::domain::failure::{Arg, Failure, FailureCode};
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use crate::domain::queue::{RedisHealth, RedisRole};
use std::sync::Arc;

/// Above this share of its limit it will soon refuse writes, in percent.
const NEARLY_FULL: u64 = 90;

pub(super) fn probe(eyes: &Arc<Eyes>) -> Probe {
    Probe::new(eyes, vec![(Part::Redis, None)], look)
}

async fn look(eyes: Arc<Eyes>) -> Vec<Finding> {
    let queue = &eyes.ports.queue;
    // Only a write shows whether it takes one; the key is ours and gone at once.
    let (health, written) = tokio::join!(queue.health(), queue.prove_writable());
    let found = match &health {
        Ok(health) => judge(health),
        Err(error) => return vec![refused(Finding::up(Part::Redis), &error.failure)],
    };
    vec![match written {
        Ok(()) => found,
        Err(error) => refused(found, &error.failure),
    }]
}

fn judge(health: &RedisHealth) -> Finding {
    let mut found = Finding::up(Part::Redis);
    if health.role == RedisRole::Replica {
        found = found.with(Condition::Down, read_only("replica"));
    }
    if let Some(cause) = &health.persistence_error {
        let sign = Sign::new(SignCode::RedisUnsaved).with("cause", cut(cause));
        found = found.with(Condition::Degraded, sign);
    }
    let limit = health.memory_limit.filter(|limit| *limit > 0);
    let used = limit.map(|limit| health.memory.saturating_mul(100) / limit);
    if let Some(percent) = used.filter(|percent| *percent >= NEARLY_FULL) {
        let sign = Sign::new(SignCode::RedisFull).with("percent", number(percent));
        found = found.with(Condition::Degraded, sign);
    }
    found
        .measured(Measure::MemoryBytes, Some(number(health.memory)))
        .measured(Measure::Keys, Some(number(health.keys)))
        .measured(Measure::UptimeSeconds, Some(number(health.uptime)))
}

/// Named for what it is; said once where both questions say it.
fn refused(found: Finding, failure: &Failure) -> Finding {
    let sign = match failure.code {
        FailureCode::TimedOut => {
            let seconds = failure.args.get("seconds").cloned();
            Sign::new(SignCode::Silent).with("seconds", seconds.unwrap_or(Arg::Seconds(0)))
        }
        FailureCode::RedisUnreachable => Sign::new(SignCode::RedisRefuses),
        FailureCode::RedisPassword => Sign::new(SignCode::RedisAuth),
        FailureCode::RedisOutOfMemory => Sign::new(SignCode::RedisFull).with("percent", 100),
        FailureCode::RedisDataDamaged => Sign::new(SignCode::RedisDamaged).with("count", 1),
        FailureCode::RedisReadOnly => match failure.args.get("reason") {
            Some(Arg::Text(reason)) => read_only(reason),
            _ => read_only(failure.code.as_str()),
        },
        FailureCode::RedisLoading => {
            // It is on its way: nobody need do anything yet.
            let loading = Sign::new(SignCode::RedisLoading);
            let mut found = found.with(Condition::Degraded, loading);
            found.failure = Some(failure.clone());
            return found;
        }
        // Something else is wrong with it; the failure says what.
        _ => {
            let mut found = found;
            found.condition = Condition::Down;
            found.failure = Some(failure.clone());
            return found;
        }
    };
    let mut found = found;
    found.signs.retain(|seen| seen.code != sign.code);
    down(found, sign, failure.clone())
}

fn read_only(cause: &str) -> Sign {
    Sign::new(SignCode::RedisReadOnly).with("cause", cause)
}
