//! The history of rounds.
//!
//! Conditions are kept as changes, measures as one sample for each round. Five minutes and hours grow
//! with each round, in the same transaction: nothing has to be condensed later, so there is nothing
//! that a restart could interrupt. Each round also clears away a little of what is too old.

mod keep;
mod prune;
mod read;

use super::Store;
use crate::domain::health::history::{Resolution, Span};
use crate::domain::health::{Condition, Measure, Part, Round};
use crate::ports::history::History;
use crate::ports::journal::StateResult;
use async_trait::async_trait;
use jiff::Timestamp;

/// The name of a component's condition among the series; measures have names of their own.
const CONDITION: &str = "condition";

#[async_trait]
impl History for Store {
    async fn record(&self, round: &Round) -> StateResult<()> {
        let round = round.clone();
        self.write_aside(move |scope| {
            keep::round(&scope.tx, &round)?;
            prune::some(&scope.tx)
        })
        .await
    }

    async fn span(
        &self,
        from: Timestamp,
        until: Timestamp,
        resolution: Resolution,
        wanted: &[(Part, Measure)],
    ) -> StateResult<Span> {
        let wanted = wanted.to_vec();
        let window = (from.as_second(), until.as_second());
        let (tracks, lines) = self
            .read(move |tx| match resolution {
                Resolution::Round => Ok((
                    read::changed(tx, window)?,
                    read::sampled(tx, window, &wanted)?,
                )),
                _ => read::rolled_up(tx, window, resolution, &wanted),
            })
            .await?;
        Ok(Span {
            from,
            until,
            resolution,
            tracks,
            lines,
        })
    }
}

/// The larger the worse, as [`crate::domain::health::worse`] has it.
fn weight(condition: Condition) -> i64 {
    match condition {
        Condition::Up => 0,
        Condition::Unknown => 1,
        Condition::Degraded => 2,
        Condition::Down => 3,
    }
}

fn of_weight(weight: i64) -> Condition {
    match weight {
        0 => Condition::Up,
        2 => Condition::Degraded,
        3 => Condition::Down,
        _ => Condition::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::health::worse;

    #[test]
    fn weights_order_conditions_as_the_domain_does() {
        let all = [
            Condition::Up,
            Condition::Unknown,
            Condition::Degraded,
            Condition::Down,
        ];
        for one in all {
            assert_eq!(of_weight(weight(one)), one);
            for other in all {
                assert_eq!(weight(worse(one, other)), weight(one).max(weight(other)));
            }
        }
    }
}
