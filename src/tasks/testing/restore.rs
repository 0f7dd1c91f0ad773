//! From a backup to a counted database in a folder of its own.

use super::Tester;
use crate::domain::Timestamp;
use crate::domain::backup::{Backup, Known, VerificationRecord};
use crate::domain::chore::testing::{Content, PlaceTest};
use crate::domain::database::{Books, CheckReport, Counts};
use crate::domain::failure::{Arg, FailureCode};
use crate::ports::backups::{Fetched, Work};
use crate::ports::database::{Depth, Layout};
use crate::ports::{PortError, PortResult};
use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};

/// What stays free beside `state.db`: a backup that grows without end must not take the program's own
/// memory with it.
const RESERVE: u64 = 128 << 20;
/// How often the room is looked at.
const TICK: Duration = Duration::from_millis(100);

/// A backup that was restored and could be counted.
#[derive(Debug)]
pub(super) struct Restored {
    pub(super) fetched: Fetched,
    pub(super) report: CheckReport,
    pub(super) books: Books,
    /// Counts that were written down for these very bytes before.
    pub(super) recorded: Option<Counts>,
}

impl Restored {
    pub(super) fn record(&self, backup: &Backup, now: Timestamp) -> VerificationRecord {
        VerificationRecord {
            time: backup.time,
            content: self.fetched.content.clone(),
            bytes: self.fetched.bytes,
            counts: self.report.counts.clone(),
            verified_at: now,
            sqlite: self.report.sqlite.clone(),
        }
    }
}

impl Tester {
    /// Restores and counts. What is known and how long it took is in `test` also where this fails.
    pub(super) async fn restored(
        &self,
        backup: &Backup,
        name: &str,
        test: &mut PlaceTest,
        work: &Work,
    ) -> PortResult<Restored> {
        let folder = self.scratch.make(name).await?;
        let layout = Layout {
            database: folder.join("bot.db"),
            quarantine: folder.join("quarantine"),
            staging: folder.join("bot.db"),
        };
        let file = &layout.staging;
        let begun = Instant::now();
        let fetching = |work| self.fetch(&layout, backup, work);
        let fetched = self.within_room(&folder, work, fetching).await;
        test.took.fetch = millis(begun);
        let fetched = fetched?;
        test.content = Some(content(&fetched));
        let recorded = self.recorded(backup, &fetched).await?;
        let begun = Instant::now();
        let report = self.checks.check(file, Depth::Full, work).await;
        test.took.check = millis(begun);
        let report = report?;
        let begun = Instant::now();
        let books = self.checks.books(file, work).await;
        test.took.books = millis(begun);
        let books = books?;
        if let Some(content) = &mut test.content {
            content.counts.clone_from(&report.counts);
            content.others.clone_from(&books.others);
            content.newest_row = report.newest_row;
        }
        Ok(Restored {
            fetched,
            report,
            books,
            recorded,
        })
    }

    async fn fetch(&self, layout: &Layout, backup: &Backup, work: Work) -> PortResult<Fetched> {
        let missing = || PortError::new(FailureCode::BackupPlaceMissing);
        let place = self.backups.place(&backup.place).ok_or_else(missing)?;
        self.files.stage(layout, place, backup, &work).await
    }

    /// What was counted of these very bytes before. Other bytes under the same name are no backup that
    /// anybody may rely on.
    async fn recorded(&self, backup: &Backup, fetched: &Fetched) -> PortResult<Option<Counts>> {
        match self.backups.known(backup, fetched, None).await {
            Known::Proved(record) => Ok(Some(record.counts)),
            Known::Nothing => Ok(None),
            Known::Other(record) => Err(PortError::new(FailureCode::ContentMismatch)
                .with("backup", backup.time.to_string())
                .with("expected", record.content.short())
                .with("found", fetched.content.short())),
        }
    }

    /// Lets `job` write only while enough room is left.
    async fn within_room<T, F>(
        &self,
        folder: &Path,
        work: &Work,
        job: impl FnOnce(Work) -> F,
    ) -> PortResult<T>
    where
        F: Future<Output = PortResult<T>>,
    {
        let cancel = work.cancel.child_token();
        let job = job(Work {
            cancel: cancel.clone(),
            ..work.clone()
        });
        tokio::pin!(job);
        let mut left = self.scratch.room().await;
        loop {
            if left.is_some_and(|left| left < RESERVE) {
                cancel.cancel();
                let _ = job.await;
                return Err(full(folder, left.unwrap_or_default()));
            }
            tokio::select! {
                done = &mut job => return done,
                () = tokio::time::sleep(TICK) => left = self.scratch.room().await,
            }
        }
    }
}

fn full(folder: &Path, free: u64) -> PortError {
    PortError::new(FailureCode::DiskFull)
        .with("path", folder.display().to_string())
        .with("needed", Arg::Bytes(RESERVE))
        .with("free", Arg::Bytes(free))
}

fn content(fetched: &Fetched) -> Content {
    Content {
        bytes: fetched.bytes,
        hash: fetched.content.clone(),
        counts: Counts::new(),
        others: Counts::new(),
        newest_row: None,
    }
}

fn millis(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
