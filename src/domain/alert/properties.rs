//! What holds whatever the rounds show.

use super::tests::Monitor;
use super::{TRACKS, What};
use crate::domain::diagnosis::tests::{properties::any_finding, round};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn an_incident_has_one_beginning_and_ends_only_once_it_began(
        kinds in proptest::collection::vec(proptest::collection::vec(any_finding(), 0..8), 1..5),
        order in proptest::collection::vec(0..5usize, 0..120),
    ) {
        let mut monitor = Monitor::new();
        let mut open: BTreeMap<u64, bool> = BTreeMap::new();
        let mut one = round("");
        for kind in order {
            one.findings = kinds.get(kind).cloned().unwrap_or_else(|| round("").findings);
            for change in monitor.take(&one) {
                let number = change.incident.number;
                let before = open.get(&number).copied();
                match change.what {
                    What::Opened => {
                        prop_assert_eq!(before, None);
                        open.insert(number, true);
                    }
                    What::Returned => {
                        prop_assert_eq!(before, Some(false));
                        open.insert(number, true);
                    }
                    What::Resolved { .. } => {
                        prop_assert_eq!(before, Some(true));
                        open.insert(number, false);
                    }
                    What::Updated { .. } | What::Reminder => prop_assert_eq!(before, Some(true)),
                    What::Muted | What::Unmuted => prop_assert!(false, "nothing was muted"),
                }
            }
            let now: Vec<_> = monitor.watch.open().collect();
            let causes: BTreeSet<_> = now
                .iter()
                .map(|one| (one.candidate.cause, one.candidate.subject.clone()))
                .collect();
            prop_assert_eq!(causes.len(), now.len());
            prop_assert!(monitor.watch.tracks.len() <= TRACKS);
        }
    }
}
