//! How a notice ended, what can follow it, and the list of the latest.

use super::{button, heading, labelled, live, number, words};
use crate::domain::campaign::delivery::{Gone, Tally};
use crate::domain::campaign::{Campaign, Phase, Progress, Task};
use crate::domain::failure::Arg;
use crate::telegram::notice::Act;
use crate::telegram::render::{Button, Card, Page, View, between};

/// The report.
#[must_use]
pub fn report(view: &View<'_>, progress: &Progress, gone: &[(Gone, u64)]) -> Card {
    let Progress {
        campaign, tally, ..
    } = progress;
    let phase = campaign.phase.as_str();
    let state = view.word(&format!("campaign-phase-{phase}"));
    let title = heading(view, "notice-report-title", campaign);
    let mut page = Page::titled(format!("{title} · {state}"));
    page.lines(took(view, campaign, tally));
    page.gap();
    page.lines(figures(view, progress));
    page.lines(kinds(view, gone));
    page.gap();
    page.lines(words::task(view, &campaign.task));
    page.lines(live::gist(view, campaign));
    let rule = words::rule(view, &campaign.audience);
    page.line(view.tell("notice-for", [("rule", rule.into())]));
    page.lines(
        campaign
            .listed
            .iter()
            .flat_map(|one| words::listed(view, one)),
    );
    page.line(view.tell("notice-by", [("by", view.who(&campaign.requester))]));
    page.lines(
        campaign
            .approval
            .iter()
            .flat_map(|found| super::ask::verdict(view, found)),
    );
    page.with(view, buttons(view, campaign, tally))
}

fn took(view: &View<'_>, campaign: &Campaign, tally: &Tally) -> Option<String> {
    let (begun, ended) = (campaign.begun_at?, campaign.ended_at?);
    let length = between(begun, ended);
    // Counts of people are far below the 2^53 that a float holds exactly.
    #[allow(clippy::cast_precision_loss)]
    let tried = (tally.total() - tally.left()) as f64;
    let rate = tried / length.as_secs_f64().max(1.0);
    Some(view.tell(
        "notice-took",
        [
            ("begun", view.at(begun)),
            ("ended", view.at(ended)),
            ("length", length.into()),
            ("rate", live::decimal(view.locale, rate).into()),
        ],
    ))
}

/// A line for each standing that somebody has.
fn figures(view: &View<'_>, progress: &Progress) -> Vec<String> {
    live::said(view, progress)
        .into_iter()
        .map(|said| view.tell("notice-figure", [("said", said.into())]))
        .collect()
}

/// Why some cannot be reached.
fn kinds(view: &View<'_>, gone: &[(Gone, u64)]) -> Option<String> {
    let parts: Vec<String> = gone
        .iter()
        .map(|(kind, count)| {
            let key = format!("gone-{}", kind.as_str());
            view.words(&key, [("count", number(*count))])
        })
        .collect();
    let parts = (!parts.is_empty()).then(|| parts.join(", "))?;
    Some(view.tell("notice-gone", [("parts", parts.into())]))
}

fn buttons(view: &View<'_>, campaign: &Campaign, tally: &Tally) -> Vec<Vec<Button>> {
    let id = campaign.id;
    if campaign.phase == Phase::Dropped {
        return Vec::new();
    }
    let mut rows = vec![vec![button(view, "notice-csv-button", id, Act::Csv)]];
    let can_follow = tally.sent > 0 && !matches!(campaign.task, Task::Delete { .. });
    if can_follow {
        rows.push(vec![
            button(view, "notice-correct", id, Act::Correct),
            button(view, "notice-delete", id, Act::Delete),
        ]);
    }
    if tally.ambiguous > 0 && campaign.phase == Phase::Done {
        let label = view.words("notice-repeat", [("count", number(tally.ambiguous))]);
        rows.push(vec![labelled(label, id, Act::Repeat { sure: false })]);
    }
    if tally.blocked > 0 {
        let label = view.words("notice-mark", [("count", number(tally.blocked))]);
        rows.push(vec![labelled(label, id, Act::Mark { sure: false })]);
    }
    rows
}

/// Asks once before something that cannot be taken back.
#[must_use]
pub fn sure(view: &View<'_>, progress: &Progress, act: &Act) -> Card {
    let (id, tally) = (progress.campaign.id, &progress.tally);
    let (key, count, yes, act) = match act {
        Act::Repeat { .. } => (
            "notice-sure-repeat",
            tally.ambiguous,
            "notice-repeat-yes",
            Act::Repeat { sure: true },
        ),
        Act::Mark { .. } => (
            "notice-sure-mark",
            tally.blocked,
            "notice-mark-yes",
            Act::Mark { sure: true },
        ),
        _ => (
            "notice-sure-abort",
            tally.left(),
            "choice-abort",
            Act::Abort { sure: true },
        ),
    };
    let blanks = [
        ("notice", Arg::from(id.to_string())),
        ("count", number(count)),
    ];
    let row = vec![
        button(view, yes, id, act),
        button(view, "notice-leave", id, Act::Leave),
    ];
    Page::titled(view.tell(key, blanks)).with(view, vec![row])
}

/// The latest ones.
#[must_use]
pub fn list(view: &View<'_>, found: &[Progress]) -> Card {
    if found.is_empty() {
        return Page::titled(view.say("notice-list-none")).plain(view);
    }
    let mut page = Page::titled(view.say("notice-list-title"));
    let mut row = Vec::new();
    for progress in found {
        let campaign = &progress.campaign;
        let phase = campaign.phase.as_str();
        page.line(view.tell(
            "notice-list-line",
            [
                ("notice", campaign.id.to_string().into()),
                ("task", campaign.task.as_str().into()),
                (
                    "phase",
                    view.word(&format!("campaign-phase-{phase}")).into(),
                ),
                ("sent", number(progress.tally.sent)),
                ("total", number(progress.tally.total())),
                ("at", view.brief(campaign.created_at).into()),
                ("by", view.who(&campaign.requester)),
            ],
        ));
        row.push(labelled(campaign.id.to_string(), campaign.id, Act::Show));
    }
    let rows = row.chunks(4).map(<[Button]>::to_vec).collect();
    page.with(view, rows)
}
