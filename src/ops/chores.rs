//! Chores: asked for, looked at, called off.

use super::{Ops, OpsError};
use crate::domain::audit::AuditDraft;
use crate::domain::chore::{Chore, Kind, Phase, Task};
use crate::domain::failure::Args;
use crate::domain::ids::ChoreId;
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ports::backups::Progress;
use crate::ports::campaigns::Telling;
use crate::ports::journal::StateError;
use std::sync::Arc;

/// How often a change is tried again that another one came before.
const TRIES: u32 = 5;

impl Ops {
    /// Asks for a chore. One of the same kind that waits already is given instead: nobody needs two.
    ///
    /// # Errors
    /// The own state cannot be written.
    pub async fn ask_chore(
        &self,
        actor: &Actor,
        task: Task,
        chat: Option<i64>,
    ) -> Result<Chore, OpsError> {
        let open = self.state.chores.open().await?;
        let same = |chore: &Chore| chore.phase == Phase::Asked && chore.task == task;
        if let Some(waiting) = open.into_iter().find(same) {
            return Ok(waiting);
        }
        let mut chore = Chore::asked(task, actor.clone(), None, self.now());
        chore.chat = chat;
        let telling = Telling {
            audit: vec![draft(actor, "ask-chore", &chore)],
            posts: Vec::new(),
        };
        Ok(self.state.chores.ask(chore, telling).await?)
    }

    /// One chore.
    ///
    /// # Errors
    /// The own state cannot be read.
    pub async fn chore(&self, id: ChoreId) -> Result<Option<Chore>, OpsError> {
        Ok(self.state.chores.chore(id).await?)
    }

    /// The newest of a kind, newest first.
    ///
    /// # Errors
    /// The own state cannot be read.
    pub async fn chores(&self, kind: Kind, limit: u32) -> Result<Vec<Chore>, OpsError> {
        Ok(self.state.chores.recent(kind, limit).await?)
    }

    /// Calls a chore off, also one that is under way. False when it is over already.
    ///
    /// # Errors
    /// The own state cannot be written.
    pub async fn cancel_chore(&self, actor: &Actor, id: ChoreId) -> Result<bool, OpsError> {
        for _ in 0..TRIES {
            let found = self.state.chores.chore(id).await?;
            let Some(mut chore) = found.filter(|chore| !chore.phase.is_over()) else {
                return Ok(false);
            };
            chore.phase = Phase::Cancelled;
            chore.ended_at = Some(self.now());
            let chats = chore.chat.map(Recipient::Chat);
            let to_all = std::iter::once(Recipient::Team).chain(chats);
            let telling = Telling {
                audit: vec![draft(actor, "cancel-chore", &chore)],
                posts: to_all
                    .map(|to| Owed {
                        to,
                        post: Post::Chore { chore: id },
                    })
                    .collect(),
            };
            match self.state.chores.change(chore, telling).await {
                Err(StateError::Conflict) => {}
                other => return other.map(|_| true).map_err(OpsError::from),
            }
        }
        Err(OpsError::from(StateError::Conflict))
    }

    /// How far a chore is, if it is being done in this process.
    #[must_use]
    pub fn chore_progress(&self, id: ChoreId) -> Option<Arc<Progress>> {
        self.at_work.of(id)
    }
}

fn draft(actor: &Actor, verb: &str, chore: &Chore) -> AuditDraft {
    AuditDraft {
        actor: actor.clone(),
        verb: verb.to_owned(),
        subject: chore.id.to_string(),
        run: None,
        outcome: "ok".to_owned(),
        detail: Args::from([
            ("kind".to_owned(), chore.task.kind().as_str().into()),
            ("late".to_owned(), "no".into()),
        ]),
        announce: true,
    }
}
