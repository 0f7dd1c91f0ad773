//! Incidents: looking at them, writing into them, closing them.
//!
//! The program opens them by itself (`tasks::cases`); these are the people's verbs. Each change is
//! decided on what was read and written against its revision with its audit entry and posts, so that
//! two people at once lose nothing of each other.

mod dossier;
mod write;

pub use dossier::Dressed;
pub use write::Written;

use super::{Ops, OpsError};
use crate::domain::audit::AuditDraft;
use crate::domain::case::{Case, Question};
use crate::domain::failure::Args;
use crate::domain::ids::{CaseId, RunId};
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post};
use crate::ports::campaigns::Telling;
use crate::ports::journal::StateError;
use crate::tasks::cases::{self, Books};

/// How often a change is decided anew when somebody else's came between.
const TURNS: usize = 8;

/// The report on the incident of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Which incident.
    pub case: CaseId,
    /// Whether its document is complete.
    pub complete: bool,
    /// What people still have to tell.
    pub missing: Vec<Question>,
}

impl Ops {
    /// One incident.
    ///
    /// # Errors
    /// There is none of this number.
    pub async fn case(&self, id: CaseId) -> Result<Case, OpsError> {
        let found = self.state.cases.case(id).await?;
        found.ok_or(OpsError::UnknownCase(id))
    }

    /// The newest that is not closed.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn present_case(&self) -> Result<Option<Case>, OpsError> {
        self.follow_trail().await?;
        Ok(self.state.cases.open().await?.pop())
    }

    /// The newest, newest first.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn recent_cases(&self, limit: u32) -> Result<Vec<Case>, OpsError> {
        self.follow_trail().await?;
        Ok(self.state.cases.recent(limit).await?)
    }

    /// Whether the report on a run's incident is filed: its incident, and whether its document is
    /// complete. Nothing where the run belongs to no incident.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn report_filed(&self, run: RunId) -> Result<Option<Filed>, OpsError> {
        self.follow_trail().await?;
        let found = self.state.cases.of_run(run).await?;
        Ok(found.map(|case| Filed {
            case: case.id,
            complete: case.is_complete(),
            missing: case.missing().collect(),
        }))
    }

    /// What happened a moment ago belongs to it already when somebody looks.
    async fn follow_trail(&self) -> Result<(), OpsError> {
        let state = &self.state;
        let books = Books {
            cases: state.cases.as_ref(),
            trail: state.audit.as_ref(),
            alerts: state.alerts.as_ref(),
            journal: state.journal.as_ref(),
        };
        Ok(cases::follow(books).await?)
    }

    /// Whoever is on one of the lists may write; a refusal is written down.
    async fn allow_known(&self, actor: &Actor, verb: &str, subject: &str) -> Result<(), OpsError> {
        if self.profile.policy.access.knows(actor) {
            return Ok(());
        }
        let refused = OpsError::NotAllowed;
        self.note_refusal(actor, verb, subject, &refused).await?;
        Err(refused)
    }

    /// Reads, decides, writes; decides anew where somebody else was quicker.
    async fn revise(
        &self,
        id: CaseId,
        decide: impl Fn(&mut Case) -> Result<AuditDraft, OpsError>,
    ) -> Result<Case, OpsError> {
        for _ in 0..TURNS {
            let mut case = self.case(id).await?;
            let audit = vec![decide(&mut case)?];
            let posts = vec![shown(&case)];
            match self
                .state
                .cases
                .change(case, Telling { audit, posts })
                .await
            {
                Err(StateError::Conflict) => {}
                other => return Ok(other?),
            }
        }
        Err(StateError::Conflict.into())
    }
}

fn shown(case: &Case) -> Owed {
    cases::to_team(Post::Case { case: case.id })
}

fn draft(case: &Case, actor: &Actor, verb: &str, detail: Args) -> AuditDraft {
    cases::entry(case, actor, (verb, detail))
}
