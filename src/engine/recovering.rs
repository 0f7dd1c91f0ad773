//! Which recoveries are at work: alerts about what they mend are no news meanwhile, and other work keeps
//! off the patient.

use crate::domain::action::Action;
use crate::domain::plan::{self, Next};
use crate::domain::run::Run;
use crate::ports::journal::{Journal, StateResult};

/// The runbooks whose runs do something to the patient at this moment. One that waits for a person, or
/// for somebody outside to come back, does nothing: what goes wrong meanwhile is nobody's doing.
pub(super) async fn at_work(journal: &dyn Journal) -> StateResult<Vec<String>> {
    let runs = under_way(journal).await?;
    let at_work = runs.iter().filter(|run| works(run));
    Ok(at_work.map(|run| run.plan.id().to_string()).collect())
}

/// Whether other work has to keep off the patient: something is being done to it, or its database may
/// lie aside.
pub(super) async fn keep_off(journal: &dyn Journal) -> StateResult<bool> {
    let runs = under_way(journal).await?;
    Ok(runs.iter().any(|run| works(run) || is_apart(run)))
}

/// A run that cannot be read holds nothing back.
async fn under_way(journal: &dyn Journal) -> StateResult<Vec<Run>> {
    let mut runs = Vec::new();
    for id in journal.under_way().await? {
        runs.extend(journal.load(id).await.ok());
    }
    Ok(runs)
}

fn works(run: &Run) -> bool {
    let waits = matches!(plan::next(run), Next::Wait(_) | Next::AwaitApproval(_));
    !waits && !watches(run)
}

/// Whether the step at work looks on while others act, for hours at times.
fn watches(run: &Run) -> bool {
    let step = run.running().and_then(|(step, _)| run.plan.step(&step));
    step.is_some_and(|step| {
        matches!(
            step.action,
            Action::AwaitPayments { .. }
                | Action::AwaitProviders { .. }
                | Action::WatchJobs { .. }
                | Action::NotifyUsers { .. }
        )
    })
}

fn is_apart(run: &Run) -> bool {
    let mut steps = run.plan.runbook.steps.iter();
    steps.any(|step| {
        matches!(step.action, Action::QuarantineDatabase {})
            && run.timing_of(&step.id).started.is_some()
    })
}
