use super::*;
use std::collections::BTreeSet;

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub fn policy(allow_self: bool) -> Policy {
    Policy {
        required: 1,
        allow_self,
        ttl: Duration::from_secs(10),
        access: Access {
            admins: BTreeSet::from([1]),
            approvers: BTreeSet::from([1, 2]),
        },
        codes: Secrets::new([(2, vec![1; 20].into()), (1, vec![2; 20].into())]),
        break_glass: Some(Duration::from_secs(5)),
    }
}

pub fn asked() -> Approval {
    Approval::asked(Request {
        id: "a".parse().unwrap(),
        gate: "swap".parse().unwrap(),
        plan: "p".into(),
        facts: "f".into(),
        requester: Actor::telegram(1, "Ann"),
        asked_at: at(0),
        expires_at: at(10),
        required: 1,
        word: "amber".into(),
        loss: None,
    })
}

fn try_approve(
    approval: &Approval,
    id: i64,
    consent: Consent,
    now: i64,
    own: bool,
) -> Result<(), Refusal> {
    approval.may_approve(&policy(own), &Actor::telegram(id, "x"), consent, at(now))
}

#[test]
fn another_approver_may_with_a_code() {
    let by = |consent| try_approve(&asked(), 2, consent, 1, false);
    assert_eq!(by(Consent::Coded), Ok(()));
    assert_eq!(by(Consent::Pressed), Err(Refusal::CodeNeeded));
    assert_eq!(by(Consent::Typed), Err(Refusal::CodeNeeded));
}

#[test]
fn a_clock_that_was_set_back_makes_no_request_last_for_ever() {
    let mut approval = asked();
    (approval.request.asked_at, approval.request.expires_at) = (at(100_000), at(100_010));
    let by = |now| try_approve(&approval, 2, Consent::Coded, now, false);
    assert_eq!(by(100_001), Ok(()));
    assert_eq!(by(99_990), Ok(()), "clocks are corrected by seconds");
    let expired = Refusal::Expired { at: at(100_010) };
    for now in [0, 99_000, 100_010, 200_000] {
        assert_eq!(by(now), Err(expired.clone()), "{now}");
    }
}

#[test]
fn who_is_not_listed_needs_no_code() {
    let mut free = policy(false);
    free.codes = Secrets::default();
    let bob = Actor::telegram(2, "x");
    let told = asked().may_approve(&free, &bob, Consent::Pressed, at(1));
    assert_eq!(told, Ok(()));
    let root = Actor::console(2, "root");
    let told = asked().may_approve(&policy(false), &root, Consent::Pressed, at(1));
    assert_eq!(told, Ok(()), "the console has no phone");
}

#[test]
fn a_name_does_not_make_an_approver() {
    assert_eq!(
        try_approve(&asked(), 3, Consent::Coded, 1, false),
        Err(Refusal::NotAnApprover)
    );
}

#[test]
fn the_requester_needs_permission_word_and_code() {
    assert_eq!(
        try_approve(&asked(), 1, Consent::TypedAndCoded, 1, false),
        Err(Refusal::OwnRequest)
    );
    let own = |consent| try_approve(&asked(), 1, consent, 1, true);
    assert_eq!(own(Consent::Pressed), Err(Refusal::WordNeeded));
    assert_eq!(own(Consent::Coded), Err(Refusal::WordNeeded));
    assert_eq!(own(Consent::Typed), Err(Refusal::CodeNeeded));
    assert_eq!(own(Consent::TypedAndCoded), Ok(()));
}

#[test]
fn the_last_second_counts_and_the_next_does_not() {
    assert_eq!(try_approve(&asked(), 2, Consent::Coded, 9, false), Ok(()));
    assert_eq!(
        try_approve(&asked(), 2, Consent::Coded, 10, false),
        Err(Refusal::Expired { at: at(10) })
    );
}

#[test]
fn a_late_press_learns_who_decided_and_when() {
    let mut approval = asked();
    let by = Actor::telegram(2, "Bob");
    approval.verdict = Some(Verdict::Denied {
        by: by.clone(),
        at: at(3),
    });
    assert_eq!(
        try_approve(&approval, 2, Consent::Pressed, 4, false),
        Err(Refusal::Decided {
            by: Some(by),
            at: at(3)
        })
    );
}

#[test]
fn the_same_person_does_not_count_twice() {
    let mut approval = asked();
    approval.request.required = 2;
    approval
        .approved_by
        .push((Actor::telegram(2, "Bob"), at(1)));
    assert_eq!(
        try_approve(&approval, 2, Consent::Pressed, 2, false),
        Err(Refusal::AlreadyApproved)
    );
    assert_eq!(approval.missing(&policy(false).access), 1);
}

#[test]
fn who_was_removed_has_no_vote_any_more() {
    let mut approval = asked();
    approval.request.required = 2;
    let (bob, cid) = (Actor::telegram(2, "Bob"), Actor::telegram(3, "Cid"));
    approval.approved_by.push((bob, at(1)));
    let access = |approvers: &[i64]| Access {
        admins: BTreeSet::from([1]),
        approvers: approvers.iter().copied().collect(),
    };
    assert!(approval.completes(&cid, &access(&[2, 3])));
    assert!(!approval.completes(&cid, &access(&[3, 4])));
    approval.approved_by.push((cid, at(2)));
    approval.verdict = Some(Verdict::Granted { at: at(2) });
    assert!(approval.is_carried(&access(&[2, 3])));
    assert!(!approval.is_carried(&access(&[3, 4])));
    approval
        .approved_by
        .push((Actor::console(0, "root"), at(3)));
    assert!(
        approval.is_carried(&access(&[3, 4])),
        "the console stands for all"
    );
}
