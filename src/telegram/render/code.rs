//! The question for a code: what exactly it lets happen.

use super::{View, notice, run as live};
use crate::domain::approval::Approval;
use crate::domain::campaign::Campaign;
use crate::domain::failure::Arg;
use crate::domain::run::Run;

/// For a gate, with the others or alone.
#[must_use]
pub fn of_run(view: &View<'_>, (run, approval): (&Run, &Approval), alone: bool) -> String {
    let (title, key) = if alone {
        ("code-title-glass", "code-ask-glass")
    } else {
        ("code-title", "code-ask")
    };
    let ask = view.tell(
        key,
        [
            ("gate", Arg::from(view.gate(&approval.request.gate))),
            ("until", view.at(approval.request.expires_at)),
        ],
    );
    format!("{}\n{ask}", live::heading(view, title, run))
}

/// For a notice.
#[must_use]
pub fn of_notice(view: &View<'_>, campaign: &Campaign) -> String {
    let until = campaign.approval.as_ref();
    let until = until.map_or(view.now, |approval| approval.request.expires_at);
    let ask = view.tell("code-ask-notice", [("until", view.at(until))]);
    format!(
        "{}\n{ask}",
        notice::heading(view, "code-title-notice", campaign)
    )
}
