//! Approving and denying a notice.

use super::{asked, close, told};
use crate::domain::approval::{Approval, Consent, Refusal, Verdict};
use crate::domain::campaign::{Campaign, Phase};
use crate::domain::ids::RequestId;
use crate::domain::operator::{Actor, ActorKind};
use crate::ops::{Ops, OpsError};
use crate::ports::campaigns::Telling;

impl Ops {
    /// Approves a notice's request.
    ///
    /// # Errors
    /// `Refused` with the reason; the press stands in the audit trail all the same.
    pub async fn approve_notice(
        &self,
        actor: &Actor,
        request: &RequestId,
        consent: Consent,
    ) -> Result<Campaign, OpsError> {
        let decide = |campaign: &mut Campaign, approval: &mut Approval| {
            self.may_let_go(campaign, approval, actor, consent)?;
            let complete = approval.completes(actor, &self.profile.policy.access);
            approval.approved_by.push((actor.clone(), self.now()));
            if complete {
                approval.verdict = Some(Verdict::Granted { at: self.now() });
                campaign.phase = Phase::Ready;
                campaign.approved_at = Some(self.now());
            }
            Ok(())
        };
        self.decide_notice(actor, "approve-notice", request, decide)
            .await
    }

    /// Denies it. One denial is enough; the requester may withdraw his own.
    ///
    /// # Errors
    /// `Refused` with the reason; the press stands in the audit trail all the same.
    pub async fn deny_notice(
        &self,
        actor: &Actor,
        request: &RequestId,
    ) -> Result<Campaign, OpsError> {
        let decide = |campaign: &mut Campaign, approval: &mut Approval| {
            approval.may_deny(&self.profile.policy, actor, self.now())?;
            approval.verdict = Some(Verdict::Denied {
                by: actor.clone(),
                at: self.now(),
            });
            campaign.phase = Phase::Dropped;
            campaign.ended_at = Some(self.now());
            Ok(())
        };
        self.decide_notice(actor, "deny-notice", request, decide)
            .await
    }

    /// The word this person has to type to approve his own notice; nothing where pressing is enough,
    /// or would be refused whatever he types.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn notice_word(
        &self,
        actor: &Actor,
        request: &RequestId,
    ) -> Result<Option<String>, OpsError> {
        let Some(campaign) = self.notices.book.of_request(request).await? else {
            return Ok(None);
        };
        let Some(approval) = &campaign.approval else {
            return Ok(None);
        };
        let pressed = self.may_let_go(&campaign, approval, actor, Consent::Pressed);
        let word = approval.request.word.clone();
        Ok((pressed == Err(Refusal::WordNeeded)).then_some(word))
    }

    /// Whether this person could approve a notice with this consent.
    ///
    /// # Errors
    /// `Refused` with the reason. Nothing is written down.
    pub async fn would_approve_notice(
        &self,
        actor: &Actor,
        request: &RequestId,
        consent: Consent,
    ) -> Result<(), OpsError> {
        let stale = || OpsError::Refused(Refusal::Stale);
        let found = self.notices.book.of_request(request).await?;
        let campaign = found.ok_or_else(stale)?;
        let asked = campaign.approval.as_ref();
        let approval = asked.filter(|approval| approval.request.id == *request);
        let approval = approval.ok_or_else(stale)?;
        self.may_let_go(&campaign, approval, actor, consent)
            .map_err(OpsError::Refused)
    }

    fn may_let_go(
        &self,
        campaign: &Campaign,
        approval: &Approval,
        actor: &Actor,
        consent: Consent,
    ) -> Result<(), Refusal> {
        approval.may_approve(&self.notice_policy(campaign), actor, consent, self.now())?;
        // The console may do by hand whatever is asked, and this it cannot do by hand.
        let own = actor.kind == ActorKind::Console && approval.request.requester.is(actor);
        if own && self.needs_another(campaign) {
            return Err(Refusal::OwnRequest);
        }
        Ok(())
    }

    async fn decide_notice(
        &self,
        actor: &Actor,
        verb: &str,
        request: &RequestId,
        decide: impl Fn(&mut Campaign, &mut Approval) -> Result<(), Refusal>,
    ) -> Result<Campaign, OpsError> {
        let result = self.try_decide_notice(actor, verb, request, decide).await;
        self.noted(actor, (verb, request.as_str()), result).await
    }

    async fn try_decide_notice(
        &self,
        actor: &Actor,
        verb: &str,
        request: &RequestId,
        decide: impl Fn(&mut Campaign, &mut Approval) -> Result<(), Refusal>,
    ) -> Result<Campaign, OpsError> {
        let stale = || OpsError::Refused(Refusal::Stale);
        let found = self.notices.book.of_request(request).await?;
        let found = found.ok_or_else(stale)?;
        self.turn(found.id, |campaign| {
            let mut approval = campaign.approval.clone().ok_or_else(stale)?;
            if approval.request.id != *request {
                return Err(stale());
            }
            // The request was made for one text, one rule, one count; it lets nothing else go.
            if approval.verdict.is_none() && approval.request.plan != campaign.digest() {
                let at = self.now();
                return Ok(void(campaign, actor, at));
            }
            decide(campaign, &mut approval).map_err(OpsError::Refused)?;
            campaign.approval = Some(approval);
            let mut telling = told(campaign, actor, verb);
            telling.posts.push(asked(campaign, request));
            Ok(telling)
        })
        .await
        .and_then(|campaign| match &campaign.approval {
            Some(Approval {
                verdict: Some(Verdict::Voided { .. }),
                ..
            }) => Err(stale()),
            _ => Ok(campaign),
        })
    }
}

/// It is no longer what was asked for: a draft again.
fn void(campaign: &mut Campaign, actor: &Actor, at: crate::domain::Timestamp) -> Telling {
    let request = close(campaign, Verdict::Voided { at });
    campaign.phase = Phase::Draft;
    let mut telling = told(campaign, actor, "void-notice");
    telling
        .posts
        .extend(request.map(|request| asked(campaign, &request)));
    telling
}
