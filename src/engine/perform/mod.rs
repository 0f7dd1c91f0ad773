//! What each action does: one arm, one call.

mod bot;
mod database;
mod fetch;
mod units;

use super::Patient;
use crate::domain::action::Action;
use crate::domain::facts::Facts;
use crate::domain::failure::FailureCode;
use crate::domain::run::Run;
use crate::ports::backups::Work;
use crate::ports::database::Layout;
use crate::ports::{PortError, PortResult};

/// Carries out an action on the patient.
pub(super) async fn perform(
    patient: &Patient,
    run: &Run,
    action: &Action,
    work: &Work,
) -> PortResult<Facts> {
    match action {
        Action::FetchBackup {} => fetch::fetch(patient, run, work).await,
        Action::DiscardStaged {} => database::discard(patient, run).await,
        Action::StopUnits { units } => units::stop(patient, units).await,
        Action::StartUnits { units } => units::start(patient, units).await,
        Action::ProveDatabaseClosed {} => database::prove_closed(patient, run).await,
        Action::QuarantineDatabase {} => database::quarantine(patient, run).await,
        Action::ReturnDatabase {} => database::give_back(patient, run).await,
        Action::InstallDatabase {} => database::install(patient, run).await,
        Action::VerifyDatabase {} => database::verify(patient, run, work).await,
        Action::WatchUnits { units, period } => {
            units::watch(patient, run, (units, *period), work).await
        }
        Action::VerifyBot {} => bot::verify(patient, run).await,
        Action::SendTestMessage {} => bot::send_test(patient, run).await,
    }
}

/// Where this run puts things.
pub(super) fn layout(run: &Run) -> Layout {
    Layout {
        database: run.plan.database.clone(),
        quarantine: run.plan.quarantine.clone(),
        staging: run.plan.staging.clone(),
    }
}

/// The facts an earlier step left, or a failure that names what is missing.
fn earlier<T>(run: &Run, kind: &str, pick: impl Fn(&Facts) -> Option<T>) -> PortResult<T> {
    run.find_facts(pick)
        .ok_or_else(|| PortError::new(FailureCode::MissingFacts).with("step", kind))
}
