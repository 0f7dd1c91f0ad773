//! Stopping a run at its next safe point.

use super::{Ops, OpsError};
use crate::domain::event::Event;
use crate::domain::ids::RunId;
use crate::domain::operator::Actor;
use crate::domain::run::{Phase, Run};
use crate::ports::journal::{Guard, StateError};

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
