//! What an administrator puts into the system beside the package. Everything is printed and nothing is
//! put anywhere: who has root reads it first.

mod manual;
mod places;
mod polkit;

use crate::adapters::systemd::{SystemdOptions, SystemdUnits};
use crate::cli::Exit;
use crate::config::{BaseSettings, UnitManager};
use crate::domain::action::Action;
use crate::domain::failure::Args;
use crate::domain::unit::UnitName;
use crate::i18n::I18n;
use crate::runbook::Runbooks;
use clap::Subcommand;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

/// The user that the package makes.
const USER: &str = "rei-recovery";

/// What is printed.
#[derive(Debug, Subcommand)]
pub enum Deploy {
    /// The polkit rule that lets the service start and stop the configured units, and no others.
    PrintPolkit {
        /// The user that the service runs as.
        #[arg(long, default_value = USER)]
        user: String,
    },
    /// The drop-in of the service's unit that opens REI's folder and the backups to it.
    PrintUnit,
    /// Completions of this command for a shell.
    #[command(hide = true)]
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Writes the manual pages.
    #[command(hide = true)]
    Man {
        /// Into this folder.
        #[arg(long)]
        to: PathBuf,
    },
}

/// Prints it.
///
/// # Errors
/// The settings, the runbooks, or the terminal.
pub(super) async fn run(
    command: &Deploy,
    settings: impl FnOnce() -> anyhow::Result<BaseSettings>,
) -> anyhow::Result<Exit> {
    let text = match command {
        Deploy::Completions { shell } => manual::completions(*shell),
        Deploy::Man { to } => {
            manual::pages(to)?;
            return Ok(Exit::Done);
        }
        Deploy::PrintPolkit { user } => {
            let base = settings()?;
            let units = names(&base, managed(&base)?).await;
            polkit::rule(&head(&base, "deploy-polkit-head")?, user, &units)
        }
        Deploy::PrintUnit => {
            let base = settings()?;
            places::drop_in(
                &head(&base, "deploy-unit-head")?,
                &places::Places::of(&base),
            )
        }
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Exit::Done)
}

fn head(base: &BaseSettings, key: &str) -> anyhow::Result<String> {
    let i18n = I18n::new(base.zone.clone())?;
    Ok(i18n.plain(base.locale, key, &Args::new()))
}

/// REI's units, Redis's, and what the team's runbooks start or stop besides.
pub(super) fn managed(base: &BaseSettings) -> anyhow::Result<Vec<UnitName>> {
    let i18n = I18n::new(base.zone.clone())?;
    let runbooks = Runbooks::load(base.runbook_dir.as_deref(), &|key| i18n.has(key))?;
    let steps = runbooks.all().iter().flat_map(|runbook| &runbook.steps);
    let named = steps.flat_map(|step| match &step.action {
        Action::StopUnits { units, .. }
        | Action::StartUnits { units, .. }
        | Action::RestartUnits { units, .. } => units.clone(),
        _ => Vec::new(),
    });
    let patient = &base.patient;
    let mut all = patient.units.clone();
    for unit in [patient.redis_unit.clone()].into_iter().chain(named) {
        if !all.contains(&unit) {
            all.push(unit);
        }
    }
    Ok(all)
}

/// File names of units as configured, and the real ones of those that are aliases; where systemd cannot
/// be asked, only the former.
async fn names(base: &BaseSettings, units: Vec<UnitName>) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = units.iter().map(|unit| format!("{unit}.service")).collect();
    if !matches!(base.patient.manager, UnitManager::Systemd) {
        return names;
    }
    let Ok(systemd) = SystemdUnits::new(SystemdOptions::default()) else {
        return names;
    };
    for unit in &units {
        match systemd.real_name(unit).await {
            Ok(name) => drop(names.insert(name)),
            Err(error) => tracing::warn!(%unit, %error, "the unit's real name is not known"),
        }
    }
    names
}
