//! Stopping, starting and watching units.

use crate::domain::database::Loss;
use crate::domain::facts::{Facts, LogPosition};
use crate::domain::failure::FailureCode;
use crate::domain::run::Run;
use crate::domain::unit::{UnitName, UnitState, UnitStatus};
use crate::engine::Patient;
use crate::ports::backups::Work;
use crate::ports::{PortError, PortResult};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// How often a watched unit is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// So many automatic restarts while it is watched are a loop.
const LOOP: u32 = 2;

pub(super) async fn stop(patient: &Patient, units: &[UnitName]) -> PortResult<Facts> {
    let mut seen = Vec::new();
    for unit in units {
        seen.push(patient.units.stop(unit).await?);
    }
    Ok(Facts::Units {
        units: seen,
        log: None,
    })
}

pub(super) async fn start(patient: &Patient, units: &[UnitName]) -> PortResult<Facts> {
    // Taken before: what the units say while they start is what matters most.
    let log = patient.log.end().await.ok();
    let mut seen = Vec::new();
    for unit in units {
        seen.push(patient.units.start(unit).await?);
    }
    Ok(Facts::Units { units: seen, log })
}

pub(super) async fn restart(patient: &Patient, units: &[UnitName]) -> PortResult<Facts> {
    for unit in units.iter().rev() {
        patient.units.stop(unit).await?;
    }
    start(patient, units).await
}

async fn watch(
    patient: &Patient,
    run: &Run,
    (units, period): (&[UnitName], Duration),
    work: &Work,
) -> PortResult<Facts> {
    let mut log = match before_start(run) {
        Some(position) if !tried_before(run) => position,
        _ => patient.log.end().await?,
    };
    let mut first = BTreeMap::new();
    let mut log_lines = 0;
    let end = Instant::now() + period;
    loop {
        let mut seen = Vec::new();
        for unit in units {
            let status = patient.units.status(unit).await?;
            let restarts = *first
                .entry(unit.clone())
                .or_insert(status.restarts.unwrap_or(0));
            calm(&status, restarts)?;
            seen.push(status);
        }
        let news = patient.log.since(&log).await?;
        log = news.position;
        log_lines += news.lines;
        if let Some(line) = news.database_errors.first() {
            let count = i64::try_from(news.database_errors.len()).unwrap_or(i64::MAX);
            return Err(PortError::new(FailureCode::LogErrors)
                .with("first", line.as_str())
                .with("count", count));
        }
        if Instant::now() >= end {
            return Ok(Facts::Watched {
                units: seen,
                log_lines,
                lost: None,
            });
        }
        tokio::select! {
            () = tokio::time::sleep_until((Instant::now() + LOOK).min(end)) => {}
            () = work.cancel.cancelled() => return Err(PortError::new(FailureCode::CutOff)),
        }
    }
}

/// The same for a run that put another database in place. What was lost is measured meanwhile: nobody
/// waits for REI any more, and the old file is no longer written to.
pub(super) async fn watch_and_count(
    patient: &Patient,
    run: &Run,
    watched: (&[UnitName], Duration),
    work: &Work,
) -> PortResult<Facts> {
    let counted = async { Ok(lost(patient, run).await) };
    let (mut facts, counted) = tokio::try_join!(watch(patient, run, watched, work), counted)?;
    if let Facts::Watched { lost, .. } = &mut facts {
        *lost = counted;
    }
    Ok(facts)
}

/// Nothing where no database lies aside or it tells nothing: the run is no worse for it.
async fn lost(patient: &Patient, run: &Run) -> Option<Loss> {
    let backup = run.plan.backup.as_ref()?.backup.time;
    let aside = run.find_facts(|facts| match facts {
        Facts::Quarantined(aside) => Some(aside.clone()),
        _ => None,
    })?;
    let file = aside.folder.join(run.plan.database.file_name()?);
    let found = patient.checks.loss(&file, backup).await;
    let found = found.inspect_err(|error| tracing::warn!(%error, "the loss cannot be measured"));
    found.ok().filter(|loss| *loss != Loss::default())
}

/// Where the log ended before the units were started.
fn before_start(run: &Run) -> Option<LogPosition> {
    run.find_facts(|facts| match facts {
        Facts::Units { log, .. } => log.clone(),
        _ => None,
    })
}

/// Whether a person had this step tried again: what it saw the last time was read by him, and would
/// fail it for ever. An attempt that was only cut off has told nobody anything.
fn tried_before(run: &Run) -> bool {
    run.running()
        .is_some_and(|(step, attempt)| attempt > run.cut_offs(&step) + 1)
}

fn calm(status: &UnitStatus, restarts_before: u32) -> PortResult<()> {
    let restarts = status.restarts.unwrap_or(0).saturating_sub(restarts_before);
    let unit = status.unit.as_str();
    if restarts >= LOOP {
        return Err(PortError::new(FailureCode::UnitRestartLoop)
            .with("unit", unit)
            .with("restarts", i64::from(restarts)));
    }
    match status.state {
        UnitState::Active | UnitState::Activating => Ok(()),
        _ => Err(PortError::new(FailureCode::UnitWentDown)
            .with("unit", unit)
            .with("state", status.detail.as_str())),
    }
}
