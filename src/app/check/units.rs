//! Units: known, readable, and whether we may start and stop each.

use super::finding::{Finding, Verdict, args, path};
use super::{Checker, all_units, heard, people, switches};
use crate::adapters::systemd::{SystemdOptions, SystemdUnits, UnitVerb};
use crate::config::{UnitCommands, UnitManager};
use crate::domain::failure::{Args, Failure, FailureCode};
use crate::domain::unit::{UnitName, UnitState};
use futures::FutureExt;
use futures::future::join_all;

/// Each unit by itself, so that none waits for another.
pub(super) async fn check(checker: &Checker<'_>) -> Vec<Finding> {
    let mut findings = states(checker).await;
    match &checker.settings().base.patient.manager {
        UnitManager::Systemd => findings.extend(rights(checker).await),
        UnitManager::Command(commands) => findings.extend(programs(checker, commands)),
    }
    findings
}

async fn states(checker: &Checker<'_>) -> Vec<Finding> {
    let units = match super::super::compose::units(&checker.settings().base) {
        Ok(units) => units,
        Err(error) => {
            let failure = Failure::new(FailureCode::UnitManagerUnreachable)
                .with("manager", "UNIT_MANAGER")
                .because(format!("{error:#}"));
            return vec![checker.words.failed("units", &failure)];
        }
    };
    let asked = all_units(checker.settings()).into_iter().map(|unit| {
        let units = &units;
        async move {
            let name = format!("unit {unit}");
            let status = tokio::time::timeout(super::DEADLINE, units.status(&unit)).await;
            match status {
                Ok(status) => state(checker, name, &unit, heard(status.map(|all| all.state))),
                Err(_) => checker.silent(name, Verdict::Failed),
            }
        }
    });
    join_all(asked).await
}

fn state(
    checker: &Checker<'_>,
    name: String,
    unit: &UnitName,
    state: Result<UnitState, Failure>,
) -> Finding {
    let words = &checker.words;
    let known = |state: UnitState| args([("state", state.as_str().into())]);
    match state {
        Ok(UnitState::Active) => words.ok(name, "unit-state", &known(UnitState::Active)),
        // A unit that is down is a patient that is ill, not a broken installation.
        Ok(state) => Finding {
            verdict: Verdict::Warning,
            mend: Some(words.text("check-unit-down", &args([("unit", unit.as_str().into())]))),
            ..words.ok(name, "unit-state", &known(state))
        },
        Err(failure) => {
            let unit = args([("unit", unit.as_str().into())]);
            let mend = match failure.code {
                FailureCode::UnitNotFound => "check-unit-unknown-mend",
                FailureCode::UnitManagerUnreachable => "check-manager-mend",
                _ => return words.failed(name, &failure),
            };
            words.failed_but(name, &failure, (mend, &unit))
        }
    }
}

async fn rights(checker: &Checker<'_>) -> Vec<Finding> {
    // A bus address is not configured, so it cannot be wrong.
    let Ok(systemd) = SystemdUnits::new(SystemdOptions::default()) else {
        return Vec::new();
    };
    let asked = all_units(checker.settings()).into_iter().map(|unit| {
        let systemd = &systemd;
        async move {
            let name = format!("unit {unit} rights");
            let tried = right(checker, systemd, &unit).boxed();
            match tokio::time::timeout(super::DEADLINE, tried).await {
                Ok(finding) => finding,
                Err(_) => Some(checker.silent(name, Verdict::Failed)),
            }
        }
    });
    join_all(asked).await.into_iter().flatten().collect()
}

/// Nothing where the unit could not be looked at: that was told already.
async fn right(checker: &Checker<'_>, systemd: &SystemdUnits, unit: &UnitName) -> Option<Finding> {
    let words = &checker.words;
    let name = format!("unit {unit} rights");
    for verb in [UnitVerb::Start, UnitVerb::Stop] {
        match heard(systemd.may(unit, verb).await) {
            Ok(()) => {}
            Err(failure) if failure.code == FailureCode::UnitAccessDenied => {
                let user = args([("user", people::own_user().into())]);
                let mend = ("check-polkit-mend", &user);
                return Some(words.failed_but(name, &failure, mend));
            }
            Err(failure) if failure.code == FailureCode::UnitNotFound => return None,
            Err(failure) if failure.code == FailureCode::UnitManagerUnreachable => return None,
            Err(failure) => return Some(words.failed(name, &failure)),
        }
    }
    Some(words.ok(name, "check-rights-ok", &Args::new()))
}

/// With UNIT_MANAGER=command: the programs are there and can be run.
fn programs(checker: &Checker<'_>, commands: &UnitCommands) -> Vec<Finding> {
    let settings = [
        ("UNIT_START_COMMAND", &commands.start),
        ("UNIT_STOP_COMMAND", &commands.stop),
        ("UNIT_STATUS_COMMAND", &commands.status),
    ];
    let tried = settings.map(|(setting, command)| {
        let shown = command.program.as_str();
        let found = switches::find_program(std::path::Path::new("."), shown);
        let missing = args([("program", shown.into()), ("setting", setting.into())]);
        match found {
            Some(file) => {
                let args = args([("path", path(&file))]);
                checker.words.ok(setting, "check-program-ok", &args)
            }
            None => checker
                .words
                .wrong(setting, "check-command-missing", &missing),
        }
    });
    tried.into()
}
