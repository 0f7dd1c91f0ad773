//! Approving with a code.
//!
//! The code is looked at only for a request that this person could approve otherwise: no try is spent
//! on one that was decided meanwhile. It is used up before it decides: a crash in between costs a
//! code, never an approval twice.

use super::{Ops, OpsError};
use crate::domain::approval::{Approval, Consent, Refusal};
use crate::domain::campaign::Campaign;
use crate::domain::ids::RequestId;
use crate::domain::operator::Actor;
use crate::domain::run::Run;
use crate::domain::second_factor::Tried;
use crate::ports::codes::Try;

impl Ops {
    /// Approves a gate's request with a code, and with what was said before it.
    ///
    /// # Errors
    /// `Refused` with the reason; it stands in the audit trail all the same.
    pub async fn approve_with_code(
        &self,
        actor: &Actor,
        request: &RequestId,
        (before, code): (Consent, &str),
    ) -> Result<Run, OpsError> {
        let consent = before.with_code();
        let would = self.would_approve(actor, request, consent).await;
        self.noted_refusal(actor, ("approve", request), would)
            .await?;
        self.prove(actor, request, code).await?;
        self.approve(actor, request, consent).await
    }

    /// Approves a notice's request with a code, and with what was said before it.
    ///
    /// # Errors
    /// `Refused` with the reason; it stands in the audit trail all the same.
    pub async fn approve_notice_with_code(
        &self,
        actor: &Actor,
        request: &RequestId,
        (before, code): (Consent, &str),
    ) -> Result<Campaign, OpsError> {
        let consent = before.with_code();
        let would = self.would_approve_notice(actor, request, consent).await;
        self.noted_refusal(actor, ("approve-notice", request), would)
            .await?;
        self.prove(actor, request, code).await?;
        self.approve_notice(actor, request, consent).await
    }

    /// Goes on alone with a code.
    ///
    /// # Errors
    /// `Refused` with the reason; it stands in the audit trail all the same.
    pub async fn break_glass_with_code(
        &self,
        actor: &Actor,
        request: &RequestId,
        (reason, code): (&str, &str),
    ) -> Result<Run, OpsError> {
        let would = self.would_break_glass(actor, request, Consent::Coded).await;
        self.noted_refusal(actor, ("break-glass", request), would)
            .await?;
        self.prove(actor, request, code).await?;
        self.break_glass(actor, request, (reason, Consent::Coded))
            .await
    }

    /// Approves, or refuses with `CodeNeeded` without writing that down: it is a question and no
    /// attempt.
    ///
    /// # Errors
    /// As [`Ops::approve`].
    pub async fn approve_or_ask(
        &self,
        actor: &Actor,
        request: &RequestId,
        consent: Consent,
    ) -> Result<Run, OpsError> {
        let would = self.would_approve(actor, request, consent).await;
        if let Err(error @ OpsError::Refused(Refusal::CodeNeeded)) = would {
            return Err(error);
        }
        self.approve(actor, request, consent).await
    }

    /// The same for a notice.
    ///
    /// # Errors
    /// As [`Ops::approve_notice`].
    pub async fn approve_notice_or_ask(
        &self,
        actor: &Actor,
        request: &RequestId,
        consent: Consent,
    ) -> Result<Campaign, OpsError> {
        let would = self.would_approve_notice(actor, request, consent).await;
        if let Err(error @ OpsError::Refused(Refusal::CodeNeeded)) = would {
            return Err(error);
        }
        self.approve_notice(actor, request, consent).await
    }

    /// The run that a request belongs to, and the request.
    ///
    /// # Errors
    /// `Refused` where there is none.
    pub async fn run_of(&self, request: &RequestId) -> Result<(Run, Approval), OpsError> {
        let (_, run, approval) = self.waiting(request).await?;
        Ok((run, approval))
    }

    /// The notice that a request belongs to.
    ///
    /// # Errors
    /// `Refused` where there is none.
    pub async fn notice_of(&self, request: &RequestId) -> Result<Campaign, OpsError> {
        let found = self.notices.book.of_request(request).await?;
        found.ok_or(OpsError::Refused(Refusal::Stale))
    }

    pub(super) async fn noted_refusal(
        &self,
        actor: &Actor,
        (verb, request): (&str, &RequestId),
        would: Result<(), OpsError>,
    ) -> Result<(), OpsError> {
        if let Err(error) = &would {
            self.note_refusal(actor, verb, request.as_str(), error)
                .await?;
        }
        would
    }

    /// Uses a code up.
    async fn prove(&self, actor: &Actor, request: &RequestId, code: &str) -> Result<(), OpsError> {
        let step = self.profile.policy.codes.step(actor.id, code, self.now());
        let given = Try {
            actor: actor.clone(),
            request: request.clone(),
            step,
        };
        let refusal = match self.state.codes.try_code(given).await? {
            Tried::Right => return Ok(()),
            Tried::Wrong { left } => Refusal::WrongCode { left },
            Tried::Used => Refusal::UsedCode,
            Tried::Locks { until } | Tried::Locked { until } => Refusal::CodesLocked { until },
        };
        Err(OpsError::Refused(refusal))
    }
}
