//! Looks into database files without a trace: nothing is written to them or beside them.
//!
//! A closed file is opened as immutable, so SQLite creates no `-shm`, takes no locks and never
//! recovers a journal. The live database is opened read-only, its write-ahead log through the
//! existing `-shm` alone, and never mapped: a mapped file that somebody truncates kills the reader.

mod books;
mod content;
mod full;
mod glance;
mod loss;
mod partial;

use super::common::fs::blocking;
use super::common::sqlite::{Held, Limit, Opened, look, missing, read_header};
use crate::domain::backup::BackupTime;
use crate::domain::database::{Books, CheckReport, Counts, Loss, Schema};
use crate::domain::failure::FailureCode;
use crate::ports::backups::Work;
use crate::ports::database::{DatabaseChecks, Depth};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long looking may take.
#[derive(Debug, Clone, Copy)]
pub struct CheckLimits {
    /// One check of a closed file.
    pub check: Duration,
    /// A look into the live database.
    pub loss: Duration,
    /// Waiting for a lock that somebody holds.
    pub busy: Duration,
}

impl Default for CheckLimits {
    fn default() -> Self {
        Self {
            check: Duration::from_secs(30 * 60),
            loss: Duration::from_secs(20),
            busy: Duration::from_secs(5),
        }
    }
}

/// Checks with SQLite itself.
#[derive(Debug, Clone)]
pub struct SqliteChecks {
    schema: Arc<Schema>,
    limits: CheckLimits,
}

impl SqliteChecks {
    /// Checks against this schema.
    #[must_use]
    pub fn new(schema: Schema, limits: CheckLimits) -> Self {
        Self {
            schema: Arc::new(schema),
            limits,
        }
    }
}

#[async_trait]
impl DatabaseChecks for SqliteChecks {
    async fn check(&self, file: &Path, depth: Depth, work: &Work) -> PortResult<CheckReport> {
        let (path, schema) = (file.to_owned(), Arc::clone(&self.schema));
        let limit = Limit::new(self.limits.check, work.cancel.clone());
        blocking(move || check(&path, &schema, depth, limit)).await
    }

    async fn check_copy(&self, file: &Path, work: &Work) -> PortResult<(CheckReport, Vec<String>)> {
        let (path, schema) = (file.to_owned(), Arc::clone(&self.schema));
        let limit = Limit::new(self.limits.check, work.cancel.clone());
        blocking(move || check_copy(&path, &schema, limit)).await
    }

    async fn missing(&self, database: &Path) -> PortResult<Vec<String>> {
        let (path, this) = (database.to_owned(), self.clone());
        blocking(move || {
            let limit = Limit::new(this.limits.loss, Work::default().cancel);
            look(&path, this.limits.busy, &limit, |opened| {
                missing(opened, &this.schema)
            })
        })
        .await
    }

    async fn books(&self, file: &Path, work: &Work) -> PortResult<Books> {
        let (path, schema) = (file.to_owned(), Arc::clone(&self.schema));
        let limit = Limit::new(self.limits.check, work.cancel.clone());
        blocking(move || books::keep(&path, &schema, limit)).await
    }

    async fn check_live(&self, database: &Path, work: &Work) -> PortResult<CheckReport> {
        let (path, schema, busy) = (
            database.to_owned(),
            Arc::clone(&self.schema),
            self.limits.busy,
        );
        let limit = Limit::new(self.limits.check, work.cancel.clone());
        blocking(move || {
            let begun = Instant::now();
            let content = look(&path, busy, &limit, |opened| {
                full::integrity(opened)?;
                content::foreign_keys(opened)?;
                content::examine(opened, &schema)
            })?;
            Ok(report(content, begun))
        })
        .await
    }

    async fn check_quickly(&self, database: &Path, work: &Work) -> PortResult<()> {
        let (path, busy) = (database.to_owned(), self.limits.busy);
        let limit = Limit::new(self.limits.check, work.cancel.clone());
        blocking(move || look(&path, busy, &limit, full::structure)).await
    }

    async fn loss(&self, database: &Path, backup: BackupTime) -> PortResult<Loss> {
        let (path, this) = (database.to_owned(), self.clone());
        blocking(move || Ok(loss::loss(&path, &this.schema, backup, this.limits))).await
    }
}

fn check(path: &Path, schema: &Schema, depth: Depth, limit: Limit) -> PortResult<CheckReport> {
    let begun = Instant::now();
    let held = Held::at(path)?;
    if let Some(file) = held.file() {
        read_header(file, path)?;
    }
    let opened = Opened::closed(path, limit.clone())?;
    let missing = missing(&opened, schema)?;
    if !missing.is_empty() {
        return Err(differs(path, &missing));
    }
    let content = match depth {
        Depth::Cheap => content::examine(&opened, schema)?,
        Depth::Full => full::examine(&opened, schema, limit)?,
    };
    Ok(report(content, begun))
}

/// Every byte of it is REI's: a name that is not there was renamed by REI, and the rest is as good as ever.
fn check_copy(
    path: &Path,
    schema: &Schema,
    limit: Limit,
) -> PortResult<(CheckReport, Vec<String>)> {
    let begun = Instant::now();
    let held = Held::at(path)?;
    if let Some(file) = held.file() {
        read_header(file, path)?;
    }
    let opened = Opened::closed(path, limit.clone())?;
    let missing = missing(&opened, schema)?;
    let there = schema.without(&missing);
    if there.tables.is_empty() {
        return Err(differs(path, &missing));
    }
    let content = full::examine(&opened, &there, limit)?;
    Ok((report(content, begun), missing))
}

fn differs(path: &Path, missing: &[String]) -> PortError {
    PortError::new(FailureCode::SchemaDiffers)
        .with("path", path.display().to_string())
        .with("missing", missing.join(", "))
}

fn report((counts, newest): (Counts, Option<i64>), begun: Instant) -> CheckReport {
    CheckReport {
        counts,
        newest_row: newest.and_then(|second| Timestamp::from_second(second).ok()),
        millis: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        sqlite: rusqlite::version().to_owned(),
    }
}
