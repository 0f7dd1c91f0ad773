//! What a button means. The chat carries only a nonce; this is kept in the state behind it.

use super::case::CaseAct;
use super::notice::Act;
use super::paper::{ContactAct, ListAct};
use super::render::health::Topic;
use crate::domain::backup::BackupTime;
use crate::domain::choice::Choice;
use crate::domain::chore::Task;
use crate::domain::ids::{
    CampaignId, CaseId, ChecklistId, ChoreId, IncidentId, RequestId, RunId, RunbookId,
};
use serde::{Deserialize, Serialize};

/// The meaning of a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Intent {
    /// This scenario.
    Scenario {
        /// Which.
        runbook: RunbookId,
        /// Which page of the list of backups.
        #[serde(default)]
        page: usize,
    },
    /// This backup for this scenario.
    Pick {
        /// Which scenario.
        runbook: RunbookId,
        /// Which backup.
        backup: BackupTime,
    },
    /// Another page of `/backups`.
    Backups {
        /// Which, from 0.
        page: usize,
    },
    /// What would be removed of backups that this program took.
    Spendable,
    /// An answer to a run that waits.
    Answer {
        /// Which run.
        run: RunId,
        /// The position it waits at.
        position: u64,
        /// What.
        choice: Choice,
    },
    /// Yes to a request.
    Approve {
        /// Which.
        request: RequestId,
    },
    /// Going on alone with a request.
    BreakGlass {
        /// Which.
        request: RequestId,
    },
    /// No to a request.
    Deny {
        /// Which.
        request: RequestId,
    },
    /// This language.
    Language {
        /// `en`, `ru`.
        code: String,
    },
    /// Failed jobs of this time.
    RetryList {
        /// Seconds; nothing for all.
        last: Option<u64>,
    },
    /// These failed jobs back.
    Retry {
        /// Seconds; nothing for all.
        last: Option<u64>,
        /// Only this provider's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<String>,
        /// Only with this class of error.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// End the run that holds REI, wherever it stands.
    Abort {
        /// Which.
        run: RunId,
    },
    /// Look at REI again.
    Refresh,
    /// The same as a message of its own.
    Status,
    /// What is known of one topic.
    Details {
        /// Which.
        topic: Topic,
    },
    /// The picture of the last 24 hours.
    Picture,
    /// No more messages about an incident for an hour.
    Mute {
        /// Which.
        incident: IncidentId,
    },
    /// Messages about it again.
    Unmute {
        /// Which.
        incident: IncidentId,
    },
    /// Something about a checklist.
    Checklist {
        /// Which.
        checklist: ChecklistId,
        /// Whether the outbox edits the message that the button stands under.
        live: bool,
        /// What.
        act: ListAct,
    },
    /// Something about the contacts.
    Contacts {
        /// What.
        act: ContactAct,
    },
    /// Something about an incident.
    Case {
        /// Which.
        case: CaseId,
        /// What.
        act: CaseAct,
    },
    /// A new incident.
    OpenCase,
    /// Something about a notice.
    Notice {
        /// Which.
        campaign: CampaignId,
        /// What.
        act: Act,
    },
    /// The plan of a drill is wanted.
    DrillPlan {
        /// Of which runbook.
        runbook: RunbookId,
    },
    /// Every payment that differs, as a file.
    PaymentsFile,
    /// The picture of the last year.
    Trends,
    /// A chore is asked for.
    Chore {
        /// Which.
        ask: Task,
    },
    /// A chore is called off.
    CancelChore {
        /// Which.
        chore: ChoreId,
    },
    /// Yes to a notice's request.
    ApproveNotice {
        /// Which.
        request: RequestId,
    },
    /// No to it.
    DenyNotice {
        /// Which.
        request: RequestId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::campaign::audience::{AudienceRule, Who};

    #[test]
    fn a_button_reads_back_as_what_it_was() {
        let intents = [
            Intent::Scenario {
                runbook: "database-corruption".parse().unwrap(),
                page: 2,
            },
            Intent::Pick {
                runbook: "database-corruption".parse().unwrap(),
                backup: "20261123_031500".parse().unwrap(),
            },
            Intent::Answer {
                run: RunId(7),
                position: 12,
                choice: Choice::RollBack,
            },
            Intent::Refresh,
            Intent::Notice {
                campaign: CampaignId(7),
                act: Act::To {
                    audience: AudienceRule {
                        who: Who::Active { days: 7 },
                        language: Some("ru".into()),
                        spare_hours: Some(24),
                    },
                },
            },
            Intent::Notice {
                campaign: CampaignId(7),
                act: Act::Repeat { sure: true },
            },
        ];
        for intent in intents {
            let text = serde_json::to_string(&intent).unwrap();
            assert_eq!(
                serde_json::from_str::<Intent>(&text).unwrap(),
                intent,
                "{text}"
            );
        }
    }
}
