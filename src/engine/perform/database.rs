//! The swap of the database file.

use super::{earlier, layout};
use crate::domain::action::Action;
use crate::domain::facts::Facts;
use crate::domain::failure::FailureCode;
use crate::domain::run::Run;
use crate::engine::Patient;
use crate::ports::backups::Work;
use crate::ports::database::{Depth, HoldersReport};
use crate::ports::{PortError, PortResult};
use std::time::Duration;

/// A unit that was just stopped may need a moment until the kernel has closed its last file.
const CLOSING: Duration = Duration::from_secs(3);
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Stops again what the run stopped and somebody else started since: a supervisor, the machine's own
/// start, a person. The approval that stopped it was given for this very thing. Open files alone prove
/// nothing where REI runs out of our sight, in a container.
async fn halt(patient: &Patient, run: &Run) -> PortResult<()> {
    let steps = run.plan.runbook.steps.iter().map(|step| &step.action);
    let stops = steps.filter(|action| matches!(action, Action::StopUnits { .. }));
    for unit in stops.flat_map(Action::units) {
        patient.units.stop(unit).await?;
    }
    Ok(())
}

/// Nothing of REI's runs, and nobody holds the database.
async fn is_at_rest(patient: &Patient, run: &Run) -> PortResult<()> {
    halt(patient, run).await?;
    closed(&patient.holders.holders(&run.plan.database).await?)
}

pub(super) async fn prove_closed(patient: &Patient, run: &Run) -> PortResult<Facts> {
    halt(patient, run).await?;
    let deadline = tokio::time::Instant::now() + CLOSING;
    loop {
        let report = patient.holders.holders(&run.plan.database).await?;
        match closed(&report) {
            Ok(()) => {
                return Ok(Facts::Closed {
                    processes: report.seen,
                });
            }
            Err(error) if tokio::time::Instant::now() >= deadline => return Err(error),
            Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
        }
    }
}

fn closed(report: &HoldersReport) -> PortResult<()> {
    if let Some(holder) = report.holders.first() {
        let others = i64::try_from(report.holders.len() - 1).unwrap_or(i64::MAX);
        return Err(PortError::new(FailureCode::DatabaseInUse)
            .with("process", holder.name.as_str())
            // A name, not a count: nobody can kill "26,819".
            .with("pid", holder.pid.to_string())
            .with("file", holder.file.display().to_string())
            .with("others", others));
    }
    if report.hidden > 0 {
        let processes = i64::try_from(report.hidden).unwrap_or(i64::MAX);
        return Err(PortError::new(FailureCode::HoldersHidden).with("processes", processes));
    }
    Ok(())
}

pub(super) async fn quarantine(patient: &Patient, run: &Run) -> PortResult<Facts> {
    // The proof was some time ago; a process that came since would write into the new database.
    is_at_rest(patient, run).await?;
    Ok(Facts::Quarantined(
        patient.files.quarantine(&layout(run)).await?,
    ))
}

pub(super) async fn give_back(patient: &Patient, run: &Run) -> PortResult<Facts> {
    is_at_rest(patient, run).await?;
    Ok(Facts::Returned {
        files: patient.files.give_back(&layout(run)).await?,
    })
}

pub(super) async fn discard(patient: &Patient, run: &Run) -> PortResult<Facts> {
    patient.files.discard(&layout(run)).await?;
    Ok(Facts::Discarded)
}

pub(super) async fn install(patient: &Patient, run: &Run) -> PortResult<Facts> {
    let bytes = earlier(run, "fetch-backup", |facts| match facts {
        Facts::Staged(staged) => Some(staged.bytes),
        _ => None,
    })?;
    let ownership = earlier(run, "quarantine-database", |facts| match facts {
        Facts::Quarantined(quarantine) => Some(quarantine.ownership),
        _ => None,
    })?;
    is_at_rest(patient, run).await?;
    let layout = layout(run);
    // Whoever still holds the old file would go on writing to it, and nobody would read that.
    let aside = layout.database.file_name().unwrap_or_default();
    closed(
        &patient
            .holders
            .holders(&layout.quarantine.join(aside))
            .await?,
    )?;
    patient.files.install(&layout, ownership).await?;
    Ok(Facts::Installed { bytes })
}

pub(super) async fn verify(patient: &Patient, run: &Run, work: &Work) -> PortResult<Facts> {
    let database = &run.plan.database;
    let present = patient.files.present(database).await?;
    if let Some(sidecar) = present.iter().find(|path| *path != database) {
        // A sidecar of the old database would undo the restore without a word.
        return Err(
            PortError::new(FailureCode::PlaceTaken).with("path", sidecar.display().to_string())
        );
    }
    let counts = earlier(run, "fetch-backup", |facts| match facts {
        Facts::Staged(staged) => Some(staged.counts.clone()),
        _ => None,
    })?;
    let report = patient.checks.check(database, Depth::Cheap, work).await?;
    let differs = counts
        .iter()
        .find(|(table, rows)| report.counts.get(*table) != Some(rows));
    if let Some((table, _)) = differs {
        let found = report.counts.get(table).copied().unwrap_or_default();
        return Err(PortError::new(FailureCode::CountsImplausible)
            .with("path", database.display().to_string())
            .with("table", table.as_str())
            .with("count", i64::try_from(found).unwrap_or(i64::MAX)));
    }
    Ok(Facts::Verified(report))
}
