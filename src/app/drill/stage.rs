//! The process in which a drill is held.

use crate::adapters::enclosure::{MARK, sweep};
use crate::domain::chore::drill::{Now, Seen};
use crate::domain::failure::{Failure, FailureCode};
use crate::ports::PortResult;
use crate::ports::backups::Work;
use crate::ports::drill::Line;
use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Where programs are: nothing else of this program's environment goes along.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// What the process says besides.
const LOG: &str = "stage.log";
/// How long it may take to clear up after it was told to end.
const FAREWELL: Duration = Duration::from_secs(20);
/// Bytes of its log that a failure shows.
const SHOWN: usize = 600;

/// Has the drill held, and gives what was seen. When the work is called off, so is the drill.
pub(super) async fn play(
    program: &Path,
    folder: &Path,
    told: impl Fn(Now),
    work: &Work,
) -> Result<Seen, Failure> {
    let mut child = start(program, folder).map_err(|error| broken(folder).because(error))?;
    let lines = child.stdout.take().map(|out| BufReader::new(out).lines());
    let Some(mut lines) = lines else {
        return Err(broken(folder));
    };
    loop {
        let line = tokio::select! {
            line = lines.next_line() => line,
            () = work.cancel.cancelled() => {
                farewell(child).await;
                return Err(Failure::new(FailureCode::CutOff));
            }
        };
        match line.ok().flatten().map(|line| serde_json::from_str(&line)) {
            Some(Ok(Line::Now { now })) => told(now),
            Some(Ok(Line::Seen { seen })) => {
                farewell(child).await;
                return Ok(*seen);
            }
            Some(Err(error)) => tracing::warn!(%error, "the drill said something unknown"),
            None => return Err(broken(folder)),
        }
    }
}

/// Its standard input stays open for as long as this program lives: when it closes, the process ends
/// the drill by itself.
fn start(program: &Path, folder: &Path) -> std::io::Result<Child> {
    let log = File::create(folder.join(LOG))?;
    Command::new(program)
        .arg("drill-stage")
        .arg("--folder")
        .arg(folder)
        .env_clear()
        .env("PATH", PATH)
        .env(MARK, folder)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(log)
        // Ctrl-C is meant for this program, which then ends the drill in order.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

async fn farewell(mut child: Child) {
    drop(child.stdin.take());
    if tokio::time::timeout(FAREWELL, child.wait()).await.is_err() {
        tracing::warn!("the drill's process does not end, and is killed");
        drop(child.kill().await);
    }
}

/// It ended without a word; its log may tell why.
fn broken(folder: &Path) -> Failure {
    let log = std::fs::read_to_string(folder.join(LOG)).unwrap_or_default();
    let from = log.len().saturating_sub(SHOWN);
    let from = (from..=log.len()).find(|at| log.is_char_boundary(*at));
    let tail = log[from.unwrap_or_default()..].trim();
    let failure = Failure::new(FailureCode::DrillBroken);
    match tail {
        "" => failure,
        tail => failure.because(crate::ports::redact::tokens(tail)),
    }
}

/// Ends whatever is left of a drill in this folder.
pub(super) async fn end(folder: &Path) -> PortResult<()> {
    sweep(folder).await?;
    #[cfg(feature = "demo")]
    crate::demo::drill::end_units(folder).await;
    sweep(folder).await.map(drop)
}
