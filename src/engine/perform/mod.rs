//! What each action does: one arm, one call.

mod bot;
mod database;
mod fetch;
mod install;
mod jobs;
mod notices;
mod providers;
pub(super) mod redis;
mod units;

use super::Patient;
use crate::domain::action::Action;
use crate::domain::facts::Facts;
use crate::domain::failure::FailureCode;
use crate::domain::plan::ChosenBackup;
use crate::domain::run::Run;
use crate::ports::backups::{BackupPlace, Work};
use crate::ports::database::Layout;
use crate::ports::{PortError, PortResult};
use crate::tasks::differences;
use crate::tasks::retry::Filter;
use std::sync::Arc;
use std::time::Duration;

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
        Action::StopUnits { units, .. } => units::stop(patient, units).await,
        Action::StartUnits { units, .. } => units::start(patient, units).await,
        Action::RestartUnits { units, .. } => units::restart(patient, units).await,
        Action::ProveDatabaseClosed {} => database::prove_closed(patient, run).await,
        Action::QuarantineDatabase {} => database::quarantine(patient, run).await,
        Action::ReturnDatabase {} => database::give_back(patient, run).await,
        Action::InstallDatabase {} => database::install(patient, run).await,
        Action::VerifyDatabase {} => database::verify(patient, run, work).await,
        Action::WatchUnits { units, period } => {
            units::watch_and_count(patient, run, (units, *period), work).await
        }
        Action::VerifyBot {} => bot::verify(patient, run).await,
        Action::VerifyWebhook {} => bot::webhook(patient).await,
        Action::SendTestMessage {} => bot::send_test(patient, run).await,
        Action::VerifyBalance {} => bot::balance(patient, run).await,
        other => perform_elsewhere(patient, run, other, work).await,
    }
}

/// What concerns Redis, the providers and REI's folder.
async fn perform_elsewhere(
    patient: &Patient,
    run: &Run,
    action: &Action,
    work: &Work,
) -> PortResult<Facts> {
    match action {
        Action::CheckRedis {} => redis::check(patient).await,
        Action::PingRedis { patience } => redis::ping(patient, *patience, work).await,
        Action::InspectRedis {} => redis::inspect(patient, work).await,
        Action::FlushRedis { scope } => redis::flush(patient, run, *scope).await,
        Action::RebuildQueue { queue } => redis::rebuild(patient, queue, work).await,
        Action::VerifyQueue { period } => redis::verify(patient, *period, work).await,
        Action::RetryJobs {
            last,
            provider,
            error,
            queue,
        } => {
            let filter = Filter {
                since: jobs::since(run, *last),
                until: run.plan.retry.as_ref().map(|_| run.plan.made_at),
                provider: provider.clone(),
                error: error.clone(),
            };
            jobs::retry(patient, run, (&filter, queue), work).await
        }
        Action::WatchJobs { period, threshold } => {
            jobs::watch(patient, run, (*period, *threshold), work).await
        }
        Action::ProbePayments {} => Ok(Facts::Readings {
            readings: patient.payments.readings().await,
        }),
        Action::AwaitPayments { patience } => {
            providers::wait(|| patient.payments.readings(), *patience, work).await
        }
        Action::ListPayments {} => providers::list_payments(patient).await,
        Action::SyncPayments {} => providers::sync(patient, run, work).await,
        Action::ProbeProviders {} => Ok(Facts::Readings {
            readings: patient.providers.readings().await,
        }),
        Action::AwaitProviders { patience } => {
            providers::wait(|| patient.providers.readings(), *patience, work).await
        }
        Action::SetSwitch {
            switch, on, units, ..
        } => install::switch(patient, run, (*switch, *on), units).await,
        Action::NotifyUsers { audience, notice } => {
            notices::notify(patient, run, (*audience, notice), work).await
        }
        Action::RunProgram { command } => {
            install::program(patient, run, (command, timeout(run)), work).await
        }
        Action::UnpackFiles {} => install::unpack(patient, run, work).await,
        Action::PrepareSettings {} => install::settings(patient, run).await,
        Action::Reconcile {} => reconcile(patient, run, work).await,
        _ => Err(PortError::new(FailureCode::Panicked)),
    }
}

async fn reconcile(patient: &Patient, run: &Run, work: &Work) -> PortResult<Facts> {
    let (queue, records) = (patient.queue.as_ref(), patient.records.as_ref());
    let provider = patient.payments.as_ref();
    let found = differences::look(queue, records, provider, providers::span(run), work).await;
    Ok(Facts::Reconciled(found))
}

/// The time of the step at work.
fn timeout(run: &Run) -> Duration {
    let step = run
        .running()
        .and_then(|(step, _)| run.plan.step(&step).map(|s| s.timeout));
    step.unwrap_or(Duration::from_secs(60))
}

/// Where this run puts things.
pub(super) fn layout(run: &Run) -> Layout {
    Layout {
        database: run.plan.database.clone(),
        quarantine: run.plan.quarantine.clone(),
        staging: run.plan.staging.clone(),
    }
}

/// The backup of the plan, and the place it lies in.
fn chosen<'r>(
    patient: &Patient,
    run: &'r Run,
) -> PortResult<(&'r ChosenBackup, Arc<dyn BackupPlace>)> {
    let chosen = run.plan.backup.as_ref();
    let chosen = chosen.ok_or_else(|| PortError::new(FailureCode::NoBackup))?;
    let backup = &chosen.backup;
    let place = patient.backups.place(&backup.place).ok_or_else(|| {
        PortError::new(FailureCode::BackupNotFound).with("backup", backup.time.to_string())
    })?;
    Ok((chosen, place))
}

/// The facts an earlier step left, or a failure that names what is missing.
fn earlier<T>(run: &Run, kind: &str, pick: impl Fn(&Facts) -> Option<T>) -> PortResult<T> {
    run.find_facts(pick)
        .ok_or_else(|| PortError::new(FailureCode::MissingFacts).with("step", kind))
}
