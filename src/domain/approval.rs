//! Approvals: who may let a destructive step happen, and what exactly he lets happen.

use super::break_glass::BrokenGlass;
use super::database::Loss;
use super::ids::{GateId, RequestId};
use super::operator::{Access, Actor, ActorKind};
use super::second_factor::Secrets;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The rules, from the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// `APPROVALS_REQUIRED`: different people.
    pub required: u32,
    /// `ALLOW_SELF_APPROVAL`: the requester may be one of them, after typing a word.
    pub allow_self: bool,
    /// `APPROVAL_TTL`.
    pub ttl: Duration,
    /// Who may.
    pub access: Access,
    /// `TOTP_SECRETS`: whose yes needs a code as well.
    pub codes: Secrets,
    /// `BREAK_GLASS_AFTER`: after so long without a decision one person may go on alone; nothing for
    /// never.
    pub break_glass: Option<Duration>,
}

/// A request for approval of one gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Unguessable; another one each time the gate is asked.
    pub id: RequestId,
    /// Which gate.
    pub gate: GateId,
    /// SHA-256 of the frozen plan.
    pub plan: String,
    /// SHA-256 of the facts shown: which backup, which database file.
    pub facts: String,
    /// Who asked for the run.
    pub requester: Actor,
    /// When the approval was asked for.
    pub asked_at: Timestamp,
    /// After this it is void.
    pub expires_at: Timestamp,
    /// How many different people must approve.
    pub required: u32,
    /// The word the requester types if he approves himself.
    pub word: String,
    /// What a restore would lose, counted when this was asked; absent where none is restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<Loss>,
}

/// So far may the clock go back while a request waits: servers of time correct it by less.
const SET_BACK: SignedDuration = SignedDuration::from_mins(1);

impl Request {
    /// Whether it is void by now. Where the clock shows a time before it was asked, it was set back:
    /// nobody knows how long the request has waited, so it has waited long enough.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.expires_at || is_before(now, self.asked_at)
    }
}

/// Whether the clock was set back to before this moment.
#[must_use]
pub fn is_before(now: Timestamp, moment: Timestamp) -> bool {
    moment.duration_since(now) > SET_BACK
}

/// A request with what people said to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The request.
    pub request: Request,
    /// Who approved so far, and when.
    pub approved_by: Vec<(Actor, Timestamp)>,
    /// How it ended; absent while it waits.
    pub verdict: Option<Verdict>,
    /// From when on somebody may go on alone; absent where it was not offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub glass_from: Option<Timestamp>,
    /// Who went on alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub glass: Option<BrokenGlass>,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Enough people approved.
    Granted {
        /// When the last one did.
        at: Timestamp,
    },
    /// Somebody denied; one is enough.
    Denied {
        /// Who.
        by: Actor,
        /// When.
        at: Timestamp,
    },
    /// Nobody answered in time.
    Expired {
        /// When that was noticed.
        at: Timestamp,
    },
    /// The facts it was bound to changed.
    Voided {
        /// When that was noticed.
        at: Timestamp,
    },
}

/// Why a press moves nothing. Each has the locale key `refusal-<code>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not in `APPROVER_IDS`.
    NotAnApprover,
    /// Asked himself, and that is not allowed here.
    OwnRequest,
    /// Asked himself; allowed after typing the word.
    WordNeeded,
    /// Has approved already; another person is needed.
    AlreadyApproved,
    /// Was decided before: by whom and when, as far as a person decided.
    Decided {
        /// Who, where a person decided.
        by: Option<Actor>,
        /// When.
        at: Timestamp,
    },
    /// Too late.
    Expired {
        /// Since when.
        at: Timestamp,
    },
    /// It belongs to a plan or to facts that are no longer the ones shown.
    Stale,
    /// His yes needs a code of his authenticator app.
    CodeNeeded,
    /// The code is wrong.
    WrongCode {
        /// How many more may be tried.
        left: u32,
    },
    /// The code was used before.
    UsedCode,
    /// Too many wrong codes.
    CodesLocked {
        /// No code is looked at before.
        until: Timestamp,
    },
    /// Nobody may go on alone yet.
    NotDue,
}

impl Refusal {
    /// The part of the locale key and the word in the audit trail.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnApprover => "not-an-approver",
            Self::OwnRequest => "own-request",
            Self::WordNeeded => "word-needed",
            Self::AlreadyApproved => "already-approved",
            Self::Decided { .. } => "decided",
            Self::Expired { .. } => "expired",
            Self::Stale => "stale",
            Self::CodeNeeded => "code-needed",
            Self::WrongCode { .. } => "wrong-code",
            Self::UsedCode => "used-code",
            Self::CodesLocked { .. } => "codes-locked",
            Self::NotDue => "not-due",
        }
    }

    /// Every code; the guard over the locales walks this list.
    pub const CODES: &[&'static str] = &[
        "not-an-approver",
        "own-request",
        "word-needed",
        "already-approved",
        "decided",
        "expired",
        "stale",
        "code-needed",
        "wrong-code",
        "used-code",
        "codes-locked",
        "not-due",
    ];
}

