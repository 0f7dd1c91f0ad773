//! Half-finished dialogues. They live in the state, so that a restart forgets none.

use super::case::CaseWants;
use super::chat::Chat;
use super::notice::Wants;
use crate::domain::contacts::Field;
use crate::domain::ids::{CampaignId, CaseId, ChecklistId, LineId, RequestId, RoleId, RunId};
use crate::domain::operator::Actor;
use crate::ports::journal::{StateError, StateResult};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A question about papers is over after so long: what is written then was meant for something else.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

/// Messages remembered that ask the same question.
const ASKED: usize = 4;

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

    /// Whether it ends by itself. Words for approvals and choices end with what they are about, and a
    /// notice is written over hours; a code would be looked for in whatever is typed days later.
    fn expires(&self) -> bool {
        matches!(
            self,
            Self::Waive { .. } | Self::Contact { .. } | Self::Case { .. } | Self::Code { .. }
        )
    }
}

/// A dialogue as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    dialogue: Dialogue,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    begun: Option<Timestamp>,
    /// The messages that ask, as far as it is known which they became.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    asked: Vec<i32>,
    /// What a code was asked in the middle of: it goes on afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Box<Kept>>,
}

impl Kept {
    /// What goes on when a code that is asked for now was given: what somebody is writing. An answer that
    /// decides something is asked for anew.
    fn interrupted(self) -> Option<Box<Self>> {
        match &self.dialogue {
            Dialogue::Code { .. } => self.before,
            Dialogue::Notice { .. } | Dialogue::Case { .. } | Dialogue::Contact { .. } => {
                Some(Box::new(self))
            }
            _ => None,
        }
    }
}

/// What something is that somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nobody asked.
    Unasked,
    /// It belongs to this.
    Answer(Dialogue),
    /// Its question was asked so long ago that it is over.
    Late,
    /// It answers another message than the one that asks.
    Elsewhere,
}

impl Chat {
    /// The dialogue this person has in this chat. One that cannot be read counts as none.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn dialogue(&self, chat: i64, actor: &Actor) -> StateResult<Option<Dialogue>> {
        let kept = self.kept(chat, actor).await?;
        Ok(kept.map(|kept| kept.dialogue))
    }

    async fn kept(&self, chat: i64, actor: &Actor) -> StateResult<Option<Kept>> {
        let stored = self.people.dialogue(chat, actor.id).await?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// What this person answers with a message, given which of this bot's messages it replies to.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub async fn heard(
        &self,
        chat: i64,
        actor: &Actor,
        answers: Option<i32>,
    ) -> StateResult<Heard> {
        let kept = self.kept(chat, actor).await?;
        let Some(kept) = kept.filter(|kept| kept.dialogue.waits()) else {
            return Ok(Heard::Unasked);
        };
        let age = kept.begun.map(|begun| self.ops.now().duration_since(begun));
        if kept.dialogue.expires() && age.is_some_and(|age| age > PATIENCE) {
            self.end(chat, actor).await?;
            return Ok(Heard::Late);
        }
        let other = |id: i32| !kept.asked.is_empty() && !kept.asked.contains(&id);
        if answers.is_some_and(other) {
            return Ok(Heard::Elsewhere);
        }
        Ok(Heard::Answer(kept.dialogue))
    }

    /// Begins a dialogue; it takes the place of an older one, which a code alone interrupts.
    ///
    /// # Errors
    /// The state cannot be written.
    pub async fn begin(&self, chat: i64, actor: &Actor, dialogue: &Dialogue) -> StateResult<()> {
        let before = match dialogue {
            Dialogue::Code { .. } => self.kept(chat, actor).await?.and_then(Kept::interrupted),
            _ => None,
        };
        let kept = Kept {
            dialogue: dialogue.clone(),
            begun: Some(self.ops.now()),
            asked: Vec::new(),
            before,
        };
        self.keep(chat, actor, &kept).await
    }

    /// Remembers that this message asks the question of a dialogue, unless it was answered meanwhile.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub async fn asks(
        &self,
        (chat, actor): (i64, &Actor),
        dialogue: &Dialogue,
        message: Option<i32>,
    ) -> StateResult<()> {
        let stored = self.people.dialogue(chat, actor.id).await?;
        let Some((before, message)) = stored.zip(message) else {
            return Ok(());
        };
        let Ok(mut kept) = serde_json::from_str::<Kept>(&before) else {
            return Ok(());
        };
        if kept.dialogue != *dialogue {
            return Ok(());
        }
        kept.asked.push(message);
        let over = kept.asked.len().saturating_sub(ASKED);
        kept.asked.drain(..over);
        // An instant answer may have gone on to the next question since it was read.
        let after = written(&kept)?;
        let amended = (before.as_str(), after.as_str());
        self.people.amend_dialogue(chat, actor.id, amended).await
    }

    async fn keep(&self, chat: i64, actor: &Actor, kept: &Kept) -> StateResult<()> {
        let text = written(kept)?;
        self.people.set_dialogue(chat, actor.id, Some(&text)).await
    }

    /// Ends it.
    ///
    /// # Errors
    /// The state cannot be written.
    pub async fn end(&self, chat: i64, actor: &Actor) -> StateResult<()> {
        self.people.set_dialogue(chat, actor.id, None).await
    }

    /// Ends this one and goes on with what it interrupted; tells whether there is such. A newer one, which
    /// somebody began meanwhile, stays.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub async fn go_back(
        &self,
        chat: i64,
        actor: &Actor,
        dialogue: &Dialogue,
    ) -> StateResult<bool> {
        let stored = self.people.dialogue(chat, actor.id).await?;
        let kept = stored
            .as_deref()
            .and_then(|text| serde_json::from_str::<Kept>(text).ok());
        let Some((stored, kept)) = stored.zip(kept) else {
            return Ok(false);
        };
        if kept.dialogue != *dialogue {
            return Ok(false);
        }
        let Some(before) = kept.before else {
            self.end(chat, actor).await?;
            return Ok(false);
        };
        let after = written(&before)?;
        let amended = (stored.as_str(), after.as_str());
        self.people.amend_dialogue(chat, actor.id, amended).await?;
        Ok(true)
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

fn written(kept: &Kept) -> StateResult<String> {
    serde_json::to_string(kept).map_err(|error| StateError::Unavailable(error.to_string()))
}
