//! The rehearsal's commands. Two of them are hidden: they are the patient's processes and the
//! manager that starts and stops them.

use super::error::{DemoError, DemoResult};
use super::units::{self, Unit};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// A whole rehearsal on this machine: no token and no network needed.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Plays a scenario with two people, prints the chat and checks the outcome.
    #[arg(long)]
    pub auto: bool,
    /// Which scenario `--auto` plays, by the id of its runbook.
    #[arg(long, value_enum, requires = "auto", default_value_t = Scenario::DatabaseCorruption)]
    pub scenario: Scenario,
    /// Port of the chat page on this machine; 0 takes a free one.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// The language of the group, and of people who chose none.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = ["en", "ru"])]
    pub locale: String,
}

/// What can be played, by the id of its runbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Bytes of the database are flipped.
    DatabaseCorruption,
    /// Everything but the bucket is gone.
    DataLoss,
    /// Redis dies, and its data is damaged.
    RedisFailure,
    /// YooKassa fails while people pay.
    PaymentOutage,
    /// An AI provider fails, and jobs with it.
    AiOutage,
}

impl Scenario {
    /// The id of its runbook.
    #[must_use]
    pub fn runbook(self) -> &'static str {
        match self {
            Self::DatabaseCorruption => "database-corruption",
            Self::DataLoss => "data-loss",
            Self::RedisFailure => "redis-failure",
            Self::PaymentOutage => "payment-outage",
            Self::AiOutage => "ai-outage",
        }
    }
}

/// What the rehearsal starts by itself.
#[derive(Debug, Clone, Subcommand)]
pub enum HiddenCommand {
    /// Runs one of the patient's units in the foreground.
    #[command(name = "demo-service", hide = true)]
    Service(ServiceArgs),
    /// Starts, stops or looks at one of the patient's units.
    #[command(name = "demo-unit", hide = true)]
    Unit(UnitArgs),
    /// Holds a drill in a folder that was made for it.
    #[command(name = "drill-stage", hide = true)]
    Stage(StageArgs),
}

/// Arguments of `drill-stage`.
#[derive(Debug, Clone, Args)]
pub struct StageArgs {
    /// The drill's folder.
    #[arg(long, value_name = "DIR")]
    pub folder: PathBuf,
}

/// Arguments of `demo-service`.
#[derive(Debug, Clone, Args)]
pub struct ServiceArgs {
    /// Which unit.
    #[arg(value_enum)]
    pub unit: Unit,
    /// The patient's install folder.
    #[arg(long, value_name = "DIR")]
    pub home: PathBuf,
}

/// Arguments of `demo-unit`.
#[derive(Debug, Clone, Args)]
pub struct UnitArgs {
    /// What to do.
    #[arg(value_enum)]
    pub verb: UnitVerb,
    /// Its name.
    pub unit: String,
    /// The patient's install folder.
    #[arg(long, value_name = "DIR")]
    pub home: PathBuf,
}

/// What can be done with a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UnitVerb {
    /// Bring it up.
    Start,
    /// Bring it down.
    Stop,
    /// Exit code 0: up; 3: down; 4: no such unit.
    Status,
}

/// Runs a hidden command. Blocking, and a service until it is ended.
///
/// # Errors
/// The unit cannot be brought up or down, or its log cannot be written.
pub async fn run_hidden(command: &HiddenCommand) -> DemoResult<ExitCode> {
    match command {
        HiddenCommand::Service(args) => super::service::run(args.unit, &args.home),
        HiddenCommand::Unit(args) => manage(args),
        HiddenCommand::Stage(args) => super::drill::play(&args.folder).await,
    }
}

fn manage(args: &UnitArgs) -> DemoResult<ExitCode> {
    let unit: Unit = match args.unit.parse() {
        Ok(unit) => unit,
        Err(DemoError::NoSuchUnit(_)) if args.verb == UnitVerb::Status => {
            return Ok(ExitCode::from(4));
        }
        Err(error) => return Err(error),
    };
    match args.verb {
        UnitVerb::Start => {
            let program = std::env::current_exe().map_err(|source| DemoError::Spawn {
                program: "this program".to_owned(),
                source,
            })?;
            units::start(unit, &args.home, &program)?;
        }
        UnitVerb::Stop => units::stop(unit, &args.home)?,
        UnitVerb::Status if !units::is_up(unit, &args.home)? => return Ok(ExitCode::from(3)),
        UnitVerb::Status => {}
    }
    Ok(ExitCode::SUCCESS)
}
