//! Break-glass: one person goes on alone where the quorum cannot be reached.
//!
//! It replaces missing answers, never a given one: what anybody denied stays denied, what expired stays
//! expired (a new request begins the wait anew), and the waiting time is `BREAK_GLASS_AFTER` whoever waits.

use super::approval::{Approval, Consent, Policy, Refusal, Verdict};
use super::operator::{Actor, ActorKind};
use super::run::Run;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Who went on alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenGlass {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why, as he typed it.
    pub reason: String,
}

/// From when on somebody may go on alone on the present request of a gate: this long after it was asked,
/// so that everybody had so long to answer what is shown. Never where anybody denied the same thing.
#[must_use]
pub fn due(run: &Run, approval: &Approval, after: Duration) -> Option<Timestamp> {
    let now = &approval.request;
    let same = |other: &&Approval| {
        let request = &other.request;
        request.gate == now.gate && request.plan == now.plan && request.facts == now.facts
    };
    let denied = |other: &Approval| matches!(other.verdict, Some(Verdict::Denied { .. }));
    if run.approvals().iter().filter(same).any(denied) {
        return None;
    }
    let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::MAX);
    now.asked_at.saturating_add(after).ok()
}

impl Approval {
    /// Whether this person may go on alone now.
    ///
    /// # Errors
    /// The reason why not.
    pub fn may_break_glass(
        &self,
        policy: &Policy,
        actor: &Actor,
        consent: Consent,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.still_open(now)?;
        // The console approves whatever it wants; the program never does.
        if actor.kind != ActorKind::Telegram || !policy.access.knows(actor) {
            return Err(Refusal::NotAnApprover);
        }
        if policy.break_glass.is_none() || !self.glass_due(now) {
            return Err(Refusal::NotDue);
        }
        if policy.codes.lists(actor) && !consent.coded() {
            return Err(Refusal::CodeNeeded);
        }
        Ok(())
    }

    /// Whether the waiting time is over and the request still waits.
    #[must_use]
    pub fn glass_due(&self, now: Timestamp) -> bool {
        let open = self.verdict.is_none() && !self.request.is_over(now);
        open && self.glass_from.is_some_and(|from| now >= from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::approval::tests::{asked, at, policy};

    fn alone(approval: &Approval, id: i64, consent: Consent, now: i64) -> Result<(), Refusal> {
        approval.may_break_glass(&policy(false), &Actor::telegram(id, "x"), consent, at(now))
    }

    #[test]
    fn nobody_goes_on_alone_before_it_was_offered_and_is_due() {
        let mut approval = asked();
        assert_eq!(alone(&approval, 1, Consent::Coded, 9), Err(Refusal::NotDue));
        approval.glass_from = Some(at(5));
        assert_eq!(alone(&approval, 1, Consent::Coded, 4), Err(Refusal::NotDue));
        assert_eq!(
            alone(&approval, 1, Consent::Pressed, 5),
            Err(Refusal::CodeNeeded)
        );
        assert_eq!(
            alone(&approval, 1, Consent::Coded, 5),
            Ok(()),
            "even his own"
        );
        assert_eq!(
            alone(&approval, 3, Consent::Coded, 5),
            Err(Refusal::NotAnApprover)
        );
        let mut off = policy(false);
        off.break_glass = None;
        let ann = Actor::telegram(1, "x");
        let told = approval.may_break_glass(&off, &ann, Consent::Coded, at(5));
        assert_eq!(told, Err(Refusal::NotDue));
    }

    #[test]
    fn what_was_denied_or_expired_is_not_overruled() {
        let mut approval = asked();
        approval.glass_from = Some(at(5));
        let late = alone(&approval, 1, Consent::Coded, 10);
        assert_eq!(late, Err(Refusal::Expired { at: at(10) }));
        let by = Actor::telegram(2, "Bob");
        approval.verdict = Some(Verdict::Denied { by, at: at(6) });
        let denied = alone(&approval, 1, Consent::Coded, 7);
        assert!(matches!(denied, Err(Refusal::Decided { .. })));
    }
}
