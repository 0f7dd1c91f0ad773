//! The payment provider.

use super::PortResult;
use super::backups::Work;
use crate::domain::payment::RemotePayment;
use crate::domain::provider::Reading;
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// YooKassa. Reading only: nothing here moves money.
///
/// Every request has its own deadline, answers 429 and 5xx are tried again with growing pauses and
/// fewer at a time, and what comes back is never guessed at: an answer that cannot be read is
/// `provider-answer-unreadable`. Keys that are refused are `provider-key-refused`.
#[async_trait]
pub trait PaymentProvider: Send + Sync {
    /// The status page and `GET /me`, side by side. Never an error: a reading says `Unknown` or
    /// `Down` and why.
    async fn readings(&self) -> Vec<Reading>;

    /// Payments that were begun, captured or refunded at or after `since` and before `until`, by their
    /// id. The upper bound keeps pages from moving. Progress in payments.
    async fn sweep(
        &self,
        since: Timestamp,
        until: Timestamp,
        work: &Work,
    ) -> PortResult<BTreeMap<String, RemotePayment>>;

    /// These payments, by their id, with as many requests at once as 429s allow; those that the
    /// provider does not know are left out. Progress in payments.
    async fn by_id(
        &self,
        ids: &[String],
        work: &Work,
    ) -> PortResult<BTreeMap<String, RemotePayment>>;
}
