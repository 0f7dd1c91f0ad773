//! Break-glass, as the group reads it.

use super::{Card, Page, View, between, run as live};
use crate::domain::approval::Approval;
use crate::domain::break_glass::BrokenGlass;
use crate::domain::run::Run;

/// Somebody went on alone: a message of its own, so that nobody overlooks it.
#[must_use]
pub fn card(view: &View<'_>, run: &Run, approval: &Approval) -> Option<Card> {
    let glass = approval.glass.as_ref()?;
    let asked = approval.request.asked_at;
    let mut page = Page::titled(live::heading(view, "glass-title", run));
    page.line(view.tell(
        "glass-who",
        [
            ("by", view.who(&glass.by)),
            ("gate", view.gate(&approval.request.gate).into()),
            ("given", super::count(approval.approved_by.len())),
            ("required", i64::from(approval.request.required).into()),
            ("waited", between(asked, glass.at).into()),
        ],
    ));
    page.line(reason(view, glass));
    page.line(view.say("glass-all"));
    Some(page.plain(view))
}

/// How a request was decided where one person decided alone.
#[must_use]
pub fn verdict(view: &View<'_>, glass: &BrokenGlass) -> Vec<String> {
    let values = [("by", view.who(&glass.by)), ("at", view.at(glass.at))];
    vec![view.tell("glass-verdict", values), reason(view, glass)]
}

fn reason(view: &View<'_>, glass: &BrokenGlass) -> String {
    view.tell("glass-reason", [("reason", glass.reason.as_str().into())])
}
