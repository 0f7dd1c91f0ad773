//! What a restored backup is held against: itself, its record, earlier tests, the live database, and
//! the promises.

use super::restore::Restored;
use super::{Order, Tester};
use crate::domain::backup::BackupTime;
use crate::domain::chore::testing::{Finding, PlaceTest, Rows, drift, is_too_old};
use crate::domain::database::{Books, Counts, Loss};
use jiff::Timestamp;
use std::time::Duration;

/// A backup's name tells when it was begun or ended, and what is being written then may be in it or
/// not: only rows older than this must be in it.
const SLACK: Duration = Duration::from_secs(5 * 60);

impl Tester {
    /// What speaks against the content.
    pub(super) async fn judged(
        &self,
        restored: &Restored,
        test: &PlaceTest,
        order: Order<'_>,
    ) -> Vec<Finding> {
        let mut found = of_itself(&restored.books);
        let (counts, others) = (&restored.report.counts, &restored.books.others);
        if let Some(recorded) = &restored.recorded {
            found.extend(against_record(recorded, counts, others));
        }
        if let Some(backup) = test.backup {
            let earlier = order
                .earlier
                .iter()
                .flat_map(|test| test.rows_until(backup));
            let earlier: Vec<Rows<'_>> = earlier.collect();
            found.extend(drift(Rows { counts, others }, &earlier));
            found.extend(self.behind(backup, restored.report.newest_row).await);
        }
        found
    }

    /// What was promised and not kept. An older backup was asked for by name: its age is no fault.
    pub(super) fn promises(&self, test: &PlaceTest, order: Order<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        let newest = order.backup.is_none() && test.backup.is_some();
        if newest && is_too_old(Duration::from_secs(test.age), self.rpo) {
            let (age, rpo) = (test.age, self.rpo.as_secs());
            found.push(Finding::TooOld { age, rpo });
        }
        if test.took.all() > self.rto {
            let (took, rto) = (test.took.all().as_secs(), self.rto.as_secs());
            found.push(Finding::TooSlow { took, rto });
        }
        found
    }

    /// Rows that the live database has from before the backup and that are newer than all in it: a
    /// copy made without its write-ahead log, or an older backup under a newer name. Nothing where the
    /// live database cannot be read.
    async fn behind(&self, backup: BackupTime, newest: Option<Timestamp>) -> Option<Finding> {
        let newest = newest?;
        let until = backup.at().checked_sub(SLACK).ok()?;
        if newest >= until {
            return None;
        }
        // In this order: rows that come meanwhile only make the difference smaller.
        let all = self.newer(newest).await?;
        let after = self.newer(until).await?;
        let rows = all.saturating_sub(after);
        (rows > 0).then_some(Finding::Behind { rows, newest })
    }

    async fn newer(&self, than: Timestamp) -> Option<u64> {
        let than = BackupTime::of(than);
        let loss: Loss = self.checks.loss(&self.database, than).await.ok()?;
        Some(loss.rows?.values().sum())
    }
}

fn of_itself(books: &Books) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let emptied = books.emptied.iter().cloned();
    found.extend(emptied.map(|table| Finding::Emptied { table }));
    if books.imbalances > 0 {
        found.push(Finding::BalancesDiffer {
            users: books.imbalances,
            example: books.example.unwrap_or_default(),
        });
    }
    if books.trailing > 0 {
        let bytes = books.trailing;
        found.push(Finding::Trailing { bytes });
    }
    if books.header_marked {
        found.push(Finding::HeaderMarked);
    }
    found
}

/// Tables that the record does not name are passed over: it may be older than they are.
fn against_record(recorded: &Counts, counts: &Counts, others: &Counts) -> Vec<Finding> {
    let differs = recorded.iter().filter_map(|(table, before)| {
        let now = *counts.get(table).or_else(|| others.get(table))?;
        (now != *before).then(|| Finding::RecordDiffers {
            table: table.clone(),
            before: *before,
            now,
        })
    });
    differs.collect()
}
