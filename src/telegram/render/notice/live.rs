//! A notice while it goes out.

use super::{button, heading, number, words};
use crate::domain::campaign::delivery::{Standing, Tally};
use crate::domain::campaign::{Campaign, Phase, Progress};
use crate::domain::failure::{Arg, Failure};
use crate::i18n::Locale;
use crate::ops::NoticeRules;
use crate::telegram::notice::Act;
use crate::telegram::render::{Button, Card, Page, View};
use std::time::Duration;

/// Cells of the bar.
const CELLS: u64 = 10;

/// The live message.
pub(super) fn card(view: &View<'_>, progress: &Progress, rules: NoticeRules) -> Card {
    let Progress {
        campaign, tally, ..
    } = progress;
    let phase = campaign.phase.as_str();
    let state = view.word(&format!("campaign-phase-{phase}"));
    let title = heading(view, "notice-live-title", campaign);
    let mut page = Page::titled(format!("{title} · {state}"));
    page.line(bar(view, tally));
    page.lines(pace(view, progress, rules));
    page.line(standings(view, progress));
    if let Some(failure) = &campaign.failure {
        page.gap();
        page.line(view.failure(failure));
        page.lines(next_tap(view, campaign.phase, failure));
    }
    page.gap();
    page.lines(words::task(view, &campaign.task));
    page.lines(gist(view, campaign));
    let rule = words::rule(view, &campaign.audience);
    page.line(view.tell("notice-for", [("rule", rule.into())]));
    page.line(view.tell("notice-by", [("by", view.who(&campaign.requester))]));
    page.with(view, vec![buttons(view, campaign)])
}

/// What to do about a failure. A failure's own hint speaks of a run's buttons, and there are none here.
fn next_tap(view: &View<'_>, phase: Phase, failure: &Failure) -> Option<String> {
    if phase.is_over() {
        return None;
    }
    let key = match phase {
        Phase::Paused => "notice-failure-stopped",
        _ => "notice-failure-goes-on",
    };
    Some(view.tell(key, [("failure", failure.code.as_str().into())]))
}

/// What it says to most.
pub(super) fn gist(view: &View<'_>, campaign: &Campaign) -> Option<String> {
    let notice = campaign.task.notice()?;
    let message = notice.messages.get(&notice.fallback)?;
    let text = words::excerpt(&message.text.text);
    let media = message.media.as_ref().map_or("none", |it| it.kind.as_str());
    Some(view.tell(
        "notice-gist",
        [("text", text.into()), ("media", media.into())],
    ))
}

fn bar(view: &View<'_>, tally: &Tally) -> String {
    let (total, done) = (tally.total(), tally.total() - tally.left());
    let full = (done * CELLS).checked_div(total).unwrap_or(0);
    let cell = |cell: &str, count: u64| cell.repeat(usize::try_from(count).unwrap_or(0));
    let bar = cell("▓", full) + &cell("░", CELLS - full);
    view.tell(
        "notice-bar",
        [
            ("bar", bar.into()),
            ("done", number(done)),
            ("total", number(total)),
        ],
    )
}

/// How fast it goes and how long it takes yet.
fn pace(view: &View<'_>, progress: &Progress, rules: NoticeRules) -> Option<String> {
    let left = progress.tally.left();
    if left == 0 {
        return None;
    }
    match (progress.campaign.phase, progress.rate) {
        (Phase::Sending, Some(rate)) if rate > 0.0 => Some(view.tell(
            "notice-pace",
            [
                ("rate", decimal(view.locale, rate).into()),
                ("length", seconds(left, rate).into()),
            ],
        )),
        (Phase::Sending | Phase::Ready | Phase::Paused, _) => {
            let length = Campaign::expected(left, rules.rate);
            Some(view.tell(
                "notice-pace-expected",
                [
                    ("rate", i64::from(rules.rate).into()),
                    ("length", length.into()),
                ],
            ))
        }
        _ => None,
    }
}

/// One decimal, as the language writes it.
pub(super) fn decimal(locale: Locale, rate: f64) -> String {
    let text = format!("{rate:.1}");
    match locale {
        Locale::En => text,
        Locale::Ru => text.replace('.', ","),
    }
}

fn seconds(left: u64, rate: f64) -> Duration {
    // Counts of people are far below the 2^53 that a float holds exactly.
    #[allow(clippy::cast_precision_loss)]
    let seconds = left as f64 / rate;
    Duration::try_from_secs_f64(seconds.ceil()).unwrap_or_default()
}

/// Who stands where, in one line.
fn standings(view: &View<'_>, progress: &Progress) -> String {
    let parts = said(view, progress).join(" · ");
    view.tell("notice-standings", [("parts", Arg::from(parts))])
}

/// Who stands where, piece by piece.
pub(super) fn said(view: &View<'_>, progress: &Progress) -> Vec<String> {
    let mut tally = progress.tally;
    let aborted = progress.campaign.phase == Phase::Aborted;
    let counts = Standing::ALL.iter().filter_map(|standing| match standing {
        // Those on their way are part of those to come.
        Standing::Sending => None,
        Standing::Pending => Some((*standing, tally.left())),
        other => Some((*other, *tally.of(*other))),
    });
    counts
        .collect::<Vec<_>>()
        .into_iter()
        .filter(|(standing, count)| *count > 0 || *standing == Standing::Sent)
        .map(|(standing, count)| {
            let key = match standing {
                Standing::Pending if aborted => "notice-not-reached".to_owned(),
                other => format!("standing-{}", other.as_str()),
            };
            view.words(&key, [("count", number(count))])
        })
        .collect()
}

fn buttons(view: &View<'_>, campaign: &Campaign) -> Vec<Button> {
    let id = campaign.id;
    let abort = button(view, "choice-abort", id, Act::Abort { sure: false });
    match campaign.phase {
        Phase::Ready | Phase::Sending => {
            vec![button(view, "notice-pause", id, Act::Pause), abort]
        }
        Phase::Paused => vec![button(view, "choice-resume", id, Act::Resume), abort],
        _ => Vec::new(),
    }
}
