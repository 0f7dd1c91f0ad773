//! A file system call that does not come back.

use super::ground::{Ground, only};
use crate::support::wait::until;
use async_trait::async_trait;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::health::{Condition, Part, SignCode};
use rei_recovery::ports::log::{LogNews, LogPosition, LogRate, PatientLog};
use rei_recovery::ports::{PortError, PortResult};
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// A pipe without a writer: whoever opens it to read waits in the kernel.
struct Pipe(PathBuf);

impl Pipe {
    fn at(path: &Path) -> Self {
        let made = Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
        Self(path.to_owned())
    }

    /// A file takes its name; whoever waits in it goes on waiting.
    fn give_way_to(&mut self, contents: &str) {
        let aside = self.0.with_extension("aside");
        std::fs::rename(&self.0, &aside).unwrap();
        let place = std::mem::replace(&mut self.0, aside);
        std::fs::write(place, contents).unwrap();
    }

    fn let_go(&self) {
        // Open for both never waits, and lets every reader in.
        drop(
            OpenOptions::new()
                .read(true)
                .write(true)
                .open(&self.0)
                .unwrap(),
        );
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        // Whatever a test found: no thread may be left in there.
        self.let_go();
    }
}

/// A log on a file system that does not answer. The program's own reader takes no pipe for a log.
struct Log(PathBuf);

#[async_trait]
impl PatientLog for Log {
    async fn end(&self) -> PortResult<LogPosition> {
        Err(PortError::new(FailureCode::FileError))
    }

    async fn since(&self, _: &LogPosition) -> PortResult<LogNews> {
        Err(PortError::new(FailureCode::FileError))
    }

    async fn rate(&self, _: Duration) -> PortResult<LogRate> {
        let path = self.0.clone();
        let opened = tokio::task::spawn_blocking(move || File::open(path)).await;
        opened.unwrap().unwrap();
        Ok(LogRate::default())
    }
}

/// Threads of this process that wait for the other end of a pipe.
fn waiting() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    tasks
        .filter(|task| {
            let place = std::fs::read_to_string(task.path().join("wchan"));
            place.is_ok_and(|place| place == "wait_for_partner")
        })
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_that_hangs_holds_up_no_round_and_is_not_joined_by_a_second() {
    let mut ground = Ground::new();
    ground.ports.log = Arc::new(Log(ground.path("bot.log")));
    std::fs::remove_file(ground.path("bot.log")).unwrap();
    let mut pipe = Pipe::at(&ground.path("bot.log"));
    let observer = ground.observer();
    let mut seen = 0;
    for turn in 0..3 {
        let round = tokio::time::timeout(Duration::from_secs(10), observer.round()).await;
        let round = round.expect("a round ends whatever hangs");
        let log = only(&round, Part::Log);
        assert_eq!(log.condition, Condition::Unknown);
        assert!(log.shows(SignCode::Silent));
        let why = log.failure.unwrap().detail.unwrap_or_default();
        assert_eq!(why.starts_with("still busy since"), turn > 0, "{why}");
        // Under load any other look may be late once by itself.
        seen += usize::from(only(&round, Part::Database).condition == Condition::Up);
    }
    assert!(seen > 0, "what does not hang is seen");
    assert_eq!(waiting(), 1);
    // Else the next look would hang as well whenever it begins after the end of this one.
    pipe.give_way_to("");
    pipe.let_go();
    until("the end of the hung look", async || {
        let round = observer.round().await;
        (!only(&round, Part::Log).shows(SignCode::Silent)).then_some(())
    })
    .await;
}
