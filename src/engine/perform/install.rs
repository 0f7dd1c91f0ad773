//! REI's folder: its switches, its saved files, and the programs that set it up.

use super::units;
use crate::domain::facts::Facts;
use crate::domain::failure::FailureCode;
use crate::domain::install::Switch;
use crate::domain::run::{Phase, Run};
use crate::domain::unit::UnitName;
use crate::engine::Patient;
use crate::ports::backups::Work;
use crate::ports::{PortError, PortResult};
use std::time::Duration;

/// What is left of a program's time when its step's own is over: it is ended before.
const GRACE: Duration = Duration::from_secs(5);

/// As an undo it goes back to what the step found, and touches nothing where that changed nothing.
pub(super) async fn switch(
    patient: &Patient,
    run: &Run,
    (switch, on): (Switch, bool),
    units: &[UnitName],
) -> PortResult<Facts> {
    let keep = run.plan.quarantine.join("settings");
    let found = run.find_facts(|facts| match facts {
        Facts::Switched(switched) if switched.switch == switch => Some(switched.clone()),
        _ => None,
    });
    let going_back = matches!(run.phase, Phase::RollingBack(_));
    let target = match found {
        Some(before) if going_back && before.copy.is_none() => {
            return Ok(super::bot::not_applicable("reason-was-so-before"));
        }
        Some(before) if going_back => before.was.unwrap_or(false),
        _ => on,
    };
    let switched = patient
        .settings
        .set(&run.plan.home, switch, target, &keep)
        .await?;
    // Also after a repeated call that changed nothing: the units may still run with the old line.
    units::restart(patient, units).await?;
    Ok(Facts::Switched(switched))
}

pub(super) async fn program(
    patient: &Patient,
    run: &Run,
    (command, within): (&[String], Duration),
    work: &Work,
) -> PortResult<Facts> {
    let within = within.saturating_sub(GRACE).max(Duration::from_secs(1));
    let report = patient
        .programs
        .run(&run.plan.home, command, within, work)
        .await?;
    if report.code == Some(0) {
        return Ok(Facts::Ran(report));
    }
    let code = report
        .code
        .map_or_else(|| "–".to_owned(), |code| code.to_string());
    Err(PortError::new(FailureCode::ProgramFailed)
        .with("program", command.first().map_or("", String::as_str))
        .with("code", code)
        .because(report.tail))
}

pub(super) async fn unpack(patient: &Patient, run: &Run, work: &Work) -> PortResult<Facts> {
    let (chosen, place) = super::chosen(patient, run)?;
    let Some(archive) = patient.saved.find(&place, chosen.backup.time).await? else {
        return Ok(super::bot::not_applicable("reason-no-saved-files"));
    };
    let aside = run.plan.quarantine.join("files");
    let unpacked = patient
        .saved
        .unpack(place, &archive, (&run.plan.home, &aside), work)
        .await?;
    Ok(Facts::Unpacked(unpacked))
}

pub(super) async fn settings(patient: &Patient, run: &Run) -> PortResult<Facts> {
    let home = &run.plan.home;
    let made = patient.settings.make_env(home).await?;
    let missing = patient.settings.missing_keys(home).await?;
    if missing.is_empty() {
        return Ok(Facts::SettingsReady { made });
    }
    Err(PortError::new(FailureCode::SettingsIncomplete)
        .with("path", home.join(".env").display().to_string())
        .with("missing", missing.join(", ")))
}
