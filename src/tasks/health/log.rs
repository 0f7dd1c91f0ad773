//! REI's log: how many errors, and what the last one says.

use super::Eyes;
use super::probe::Probe;
use super::words::{age, cut, number, seconds};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use crate::ports::log::LogRate;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// How far back.
const SPAN: Duration = Duration::from_secs(5 * 60);
/// A program that lives has an error now and then.
const MANY: u64 = 10;

pub(super) fn probe(eyes: &Arc<Eyes>) -> Probe {
    Probe::new(eyes, vec![(Part::Log, None)], look)
}

async fn look(eyes: Arc<Eyes>) -> Vec<Finding> {
    let span = span(&eyes);
    vec![match eyes.ports.log.rate(span).await {
        Ok(rate) => judge(&rate, eyes.now()),
        Err(error) => Finding::unknown(Part::Log, error.into()),
    }]
}

/// Lines from before another database was put in place tell of the one that is gone.
fn span(eyes: &Eyes) -> Duration {
    let replaced = eyes
        .memory
        .with(|known| known.file.and_then(|(_, since)| since));
    replaced.map_or(SPAN, |at| age(eyes.now(), at).min(SPAN))
}

fn judge(rate: &LogRate, now: Timestamp) -> Finding {
    let Some(written) = rate.written else {
        let none = Failure::new(FailureCode::FileError).because("there is no log file");
        return Finding::unknown(Part::Log, none.with("path", "REI_LOG"));
    };
    let mut found = Finding::up(Part::Log);
    if rate.database_errors > 0 {
        let last = rate.last_database_error.as_deref().unwrap_or_default();
        let sign = Sign::new(SignCode::LogDatabase).with("last", cut(last));
        found = found.with(Condition::Degraded, sign);
    }
    if let Some(count) = rate.errors.filter(|count| *count >= MANY) {
        let last = rate.last_error.as_deref().unwrap_or_default();
        let sign = Sign::new(SignCode::LogErrors)
            .with("count", number(count))
            .with("last", cut(last));
        found = found.with(Condition::Degraded, sign);
    }
    found
        .measured(Measure::ErrorLines, rate.errors.map(number))
        .measured(Measure::AgeSeconds, Some(seconds(age(now, written))))
}
