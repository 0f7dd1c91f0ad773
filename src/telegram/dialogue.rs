//! Half-finished dialogues. They live in the state, so that a restart forgets none.

use super::case::CaseWants;
use super::chat::Chat;
use super::notice::Wants;
use crate::domain::contacts::Field;
use crate::domain::ids::{CampaignId, CaseId, ChecklistId, LineId, RequestId, RoleId, RunId};
use crate::domain::operator::Actor;
use crate::ports::journal::{StateError, StateResult};
use serde::{Deserialize, Serialize};

/// What this person is expected to type next in this chat, or was told already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum Dialogue {
    /// The reason for a skip.
    Reason {
        /// Of which run.
        run: RunId,
        /// The position it waits at.
        position: u64,
    },
    /// The word for an approval of one's own request.
    Word {
        /// Which request.
        request: RequestId,
    },
    /// The word for an approval of one's own notice.
    NoticeWord {
        /// Which request.
        request: RequestId,
    },
    /// A piece of a notice that this person writes.
    Notice {
        /// Which.
        campaign: CampaignId,
        /// What.
        wants: Wants,
    },
    /// The reason why a line of a checklist does not apply.
    Waive {
        /// Of which checklist.
        checklist: ChecklistId,
        /// Which line.
        line: LineId,
        /// Its turn when it was shown.
        turn: u32,
    },
    /// Something of a contact.
    Contact {
        /// Which role.
        role: RoleId,
        /// What.
        field: Field,
    },
    /// A piece of an incident's file.
    Case {
        /// Which.
        case: CaseId,
        /// What.
        wants: CaseWants,
    },
    /// A code, in private.
    Code {
        /// For which request.
        request: RequestId,
        /// What it lets happen.
        lets: Lets,
    },
    /// The reason to go on alone.
    Glass {
        /// With which request.
        request: RequestId,
    },
    /// Nothing: this one was refused once and hears no more.
    Refused,
}

/// What a code lets happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Lets {
    /// A yes to a gate's request.
    Gate {
        /// The word of one's own request was typed before.
        word: bool,
    },
    /// A yes to a notice's request.
    Notice {
        /// The word of one's own notice was typed before.
        word: bool,
    },
    /// Going on alone.
    Glass {
        /// Why.
        reason: String,
    },
}

impl Dialogue {
    /// Whether something typed belongs to it.
    #[must_use]
    pub fn waits(&self) -> bool {
        !matches!(self, Self::Refused)
    }
}

impl Chat {
    /// The dialogue this person has in this chat. One that cannot be read counts as none.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn dialogue(&self, chat: i64, actor: &Actor) -> StateResult<Option<Dialogue>> {
        let stored = self.people.dialogue(chat, actor.id).await?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Begins a dialogue; it takes the place of an older one.
    ///
    /// # Errors
    /// The state cannot be written.
    pub async fn begin(&self, chat: i64, actor: &Actor, dialogue: &Dialogue) -> StateResult<()> {
        let text = serde_json::to_string(dialogue)
            .map_err(|error| StateError::Unavailable(error.to_string()))?;
        self.people.set_dialogue(chat, actor.id, Some(&text)).await
    }

    /// Ends it.
    ///
    /// # Errors
    /// The state cannot be written.
    pub async fn end(&self, chat: i64, actor: &Actor) -> StateResult<()> {
        self.people.set_dialogue(chat, actor.id, None).await
    }

    /// Whether this one is refused for the first time here; remembers that it was.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub async fn first_refusal(&self, chat: i64, actor: &Actor) -> StateResult<bool> {
        let first = self.dialogue(chat, actor).await? != Some(Dialogue::Refused);
        if first {
            self.begin(chat, actor, &Dialogue::Refused).await?;
        }
        Ok(first)
    }
}
