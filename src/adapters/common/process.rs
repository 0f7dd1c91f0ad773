//! Programs that are run: the end of their output, and their end together with all they started.

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use rustix::thread::clear_ambient_capability_set;
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Starts a program with no more rights than its user has.
///
/// The unit gives this program its rights as ambient ones, and those pass to every child. What is run
/// for REI was written by whoever can write to REI's folder: with `CAP_DAC_OVERRIDE` it would read this
/// bot's token. The ambient set is a thread's own, so a thread that has given it up makes the child.
pub(crate) fn spawn_without_rights(command: &mut Command) -> io::Result<Child> {
    let runtime = tokio::runtime::Handle::current();
    std::thread::scope(|scope| {
        let spawned = scope.spawn(|| {
            let _inside = runtime.enter();
            match clear_ambient_capability_set() {
                // A kernel that knows of none has passed none on.
                Ok(()) | Err(Errno::INVAL) => command.spawn(),
                Err(error) => Err(error.into()),
            }
        });
        let panicked = |_| Err(io::Error::other("the thread that starts it panicked"));
        spawned.join().unwrap_or_else(panicked)
    })
}

/// How often is looked whether a program that was asked to end has done so.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A program with its children, in a process group of its own; killed unless it is released.
pub(crate) struct Group(Option<Pid>);

impl Group {
    /// The group that this child leads.
    pub(crate) fn of(child: &Child) -> Self {
        let pid = child.id().and_then(|id| i32::try_from(id).ok());
        Self(pid.and_then(Pid::from_raw))
    }

    /// It ended by itself; what it left running in the background stays.
    pub(crate) fn release(&mut self) {
        self.0 = None;
    }

    /// Asks the group to end, and kills what is left of it when its leader has ended or `patience`
    /// is over. The leader must not have been waited for: its number stays taken until then, so no
    /// stranger can be hit.
    pub(crate) async fn end(mut self, patience: Duration) {
        let Some(leader) = self.0 else {
            return;
        };
        let _ = kill_process_group(leader, Signal::TERM);
        let deadline = Instant::now() + patience;
        while !has_ended(leader) && Instant::now() < deadline {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let _ = kill_process_group(leader, Signal::KILL);
        self.release();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            // It may have ended this very moment.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

/// Looks without taking its number from it.
fn has_ended(pid: Pid) -> bool {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    !matches!(waitid(WaitId::Pid(pid), look), Ok(None))
}

/// The end of an output.
#[derive(Debug, Clone)]
pub(crate) struct Tail {
    kept: Arc<Mutex<VecDeque<u8>>>,
    most: usize,
}

impl Tail {
    /// Keeps so many bytes.
    pub(crate) fn new(most: usize) -> Self {
        let kept = Arc::default();
        Self { kept, most }
    }

    /// Reads for as long as somebody writes, also after the program ended: a daemon that it left
    /// behind must not die of a closed pipe.
    pub(crate) fn follow(
        &self,
        mut pipe: impl AsyncRead + Unpin + Send + 'static,
    ) -> JoinHandle<()> {
        let tail = self.clone();
        tokio::spawn(async move {
            let mut chunk = [0; 4096];
            while let Ok(read @ 1..) = pipe.read(&mut chunk).await {
                tail.keep(&chunk[..read]);
            }
        })
    }

    /// What was kept so far.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().copied().collect()
    }

    fn keep(&self, bytes: &[u8]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(bytes);
        let surplus = kept.len().saturating_sub(self.most);
        kept.drain(..surplus);
    }
}
