//! Campaigns: a notice to many people, from the draft to the last row.
//!
//! A campaign is one row that people decide about, and one row for each person. What is done to each
//! person is its [`Task`]: a new message, a correction of an earlier campaign's, or its deletion. All
//! three go the same way: list, approval, sending, report.

pub mod audience;
pub mod delivery;
pub mod message;
pub mod ready;
pub mod wish;

use super::approval::Approval;
use super::failure::Failure;
use super::ids::{CampaignId, RunId, StepId};
use super::operator::Actor;
use super::post::{Owed, Post, Recipient};
use audience::{AudienceRule, Listed, Who};
use delivery::Tally;
use jiff::Timestamp;
use message::Notice;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// What is done to each person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Task {
    /// A new message.
    Send {
        /// What it says.
        notice: Notice,
    },
    /// Another text, caption or file for a message that he has. Telegram allows it without limit of
    /// time for a bot's own messages in private chats.
    Correct {
        /// Whose message.
        of: CampaignId,
        /// What it says from now on. A text stays a text and a file a file: Telegram changes neither
        /// into the other.
        notice: Notice,
    },
    /// The message taken away. Telegram allows it for 48 hours.
    Delete {
        /// Whose message.
        of: CampaignId,
    },
}

/// How long a bot may delete its message (Bot API, `deleteMessage`).
pub const DELETABLE: Duration = Duration::from_secs(48 * 3600);

impl Task {
    /// Its word: in locale keys (`campaign-task-<word>`) and in the audit trail.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Send { .. } => "send",
            Self::Correct { .. } => "correct",
            Self::Delete { .. } => "delete",
        }
    }

    /// What it says, if it says anything.
    #[must_use]
    pub fn notice(&self) -> Option<&Notice> {
        match self {
            Self::Send { notice } | Self::Correct { notice, .. } => Some(notice),
            Self::Delete { .. } => None,
        }
    }

    /// The campaign whose messages it changes.
    #[must_use]
    pub fn of(&self) -> Option<CampaignId> {
        match self {
            Self::Send { .. } => None,
            Self::Correct { of, .. } | Self::Delete { of } => Some(*of),
        }
    }
}

/// How far a campaign is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Being written.
    Draft,
    /// Its list is fixed and it waits for approval.
    Asked,
    /// Approved; waits for its turn.
    Ready,
    /// Going out.
    Sending,
    /// Stopped by a person or by a failure; goes on when told to.
    Paused,
    /// Everybody's end is known, except what is in doubt.
    Done,
    /// Ended by a person before everybody had it.
    Aborted,
    /// Given up, denied or expired before anything was sent.
    Dropped,
}

impl Phase {
    /// Its word: in the state and in locale keys (`campaign-phase-<word>`).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Asked => "asked",
            Self::Ready => "ready",
            Self::Sending => "sending",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Aborted => "aborted",
            Self::Dropped => "dropped",
        }
    }

    /// Every phase; the guard over the locales walks this list.
    pub const ALL: &[Self] = &[
        Self::Draft,
        Self::Asked,
        Self::Ready,
        Self::Sending,
        Self::Paused,
        Self::Done,
        Self::Aborted,
        Self::Dropped,
    ];

    /// Whether nothing follows any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Aborted | Self::Dropped)
    }

    /// Whether a person's word moves it from here to there.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use Phase::{Aborted, Asked, Done, Draft, Dropped, Paused, Ready, Sending};
        matches!(
            (self, next),
            (Draft, Asked | Ready | Dropped)
                | (Asked, Draft | Ready | Dropped)
                | (Ready, Sending | Paused | Aborted)
                | (Sending, Ready | Paused | Done | Aborted)
                | (Paused, Ready | Aborted)
                // Those in doubt are sent to once more.
                | (Done | Aborted, Ready)
        )
    }
}

/// Who asked for a campaign, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Origin {
    /// A person in this chat.
    Chat {
        /// Where.
        chat: i64,
    },
    /// A person at the console.
    Console,
    /// A step of a recovery; its gate was the approval.
    Run {
        /// Which.
        run: RunId,
        /// Its step.
        step: StepId,
    },
}

