//! Running one command to its end, or to the end of patience.

use rustix::process::{Pid, Signal, kill_process_group};
use std::collections::VecDeque;
use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
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
        let output = Tail::default();
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
            .kill_on_drop(true)
            .spawn()
    }
}

fn ended(status: ExitStatus, output: &Tail) -> Ended {
    Ended {
        code: status.code(),
        signal: status.signal(),
        output: output.on_one_line(),
    }
}

/// The command with its children; killed unless it is released.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        let pid = child.id().and_then(|id| i32::try_from(id).ok());
        Self(pid.and_then(Pid::from_raw))
    }

    fn release(&mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            // It may have ended this very moment.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

/// The end of an output.
#[derive(Debug, Clone, Default)]
struct Tail(Arc<Mutex<VecDeque<u8>>>);

impl Tail {
    /// Reads for as long as somebody writes, also after the command ended: a daemon that it left
    /// behind must not die of a closed pipe.
    fn follow(
        &self,
        mut pipe: impl AsyncRead + Unpin + Send + 'static,
    ) -> tokio::task::JoinHandle<()> {
        let tail = self.clone();
        tokio::spawn(async move {
            let mut chunk = [0; 4096];
            while let Ok(read @ 1..) = pipe.read(&mut chunk).await {
                tail.keep(&chunk[..read]);
            }
        })
    }

    fn keep(&self, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(bytes);
        let surplus = kept.len().saturating_sub(OUTPUT_KEPT);
        kept.drain(..surplus);
    }

    fn on_one_line(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = kept.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let words: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        words.join(" ")
    }
}
