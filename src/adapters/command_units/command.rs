//! Running one command to its end, or to the end of patience.

use crate::adapters::common::process::{Group, Tail, spawn_without_rights};
use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::process::{Child, Command};

/// How much of the end of a command's output is kept.
const OUTPUT_KEPT: usize = 1_024;

/// How long output may still come after the command ended. A daemon that it left behind may hold
/// the pipe open for ever.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ended {
    /// Absent when a signal ended it.
    pub(super) code: Option<i32>,
    signal: Option<i32>,
    /// The end of what it printed, on one line.
    output: String,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code, self.signal) {
            (Some(code), _) => write!(f, "exit code {code}")?,
            (None, Some(signal)) => write!(f, "ended by signal {signal}")?,
            (None, None) => f.write_str("ended")?,
        }
        if self.output.is_empty() {
            return Ok(());
        }
        write!(f, ": {}", self.output)
    }
}

/// Why a command's end was not seen.
#[derive(Debug, thiserror::Error)]
pub(super) enum RunError {
    #[error("cannot be run: {0}")]
    NotRun(std::io::Error),
    #[error("did not end within {} s", .0.as_secs_f32())]
    Overdue(Duration),
    #[error("its end was not seen: {0}")]
    Lost(std::io::Error),
}

/// Runs commands without this program's secrets.
#[derive(Debug)]
pub(super) struct Runner {
    withheld: Vec<String>,
}

impl Runner {
    pub(super) fn new(withheld: Vec<String>) -> Self {
        Self { withheld }
    }

    /// Runs the command (program first). If it takes longer, or the caller stops waiting, it is
    /// killed with all that it started in its process group.
    pub(super) async fn run(&self, words: &[String], limit: Duration) -> Result<Ended, RunError> {
        let mut child = self.spawn(words).map_err(RunError::NotRun)?;
        let mut group = Group::of(&child);
        let output = Tail::new(OUTPUT_KEPT);
        let readers = [
            child.stdout.take().map(|pipe| output.follow(pipe)),
            child.stderr.take().map(|pipe| output.follow(pipe)),
        ];
        let status = tokio::time::timeout(limit, child.wait())
            .await
            .map_err(|_| RunError::Overdue(limit))?
            .map_err(RunError::Lost)?;
        group.release();
        let finished = futures::future::join_all(readers.into_iter().flatten());
        let _ = tokio::time::timeout(LAST_WORDS, finished).await;
        Ok(ended(status, &output))
    }

    fn spawn(&self, words: &[String]) -> std::io::Result<Child> {
        let (program, arguments) = words
            .split_first()
            .ok_or_else(|| std::io::Error::other("no program"))?;
        let mut command = Command::new(program);
        for name in &self.withheld {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        spawn_without_rights(&mut command)
    }
}

fn ended(status: ExitStatus, output: &Tail) -> Ended {
    Ended {
        code: status.code(),
        signal: status.signal(),
        output: on_one_line(output),
    }
}

/// All of it on one line.
fn on_one_line(tail: &Tail) -> String {
    let bytes = tail.bytes();
    let text = String::from_utf8_lossy(&bytes);
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}
