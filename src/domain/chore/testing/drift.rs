//! The drift alarm: rows that earlier tests counted and this one does not.

use super::Finding;
use crate::domain::database::Counts;
use std::collections::BTreeMap;

/// Rows of one tested backup.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// REI's tables under the contract's names.
    pub counts: &'a Counts,
    /// All other tables.
    pub others: &'a Counts,
}

/// How many of a thousand rows a table may lose against the most that an earlier test counted. The
/// ledger is never shortened: balances are its sums. People and payments go one by one, if at all;
/// old jobs may be cleared away.
const MAY_LOSE: [(&str, u64); 4] = [
    ("ledger", 0),
    ("payments", 20),
    ("users", 20),
    ("jobs", 500),
];

/// What other tables hold nobody knows; they alarm when more than half of so many rows are gone.
const WORTH_A_LOOK: u64 = 100;

/// Compares with earlier tests, the newest first. REI's tables are held against the most that any of
/// them counted, so a loss stays in sight for as long as the list reaches back; other tables against
/// the newest alone, so that a clearing up is asked about once.
#[must_use]
pub fn drift(now: Rows<'_>, earlier: &[Rows<'_>]) -> Vec<Finding> {
    let mut found = lost(now.counts, earlier);
    if let Some(newest) = earlier.first() {
        found.extend(shrunk(now.others, newest.others));
    }
    found
}

fn lost(now: &Counts, earlier: &[Rows<'_>]) -> Vec<Finding> {
    let mut most: BTreeMap<&str, u64> = BTreeMap::new();
    for (table, count) in earlier.iter().flat_map(|rows| rows.counts) {
        let known = most.entry(table).or_default();
        *known = (*known).max(*count);
    }
    let lost = most.into_iter().filter_map(|(table, before)| {
        let now = now.get(table).copied().unwrap_or(0);
        let allowed = MAY_LOSE.iter().find(|(name, _)| *name == table);
        let allowed = allowed.map_or(0, |(_, share)| {
            before / 1000 * share + before % 1000 * share / 1000
        });
        let gone = now == 0 && before > 0;
        (gone || before - now.min(before) > allowed).then(|| Finding::RowsLost {
            table: table.to_owned(),
            before,
            now,
        })
    });
    lost.collect()
}

fn shrunk(now: &Counts, before: &Counts) -> Vec<Finding> {
    let shrunk = before.iter().filter_map(|(table, before)| {
        let now = now.get(table).copied();
        let much = *before >= WORTH_A_LOOK && now.unwrap_or(0) < before.div_ceil(2);
        (now.is_none() || much).then(|| Finding::Shrunk {
            table: table.clone(),
            before: *before,
            now,
        })
    });
    shrunk.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counts(list: &[(&str, u64)]) -> Counts {
        list.iter()
            .map(|(name, n)| ((*name).to_owned(), *n))
            .collect()
    }

    /// REI's tables, and the others.
    type Named<'a> = (&'a [(&'a str, u64)], &'a [(&'a str, u64)]);

    fn found(now: Named<'_>, earlier: &[Named<'_>]) -> Vec<String> {
        let of = |(own, others): Named<'_>| (counts(own), counts(others));
        let all: Vec<_> = earlier.iter().copied().map(of).collect();
        let rows: Vec<_> = all
            .iter()
            .map(|(counts, others)| Rows { counts, others })
            .collect();
        let (counts, others) = of(now);
        let now = Rows {
            counts: &counts,
            others: &others,
        };
        let words = drift(now, &rows).into_iter().map(|finding| match finding {
            Finding::RowsLost { table, before, now } => format!("{table} {before}>{now}"),
            Finding::Shrunk { table, before, now } => format!("{table} {before}>{now:?}"),
            other => panic!("{other:?}"),
        });
        words.collect()
    }

    #[test]
    fn growth_is_no_drift_and_the_first_test_has_nothing_to_compare() {
        assert!(found((&[("users", 1)], &[]), &[]).is_empty());
        let before: &[_] = &[("users", 900), ("ledger", 7)];
        assert!(found((&[("users", 900), ("ledger", 8)], &[]), &[(before, &[])]).is_empty());
    }

    #[test]
    fn the_ledger_loses_nothing_and_jobs_may_be_cleared() {
        let before: &[_] = &[("jobs", 1000), ("ledger", 1000), ("users", 1000)];
        let now: &[_] = &[("jobs", 500), ("ledger", 999), ("users", 980)];
        assert_eq!(found((now, &[]), &[(before, &[])]), ["ledger 1000>999"]);
        let now: &[_] = &[("jobs", 499), ("users", 979)];
        assert_eq!(
            found((now, &[]), &[(before, &[])]),
            ["jobs 1000>499", "ledger 1000>0", "users 1000>979"]
        );
    }

    #[test]
    fn a_loss_stays_in_sight_after_a_test_that_was_not_held_against_it() {
        let most: &[_] = &[("payments", 500)];
        let less: &[_] = &[("payments", 100)];
        assert_eq!(
            found((less, &[]), &[(less, &[]), (most, &[])]),
            ["payments 500>100"]
        );
    }

    #[test]
    fn of_other_tables_the_newest_test_alone_speaks() {
        let old: &[_] = &[("sessions", 5000), ("flags", 3)];
        let new: &[_] = &[("sessions", 300), ("flags", 3)];
        let now: &[_] = &[("sessions", 140)];
        assert_eq!(
            found((&[], now), &[(&[], new), (&[], old)]),
            ["flags 3>None", "sessions 300>Some(140)"]
        );
        assert!(found((&[], &[("sessions", 150), ("flags", 0)]), &[(&[], new)]).is_empty());
    }

    proptest! {
        #[test]
        fn what_only_grows_never_alarms(rows in proptest::collection::vec(0u64..u64::MAX / 2, 4), more in 0u64..1000) {
            let names = ["users", "jobs", "ledger", "payments"];
            let before: Counts = names.iter().zip(&rows).map(|(n, r)| ((*n).to_owned(), *r)).collect();
            let now: Counts = before.iter().map(|(n, r)| (n.clone(), r + more)).collect();
            let of = |c| Rows { counts: c, others: c };
            prop_assert!(drift(of(&now), &[of(&before)]).is_empty());
        }
    }
}
