//! Approving and denying.

use super::{Ops, OpsError};
use crate::domain::approval::{Approval, Consent, Refusal};
use crate::domain::event::Event;
use crate::domain::ids::{RequestId, RunId};
use crate::domain::operator::Actor;
use crate::domain::run::Run;
use crate::ports::journal::{Guard, StateError};

/// How often a decision is taken anew when the run moved on meanwhile. Each turn means that somebody
/// else's event was written, so this many in a row do not happen by themselves.
const TURNS: usize = 8;

impl Ops {
    /// Approves a gate's request.
    ///
    /// # Errors
    /// `Refused` with the reason; the press stands in the audit trail all the same.
    pub async fn approve(
        &self,
        actor: &Actor,
        request: &RequestId,
        consent: Consent,
    ) -> Result<Run, OpsError> {
        let decide = |approval: &Approval| {
            let policy = &self.profile.policy;
            approval.may_approve(policy, actor, consent, self.now())?;
            let (request, by) = (approval.request.id.clone(), actor.clone());
            Ok(Event::Approved {
                request,
                complete: approval.completes(&by, &policy.access),
                by,
            })
        };
        self.decide(actor, "approve", request, decide).await
    }

    /// Denies it. One denial is enough; the requester may withdraw his own.
    ///
    /// # Errors
    /// `Refused` with the reason; the press stands in the audit trail all the same.
    pub async fn deny(&self, actor: &Actor, request: &RequestId) -> Result<Run, OpsError> {
        let decide = |approval: &Approval| {
            approval.may_deny(&self.profile.policy, actor, self.now())?;
            Ok(Event::Denied {
                request: approval.request.id.clone(),
                by: actor.clone(),
            })
        };
        self.decide(actor, "deny", request, decide).await
    }

    /// The word this person has to type to approve his own request; nothing where pressing the
    /// button is enough, or would be refused whatever he types.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn word_for(
        &self,
        actor: &Actor,
        request: &RequestId,
    ) -> Result<Option<String>, OpsError> {
        let Some((_, approval)) = self.state.journal.find_request(request).await? else {
            return Ok(None);
        };
        let policy = &self.profile.policy;
        let pressed = approval.may_approve(policy, actor, Consent::Pressed, self.now());
        Ok((pressed == Err(Refusal::WordNeeded)).then_some(approval.request.word))
    }

    /// Whether this person could approve with this consent.
    ///
    /// # Errors
    /// `Refused` with the reason. Nothing is written down.
    pub async fn would_approve(
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
            .may_approve(&self.profile.policy, actor, consent, self.now())
            .map_err(OpsError::Refused)
    }

    pub(super) async fn decide(
        &self,
        actor: &Actor,
        verb: &str,
        request: &RequestId,
        decide: impl Fn(&Approval) -> Result<Event, Refusal>,
    ) -> Result<Run, OpsError> {
        let result = self.try_decide(request, decide).await;
        if let Err(error) = &result {
            self.note_refusal(actor, verb, request.as_str(), error)
                .await?;
        }
        result
    }

    async fn try_decide(
        &self,
        request: &RequestId,
        decide: impl Fn(&Approval) -> Result<Event, Refusal>,
    ) -> Result<Run, OpsError> {
        for _ in 0..TURNS {
            let (id, run, approval) = self.waiting(request).await?;
            // The request was made for one plan; whatever happened to the run, it opens no other.
            if approval.request.plan != run.plan_hash {
                return Err(OpsError::Refused(Refusal::Stale));
            }
            let event = decide(&approval).map_err(OpsError::Refused)?;
            match self
                .state
                .journal
                .append(id, event, Guard::At(run.position))
                .await
            {
                Err(StateError::Conflict) => {}
                other => return Ok(other?),
            }
        }
        Err(OpsError::State(StateError::Conflict.to_string()))
    }

    pub(super) async fn waiting(
        &self,
        request: &RequestId,
    ) -> Result<(RunId, Run, Approval), OpsError> {
        let found = self.state.journal.find_request(request).await?;
        let (id, _) = found.ok_or(OpsError::Refused(Refusal::Stale))?;
        let run = self.state.journal.load(id).await?;
        let approval = run
            .request(request)
            .cloned()
            .ok_or(OpsError::Refused(Refusal::Stale))?;
        Ok((id, run, approval))
    }
}
