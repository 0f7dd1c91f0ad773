//! Answering a run that waits for a person: start, retry, skip, roll back, abort, …

use super::{Ops, OpsError};
use crate::domain::approval::{Refusal, is_before};
use crate::domain::choice::Choice;
use crate::domain::event::Event;
use crate::domain::ids::{RunId, StepId};
use crate::domain::operator::{Actor, ActorKind};
use crate::domain::plan::Hold;
use crate::domain::run::{Run, StepState};
use crate::ports::journal::{Guard, StateError};
use std::time::Duration;

/// How long a plan may lie before it is started.
const PLAN_LIFE: Duration = Duration::from_secs(30 * 60);

/// An answer, bound to the very halt it was offered for.
#[derive(Debug, Clone)]
pub struct Answer {
    /// To which run.
    pub run: RunId,
    /// The journal position at which it halted; the answer to an older halt is refused.
    pub position: u64,
    /// What.
    pub choice: Choice,
    /// Why; needed for a skip.
    pub reason: Option<String>,
}

impl Ops {
    /// Writes the answer down. The worker acts on it.
    ///
    /// # Errors
    /// Not allowed, too late, not offered, or another run is on the patient.
    pub async fn choose(&self, actor: &Actor, answer: Answer) -> Result<Run, OpsError> {
        let verb = answer.choice.as_str();
        let subject = answer.run.to_string();
        let result = self.try_choose(actor, answer).await;
        if let Err(error) = &result {
            self.note_refusal(actor, verb, &subject, error).await?;
        }
        result
    }

    /// Whether this answer would be taken now; `ReasonNeeded` when only the reason is missing.
    /// Nothing is written down.
    ///
    /// # Errors
    /// As [`Ops::choose`].
    pub async fn would_choose(&self, actor: &Actor, answer: &Answer) -> Result<(), OpsError> {
        let run = self.state.journal.load(answer.run).await?;
        self.may_choose(actor, &run, answer.choice)?;
        self.event(actor, &run, answer).await.map(drop)
    }

    async fn try_choose(&self, actor: &Actor, answer: Answer) -> Result<Run, OpsError> {
        let run = match self.state.journal.load(answer.run).await {
            Err(StateError::PlanChanged(id)) if answer.choice == Choice::Abort => {
                return self.give_up(actor, id).await;
            }
            other => other?,
        };
        self.may_choose(actor, &run, answer.choice)?;
        let event = self.event(actor, &run, &answer).await?;
        if answer.choice == Choice::Start && self.is_old(&run) {
            return Err(OpsError::PlanTooOld(run.id));
        }
        match self
            .state
            .journal
            .append(run.id, event, Guard::At(run.position))
            .await
        {
            Err(StateError::Conflict) => Err(self.decided(run.id, answer.position).await?),
            other => Ok(other?),
        }
    }

    /// Whether what the plan shows (the loss, the backup's age) is no longer so.
    fn is_old(&self, run: &Run) -> bool {
        let (now, made_at) = (self.now(), run.plan.made_at);
        let age = Duration::try_from(now.duration_since(made_at));
        // How old it is cannot be told where the clock was set back since.
        age.is_ok_and(|age| age > PLAN_LIFE) || is_before(now, made_at)
    }

    fn may_choose(&self, actor: &Actor, run: &Run, choice: Choice) -> Result<(), OpsError> {
        let access = &self.profile.policy.access;
        match choice {
            // Who starts a run is its requester, and the requester does not count as its approver.
            Choice::Start if actor.kind == ActorKind::Telegram && !actor.is(&run.requester) => {
                Err(OpsError::NotYours)
            }
            Choice::RollBack | Choice::Abort | Choice::Cancel if access.knows(actor) => Ok(()),
            _ if access.may_request(actor) => Ok(()),
            _ => Err(OpsError::NotAllowed),
        }
    }

    async fn event(&self, actor: &Actor, run: &Run, answer: &Answer) -> Result<Event, OpsError> {
        let hold = run.hold();
        let (Some(hold), true) = (hold, run.position == answer.position) else {
            return Err(self.decided(run.id, answer.position).await?);
        };
        if !run.choices(&hold).contains(&answer.choice) {
            return Err(OpsError::NotOffered);
        }
        if answer.choice == Choice::Skip {
            return skip(&hold, answer, actor);
        }
        let attempt = attempt(run, &hold);
        answer
            .choice
            .event(&hold, attempt, actor.clone())
            .ok_or(OpsError::NotOffered)
    }

    /// Who answered that halt, and when.
    async fn decided(&self, run: RunId, position: u64) -> Result<OpsError, OpsError> {
        let entry = self.state.journal.entry(run, position + 1).await?;
        Ok(entry.map_or(OpsError::Refused(Refusal::Stale), |entry| {
            OpsError::Refused(Refusal::Decided {
                by: entry.event.by().cloned(),
                at: entry.at,
            })
        }))
    }

    /// Ends a run whose plan cannot be trusted; the only thing left to do with it.
    async fn give_up(&self, actor: &Actor, run: RunId) -> Result<Run, OpsError> {
        if !self.profile.policy.access.knows(actor) {
            return Err(OpsError::NotAllowed);
        }
        self.state.journal.abandon(run, actor.clone()).await?;
        Err(OpsError::PlanChanged(run))
    }
}

fn skip(hold: &Hold, answer: &Answer, actor: &Actor) -> Result<Event, OpsError> {
    let Hold::Failed(step) = hold else {
        return Err(OpsError::NotOffered);
    };
    let reason = answer
        .reason
        .as_deref()
        .map(str::trim)
        .filter(|reason| !reason.is_empty());
    let reason = reason.ok_or(OpsError::ReasonNeeded)?.to_owned();
    Ok(Event::StepSkipped {
        step: step.clone(),
        reason,
        by: actor.clone(),
    })
}

fn attempt(run: &Run, hold: &Hold) -> u32 {
    let of = |step: &StepId| match run.state_of(step) {
        StepState::InDoubt { attempt, .. } => *attempt,
        _ => 0,
    };
    if let Hold::InDoubt(step) = hold {
        of(step)
    } else {
        0
    }
}
