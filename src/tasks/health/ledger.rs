//! The sum of the ledger against the balances.

use super::Eyes;
use super::probe::Probe;
use super::words::number;
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use crate::ports::backups::Work;
use std::sync::Arc;

pub(super) fn probe(eyes: &Arc<Eyes>) -> Probe {
    let keep = eyes.profile.keep.ledger;
    Probe::new(eyes, vec![(Part::Ledger, None)], look).keeping(keep)
}

async fn look(eyes: Arc<Eyes>) -> Vec<Finding> {
    let counted = eyes.ports.records.imbalances(0, &Work::default()).await;
    vec![match counted {
        Ok((count, _)) => {
            let count = number(count);
            let found = Finding::up(Part::Ledger).measured(Measure::Imbalances, Some(count));
            match count {
                0 => found,
                _ => {
                    let sign = Sign::new(SignCode::LedgerOff).with("count", count);
                    found.with(Condition::Degraded, sign)
                }
            }
        }
        Err(error) => Finding::unknown(Part::Ledger, error.into()),
    }]
}
