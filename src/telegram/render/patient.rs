//! In what state REI is now, told from what the run has done.

use super::View;
use crate::domain::facts::Facts;
use crate::domain::run::{Run, StepState};

/// Whether something was done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Did {
    No,
    Maybe,
    Yes,
}

/// REI's state in one or two sentences.
pub(super) fn state(view: &View<'_>, run: &Run) -> String {
    let folder = run.plan.quarantine.display().to_string();
    let old = if old_was_missing(run) { "none" } else { "kept" };
    let blanks = [("quarantine", folder.into()), ("old", old.into())];
    view.tell(key(run), blanks)
}

/// Whether there was no database to put aside.
fn old_was_missing(run: &Run) -> bool {
    let files = run.find_facts(|facts| match facts {
        Facts::Quarantined(aside) => Some(aside.files.len()),
        _ => None,
    });
    files == Some(0)
}

fn key(run: &Run) -> &'static str {
    let stages = [
        ("start-units", "patient-starting", "patient-running"),
        (
            "install-database",
            "patient-installing",
            "patient-installed",
        ),
        ("quarantine-database", "patient-moving", "patient-aside"),
        ("stop-units", "patient-stopping", "patient-stopped"),
    ];
    stages
        .into_iter()
        .find_map(|(kind, maybe, yes)| match did(run, kind) {
            Did::Yes => Some(yes),
            Did::Maybe => Some(maybe),
            Did::No => None,
        })
        .unwrap_or_else(|| elsewhere(run))
}

/// Runs that touch Redis, payments, settings or jobs rather than the database.
fn elsewhere(run: &Run) -> &'static str {
    let kinds = [
        "restart-units",
        "flush-redis",
        "rebuild-queue",
        "retry-jobs",
        "set-switch",
        "sync-payments",
        "notify-users",
        "unpack-files",
        "run-program",
        "prepare-settings",
    ];
    if kinds.into_iter().any(|kind| did(run, kind) != Did::No) {
        "patient-partly"
    } else {
        "patient-untouched"
    }
}

fn did(run: &Run, kind: &str) -> Did {
    let steps = run.plan.runbook.steps.iter();
    let of_kind = steps.filter(|step| step.action.kind() == kind);
    let states = of_kind.map(|step| {
        // Once taking back has begun, what was done may be half gone.
        let going_back = run.next_undo_attempt(&step.id) > 1;
        match run.state_of(&step.id) {
            StepState::Succeeded { .. } if !going_back => Did::Yes,
            state if !state.may_have_happened() => Did::No,
            _ => Did::Maybe,
        }
    });
    states.fold(Did::No, |known, next| match (known, next) {
        (Did::Yes, _) | (_, Did::Yes) => Did::Yes,
        (Did::Maybe, _) | (_, Did::Maybe) => Did::Maybe,
        _ => Did::No,
    })
}
