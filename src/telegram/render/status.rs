//! `/status` and its details.

use super::health::{self, Topic};
use super::{Button, Card, Page, View, runs};
use crate::domain::diagnosis::{Candidate, Evidence};
use crate::domain::failure::Arg;
use crate::domain::health::{Condition, Finding, Part, Round, worse};
use crate::domain::ids::RunbookId;
use crate::ops::{Runbooks, Status};
use crate::telegram::intent::Intent;
use std::collections::BTreeMap;

/// More causes than this are no diagnosis.
const CAUSES: usize = 3;

/// Evidence told of each cause: two findings that agree are proof enough for a phone.
const EVIDENCE: usize = 3;

/// More findings in trouble than this are named, not described.
const TROUBLES: usize = 10;

/// What is known of REI now, the worst first.
#[must_use]
pub fn card(view: &View<'_>, status: &Status, runbooks: &Runbooks) -> Card {
    let round = &status.round;
    let mut page = Page::titled(title(view, round));
    page.lines(causes(view, status));
    page.lines(troubles(view, status));
    page.gap();
    page.lines(fine(view, round));
    page.line(current(view, status));
    if status.backlog > 0 {
        page.line(view.tell("status-backlog", [("count", number(status.backlog))]));
    }
    let mut keyboard = recovers(view, &status.diagnosis.candidates, runbooks);
    keyboard.extend(topics(view));
    keyboard.push(vec![
        button(view.word("status-refresh"), Intent::Refresh),
        button(view.word("status-picture"), Intent::Picture),
    ]);
    page.with(view, keyboard)
}

/// All that is known about one topic.
#[must_use]
pub fn details(view: &View<'_>, status: &Status, topic: Topic) -> Card {
    let name = view.word(&format!("topic-{}", topic.as_str()));
    let mut page = Page::titled(view.tell(
        "details-title",
        [("topic", name.into()), ("at", Arg::Time(status.round.at))],
    ));
    let of_topic = |found: &&Finding| topic.parts().contains(&found.part);
    let found = health::worst_first(status.round.findings.iter().filter(of_topic));
    if found.is_empty() {
        page.gap();
        page.line(view.say("details-nothing"));
    }
    for found in found {
        page.gap();
        page.lines(health::whole(view, found, status.since.finding(found)));
    }
    let keyboard = vec![vec![
        button(view.word("status-refresh"), Intent::Details { topic }),
        button(view.word("status-back"), Intent::Refresh),
    ]];
    page.with(view, keyboard)
}

fn title(view: &View<'_>, round: &Round) -> String {
    let worst = round.findings.iter().map(|found| found.condition);
    let worst = worst.reduce(worse).unwrap_or(Condition::Unknown);
    view.tell(
        "status-title",
        [
            ("condition", worst.as_str().into()),
            ("at", Arg::Time(round.at)),
        ],
    )
}

fn causes(view: &View<'_>, status: &Status) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, candidate) in status.diagnosis.candidates.iter().take(CAUSES).enumerate() {
        lines.push(String::new());
        let rank = if index == 0 { "first" } else { "other" };
        lines.push(view.tell(
            "status-cause",
            [
                ("rank", rank.into()),
                ("cause", health::cause(view, candidate).into()),
                (
                    "certainty",
                    health::certainty(view, candidate.certainty).into(),
                ),
            ],
        ));
        lines.extend(health::evidence(view, &candidate.evidence, EVIDENCE));
    }
    let down = status
        .round
        .findings
        .iter()
        .any(|found| found.condition == Condition::Down);
    if lines.is_empty() && down {
        lines = vec![String::new(), view.say("status-no-cause")];
    }
    lines
}

fn troubles(view: &View<'_>, status: &Status) -> Vec<String> {
    let troubled = |found: &&Finding| found.condition != Condition::Up;
    let troubled = health::worst_first(status.round.findings.iter().filter(troubled));
    let causes = status.diagnosis.candidates.iter().take(CAUSES);
    let told: Vec<&Evidence> = causes
        .flat_map(|candidate| candidate.evidence.iter().take(EVIDENCE))
        .collect();
    let mut lines = Vec::new();
    if !troubled.is_empty() {
        lines.push(String::new());
    }
    for found in troubled.iter().take(TROUBLES) {
        let since = status.since.finding(found);
        lines.extend(health::trouble(view, found, since, &told));
    }
    let more = troubled.len().saturating_sub(TROUBLES);
    if more > 0 {
        lines.push(view.tell("health-more", [("count", number(more as u64))]));
    }
    lines
}

/// What is in order, in one line.
fn fine(view: &View<'_>, round: &Round) -> Option<String> {
    let fine = round
        .findings
        .iter()
        .filter(|found| found.condition == Condition::Up);
    // Named once for each part: nobody reads a list of twenty things that are well.
    let mut parts: BTreeMap<Part, Vec<&Finding>> = BTreeMap::new();
    for found in fine {
        parts.entry(found.part).or_default().push(found);
    }
    let names: Vec<String> = parts
        .iter()
        .map(|(part, found)| match found.as_slice() {
            [one] => health::what(view, *part, one.subject.as_deref()),
            many => {
                let part = health::what(view, *part, None);
                let count = number(many.len() as u64);
                view.words("status-several", [("part", part.into()), ("count", count)])
            }
        })
        .collect();
    let condition = view.word("condition-mark-up");
    (!names.is_empty()).then(|| {
        view.tell(
            "status-fine",
            [
                ("condition", condition.into()),
                ("parts", names.join(", ").into()),
            ],
        )
    })
}

fn current(view: &View<'_>, status: &Status) -> String {
    match &status.run {
        None => view.say("status-run-none"),
        Some(run) => view.tell(
            "status-run-current",
            [
                ("run", run.id.to_string().into()),
                ("title", view.title(run)),
                ("phase", runs::phase(view, run).into()),
            ],
        ),
    }
}

/// A button for each scenario that answers what was found.
pub fn recovers(
    view: &View<'_>,
    candidates: &[Candidate],
    runbooks: &Runbooks,
) -> Vec<Vec<Button>> {
    let mut rows = Vec::new();
    for candidate in candidates.iter().take(CAUSES) {
        let Some(id) = candidate.cause.runbook() else {
            continue;
        };
        let Ok(runbook) = id.parse::<RunbookId>() else {
            continue;
        };
        let Some(found) = runbooks.get(&runbook) else {
            continue;
        };
        let title = view.word(&found.title);
        let label = view.words("status-recover", [("title", title.into())]);
        let row = vec![button(label, Intent::Scenario { runbook, page: 0 })];
        // Two causes may be answered by the same scenario.
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows
}

fn topics(view: &View<'_>) -> Vec<Vec<Button>> {
    let buttons = Topic::ALL.map(|topic| {
        let label = view.word(&format!("topic-{}", topic.as_str()));
        button(label, Intent::Details { topic })
    });
    buttons.chunks(3).map(<[Button]>::to_vec).collect()
}

fn button(label: String, intent: Intent) -> Button {
    Button { label, intent }
}

fn number(count: u64) -> Arg {
    Arg::Number(i64::try_from(count).unwrap_or(i64::MAX))
}
