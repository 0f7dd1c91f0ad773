//! What `--json` prints of a run: plain data under stable names.

use crate::domain::plan::Hold;
use crate::domain::run::{Phase, Run, StepState};
use serde_json::{Value, json};

/// A run.
pub(super) fn run(run: &Run) -> Value {
    json!({
        "run": run.id.to_string(),
        "runbook": run.plan.id(),
        "runbook_version": run.plan.runbook.version,
        "phase": phase(run.phase),
        "outcome": match run.phase { Phase::Finished(outcome) => Some(outcome.as_str()), _ => None },
        "waits_for": run.hold().as_ref().map(hold),
        "requester": run.requester,
        "backup": run.plan.backup.as_ref().map(|chosen| chosen.backup.time),
        "plan_hash": run.plan_hash,
        "proposed_at": run.proposed_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "steps": run.plan.runbook.steps.iter().map(|step| json!({
            "step": step.id,
            "action": step.action.kind(),
            "state": state(run.state_of(&step.id)),
            "failure": run.failure_of(&step.id),
            "started_at": run.timing_of(&step.id).started,
            "ended_at": run.timing_of(&step.id).ended,
        })).collect::<Vec<_>>(),
    })
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Proposed => "proposed",
        Phase::Active => "active",
        Phase::RollingBack(_) => "rolling-back",
        Phase::Finished(_) => "finished",
    }
}

fn hold(hold: &Hold) -> &'static str {
    match hold {
        Hold::Proposed => "start",
        Hold::Failed(_) => "failure",
        Hold::InDoubt(_) => "doubt",
        Hold::Expired(_) => "expiry",
        Hold::Cancelled => "cancelled",
        Hold::UndoFailed(_) => "undo",
    }
}

fn state(state: &StepState) -> &'static str {
    match state {
        StepState::Pending { .. } => "pending",
        StepState::Running { .. } => "running",
        StepState::InDoubt { .. } => "in-doubt",
        StepState::Succeeded { .. } => "succeeded",
        StepState::Failed { .. } => "failed",
        StepState::Skipped { .. } => "skipped",
        StepState::Undone => "undone",
        StepState::NotDue => "not-due",
    }
}
