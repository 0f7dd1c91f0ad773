//! REI's processes: what holds `bot.db` open, writes to it and suffers when it is broken.
//!
//! The bot is a stand-in; its workers and Redis are the real programs, which this process becomes.
//! TERM ends the bot as it ends a Python program that does not catch it: at once. However it ends,
//! what it committed is still in the WAL.

mod bot;
mod errands;
mod pylog;
mod surroundings;
mod understudy;
mod work;

pub(super) use bot::PACE;
pub(super) use errands::Errands;
pub(super) use surroundings::set_environment;
pub(super) use understudy::UNDERSTUDIES;

use super::error::{DemoError, DemoResult};
use super::needs::PYTHON;
use super::redis_server;
use super::units::{Presence, Unit};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Runs a unit until a signal ends it, or until the database has failed it too often.
///
/// # Errors
/// It runs already, its program is missing, or the log cannot be written.
pub fn run(unit: Unit, home: &Path) -> DemoResult<ExitCode> {
    let presence = Presence::announce(unit, home)?;
    if understudy::plays(unit, home)? {
        return understudy::run(unit, home);
    }
    match unit {
        Unit::Bot => bot::run(home),
        Unit::Workers => become_program(&presence, workers(home)?),
        Unit::Redis => become_program(&presence, redis_server::server(home)?),
    }
}

/// RQ's worker as REI starts it, with the job function from REI's folder.
fn workers(home: &Path) -> DemoResult<Command> {
    let mut command = python(home)?;
    command.args(["-m", "rq.cli", "worker", "--url"]);
    command.arg(redis_server::url(home)?);
    command.arg("default");
    Ok(command)
}

/// Python in REI's folder, with the units' environment.
fn python(home: &Path) -> DemoResult<Command> {
    let mut command = Command::new(PYTHON);
    command
        .envs(surroundings::environment(home)?)
        .env("PYTHONPATH", home)
        .env("PYTHONWARNINGS", "ignore")
        // Its cache would lie about in a folder whose files are compared.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(home);
    Ok(command)
}

/// Comes back only when the program cannot be run.
fn become_program(presence: &Presence, mut command: Command) -> DemoResult<ExitCode> {
    presence.outlives_exec()?;
    let source = command.exec();
    Err(DemoError::Spawn {
        program: command.get_program().to_string_lossy().into_owned(),
        source,
    })
}