/// A campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its number.
    pub id: CampaignId,
    /// Raised by each change: who changes it says which state he read.
    pub revision: u64,
    /// What is done to each person.
    pub task: Task,
    /// For whom.
    pub audience: AudienceRule,
    /// The list: as it was last counted while this is a draft, fixed once approval is asked.
    pub listed: Option<Listed>,
    /// Goes before those that are not.
    pub urgent: bool,
    /// Telegram Stars buy up to 1000 messages a second (Bot API, `allow_paid_broadcast`).
    pub paid: bool,
    /// Who asked for it.
    pub requester: Actor,
    /// From where.
    pub origin: Origin,
    /// How far it is.
    pub phase: Phase,
    /// What stopped it, where a failure did.
    pub failure: Option<Failure>,
    /// The request for approval, once it is made.
    pub approval: Option<Approval>,
    /// When it was begun to be written.
    pub created_at: Timestamp,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// When the first one was sent.
    pub begun_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
}

impl Campaign {
    /// SHA-256 (hexadecimal) of what is approved: what is done, to whom, to how many, and whether it
    /// costs money. An approval of one is none of another.
    #[must_use]
    pub fn digest(&self) -> String {
        let count = self.listed.as_ref().map(|listed| listed.count);
        let bound = (&self.task, &self.audience, count, self.paid, self.urgent);
        // Every one of these serialises; an empty text would only make every approval void.
        let text = serde_json::to_vec(&bound).unwrap_or_default();
        data_encoding::HEXLOWER.encode(&Sha256::digest(text))
    }

    /// A post about it for everybody who follows it: the team, and the chat it was asked for in, where
    /// that is a person's own (in Telegram those have positive ids; the group is the team's).
    #[must_use]
    pub fn told(&self, post: &Post) -> Vec<Owed> {
        let own = match self.origin {
            Origin::Chat { chat } if chat > 0 => Some(Recipient::Chat(chat)),
            _ => None,
        };
        let everybody = [Some(Recipient::Team), own].into_iter().flatten();
        everybody
            .map(|to| Owed {
                to,
                post: post.clone(),
            })
            .collect()
    }

    /// The files on the shelf that it needs: of its messages, and its list of ids.
    #[must_use]
    pub fn files(&self) -> Vec<&str> {
        let notice = self.task.notice();
        let messages = notice.into_iter().flat_map(|it| it.messages.values());
        let media = messages.filter_map(|message| message.media.as_ref());
        let listed = match &self.audience.who {
            Who::Listed { content, .. } => Some(content.as_str()),
            _ => None,
        };
        media
            .map(|media| media.content.as_str())
            .chain(listed)
            .collect()
    }

    /// Telegram Stars that the paid mode costs at most: 0.1 for each message beyond the free rate
    /// (Bot API, `allow_paid_broadcast`); free ones cannot be told apart beforehand.
    #[must_use]
    pub fn stars(&self) -> Option<u64> {
        let count = self.listed.as_ref()?.count;
        self.paid.then(|| count.div_ceil(10))
    }

    /// Those who watch it: who asked for it in a chat, and the team once it concerns anybody else.
    #[must_use]
    pub fn watchers(&self) -> Vec<Recipient> {
        let own = match self.origin {
            Origin::Chat { chat } => Some(Recipient::Chat(chat)),
            Origin::Console | Origin::Run { .. } => None,
        };
        let public = self.approved_at.is_some() || matches!(self.origin, Origin::Run { .. });
        own.into_iter()
            .chain(public.then_some(Recipient::Team))
            .collect()
    }

    /// How long it takes at this rate, in messages a second.
    #[must_use]
    pub fn expected(count: u64, per_second: u32) -> Duration {
        Duration::from_secs(count.div_ceil(u64::from(per_second.max(1))))
    }
}

/// A campaign as people watch it.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The campaign.
    pub campaign: Campaign,
    /// Where its people stand.
    pub tally: Tally,
    /// Messages a second over the last seconds, while it is going out.
    pub rate: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_is_not_taken_up_except_for_the_doubtful() {
        for from in Phase::ALL.iter().filter(|phase| phase.is_over()) {
            for to in Phase::ALL {
                let again = *to == Phase::Ready && *from != Phase::Dropped;
                assert_eq!(from.may_become(*to), again, "{from:?} → {to:?}");
            }
        }
    }

    #[test]
    fn nothing_is_sent_that_was_not_ready() {
        for from in Phase::ALL {
            assert_eq!(from.may_become(Phase::Sending), *from == Phase::Ready);
        }
    }
}
