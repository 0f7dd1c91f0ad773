//! Going on alone where the quorum cannot be reached.

use super::{Ops, OpsError};
use crate::domain::approval::{Approval, Consent, Refusal};
use crate::domain::event::Event;
use crate::domain::ids::RequestId;
use crate::domain::operator::Actor;
use crate::domain::run::Run;

impl Ops {
    /// Goes on alone with a gate's request: it stands for the whole quorum. The store looks once more
    /// whether it is due, in the transaction that writes it.
    ///
    /// # Errors
    /// `ReasonNeeded`; `Refused` with the reason, which stands in the audit trail all the same.
    pub async fn break_glass(
        &self,
        actor: &Actor,
        request: &RequestId,
        (reason, consent): (&str, Consent),
    ) -> Result<Run, OpsError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(OpsError::ReasonNeeded);
        }
        let decide = |approval: &Approval| {
            approval.may_break_glass(&self.profile.policy, actor, consent, self.now())?;
            Ok(Event::GlassBroken {
                request: approval.request.id.clone(),
                by: actor.clone(),
                reason: reason.to_owned(),
            })
        };
        self.decide(actor, "break-glass", request, decide).await
    }

    /// Whether this person could go on alone now with this consent.
    ///
    /// # Errors
    /// `Refused` with the reason. Nothing is written down.
    pub async fn would_break_glass(
        &self,
        actor: &Actor,
        request: &RequestId,
        consent: Consent,
    ) -> Result<(), OpsError> {
        let (_, run, approval) = self.waiting(request).await?;
        if approval.request.plan != run.plan_hash {
            return Err(OpsError::Refused(Refusal::Stale));
        }
        approval
            .may_break_glass(&self.profile.policy, actor, consent, self.now())
            .map_err(OpsError::Refused)
    }

    /// The same as a press: what is refused is written down. A code may be asked for afterwards.
    ///
    /// # Errors
    /// `Refused` with the reason.
    pub async fn ask_to_break_glass(
        &self,
        actor: &Actor,
        request: &RequestId,
    ) -> Result<(), OpsError> {
        let would = self.would_break_glass(actor, request, Consent::Coded).await;
        self.noted_refusal(actor, ("break-glass", request), would)
            .await
    }
}
