//! Ending what a drill left running.
//!
//! Its processes are known by a mark in their environment, which they pass on to all they start. A
//! process is held by a descriptor before it is looked at, so that no other one that got its number
//! can be hit.

use crate::adapters::common::fs::blocking;
use crate::ports::PortResult;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// The variable that names a drill's folder to the processes in it.
pub const MARK: &str = "REI_DRILL";

/// How long what was killed may take to be gone.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked.
const LOOK: Duration = Duration::from_millis(20);

/// Kills every process that bears the mark of this folder, this one excepted, until none is left.
/// Returns how many were killed. Repeatable.
///
/// # Errors
/// It has none of its own; what does not go within ten seconds is told in the log.
pub async fn sweep(folder: &Path) -> PortResult<u64> {
    let mark = format!("{MARK}={}", folder.display()).into_bytes();
    blocking(move || Ok(until_gone(&mark))).await
}

fn until_gone(mark: &[u8]) -> u64 {
    let deadline = Instant::now() + PATIENCE;
    let mut killed = 0;
    loop {
        let found = round(mark);
        killed += found;
        if found == 0 {
            return killed;
        }
        if Instant::now() >= deadline {
            tracing::warn!(found, "processes of a drill do not go");
            return killed;
        }
        std::thread::sleep(LOOK);
    }
}

/// One look at all processes.
fn round(mark: &[u8]) -> u64 {
    let Ok(entries) = fs::read_dir("/proc") else {
        return 0;
    };
    let pids = entries.filter_map(|entry| {
        let name = entry.ok()?.file_name();
        name.to_str()?.parse::<i32>().ok()
    });
    let own = i32::try_from(std::process::id()).unwrap_or_default();
    let killed = pids.filter(|pid| *pid != own && kill(*pid, mark));
    killed.count() as u64
}

/// A process that has ended bears no mark any more: its environment is gone before its number is.
fn kill(number: i32, mark: &[u8]) -> bool {
    let Some(pid) = Pid::from_raw(number) else {
        return false;
    };
    let Ok(held) = pidfd_open(pid, PidfdFlags::empty()) else {
        return false;
    };
    let environment = fs::read(format!("/proc/{number}/environ")).unwrap_or_default();
    let marked = environment.split(|byte| *byte == 0).any(|it| it == mark);
    marked && pidfd_send_signal(&held, Signal::KILL).is_ok()
}
