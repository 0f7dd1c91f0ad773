//! Drills: what one would be, and that it is wanted.

use super::{Ops, OpsError, Which};
use crate::domain::Timestamp;
use crate::domain::chore::drill::{Drilled, Now, Scenario, Wish};
use crate::domain::chore::{Chore, Kind, Outcome, Task};
use crate::domain::ids::{ChoreId, RunbookId};
use crate::domain::operator::Actor;
use crate::domain::plan::ChosenBackup;
use crate::domain::runbook::Runbook;
use std::time::Duration;

/// Past drills that are looked through for the last one of a runbook.
const PAST: u32 = 50;

/// What a drill would be.
#[derive(Debug, Clone)]
pub struct DrillPlan {
    /// Which.
    pub wish: Wish,
    /// The runbook that is carried out.
    pub runbook: Runbook,
    /// What fails.
    pub scenario: Scenario,
    /// The newest backup; none where there is none, or no place answers.
    pub backup: Option<ChosenBackup>,
    /// How the last one ended, when, and how long it took in all.
    pub last: Option<LastDrill>,
}

/// A drill of the same runbook.
#[derive(Debug, Clone)]
pub struct LastDrill {
    /// What it found.
    pub drilled: Drilled,
    /// When it ended.
    pub at: Timestamp,
    /// From its beginning, with the copy.
    pub took: Duration,
}

impl Ops {
    /// Runbooks that can be drilled, in the runbook's order.
    pub fn drills(&self) -> impl Iterator<Item = &Runbook> {
        let id = |scenario: Scenario| scenario.as_str().parse::<RunbookId>().ok();
        let ids = Scenario::ALL.into_iter().filter_map(id);
        ids.filter_map(|id| self.runbooks.get(&id))
    }

    /// What a drill would be, now.
    ///
    /// # Errors
    /// No such runbook; no drill of it, or none with a bad backup.
    pub async fn plan_drill(&self, wish: &Wish) -> Result<DrillPlan, OpsError> {
        let (runbook, scenario) = self.drillable(wish)?;
        Ok(DrillPlan {
            wish: wish.clone(),
            runbook: runbook.clone(),
            scenario,
            backup: self.which_backup(Which::Latest).await.ok(),
            last: self.last_drill(wish).await?,
        })
    }

    /// Asks for a drill.
    ///
    /// # Errors
    /// Not allowed; no drill of this; the own state cannot be written.
    pub async fn ask_drill(
        &self,
        actor: &Actor,
        wish: Wish,
        chat: Option<i64>,
    ) -> Result<Chore, OpsError> {
        self.allow_request(actor, "ask-chore", wish.runbook.as_str())
            .await?;
        self.drillable(&wish)?;
        self.ask_chore(actor, Task::Drill { wish }, chat).await
    }

    /// How far a drill is, if it is held in this process.
    #[must_use]
    pub fn drill_now(&self, id: ChoreId) -> Option<Now> {
        self.at_work.now(id)
    }

    fn drillable(&self, wish: &Wish) -> Result<(&Runbook, Scenario), OpsError> {
        let unknown = || OpsError::UnknownRunbook(wish.runbook.to_string());
        let runbook = self.runbooks.get(&wish.runbook).ok_or_else(unknown)?;
        let none = || OpsError::NoDrill(wish.runbook.to_string());
        let scenario = Scenario::of(&wish.runbook).ok_or_else(none)?;
        if wish.bad_backup && !scenario.restores() {
            return Err(OpsError::NoBadBackup(wish.runbook.to_string()));
        }
        Ok((runbook, scenario))
    }

    async fn last_drill(&self, wish: &Wish) -> Result<Option<LastDrill>, OpsError> {
        let past = self.chores(Kind::Drill, PAST).await?;
        Ok(past.into_iter().find_map(|chore| {
            let (begun, at) = (chore.begun_at?, chore.ended_at?);
            match chore.outcome? {
                Outcome::Drilled(drilled) if drilled.seen.wish == *wish => Some(LastDrill {
                    drilled: *drilled,
                    at,
                    took: Duration::try_from(at.duration_since(begun)).unwrap_or_default(),
                }),
                _ => None,
            }
        }))
    }
}
