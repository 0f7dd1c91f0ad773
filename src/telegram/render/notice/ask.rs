//! The request for the approval of a notice; then who decided.

use super::{button, heading, number, words};
use crate::domain::approval::{Approval, Policy, Verdict};
use crate::domain::campaign::{Campaign, Phase};
use crate::domain::ids::RequestId;
use crate::ops::NoticeRules;
use crate::telegram::intent::Intent;
use crate::telegram::notice::Act;
use crate::telegram::render::{Button, Card, Page, View, approval};

/// The group's message of this request. One that another has taken the place of says only that.
#[must_use]
pub fn request(
    view: &View<'_>,
    campaign: &Campaign,
    wanted: &RequestId,
    (policy, rules): (&Policy, NoticeRules),
) -> Card {
    let found = campaign.approval.as_ref();
    let Some(found) = found.filter(|found| found.request.id == *wanted) else {
        let page = Page::titled(heading(view, "notice-settled-title", campaign));
        let mut page = page;
        page.line(view.say("notice-request-replaced"));
        return page.plain(view);
    };
    let open = found.verdict.is_none() && campaign.phase == Phase::Asked;
    let key = if open {
        "notice-request-title"
    } else {
        "notice-settled-title"
    };
    let mut page = Page::titled(heading(view, key, campaign));
    page.line(view.tell(
        "notice-request-by",
        [
            ("by", view.who(&campaign.requester)),
            ("task", campaign.task.as_str().into()),
        ],
    ));
    page.lines(words::task(view, &campaign.task));
    page.lines(words::says(view, campaign));
    page.gap();
    let rule = words::rule(view, &campaign.audience);
    page.line(view.tell("notice-for", [("rule", rule.into())]));
    page.lines(
        campaign
            .listed
            .iter()
            .flat_map(|one| words::listed(view, one)),
    );
    page.lines(effort(view, campaign, rules));
    page.gap();
    if open {
        page.line(approval::until(view, found));
        page.line(self_approval(view, campaign, policy, rules));
    }
    page.lines(verdict(view, found));
    page.with(
        view,
        if open {
            buttons(view, campaign, found)
        } else {
            Vec::new()
        },
    )
}

/// How long it takes and what it costs.
fn effort(view: &View<'_>, campaign: &Campaign, rules: NoticeRules) -> Vec<String> {
    let mut lines = Vec::new();
    if campaign.urgent {
        lines.push(view.say("notice-urgent"));
    }
    let count = campaign.listed.as_ref().map_or(0, |listed| listed.count);
    lines.push(view.tell(
        "notice-takes",
        [
            ("length", Campaign::expected(count, rules.rate).into()),
            ("rate", i64::from(rules.rate).into()),
        ],
    ));
    lines.extend(
        campaign
            .stars()
            .map(|stars| view.tell("notice-costs", [("stars", number(stars))])),
    );
    lines
}

fn self_approval(
    view: &View<'_>,
    campaign: &Campaign,
    policy: &Policy,
    rules: NoticeRules,
) -> String {
    let count = campaign.listed.as_ref().map_or(0, |listed| listed.count);
    if count > rules.limit {
        return view.tell("notice-over-limit", [("limit", number(rules.limit))]);
    }
    view.say(if policy.allow_self {
        "approval-self-word"
    } else {
        "approval-self-no"
    })
}

/// Who approved so far, and how it was decided.
pub(super) fn verdict(view: &View<'_>, found: &Approval) -> Vec<String> {
    let mut lines = approval::approvers(view, found);
    match &found.verdict {
        Some(Verdict::Voided { at }) => {
            lines.push(view.tell("notice-voided", [("at", view.at(*at))]));
        }
        Some(other) => lines.push(approval::verdict(view, other)),
        None => {}
    }
    lines
}

fn buttons(view: &View<'_>, campaign: &Campaign, found: &Approval) -> Vec<Vec<Button>> {
    let request = found.request.id.clone();
    let decide = vec![
        Button {
            label: view.word("choice-approve"),
            intent: Intent::ApproveNotice {
                request: request.clone(),
            },
        },
        Button {
            label: view.word("choice-deny"),
            intent: Intent::DenyNotice { request },
        },
    ];
    let mut rows = vec![decide];
    if campaign.task.notice().is_some() {
        let preview = button(view, "notice-preview", campaign.id, Act::Preview);
        rows.push(vec![preview]);
    }
    rows
}
