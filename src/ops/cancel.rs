//! Stopping a run at its next safe point.

use super::{Answer, Ops, OpsError};
use crate::domain::choice::Choice;
use crate::domain::event::Event;
use crate::domain::ids::RunId;
use crate::domain::operator::Actor;
use crate::domain::run::{Phase, Run};
use crate::ports::journal::{Guard, StateError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long a run may take to stop until whoever gives it up is told to wait for it.
const STOPS: Duration = Duration::from_secs(10);

/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(200);

impl Ops {
    /// Asks the run to stop at its next safe point. Without a number it is the one on the patient.
    ///
    /// A run that has not touched the patient goes back by itself; one that has stops before its
    /// next step and waits for a person.
    ///
    /// # Errors
    /// Not allowed, or nothing is under way.
    pub async fn cancel(&self, actor: &Actor, run: Option<RunId>) -> Result<Run, OpsError> {
        if !self.profile.policy.access.knows(actor) {
            self.note_refusal(actor, "cancel", "", &OpsError::NotAllowed)
                .await?;
            return Err(OpsError::NotAllowed);
        }
        let id = match run {
            Some(id) => id,
            None => self.current_id().await?.ok_or(OpsError::NothingUnderWay)?,
        };
        loop {
            let run = self.state.journal.load(id).await?;
            if matches!(run.phase, Phase::Finished(_)) || run.cancel_requested {
                return Err(OpsError::NothingUnderWay);
            }
            let event = Event::CancelAsked { by: actor.clone() };
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
    }

    /// Ends a run wherever it stands and leaves REI as it is then. What it is at is stopped first, at
    /// the next safe point. Gives the run as it is afterwards: one in the middle of a step that must not
    /// be broken off has not ended yet, and asks a person when it stops.
    ///
    /// # Errors
    /// Not allowed; the state cannot be written; `PlanChanged` of a run that could only be given up,
    /// and was.
    pub async fn abort(&self, actor: &Actor, id: RunId) -> Result<Run, OpsError> {
        let deadline = Instant::now() + STOPS;
        loop {
            let run = match self.state.journal.load(id).await {
                Err(StateError::PlanChanged(_)) => return self.choose(actor, leave(id, 0)).await,
                found => found?,
            };
            if matches!(run.phase, Phase::Finished(_)) || Instant::now() >= deadline {
                return Ok(run);
            }
            let hold = run.hold();
            let stands = hold.is_some_and(|hold| run.choices(&hold).contains(&Choice::Abort));
            let result = match stands {
                true => self.choose(actor, leave(id, run.position)).await,
                false if run.cancel_requested => Ok(run),
                false => self.cancel(actor, Some(id)).await,
            };
            match result {
                // Somebody, or the run itself, was quicker.
                Ok(_) | Err(OpsError::Refused(_) | OpsError::NothingUnderWay) => {}
                Err(error) => return Err(error),
            }
            sleep(LOOK).await;
        }
    }

    /// The run on the patient.
    ///
    /// # Errors
    /// The state cannot be read, or the run's plan cannot be trusted.
    pub async fn current(&self) -> Result<Option<Run>, OpsError> {
        match self.current_id().await? {
            Some(id) => Ok(Some(self.state.journal.load(id).await?)),
            None => Ok(None),
        }
    }

    async fn current_id(&self) -> Result<Option<RunId>, OpsError> {
        Ok(self.state.journal.under_way().await?.first().copied())
    }
}

fn leave(run: RunId, position: u64) -> Answer {
    Answer {
        run,
        position,
        choice: Choice::Abort,
        reason: None,
    }
}
