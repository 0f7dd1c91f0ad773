//! What became of the last hour's jobs, by provider.

use super::Eyes;
use super::probe::Probe;
use super::words::number;
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use crate::domain::job::{Tallies, Tally};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How far back.
const SPAN: SignedDuration = SignedDuration::from_hours(1);
/// With fewer ended jobs than this nothing is said.
const ENOUGH: u64 = 5;
/// Below this share of successes something is wrong, and below that nearly everything; in percent.
const FEW: u64 = 80;
const HARDLY_ANY: u64 = 40;
/// So many errors that speak of the provider are no accident.
const BLAMED: u64 = 3;

pub(super) fn probe(eyes: &Arc<Eyes>) -> Probe {
    let names = eyes.ports.providers.names();
    let asks = names.into_iter().map(|name| (Part::Jobs, Some(name)));
    Probe::new(eyes, asks.collect(), look)
}

async fn look(eyes: Arc<Eyes>) -> Vec<Finding> {
    let since = eyes.now() - SPAN;
    let records = &eyes.ports.records;
    let mut names: BTreeSet<String> = eyes.ports.providers.names().into_iter().collect();
    let (tallies, errors) = tokio::join!(records.tallies(since), records.errors(since));
    let (tallies, errors) = match (tallies, errors) {
        (Ok(tallies), Ok(errors)) => (tallies, errors),
        (Err(error), _) | (_, Err(error)) => {
            let unknown = |name| Finding::unknown(Part::Jobs, error.failure.clone()).of(name);
            return names.into_iter().map(unknown).collect();
        }
    };
    let blamed = blamed(&eyes, &errors);
    names.extend(tallies.keys().cloned());
    let of = |name: String| judge(&name, &tallies, blamed.get(&name).copied()).of(name);
    names.into_iter().map(of).collect()
}

/// Failed jobs whose error speaks of the provider.
fn blamed(eyes: &Eyes, errors: &[(String, String, u64)]) -> BTreeMap<String, u64> {
    let mut blamed = BTreeMap::new();
    for (provider, error, count) in errors {
        if eyes.ports.providers.blames(provider, error) {
            *blamed.entry(provider.clone()).or_default() += count;
        }
    }
    blamed
}

fn judge(name: &str, tallies: &Tallies, blamed: Option<u64>) -> Finding {
    let tally = tallies.get(name).copied().unwrap_or_default();
    let Tally {
        completed, failed, ..
    } = tally;
    let (ended, percent) = (completed + failed, tally.success_percent());
    let mut found = Finding::up(Part::Jobs);
    if let Some(percent) = percent.filter(|percent| ended >= ENOUGH && *percent < FEW) {
        let sign = Sign::new(SignCode::JobsFailing)
            .with("provider", name)
            .with("percent", number(percent))
            .with("failed", number(failed))
            .with("ended", number(ended));
        let condition = match percent {
            ..HARDLY_ANY => Condition::Down,
            _ => Condition::Degraded,
        };
        found = found.with(condition, sign);
    }
    // Errors are told for the frequent ones only, so their share of all failed jobs is at least this.
    if let Some(count) = blamed.filter(|count| *count >= BLAMED && count * 2 >= failed) {
        let sign = Sign::new(SignCode::JobsBlame)
            .with("provider", name)
            .with("count", number(count));
        let alone = percent.is_none_or(|percent| percent >= FEW);
        // A few among many successes are everyday life, and worth a word all the same.
        let condition = if alone {
            Condition::Up
        } else {
            Condition::Degraded
        };
        found = found.with(condition, sign);
    }
    found
        .measured(Measure::Succeeded, Some(number(completed)))
        .measured(Measure::Failed, Some(number(failed)))
        .measured(Measure::SuccessPercent, percent.map(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(completed: u64, failed: u64, blamed: Option<u64>) -> Finding {
        let tally = Tally {
            completed,
            failed,
            open: 0,
        };
        judge(
            "kling",
            &Tallies::from([("kling".to_owned(), tally)]),
            blamed,
        )
    }

    #[test]
    fn a_rate_is_told_only_of_enough_jobs() {
        assert_eq!(judged(0, 4, None).condition, Condition::Up);
        assert_eq!(judged(0, 5, None).condition, Condition::Down);
        assert_eq!(judged(7, 3, None).condition, Condition::Degraded);
        assert_eq!(judged(8, 2, None).condition, Condition::Up);
        assert_eq!(judge("new", &Tallies::new(), None).condition, Condition::Up);
    }

    #[test]
    fn the_provider_is_blamed_for_most_of_the_failures_or_not_at_all() {
        assert!(judged(1, 9, Some(5)).shows(SignCode::JobsBlame));
        assert!(!judged(1, 9, Some(4)).shows(SignCode::JobsBlame));
        let few = judged(100, 3, Some(3));
        assert!(few.shows(SignCode::JobsBlame) && few.condition == Condition::Up);
    }
}
