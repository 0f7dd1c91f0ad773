//! Notices to REI's users: the message of one, whatever it is at; its request; its report.

mod ask;
mod audience;
mod compose;
mod live;
mod report;
#[cfg(test)]
mod tests;
mod words;

pub use ask::request;
pub use audience::{addressed, audience};
pub use compose::{previewed, problem, question, ready_list, taken, wrong};
pub use report::{list, report, sure};

use super::{Button, Card, View};
use crate::domain::campaign::{Campaign, Phase, Progress};
use crate::domain::failure::Arg;
use crate::domain::ids::CampaignId;
use crate::ops::NoticeRules;
use crate::telegram::intent::Intent;
use crate::telegram::notice::Act;

/// A campaign's message as it stands.
#[must_use]
pub fn card(view: &View<'_>, progress: &Progress, rules: NoticeRules) -> Card {
    match progress.campaign.phase {
        Phase::Draft | Phase::Asked | Phase::Dropped => {
            compose::card(view, &progress.campaign, rules)
        }
        _ => live::card(view, progress, rules),
    }
}

/// The first line of a campaign's messages: `key` has the blanks `notice`, `task` and `of`.
pub(super) fn heading(view: &View<'_>, key: &str, campaign: &Campaign) -> String {
    let of = campaign.task.of().map(|of| of.to_string());
    view.tell(
        key,
        [
            ("notice", campaign.id.to_string().into()),
            ("task", campaign.task.as_str().into()),
            ("of", of.unwrap_or_default().into()),
        ],
    )
}

fn button(view: &View<'_>, key: &str, campaign: CampaignId, act: Act) -> Button {
    labelled(view.word(key), campaign, act)
}

fn labelled(label: String, campaign: CampaignId, act: Act) -> Button {
    Button {
        label,
        intent: Intent::Notice { campaign, act },
    }
}

fn number(number: u64) -> Arg {
    Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
}
