//! Which recoveries are at work: other work keeps off the patient meanwhile.

use crate::domain::plan::{self, Next};
use crate::domain::run::{Run, StepState};
use crate::ports::journal::{Journal, StateResult};

/// The runbooks that are being carried out.
pub(super) async fn at_work(journal: &dyn Journal) -> StateResult<Vec<String>> {
    let mut runbooks = Vec::new();
    for id in journal.under_way().await? {
        // A run that cannot be read holds nothing back.
        if let Ok(run) = journal.load(id).await
            && works(&run)
        {
            runbooks.push(run.plan.id().to_string());
        }
    }
    Ok(runbooks)
}

/// Whether it does something to the patient or has. As long as it waits for its first approval nothing
/// of REI is different for it.
fn works(run: &Run) -> bool {
    let waits = matches!(plan::next(run), Next::Wait(_) | Next::AwaitApproval(_));
    let mut gated = run
        .plan
        .runbook
        .steps
        .iter()
        .filter(|step| step.gate.is_some());
    !waits || gated.any(|step| !matches!(run.state_of(&step.id), StepState::Pending { .. }))
}