/// How somebody says yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Pressed the button.
    Pressed,
    /// Pressed the button and typed the word shown.
    Typed,
    /// Pressed the button and gave a code, which is used up now.
    Coded,
    /// All three.
    TypedAndCoded,
}

impl Consent {
    /// With the word shown.
    #[must_use]
    pub fn typed(self) -> bool {
        matches!(self, Self::Typed | Self::TypedAndCoded)
    }

    /// With a code.
    #[must_use]
    pub fn coded(self) -> bool {
        matches!(self, Self::Coded | Self::TypedAndCoded)
    }

    /// The same with a code.
    #[must_use]
    pub fn with_code(self) -> Self {
        if self.typed() {
            Self::TypedAndCoded
        } else {
            Self::Coded
        }
    }
}

impl Approval {
    /// A request nobody answered yet.
    #[must_use]
    pub fn asked(request: Request) -> Self {
        Self {
            request,
            approved_by: Vec::new(),
            verdict: None,
            glass_from: None,
            glass: None,
        }
    }

    /// How many approvals are still missing. Those of people count who may still approve: whoever was
    /// removed meanwhile, for a stolen phone perhaps, has no vote.
    #[must_use]
    pub fn missing(&self, access: &Access) -> u32 {
        match self.verdict {
            None => self.request.required.saturating_sub(self.votes(access)),
            Some(_) => 0,
        }
    }

    fn votes(&self, access: &Access) -> u32 {
        let given = self.approved_by.iter();
        let given = given.filter(|(by, _)| access.may_approve(by)).count();
        u32::try_from(given).unwrap_or(u32::MAX)
    }

    /// Whether those who gave it still suffice. The console stands for the whole quorum, and so does
    /// whoever went on alone.
    #[must_use]
    pub fn is_carried(&self, access: &Access) -> bool {
        let console = |(by, _): &(Actor, Timestamp)| by.kind == ActorKind::Console;
        let alone = |glass: &BrokenGlass| access.knows(&glass.by);
        self.votes(access) >= self.request.required
            || self.approved_by.iter().any(console)
            || self.glass.as_ref().is_some_and(alone)
    }

    /// Whether this person may approve now. The console stands for the whole quorum: root could do
    /// by hand whatever is asked.
    ///
    /// # Errors
    /// The reason why the press moves nothing.
    pub fn may_approve(
        &self,
        policy: &Policy,
        actor: &Actor,
        consent: Consent,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.still_open(now)?;
        if !policy.access.may_approve(actor) {
            return Err(Refusal::NotAnApprover);
        }
        if actor.kind == ActorKind::Console {
            return Ok(());
        }
        if self.approved_by.iter().any(|(by, _)| by.is(actor)) {
            return Err(Refusal::AlreadyApproved);
        }
        let own = self.request.requester.is(actor);
        if own && !policy.allow_self {
            return Err(Refusal::OwnRequest);
        }
        if own && !consent.typed() {
            return Err(Refusal::WordNeeded);
        }
        if policy.codes.lists(actor) && !consent.coded() {
            return Err(Refusal::CodeNeeded);
        }
        Ok(())
    }

    /// Whether this person may deny now. The requester may always withdraw.
    ///
    /// # Errors
    /// The reason why the press moves nothing.
    pub fn may_deny(&self, policy: &Policy, actor: &Actor, now: Timestamp) -> Result<(), Refusal> {
        self.still_open(now)?;
        if policy.access.may_approve(actor) || self.request.requester.is(actor) {
            Ok(())
        } else {
            Err(Refusal::NotAnApprover)
        }
    }

    /// Whether one more approval by this person is the last one needed.
    #[must_use]
    pub fn completes(&self, actor: &Actor, access: &Access) -> bool {
        actor.kind == ActorKind::Console || self.missing(access) <= 1
    }

    pub(super) fn still_open(&self, now: Timestamp) -> Result<(), Refusal> {
        match &self.verdict {
            None if self.request.is_over(now) => Err(Refusal::Expired {
                at: self.request.expires_at,
            }),
            None => Ok(()),
            Some(Verdict::Granted { at }) => Err(Refusal::Decided {
                by: self.approved_by.last().map(|(by, _)| by.clone()),
                at: *at,
            }),
            Some(Verdict::Denied { by, at }) => Err(Refusal::Decided {
                by: Some(by.clone()),
                at: *at,
            }),
            Some(Verdict::Expired { at }) => Err(Refusal::Expired { at: *at }),
            Some(Verdict::Voided { .. }) => Err(Refusal::Stale),
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
