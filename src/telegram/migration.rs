//! A group that became a supergroup: same people, another id, and messages that are numbered anew.

use super::chat::Chat;
use crate::domain::post::{Owed, Post, Recipient};
use crate::domain::run::Run;
use crate::ops::OpsError;
use crate::ports::journal::{StateError, StateResult};

impl Chat {
    /// Takes a group's new id in, and shows there again what people still act on. Repeatable: it is
    /// told by the group, by its successor, and by every refused message.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub async fn moved(&self, old: i64, new: i64) -> StateResult<()> {
        if self.people.migrated(old).await? == Some(new) {
            return Ok(());
        }
        tracing::info!(old, new, "a group became a supergroup");
        let mut recipients = vec![Recipient::Chat(old)];
        if self.team().await? == old {
            recipients.push(Recipient::Team);
        }
        // Forgotten before the new id is known: an old number must never be edited in the new chat.
        self.outbox.forget(&recipients).await?;
        self.people.set_migrated(old, new).await?;
        self.outbox.push(self.owed_again(&recipients).await?).await
    }

    async fn owed_again(&self, recipients: &[Recipient]) -> StateResult<Vec<Owed>> {
        let run = match self.ops.current().await {
            Ok(Some(run)) => run,
            // A run that cannot be trusted shows itself again with its next post.
            Ok(None) | Err(OpsError::PlanChanged(_)) => return Ok(Vec::new()),
            Err(error) => return Err(StateError::Unavailable(error.to_string())),
        };
        let to_all = recipients.iter().filter(|to| match to {
            Recipient::Team => true,
            Recipient::Chat(chat) => run.chat == Some(*chat),
        });
        Ok(to_all
            .flat_map(|to| {
                shown(&run, *to)
                    .into_iter()
                    .map(|post| Owed { to: *to, post })
            })
            .collect())
    }
}

/// What of a run under way people look at or act on.
fn shown(run: &Run, to: Recipient) -> Vec<Post> {
    let id = run.id;
    let mut posts = vec![Post::Run { run: id }];
    if to == Recipient::Team {
        let open = run.approvals().iter().filter(|it| it.verdict.is_none());
        posts.extend(open.map(|approval| Post::Approval {
            run: id,
            request: approval.request.id.clone(),
        }));
        posts.extend(run.hold().map(|_| Post::Hold {
            run: id,
            position: run.position,
        }));
    }
    posts
}
