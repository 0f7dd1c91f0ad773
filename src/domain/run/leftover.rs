//! What a run found and leaves for people.

use super::{Run, StepState};
use crate::domain::facts::{Differences, Facts};
use crate::domain::failure::Failure;
use crate::domain::payment::{Deed, SyncReport};
use std::collections::BTreeMap;

/// Something that a run found and did not mend.
#[derive(Clone, Debug, PartialEq)]
pub enum Leftover {
    /// Payments that differ between REI and the provider.
    Payments {
        /// What is due.
        deed: Deed,
        /// How many.
        count: u64,
    },
    /// Unfinished rows that the queue does not know.
    Jobs(u64),
    /// Users whose balance is not the sum of their ledger.
    Balances(u64),
    /// A part that could not be compared.
    Unseen {
        /// `jobs`, `payments`, `balances`.
        part: String,
        /// Why.
        failure: Failure,
    },
}

impl Run {
    /// What its steps found and left, as the last of them that looked tells it.
    #[must_use]
    pub fn leftovers(&self) -> Vec<Leftover> {
        let steps = self.plan.runbook.steps.iter();
        let facts = steps.filter_map(|step| match self.state_of(&step.id) {
            StepState::Succeeded { facts } => Some(facts),
            _ => None,
        });
        facts.fold(Vec::new(), |found, facts| match facts {
            Facts::Reconciled(differences) => all(differences),
            Facts::Synced(report) => after_sync(found, report),
            _ => found,
        })
    }
}

fn all(found: &Differences) -> Vec<Leftover> {
    let some = |count: Option<u64>| count.filter(|count| *count > 0);
    let mut left = payments(found.payments.as_ref().into_iter().flatten());
    left.extend(some(found.jobs_missing).map(Leftover::Jobs));
    left.extend(some(found.balances).map(Leftover::Balances));
    left.extend(found.unknown.iter().map(|(part, failure)| {
        let (part, failure) = (part.clone(), failure.clone());
        Leftover::Unseen { part, failure }
    }));
    left
}

/// What a sync did by itself is done; what it found for a person stands.
fn after_sync(mut found: Vec<Leftover>, report: &SyncReport) -> Vec<Leftover> {
    found.retain(|left| !matches!(left, Leftover::Payments { .. }));
    let mut left = payments(&report.deeds);
    left.retain(|left| !matches!(left, Leftover::Payments { deed, .. } if deed.is_automatic()));
    left.extend(found);
    left
}

fn payments<'a>(deeds: impl IntoIterator<Item = (&'a String, &'a u64)>) -> Vec<Leftover> {
    let deeds: BTreeMap<&str, u64> = deeds
        .into_iter()
        .map(|(deed, count)| (deed.as_str(), *count))
        .collect();
    let due = Deed::ALL.iter().filter(|deed| **deed != Deed::Nothing);
    due.filter_map(|deed| {
        let count = deeds
            .get(deed.as_str())
            .copied()
            .filter(|count| *count > 0)?;
        let deed = *deed;
        Some(Leftover::Payments { deed, count })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(deeds: &[(Deed, u64)]) -> BTreeMap<String, u64> {
        let named = |(deed, count): &(Deed, u64)| (deed.as_str().to_owned(), *count);
        deeds.iter().map(named).collect()
    }

    #[test]
    fn everything_that_differs_is_left_until_a_sync_has_mended_what_it_can() {
        let differences = Differences {
            payments: Some(counted(&[(Deed::Credit, 3), (Deed::Orphan, 240)])),
            jobs_missing: Some(0),
            balances: Some(2),
            ..Differences::default()
        };
        let orphans = |count| Leftover::Payments {
            deed: Deed::Orphan,
            count,
        };
        let credit = Leftover::Payments {
            deed: Deed::Credit,
            count: 3,
        };
        let found = all(&differences);
        assert_eq!(found, [credit, orphans(240), Leftover::Balances(2)]);
        let report = SyncReport {
            deeds: counted(&[(Deed::Nothing, 90), (Deed::Credit, 3), (Deed::Orphan, 241)]),
            ..SyncReport::default()
        };
        let left = after_sync(found, &report);
        assert_eq!(left, [orphans(241), Leftover::Balances(2)]);
    }
}
