//! Programs that a runbook file lists, such as `pip3 install -r requirements.txt`.
//!
//! No shell, none of this program's settings in the environment, and never more rights than the
//! owner of REI's folder has: what runs there comes from files that REI's user can write. A program
//! that puts itself into a session of its own is not ended with its group; an installer does not.

mod surroundings;
mod words;

use super::common::fs::blocking;
use super::common::process::{Group, Tail, spawn_without_rights};
use crate::domain::failure::FailureCode;
use crate::ports::backups::Work;
use crate::ports::install::{ProgramReport, Programs};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use surroundings::User;
use tokio::process::{Child, Command};
use tokio::time::Instant;

/// Bytes of output kept: enough for 2,000 characters of any length, whole to their first line.
const OUTPUT_KEPT: usize = 16 * 1024;
/// How long a program may tidy up before it is killed.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long output may still come after the end: a daemon that was left behind may hold the pipe.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// How long the kernel may take to end a killed program that waits for a disk.
const REAPING: Duration = Duration::from_secs(5);

/// Programs on the local machine.
#[derive(Debug, Clone)]
pub struct LocalPrograms {
    environment: Vec<(OsString, OsString)>,
}

impl LocalPrograms {
    /// From this program's environment only what an installer needs is passed on: search path,
    /// language, proxies, certificates.
    pub fn new(environment: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        Self {
            environment: surroundings::passed_on(environment),
        }
    }

    fn start(&self, home: &Path, command: &[String], user: Option<User>) -> PortResult<Child> {
        let program = command.first().map(String::as_str).unwrap_or_default();
        let mut process = Command::new(found_in(home, program));
        process
            .args(command.get(1..).unwrap_or_default())
            .current_dir(home)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        if let Some(user) = user {
            // Taking another user's number also drops the groups of this one.
            process.uid(user.uid).gid(user.gid).env("HOME", user.home);
            for name in ["USER", "LOGNAME"] {
                match &user.name {
                    Some(login) => process.env(name, login),
                    None => process.env_remove(name),
                };
            }
        }
        spawn_without_rights(&mut process).map_err(|error| {
            PortError::new(FailureCode::ProgramMissing)
                .with("program", program)
                .because(error)
        })
    }
}

#[async_trait]
impl Programs for LocalPrograms {
    async fn run(
        &self,
        home: &Path,
        command: &[String],
        within: Duration,
        work: &Work,
    ) -> PortResult<ProgramReport> {
        let folder = home.to_owned();
        let user = blocking(move || surroundings::user_of(&folder)).await?;
        let started = Instant::now();
        let mut child = self.start(home, command, user)?;
        let mut group = Group::of(&child);
        let output = Tail::new(OUTPUT_KEPT);
        let readers = [
            child.stdout.take().map(|pipe| output.follow(pipe)),
            child.stderr.take().map(|pipe| output.follow(pipe)),
        ];
        let status = tokio::select! {
            biased;
            () = work.cancel.cancelled() => Err(PortError::new(FailureCode::CutOff)),
            status = child.wait() => Ok(status),
            () = tokio::time::sleep(within) => {
                Err(PortError::new(FailureCode::TimedOut).with("seconds", within))
            }
        };
        let status = match status {
            Ok(status) => {
                status.map_err(|e| PortError::new(FailureCode::CutOff).because(e).unknown())?
            }
            Err(error) => {
                group.end(PATIENCE).await;
                let _ = tokio::time::timeout(REAPING, child.wait()).await;
                return Err(error.because(words::last(&output.bytes())).unknown());
            }
        };
        group.release();
        let finished = futures::future::join_all(readers.into_iter().flatten());
        let _ = tokio::time::timeout(LAST_WORDS, finished).await;
        Ok(ProgramReport {
            code: status.code(),
            tail: words::last(&output.bytes()),
            millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }
}

/// A program with a folder in its name is meant as seen from REI's folder, such as `venv/bin/pip`;
/// one without is looked for in the search path.
fn found_in(home: &Path, program: &str) -> PathBuf {
    match program.contains('/') {
        true => home.join(program),
        false => PathBuf::from(program),
    }
}
