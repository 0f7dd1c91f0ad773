//! REI's records: rows of its live database, read and in a few narrow cases written while REI writes
//! too.
//!
//! Every call opens the database anew and closes it again: a handle that stays open would keep a
//! restore from proving the file closed, or go on writing into the one that was put aside.

mod jobs;
mod payments;
mod people;
mod rows;
mod settle;

use super::common::fs::blocking;
use super::common::sqlite::{Limit, Opened, look, missing, written};
use crate::domain::campaign::audience::User;
use crate::domain::database::{Counts, Schema};
use crate::domain::failure::FailureCode;
use crate::domain::job::{JobId, JobRow, JobStatus, Tallies};
use crate::domain::payment::{LocalPayment, Settled};
use crate::ports::backups::Work;
use crate::ports::records::{Addressee, Imbalance, Records, Settlement};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Longest count of all rows: it is wanted at once or not at all.
const COUNTING: Duration = Duration::from_secs(1);

/// Rows marked in one transaction: REI waits for a lock only so long.
const MARKED_AT_ONCE: usize = 1000;

/// How long a call may take.
#[derive(Debug, Clone, Copy)]
pub struct RecordsLimits {
    /// All reading or writing of one call.
    pub call: Duration,
    /// Going over the whole ledger.
    pub ledger: Duration,
    /// Waiting for a lock that REI holds.
    pub busy: Duration,
}

impl Default for RecordsLimits {
    fn default() -> Self {
        Self {
            call: Duration::from_secs(20),
            ledger: Duration::from_secs(5 * 60),
            busy: Duration::from_secs(5),
        }
    }
}

/// Where the database is and what is special about it.
#[derive(Debug, Clone)]
pub struct RecordsOptions {
    /// `REI_DB`, absolute.
    pub database: PathBuf,
    /// The names of its tables and columns.
    pub schema: Schema,
    /// Where `jobs.params` holds the provider's id of a task, per provider: names of JSON objects
    /// within each other, separated by points, for example `kling.task_id`.
    pub tasks: BTreeMap<String, String>,
    /// How long things may take.
    pub limits: RecordsLimits,
}

/// REI's database.
#[derive(Debug, Clone)]
pub struct ReiRecords {
    options: Arc<RecordsOptions>,
}

impl ReiRecords {
    /// Nothing is opened yet.
    #[must_use]
    pub fn new(options: RecordsOptions) -> Self {
        Self {
            options: Arc::new(options),
        }
    }

    /// Reads; `tables` are those it needs, by the contract's names.
    async fn read<T: Send + 'static>(
        &self,
        tables: &'static [&'static str],
        work: impl Fn(&Book<'_>) -> PortResult<T> + Send + 'static,
    ) -> PortResult<T> {
        let limit = Limit::new(self.options.limits.call, Work::default().cancel);
        self.read_within(limit, tables, work).await
    }

    async fn read_within<T: Send + 'static>(
        &self,
        limit: Limit,
        tables: &'static [&'static str],
        work: impl Fn(&Book<'_>) -> PortResult<T> + Send + 'static,
    ) -> PortResult<T> {
        let options = Arc::clone(&self.options);
        blocking(move || {
            let busy = options.limits.busy;
            look(&options.database, busy, &limit, |opened| {
                let book = Book::of(opened, &options);
                work(&book).map_err(|error| book.for_want_of(tables, error))
            })
        })
        .await
    }

    /// Changes rows in one transaction.
    async fn change<T: Send + 'static>(
        &self,
        tables: &'static [&'static str],
        work: impl FnOnce(&Book<'_>) -> PortResult<T> + Send + 'static,
    ) -> PortResult<T> {
        let options = Arc::clone(&self.options);
        blocking(move || {
            let limits = options.limits;
            let limit = Limit::new(limits.call + limits.busy, Work::default().cancel);
            let opened = Opened::to_write(&options.database, limits.busy, limit)?;
            let book = Book::of(&opened, &options);
            let changed = opened.change(|| work(&book));
            changed.map_err(|error| book.for_want_of(tables, error))
        })
        .await
    }
}

/// The open database with the patient's own names.
struct Book<'a> {
    opened: &'a Opened,
    options: &'a RecordsOptions,
}

impl<'a> Book<'a> {
    fn of(opened: &'a Opened, options: &'a RecordsOptions) -> Self {
        Self { opened, options }
    }

    /// SQL with the patient's names in the place of `[table]` and `[table.column]`.
    fn sql(&self, text: &str) -> String {
        written(text, &self.options.schema)
    }

