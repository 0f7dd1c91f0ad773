//! REI's records: rows that are read and, in a few narrow cases, written while REI writes too.

use super::PortResult;
use super::backups::Work;
use crate::domain::campaign::audience::User;
use crate::domain::database::Counts;
use crate::domain::job::{JobId, JobRow, JobStatus, Tallies};
use crate::domain::payment::{LocalPayment, PaymentStatus, Settled};
use async_trait::async_trait;
use jiff::Timestamp;

/// A user whose balance is not the sum of his ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imbalance {
    /// Who.
    pub user: i64,
    /// `users.balance`.
    pub balance: i64,
    /// `SUM(ledger.amount)`.
    pub ledger: i64,
}

/// A person who gets a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// Telegram user id.
    pub id: i64,
    /// His language, as REI keeps it.
    pub language: String,
}

/// A change of one payment's row, decided by comparison with the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The row as it was compared.
    pub row: LocalPayment,
    /// The provider's id, kept where the row had none.
    pub provider_id: String,
    /// What it becomes; `Succeeded` credits the ledger and the balance in the same transaction.
    pub status: PaymentStatus,
}

/// The patient's database while it is in use.
///
/// Names come from `schema.toml`. Reading never hinders REI. A writing call is one short transaction
/// (`BEGIN IMMEDIATE`), waits for REI's own at most some seconds, and looks again at the rows before
/// it changes them. A table that is missing is `schema-differs`, naming it; a database that is not
/// there or damaged is what the checks call it.
#[async_trait]
pub trait Records: Send + Sync {
    /// Rows `queued` or `processing`, oldest first.
    async fn unfinished_jobs(&self) -> PortResult<Vec<JobRow>>;

    /// Rows `failed` that were written at or after `since`, oldest first.
    async fn failed_jobs(&self, since: Option<Timestamp>) -> PortResult<Vec<JobRow>>;

    /// The rows of these ids, in any order; unknown ids are left out.
    async fn jobs(&self, ids: &[JobId]) -> PortResult<Vec<JobRow>>;

    /// Turns these rows from `from` to `to` where they still say `from`; tells which it turned.
    async fn turn_jobs(
        &self,
        ids: &[JobId],
        from: JobStatus,
        to: JobStatus,
    ) -> PortResult<Vec<JobId>>;

    /// How jobs written at or after `since` ended, per provider.
    async fn tallies(&self, since: Timestamp) -> PortResult<Tallies>;

    /// Texts of `jobs.error` of rows that failed at or after `since`, with provider and count, most
    /// frequent first, at most 50.
    async fn errors(&self, since: Timestamp) -> PortResult<Vec<(String, String, u64)>>;

    /// Open payments, and those begun or changed at or after `since`, oldest first; without a moment
    /// the open ones alone.
    async fn payments(&self, since: Option<Timestamp>) -> PortResult<Vec<LocalPayment>>;

    /// Payments whose own id or provider's id is one of these, whatever their age; unknown names are
    /// left out. A payment of the provider belongs to nobody only when this finds no row.
    async fn payments_named(&self, names: &[String]) -> PortResult<Vec<LocalPayment>>;

    /// Writes down what the provider says of a payment, exactly once whoever else does. A row that
    /// turned `succeeded` less than a minute ago and has no credits yet is left to REI (`Moved`).
    async fn settle(&self, settlement: &Settlement) -> PortResult<Settled>;

    /// Rows of each table, by the contract's names. A look of a second at most: a table that takes
    /// longer makes it `timed-out`.
    async fn counts(&self) -> PortResult<Counts>;

    /// Users whose balance is not the sum of their ledger, at most `limit`, and how many there are.
    async fn imbalances(&self, limit: u32, work: &Work) -> PortResult<(u64, Vec<Imbalance>)>;

    /// Balance of one user by his row and by the ledger; nothing where there is no such user.
    async fn balance(&self, user: i64) -> PortResult<Option<Imbalance>>;

    /// Users after this id, in order, at most `limit`.
    async fn users(&self, after: Option<i64>, limit: u32) -> PortResult<Vec<User>>;

    /// Writes down that these people blocked REI; tells how many rows that changed. Many are written
    /// in several short transactions; repeatable.
    async fn mark_blocked(&self, users: &[i64]) -> PortResult<u64>;

    /// These people with their language, without those who blocked REI.
    async fn addressees(&self, users: &[i64]) -> PortResult<Vec<Addressee>>;

    /// Users with an open payment begun at or after `since`.
    async fn with_open_payments(&self, since: Timestamp) -> PortResult<Vec<i64>>;

    /// Users with a job that is unfinished or failed at or after `since`; of one provider, or any.
    async fn with_troubled_jobs(
        &self,
        since: Timestamp,
        provider: Option<&str>,
    ) -> PortResult<Vec<i64>>;
}
