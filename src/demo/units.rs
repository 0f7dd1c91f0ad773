//! A process manager in miniature, for `UNIT_MANAGER=command`.
//!
//! Each unit is a process of its own. It holds a lock on a file for as long as it lives, which the
//! kernel releases whatever ends it, and has its pid in that file: a pid is only ever trusted while
//! the lock is held, so none is mistaken for another process that got its number. Redis and RQ's
//! worker inherit the lock from the process that becomes them.

use super::error::{DemoError, DemoResult, at};
use super::redis_server;
use clap::ValueEnum;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a process may take to come up, and to go after TERM.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who only looks at a unit holds its lock for an instant, and the unit must not give up for that.
const LOOKED_AT: Duration = Duration::from_secs(1);

/// How often it is looked at meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The patient's units, and the one it leans on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Unit {
    /// Redis, which holds the queue.
    #[value(name = "redis", alias = "redis.service")]
    Redis,
    /// The bot itself.
    #[value(name = "rei_bot", alias = "rei_bot.service")]
    Bot,
    /// Its workers, RQ's own.
    #[value(name = "rei_bot_workers", alias = "rei_bot_workers.service")]
    Workers,
}

impl Unit {
    /// In the order in which they are started.
    pub const ALL: [Self; 3] = [Self::Redis, Self::Bot, Self::Workers];

    /// REI's own, which hold its database.
    pub const REI: [Self; 2] = [Self::Bot, Self::Workers];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Bot => "rei_bot",
            Self::Workers => "rei_bot_workers",
        }
    }
}

impl std::str::FromStr for Unit {
    type Err = DemoError;

    fn from_str(name: &str) -> DemoResult<Self> {
        let plain = name.strip_suffix(".service").unwrap_or(name);
        Self::ALL
            .into_iter()
            .find(|unit| unit.name() == plain)
            .ok_or_else(|| DemoError::NoSuchUnit(name.to_owned()))
    }
}

/// Held by a unit's process for as long as it lives.
#[derive(Debug)]
pub(super) struct Presence {
    lock: File,
}

impl Presence {
    /// Says that this process is the unit.
    pub(super) fn announce(unit: Unit, home: &Path) -> DemoResult<Self> {
        let path = lock_file(unit, home)?;
        let mut file = open(&path)?;
        let deadline = Instant::now() + LOOKED_AT;
        while let Err(error) = file.try_lock() {
            if Instant::now() >= deadline {
                return Err(at(&path)(error.into()));
            }
            thread::sleep(LOOK_EVERY);
        }
        file.set_len(0).map_err(at(&path))?;
        write!(file, "{}", std::process::id()).map_err(at(&path))?;
        Ok(Self { lock: file })
    }

    /// Makes it outlive the change of this process into another program, which then is the unit,
    /// together with all that it forks.
    pub(super) fn outlives_exec(&self) -> DemoResult<()> {
        let kept = rustix::io::fcntl_setfd(&self.lock, rustix::io::FdFlags::empty());
        kept.map_err(|error| DemoError::NotHere(format!("the unit's lock cannot be kept: {error}")))
    }
}

/// The unit's process; nothing while it does not run.
///
/// # Errors
/// The lock file cannot be read.
pub fn pid(unit: Unit, home: &Path) -> DemoResult<Option<u32>> {
    let path = lock_file(unit, home)?;
    // Two who look at the same time must not take each other for the unit.
    match open(&path)?.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => {
            let text = fs::read_to_string(&path).map_err(at(&path))?;
            Ok(text.trim().parse().ok())
        }
        Err(TryLockError::Error(error)) => Err(at(&path)(error)),
    }
}

/// Starts the unit as a process of its own and waits until it is up; one that runs is left alone.
/// `program` is this program, whose hidden command the unit is.
///
/// # Errors
/// It cannot be run, or ended at once.
pub fn start(unit: Unit, home: &Path, program: &Path) -> DemoResult<()> {
    if is_up(unit, home)? {
        return Ok(());
    }
    let mut child = spawn(unit, home, program)?;
    let up = wait_until(|| Ok(is_ready(unit, home)? || has_ended(&mut child)?))?;
    if is_ready(unit, home)? {
        return Ok(());
    }
    let status = child.try_wait().ok().flatten().map(|s| s.to_string());
    let status = status.unwrap_or_else(|| if up { "nothing" } else { "no sign of life" }.into());
    Err(DemoError::Ended {
        program: unit.name().to_owned(),
        status,
        output: fs::read_to_string(output_file(unit, home)?).unwrap_or_default(),
    })
}

