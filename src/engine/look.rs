//! Looking whether a step happened whose outcome is unknown.

use super::{
    Patient, Worker,
    perform::{layout, redis},
    runner,
};
use crate::domain::action::Action;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::failure::FailureCode;
use crate::domain::ids::StepId;
use crate::domain::queue::Flushed;
use crate::domain::run::Run;
use crate::domain::unit::{UnitState, UnitStatus};
use crate::ports::journal::StateResult;
use crate::ports::{PortError, PortResult};

/// Looks, and writes down what was seen.
pub(super) async fn settle(
    worker: &Worker,
    run: &Run,
    id: &StepId,
    attempt: u32,
) -> StateResult<()> {
    let Some(plan) = run.plan.step(id) else {
        return Ok(());
    };
    let seen = runner::bounded_look(worker, run, &plan.action, plan.timeout).await;
    let step = id.clone();
    let event = match seen {
        Ok(Some(facts)) => Event::StepSucceeded {
            step,
            attempt,
            facts,
        },
        Ok(None) => Event::StepNotDone {
            step,
            attempt,
            by: None,
        },
        Err(error) => Event::StepFailed {
            step,
            attempt,
            failure: error.failure,
        },
    };
    worker.decide(run, event).await.map(drop)
}

/// What the step left if it happened; nothing if it did not, or if it is of a kind that is simply
/// done again.
pub(super) async fn happened(
    patient: &Patient,
    run: &Run,
    action: &Action,
) -> PortResult<Option<Facts>> {
    match action {
        Action::QuarantineDatabase {} => Ok(patient
            .files
            .quarantined(&layout(run))
            .await?
            .map(Facts::Quarantined)),
        Action::InstallDatabase {} => installed(patient, run).await,
        Action::FlushRedis { .. } => flushed(patient, run).await,
        Action::StopUnits { units, .. } => all(patient, units, UnitStatus::is_down).await,
        _ => Ok(None),
    }
}

/// A Redis that lost its data since answers no, and is then emptied of next to nothing.
async fn flushed(patient: &Patient, run: &Run) -> PortResult<Option<Facts>> {
    let done = patient.queue.was_flushed(&redis::mark(run)).await?;
    Ok(done.then(|| Facts::Flushed(Flushed::default())))
}

async fn all(
    patient: &Patient,
    units: &[crate::domain::unit::UnitName],
    fits: fn(&UnitStatus) -> bool,
) -> PortResult<Option<Facts>> {
    let mut seen = Vec::new();
    for unit in units {
        seen.push(patient.units.status(unit).await?);
    }
    debug_assert!(
        seen.iter()
            .all(|status| status.state != UnitState::Unknown || !fits(status))
    );
    Ok(seen.iter().all(fits).then_some(Facts::Units {
        units: seen,
        log: None,
    }))
}

/// The rename is atomic: either the staged file is still there, or it is the database.
async fn installed(patient: &Patient, run: &Run) -> PortResult<Option<Facts>> {
    let layout = layout(run);
    let staged = patient
        .files
        .identity(&layout.staging)
        .await?
        .inode
        .is_some();
    let present = patient.files.present(&layout.database).await?;
    let in_place = present.contains(&layout.database);
    match (staged, in_place) {
        (true, false) => Ok(None),
        (false, true) => {
            let bytes = run.find_facts(|facts| match facts {
                Facts::Staged(staged) => Some(staged.bytes),
                _ => None,
            });
            Ok(Some(Facts::Installed {
                bytes: bytes.unwrap_or_default(),
            }))
        }
        _ => Err(PortError::new(FailureCode::PlaceTaken)
            .with("path", layout.database.display().to_string())),
    }
}
