//! Posts: what the outbox owes to a chat.
//!
//! A post names *what* is to be shown, not its text: it is rendered when it is delivered, in the
//! reader's language and from the state of that moment. A hundred updates of a run's message that
//! pile up while Telegram is down thus become one.

use super::contacts::Contact;
use super::failure::Args;
use super::ids::{CampaignId, CaseId, ChecklistId, ChoreId, IncidentId, RequestId, RunId, StepId};
use super::operator::Actor;
use serde::{Deserialize, Serialize};

/// To whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Recipient {
    /// `AUDIT_CHAT_ID`, wherever it migrated to.
    Team,
    /// This chat.
    Chat(i64),
}

/// What is owed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "show", rename_all = "kebab-case")]
pub enum Post {
    /// One entry of the audit trail.
    Audit {
        /// Which.
        seq: u64,
    },
    /// The live message of a run; edited as it goes.
    Run {
        /// Which.
        run: RunId,
    },
    /// The request for an approval; edited when it is decided.
    Approval {
        /// Of which run.
        run: RunId,
        /// Which request.
        request: RequestId,
    },
    /// Somebody went on alone; a message of its own.
    Glass {
        /// Of which run.
        run: RunId,
        /// On which request.
        request: RequestId,
    },
    /// What needs a person; `position` makes each halt a message of its own.
    Hold {
        /// Which run.
        run: RunId,
        /// The journal position at which it halted.
        position: u64,
    },
    /// The program died in the middle of this step.
    CutOff {
        /// Which run.
        run: RunId,
        /// Which step.
        step: StepId,
        /// Which attempt.
        attempt: u32,
    },
    /// What was done, and how it ended.
    Report {
        /// Which run.
        run: RunId,
    },
    /// An incident; edited as long as it lasts.
    Alert {
        /// Which.
        incident: IncidentId,
    },
    /// An incident is still open; a message of its own.
    AlertReminder {
        /// Which.
        incident: IncidentId,
    },
    /// A campaign's message: while it is written, and while it goes out; edited as it goes.
    Campaign {
        /// Which.
        campaign: CampaignId,
    },
    /// The request for a campaign's approval: a message of its own each time it is asked, edited when
    /// it is decided.
    CampaignAsk {
        /// Which.
        campaign: CampaignId,
        /// Which request.
        request: RequestId,
    },
    /// How a campaign ended; a message of its own.
    CampaignReport {
        /// Which.
        campaign: CampaignId,
    },
    /// A chore's message; edited as it goes.
    Chore {
        /// Which.
        chore: ChoreId,
    },
    /// What came of a chore; a message of its own.
    ChoreReport {
        /// Which.
        chore: ChoreId,
    },
    /// A checklist; edited as it is ticked.
    Checklist {
        /// Which.
        checklist: ChecklistId,
    },
    /// A checklist is still open; a message of its own.
    ChecklistReminder {
        /// Which.
        checklist: ChecklistId,
    },
    /// Whoever is on call is wanted; a message of its own.
    Page {
        /// Who, as he was to be reached then.
        contact: Box<Contact>,
        /// Who wants him.
        by: Actor,
    },
    /// The file of an incident: its message, edited as it goes.
    Case {
        /// Which.
        case: CaseId,
    },
    /// What an incident was about is over, and its document waits for the people's part; a message of
    /// its own.
    CaseDraft {
        /// Which.
        case: CaseId,
    },
    /// An action item of an incident is due; a message of its own each day.
    CaseReminder {
        /// Of which.
        case: CaseId,
        /// Which item.
        item: u32,
    },
    /// A sentence from the locales.
    Text {
        /// Its key.
        key: String,
        /// Its blanks.
        args: Args,
    },
}

impl Post {
    /// The message this post is a new state of. Posts with the same slot in the same chat edit one
    /// message, and only the newest waiting one is kept.
    #[must_use]
    pub fn slot(&self) -> Option<String> {
        match self {
            Self::Run { run } => Some(format!("run:{}", run.0)),
            Self::Approval { request, .. } => Some(format!("approval:{request}")),
            Self::Hold { run, position } => Some(format!("hold:{}:{position}", run.0)),
            Self::Report { run } => Some(format!("report:{}", run.0)),
            Self::Alert { incident } => Some(format!("alert:{}", incident.0)),
            Self::Campaign { campaign } => Some(format!("campaign:{}", campaign.0)),
            Self::CampaignAsk { request, .. } => Some(format!("campaign-ask:{request}")),
            Self::Case { case } => Some(format!("case:{}", case.0)),
            Self::Chore { chore } => Some(format!("chore:{}", chore.0)),
            Self::Checklist { checklist } => Some(format!("checklist:{}", checklist.0)),
            Self::Audit { .. }
            | Self::ChecklistReminder { .. }
            | Self::Page { .. }
            | Self::CaseDraft { .. }
            | Self::CaseReminder { .. }
            | Self::CampaignReport { .. }
            | Self::ChoreReport { .. }
            | Self::CutOff { .. }
            | Self::Glass { .. }
            | Self::AlertReminder { .. }
            | Self::Text { .. } => None,
        }
    }

    /// The post of this run whose slot this is.
    #[must_use]
    pub fn in_slot(run: RunId, slot: &str) -> Option<Self> {
        let (kind, rest) = slot.split_once(':')?;
        let post = match kind {
            "run" => Self::Run { run },
            "report" => Self::Report { run },
            "approval" => Self::Approval {
                run,
                request: rest.parse().ok()?,
            },
            _ => Self::Hold {
                run,
                position: rest.split_once(':')?.1.parse().ok()?,
            },
        };
        (post.slot().as_deref() == Some(slot)).then_some(post)
    }
}

/// A post with its recipient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Owed {
    /// To whom.
    pub to: Recipient,
    /// What.
    pub post: Post,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_tells_its_post() {
        let run = RunId(7);
        let request = "request-1".parse().unwrap();
        for post in [
            Post::Run { run },
            Post::Report { run },
            Post::Approval { run, request },
            Post::Hold { run, position: 12 },
        ] {
            let slot = post.slot().unwrap();
            assert_eq!(Post::in_slot(run, &slot), Some(post), "{slot}");
        }
        for other in ["hold:8:1", "run:8", "hold:7:x", "audit", ""] {
            assert_eq!(Post::in_slot(run, other), None, "{other}");
        }
    }
}
