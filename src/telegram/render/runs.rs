//! `/runs`.

use super::{Card, Page, View};
use crate::domain::failure::Arg;
use crate::domain::run::{Phase, Run};

/// The newest runs, newest first.
#[must_use]
pub fn list(view: &View<'_>, runs: &[Run]) -> Card {
    if runs.is_empty() {
        return Page::titled(view.say("runs-none")).plain(view);
    }
    let mut page = Page::titled(view.say("runs-title"));
    page.lines(runs.iter().map(|run| {
        view.tell(
            "runs-line",
            [
                ("run", run.id.to_string().into()),
                ("title", view.title(run)),
                ("at", Arg::Time(run.started_at.unwrap_or(run.proposed_at))),
                ("phase", phase(view, run).into()),
                ("by", view.who(&run.requester)),
            ],
        )
    }));
    page.plain(view)
}

/// Where a run stands, in a word or two.
pub(super) fn phase(view: &View<'_>, run: &Run) -> String {
    match run.phase {
        Phase::Proposed => view.word("phase-proposed"),
        Phase::Active => view.word("phase-active"),
        Phase::RollingBack(_) => view.word("phase-rolling-back"),
        Phase::Finished(outcome) => view.word(&format!("outcome-{}.short", outcome.as_str())),
    }
}
