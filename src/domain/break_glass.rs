//! Break-glass: one person goes on alone where the quorum cannot be reached.
//!
//! It replaces missing answers, never a given one: what anybody denied stays denied, what expired stays
//! expired, and the waiting time is `BREAK_GLASS_AFTER` whoever waits.

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

/// From when on somebody may go on alone on the present request of a gate: this long after the gate
/// was first asked for the same thing. A request that expired meanwhile and was asked again does not
/// begin the wait anew; one that became void does, because it let something else happen. Never where
/// anybody denied it.
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
    let unanswered =
        |other: &&Approval| matches!(other.verdict, None | Some(Verdict::Expired { .. }));
    let asked = run.approvals().iter().filter(same).filter(unanswered);
    let since = asked.map(|other| other.request.asked_at).min();
    let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::MAX);
    since?.saturating_add(after).ok()
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
        let open = self.verdict.is_none() && now < self.request.expires_at;
        open && self.glass_from.is_some_and(|from| now >= from)
    }
}
