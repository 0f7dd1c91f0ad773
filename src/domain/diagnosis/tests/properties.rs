use super::round;
use crate::domain::diagnosis::{Certainty, diagnose};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::health::{Condition, Finding, Part, Sign, SignCode};
use proptest::prelude::*;
use proptest::sample::select;

/// Any finding, sensible or not.
pub(crate) fn any_finding() -> impl Strategy<Value = Finding> {
    let conditions = [
        Condition::Up,
        Condition::Degraded,
        Condition::Down,
        Condition::Unknown,
    ];
    let subject = proptest::option::of(select(vec!["kling", "s3", "folder", "yookassa-api"]));
    let signs = proptest::collection::vec(select(SignCode::ALL), 0..3);
    let failure = proptest::option::of(select(FailureCode::ALL));
    (
        select(Part::ALL),
        subject,
        select(conditions.to_vec()),
        signs,
        failure,
    )
        .prop_map(|(part, subject, condition, signs, failure)| {
            let mut found = Finding::up(part);
            found.subject = subject.map(str::to_owned);
            found.condition = condition;
            found.signs = signs.into_iter().map(Sign::new).collect();
            found.failure = failure.map(Failure::new);
            found
        })
}

proptest! {
    #[test]
    fn the_order_of_the_findings_does_not_matter(
        (one, other) in proptest::collection::vec(any_finding(), 0..25)
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        let mut round = round("");
        round.findings = one;
        let before = diagnose(&round);
        round.findings = other;
        prop_assert_eq!(before, diagnose(&round));
    }

    #[test]
    fn each_cause_comes_once_and_rests_on_something(
        findings in proptest::collection::vec(any_finding(), 0..25)
    ) {
        let mut round = round("");
        round.findings = findings;
        let diagnosis = diagnose(&round);
        for (at, one) in diagnosis.candidates.iter().enumerate() {
            prop_assert!(one.tells().next().is_some());
            let again = diagnosis.candidates.iter().skip(at + 1);
            prop_assert!(!again.into_iter().any(|o| (o.cause, &o.subject) == (one.cause, &one.subject)));
        }
        let doubtful = diagnosis.candidates.iter().map(|one| one.certainty == Certainty::Possible);
        prop_assert!(doubtful.is_sorted());
        let leading = diagnosis.leading().next();
        prop_assert_eq!(leading, diagnosis.candidates.first());
    }

    #[test]
    fn nothing_is_claimed_where_nothing_was_seen(
        findings in proptest::collection::vec(any_finding(), 0..25)
    ) {
        let mut round = round("");
        round.findings = findings;
        for found in &mut round.findings {
            found.condition = Condition::Unknown;
            if found.part == Part::Backups {
                found.failure = None;
            }
        }
        round.findings.extend(Part::ALL.iter().map(|part| {
            Finding::unknown(*part, Failure::new(FailureCode::TimedOut))
        }));
        prop_assert_eq!(diagnose(&round).candidates, []);
    }
}