    /// A table or column that is not there explains any error, and is named.
    fn for_want_of(&self, tables: &[&str], error: PortError) -> PortError {
        if error.code() != FailureCode::DatabaseCheckFailed {
            return error;
        }
        let mut used = self.options.schema.clone();
        used.tables.retain(|key, _| tables.contains(&key.as_str()));
        match missing(self.opened, &used) {
            Ok(names) if !names.is_empty() => PortError::new(FailureCode::SchemaDiffers)
                .with("path", self.opened.path().display().to_string())
                .with("missing", names.join(", ")),
            _ => error,
        }
    }
}

#[async_trait]
impl Records for ReiRecords {
    async fn unfinished_jobs(&self) -> PortResult<Vec<JobRow>> {
        self.read(&["jobs"], jobs::unfinished).await
    }

    async fn failed_jobs(&self, since: Option<Timestamp>) -> PortResult<Vec<JobRow>> {
        let read = move |book: &Book<'_>| jobs::failed(book, since);
        self.read(&["jobs"], read).await
    }

    async fn jobs(&self, ids: &[JobId]) -> PortResult<Vec<JobRow>> {
        let ids = rows::list(ids);
        self.read(&["jobs"], move |book| jobs::of(book, &ids)).await
    }

    async fn turn_jobs(
        &self,
        ids: &[JobId],
        from: JobStatus,
        to: JobStatus,
    ) -> PortResult<Vec<JobId>> {
        let ids = rows::list(ids);
        let turn = move |book: &Book<'_>| jobs::turn(book, &ids, &from, &to);
        self.change(&["jobs"], turn).await
    }

    async fn tallies(&self, since: Timestamp) -> PortResult<Tallies> {
        let read = move |book: &Book<'_>| jobs::tallies(book, since);
        self.read(&["jobs"], read).await
    }

    async fn errors(&self, since: Timestamp) -> PortResult<Vec<(String, String, u64)>> {
        let read = move |book: &Book<'_>| jobs::errors(book, since);
        self.read(&["jobs"], read).await
    }

    async fn payments(&self, since: Option<Timestamp>) -> PortResult<Vec<LocalPayment>> {
        let read = move |book: &Book<'_>| payments::since(book, since);
        self.read(&["payments", "ledger"], read).await
    }

    async fn payments_named(&self, names: &[String]) -> PortResult<Vec<LocalPayment>> {
        let names = rows::list(names);
        let read = move |book: &Book<'_>| payments::named(book, &names);
        self.read(&["payments", "ledger"], read).await
    }

    async fn settle(&self, settlement: &Settlement) -> PortResult<Settled> {
        let settlement = settlement.clone();
        let settle = move |book: &Book<'_>| settle::settle(book, &settlement, Timestamp::now());
        self.change(&["payments", "ledger", "users"], settle).await
    }

    async fn counts(&self) -> PortResult<Counts> {
        let within = Limit::new(COUNTING, Work::default().cancel);
        let tables = &["users", "jobs", "ledger", "payments"];
        self.read_within(within, tables, rows::counts).await
    }

    async fn imbalances(&self, limit: u32, work: &Work) -> PortResult<(u64, Vec<Imbalance>)> {
        let within = Limit::new(self.options.limits.ledger, work.cancel.clone());
        let read = move |book: &Book<'_>| people::imbalances(book, limit);
        self.read_within(within, &["users", "ledger"], read).await
    }

    async fn balance(&self, user: i64) -> PortResult<Option<Imbalance>> {
        let read = move |book: &Book<'_>| people::balance(book, user);
        self.read(&["users", "ledger"], read).await
    }

    async fn users(&self, after: Option<i64>, limit: u32) -> PortResult<Vec<User>> {
        let read = move |book: &Book<'_>| people::users(book, after, limit);
        self.read(&["users"], read).await
    }

    async fn mark_blocked(&self, users: &[i64]) -> PortResult<u64> {
        let mut turned = 0;
        for some in users.chunks(MARKED_AT_ONCE) {
            let some = rows::list(some);
            let mark = move |book: &Book<'_>| people::mark_blocked(book, &some);
            turned += self.change(&["users"], mark).await?;
        }
        Ok(turned)
    }

    async fn addressees(&self, users: &[i64]) -> PortResult<Vec<Addressee>> {
        let users = rows::list(users);
        let read = move |book: &Book<'_>| people::addressees(book, &users);
        self.read(&["users"], read).await
    }

    async fn with_open_payments(&self, since: Timestamp) -> PortResult<Vec<i64>> {
        let read = move |book: &Book<'_>| people::with_open_payments(book, since);
        self.read(&["payments"], read).await
    }

    async fn with_troubled_jobs(
        &self,
        since: Timestamp,
        provider: Option<&str>,
    ) -> PortResult<Vec<i64>> {
        let provider = provider.map(str::to_owned);
        let read =
            move |book: &Book<'_>| people::with_troubled_jobs(book, since, provider.as_deref());
        self.read(&["jobs"], read).await
    }
}