/// Ends the unit with TERM, and with KILL when that does not help; one that is down is left alone.
///
/// # Errors
/// It cannot be signalled, or is still there.
pub fn stop(unit: Unit, home: &Path) -> DemoResult<()> {
    for signal in [Signal::TERM, Signal::KILL] {
        send(unit, home, signal)?;
        if wait_until(|| Ok(!is_up(unit, home)?))? {
            return Ok(());
        }
    }
    Err(DemoError::Waited {
        what: format!("the end of {}", unit.name()),
        within: PATIENCE,
        seen: "it is still there".to_owned(),
    })
}

/// Ends every unit at once, without ceremony; for the end of a rehearsal.
pub fn kill_all(home: &Path) {
    for unit in Unit::ALL {
        if let Err(error) = send(unit, home, Signal::KILL) {
            tracing::warn!(unit = unit.name(), %error, "a unit could not be ended");
        }
    }
}

/// Sends a signal to the unit's process, if there is one.
///
/// # Errors
/// It cannot be signalled.
pub fn send(unit: Unit, home: &Path, signal: Signal) -> DemoResult<()> {
    let Some(pid) = pid(unit, home)?.and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)) else {
        return Ok(());
    };
    match kill_process(pid, signal) {
        Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(error) => Err(at(&lock_file(unit, home)?)(error.into())),
    }
}

/// Whether the unit's process lives.
///
/// # Errors
/// The lock file cannot be read.
pub fn is_up(unit: Unit, home: &Path) -> DemoResult<bool> {
    pid(unit, home).map(|pid| pid.is_some())
}

/// Redis tells its manager when it takes connections; the others are up when they run.
fn is_ready(unit: Unit, home: &Path) -> DemoResult<bool> {
    Ok(is_up(unit, home)? && (unit != Unit::Redis || redis_server::answers(home)?))
}

fn spawn(unit: Unit, home: &Path, program: &Path) -> DemoResult<Child> {
    let path = output_file(unit, home)?;
    let output = File::create(&path).map_err(at(&path))?;
    let errors = output.try_clone().map_err(at(&path))?;
    Command::new(program)
        .args(["demo-service", unit.name(), "--home"])
        .arg(home)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        // Ctrl-C on the rehearsal's terminal is not meant for it.
        .process_group(0)
        .spawn()
        .map_err(|source| DemoError::Spawn {
            program: program.display().to_string(),
            source,
        })
}

fn has_ended(child: &mut Child) -> DemoResult<bool> {
    match child.try_wait() {
        Ok(ended) => Ok(ended.is_some()),
        Err(source) => Err(DemoError::Spawn {
            program: "demo-service".to_owned(),
            source,
        }),
    }
}

fn wait_until(mut holds: impl FnMut() -> DemoResult<bool>) -> DemoResult<bool> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if holds()? {
            return Ok(true);
        }
        if Instant::now() >= deadline {
            return Ok(false);
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// Beside the install folder and not in it: a patient that lost all its files is still running.
pub(super) fn folder(home: &Path) -> DemoResult<PathBuf> {
    let mut name = home.file_name().unwrap_or_default().to_owned();
    name.push(".units");
    let folder = home.with_file_name(name);
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    Ok(folder)
}

fn lock_file(unit: Unit, home: &Path) -> DemoResult<PathBuf> {
    Ok(folder(home)?.join(format!("{}.pid", unit.name())))
}

fn output_file(unit: Unit, home: &Path) -> DemoResult<PathBuf> {
    Ok(folder(home)?.join(format!("{}.out", unit.name())))
}

fn open(path: &Path) -> DemoResult<File> {
    let mut options = File::options();
    let file = options.read(true).write(true).create(true).truncate(false);
    file.open(path).map_err(at(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_that_does_not_run_has_no_pid_whatever_its_file_says() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("rei_bot");
        fs::write(lock_file(Unit::Bot, &home).unwrap(), "1").unwrap();
        assert_eq!(pid(Unit::Bot, &home).unwrap(), None);
        stop(Unit::Bot, &home).unwrap();
    }

    #[test]
    fn a_unit_is_up_while_its_process_holds_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("rei_bot");
        let presence = Presence::announce(Unit::Workers, &home).unwrap();
        assert_eq!(pid(Unit::Workers, &home).unwrap(), Some(std::process::id()));
        assert!(Presence::announce(Unit::Workers, &home).is_err());
        drop(presence);
        assert!(!is_up(Unit::Workers, &home).unwrap());
    }

    #[test]
    fn names_are_those_of_the_settings() {
        assert_eq!("rei_bot.service".parse::<Unit>().unwrap(), Unit::Bot);
        assert!("nginx".parse::<Unit>().is_err());
    }
}
