//! The course of each recovery: its steps with their times, the waits for people between them.

use super::blocks::{Block, Section};
use super::content::has_begun;
use super::words::Words;
use crate::domain::approval::{Approval, Verdict};
use crate::domain::case::Dossier;
use crate::domain::case::dossier::length;
use crate::domain::facts::Facts;
use crate::domain::failure::Arg;
use crate::domain::run::{Phase, Run, StepState};
use crate::domain::runbook::Step;
use jiff::Timestamp;

/// A section for each recovery that began.
pub(super) fn sections(words: &Words<'_>, dossier: &Dossier) -> Vec<Section> {
    let runs = dossier.courses.iter().map(|course| &course.run);
    let begun = runs.filter(|run| has_begun(run));
    begun.map(|run| section(words, dossier, run)).collect()
}

fn section(words: &Words<'_>, dossier: &Dossier, run: &Run) -> Section {
    let heading = words.tell(
        "incident-heading-run",
        [
            ("run", run.id.to_string().into()),
            ("title", words.scenario(run).into()),
        ],
    );
    let mut rows: Vec<(Option<Timestamp>, Vec<String>)> = Vec::new();
    for step in &run.plan.runbook.steps {
        rows.push(row(words, dossier, run, step));
    }
    for approval in run.approvals() {
        let asked = approval.request.asked_at;
        let at = rows
            .iter()
            .position(|(at, _)| at.is_none_or(|at| at > asked))
            .unwrap_or(rows.len());
        rows.insert(at, (Some(asked), wait(words, dossier, approval)));
    }
    let head = ["step", "began", "took", "result"];
    let head = head.map(|name| words.word(&format!("incident-column-{name}")));
    let mut blocks = vec![
        Block::Plain(course(words, run)),
        Block::Table {
            head: head.into(),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        },
    ];
    blocks.extend(aside(words, run));
    Section {
        heading: Some(heading),
        blocks,
    }
}

/// By whom, from which backup, how it ended.
fn course(words: &Words<'_>, run: &Run) -> String {
    let outcome = match run.phase {
        Phase::Finished(outcome) => words.word(&format!("outcome-{}.short", outcome.as_str())),
        _ => words.word("phase-active"),
    };
    let by = Arg::from(words.who(&run.requester));
    let version = Arg::Number(i64::from(run.plan.runbook.version));
    let runbook = Arg::from(run.plan.id().to_string());
    let known = [
        ("by", by),
        ("outcome", outcome.into()),
        ("runbook", runbook),
        ("version", version),
    ];
    match &run.plan.backup {
        None => words.tell("incident-doc-course", known),
        Some(chosen) => {
            let [by, outcome, runbook, version] = known;
            let time = chosen.backup.time.at();
            let age = length(time, run.plan.made_at);
            let backup = [("backup", Arg::Time(time)), ("age", Arg::from(age))];
            let [backup, age] = backup;
            words.tell(
                "incident-doc-course-backup",
                [by, outcome, runbook, version, backup, age],
            )
        }
    }
}

fn row(
    words: &Words<'_>,
    dossier: &Dossier,
    run: &Run,
    step: &Step,
) -> (Option<Timestamp>, Vec<String>) {
    let timing = run.timing_of(&step.id);
    let dash = || "–".to_owned();
    let began = timing.started.map(|at| words.brief(dossier.case.since, at));
    let took = timing.started.zip(timing.ended);
    let took = took.map(|(from, until)| words.length(length(from, until)));
    let cells = vec![
        words.step(step),
        began.unwrap_or_else(dash),
        took.unwrap_or_else(dash),
        result(words, run, step),
    ];
    (timing.started, cells)
}

fn result(words: &Words<'_>, run: &Run, step: &Step) -> String {
    let name = match run.state_of(&step.id) {
        StepState::Pending { .. } => "pending",
        StepState::Running { .. } => "running",
        StepState::InDoubt { .. } => "doubt",
        StepState::Failed { .. } => "failed",
        StepState::Undone => "undone",
        StepState::NotDue => "not-due",
        StepState::Succeeded { .. } => "done",
        StepState::Skipped { reason, by } => {
            return words.tell(
                "incident-step-skipped",
                [
                    ("by", words.who(by).into()),
                    ("reason", reason.as_str().into()),
                ],
            );
        }
    };
    words.word(&format!("incident-step-{name}"))
}

/// A wait for an approval stands between the steps as what it is.
fn wait(words: &Words<'_>, dossier: &Dossier, approval: &Approval) -> Vec<String> {
    let asked = approval.request.asked_at;
    let by: Vec<String> = approval
        .approved_by
        .iter()
        .map(|(by, _)| words.who(by))
        .collect();
    let (key, by, at) = match &approval.verdict {
        Some(Verdict::Granted { at }) => ("granted", by.join(", "), *at),
        Some(Verdict::Denied { by, at }) => ("denied", words.who(by), *at),
        Some(Verdict::Expired { at }) => ("expired", String::new(), *at),
        Some(Verdict::Voided { at }) => ("voided", String::new(), *at),
        None => ("waits", String::new(), dossier.now),
    };
    let (key, by) = match &approval.glass {
        Some(glass) => ("alone", words.who(&glass.by)),
        None => (key, by),
    };
    let gate = words.gate(&approval.request.gate);
    vec![
        words.tell("incident-doc-wait", [("gate", gate.into())]),
        words.brief(dossier.case.since, asked),
        words.length(length(asked, at)),
        words.tell(&format!("incident-wait-{key}"), [("by", by.into())]),
    ]
}

/// Where the old database lies: it is evidence.
fn aside(words: &Words<'_>, run: &Run) -> Option<Block> {
    let aside = run.find_facts(|facts| match facts {
        Facts::Quarantined(aside) => Some(aside.clone()),
        _ => None,
    })?;
    if aside.files.is_empty() {
        return None;
    }
    let folder = aside.folder.display().to_string();
    Some(Block::Plain(words.tell(
        "incident-doc-quarantine",
        [("folder", folder.into())],
    )))
}
