//! The program under test as a process: started, ended, killed, and what it printed.

use super::environment::Environment;
use crate::demo::error::{DemoError, DemoResult, at};
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{ExitStatus, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// How long it may take to end after TERM: it finishes or parks its step first.
const FAREWELL: Duration = Duration::from_secs(60);

/// How long a console command may take.
const CONSOLE: Duration = Duration::from_secs(180);

/// Lines of its output that an error shows.
const SHOWN: usize = 30;

/// The program with its environment.
#[derive(Debug)]
pub(super) struct Program {
    path: PathBuf,
    environment: Environment,
    folder: PathBuf,
    child: Mutex<Option<Child>>,
    /// What console commands printed.
    printed: Mutex<String>,
}

/// How a console command ended.
#[derive(Debug, Clone)]
pub struct Console {
    /// Its exit code; absent when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl Program {
    pub(super) fn new(path: PathBuf, environment: Environment, folder: PathBuf) -> Self {
        Self {
            path,
            environment,
            folder,
            child: Mutex::new(None),
            printed: Mutex::default(),
        }
    }

    pub(super) fn environment(&self) -> &Environment {
        &self.environment
    }

    fn log_file(&self) -> PathBuf {
        self.folder.join("bot.out")
    }

    /// All that `run` printed, over all its lives.
    pub(super) fn log(&self) -> String {
        fs::read(self.log_file())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// All that console commands printed.
    pub(super) fn printed(&self) -> String {
        let printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        printed.clone()
    }

    pub(super) fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(SHOWN)..].join("\n")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.path);
        command
            .args(args)
            .env_clear()
            .envs(&self.environment)
            // Lines that it comes by count as the tests' own.
            .envs(profile())
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            // Ctrl-C on the rehearsal's terminal is not meant for it.
            .process_group(0)
            .kill_on_drop(true);
        command
    }

    fn cannot_run(&self, source: std::io::Error) -> DemoError {
        DemoError::Spawn {
            program: self.path.display().to_string(),
            source,
        }
    }

    fn child(&self) -> MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts `run` and does not wait for anything.
    pub(super) fn spawn(&self) -> DemoResult<()> {
        let path = self.log_file();
        let output = File::options().append(true).create(true).open(&path);
        let output = output.map_err(at(&path))?;
        let errors = output.try_clone().map_err(at(&path))?;
        let mut command = self.command(&["run"]);
        command.stdout(output).stderr(errors);
        let child = command.spawn().map_err(|e| self.cannot_run(e))?;
        *self.child() = Some(child);
        Ok(())
    }

    /// How it ended, if it has; nothing while it runs or before its first start.
    pub(super) fn ended(&self) -> Option<ExitStatus> {
        self.child().as_mut()?.try_wait().ok()?
    }

    /// Its process; nothing before its first start and after its end.
    pub(super) fn pid(&self) -> Option<u32> {
        let mut child = self.child();
        let child = child.as_mut()?;
        match child.try_wait() {
            Ok(None) => child.id(),
            _ => None,
        }
    }

    /// Sends a signal; a process that has ended gets none.
    pub(super) fn send(&self, signal: Signal) -> DemoResult<()> {
        let child = self.child();
        // Until it is waited for, its number belongs to nobody else.
        let pid = child
            .as_ref()
            .and_then(|child| Pid::from_raw(i32::try_from(child.id()?).ok()?));
        match pid.map(|pid| kill_process(pid, signal)) {
            None | Some(Ok(()) | Err(rustix::io::Errno::SRCH)) => Ok(()),
            Some(Err(error)) => Err(self.cannot_run(error.into())),
        }
    }

    /// Waits for its end; nothing when it was never started.
    pub(super) async fn wait(&self) -> DemoResult<Option<ExitStatus>> {
        let deadline = Instant::now() + FAREWELL;
        loop {
            if self.child().is_none() {
                return Ok(None);
            }
            if let Some(status) = self.ended() {
                return Ok(Some(status));
            }
            if Instant::now() >= deadline {
                return Err(DemoError::Waited {
                    what: "the end of the program".to_owned(),
                    within: FAREWELL,
                    seen: self.log_tail(),
                });
            }
            tokio::time::sleep(super::LOOK_EVERY).await;
        }
    }

    /// Runs a console command in the same environment.
    pub(super) async fn console(&self, args: &[&str]) -> DemoResult<Console> {
        let mut command = self.command(args);
        let output = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .output();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match tokio::time::timeout(CONSOLE, output).await {
            Ok(Ok(Output {
                status,
                stdout,
                stderr,
            })) => {
                let console = Console {
                    code: status.code(),
                    stdout: text(&stdout),
                    stderr: text(&stderr),
                };
                let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
                printed.extend([&*console.stdout, &*console.stderr]);
                drop(printed);
                Ok(console)
            }
            Ok(Err(error)) => Err(self.cannot_run(error)),
            Err(_) => Err(DemoError::Waited {
                what: format!("the end of `{}`", args.join(" ")),
                within: CONSOLE,
                seen: String::new(),
            }),
        }
    }
}

/// Where a measurement of coverage wants to find what this process' children came by.
fn profile() -> impl Iterator<Item = (OsString, OsString)> {
    crate::config::environment().filter(|(name, _)| name == "LLVM_PROFILE_FILE")
}
