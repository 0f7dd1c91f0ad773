//! Rounds by chance, and what a naive memory makes of them.

use jiff::Timestamp;
use proptest::prelude::*;
use rei_recovery::domain::health::{Condition, Finding, Measure, Part, Round, worse};
use std::collections::BTreeMap;
use std::time::Duration;

pub const START: i64 = 1_790_000_000;

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// One round of a component with one measure.
#[derive(Clone, Debug)]
pub struct Seen {
    pub second: i64,
    pub subject: u8,
    pub condition: Condition,
    pub value: i64,
}

impl Seen {
    pub fn round(&self) -> Round {
        let finding = Finding {
            condition: self.condition,
            ..Finding::up(Part::Jobs).of(format!("p{}", self.subject))
        };
        Round {
            at: at(self.second),
            took: Duration::ZERO,
            findings: vec![finding.measured(Measure::Failed, Some(self.value))],
        }
    }
}

pub fn condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        Just(Condition::Up),
        Just(Condition::Degraded),
        Just(Condition::Down),
        Just(Condition::Unknown),
    ]
}

/// Rounds of six hours in any order: clocks jump.
pub fn rounds() -> impl Strategy<Value = Vec<Seen>> {
    let seen = (0..6 * 3600i64, 0..2u8, condition(), -5..1_000_000i64);
    let seen = seen.prop_map(|(after, subject, condition, value)| Seen {
        second: START + after,
        subject,
        condition,
        value,
    });
    prop::collection::vec(seen, 1..40)
}

/// Low, high, sum, count and worst condition of each stretch of this many seconds.
pub type Bucket = (i64, i64, i64, i64, Condition);

pub fn buckets(seen: &[Seen], subject: u8, width: i64) -> BTreeMap<i64, Bucket> {
    let mut buckets = BTreeMap::new();
    for one in seen.iter().filter(|one| one.subject == subject) {
        let slot = one.second - one.second % width;
        let bucket = buckets
            .entry(slot)
            .or_insert((i64::MAX, i64::MIN, 0, 0, Condition::Up));
        *bucket = (
            bucket.0.min(one.value),
            bucket.1.max(one.value),
            bucket.2 + one.value,
            bucket.3 + 1,
            worse(bucket.4, one.condition),
        );
    }
    buckets
}
