//! Open payments, counted.

use crate::domain::payment::PendingPayments;
use crate::ports::PortResult;
use crate::ports::records::Records;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Open payments by age and sum.
///
/// # Errors
/// REI's rows cannot be read.
pub async fn pending(records: &dyn Records, now: Timestamp) -> PortResult<PendingPayments> {
    let mut found = PendingPayments::default();
    let mut users = BTreeSet::new();
    let rows = records.payments(None).await?;
    for row in rows.iter().filter(|row| row.status.is_open()) {
        let age = match now.duration_since(row.created_at).as_hours() {
            ..1 => 0,
            1..24 => 1,
            _ => 2,
        };
        if let Some(count) = found.by_age.get_mut(age) {
            *count += 1;
        }
        let sum = found.sums.entry(row.amount.currency.clone()).or_default();
        *sum = sum.saturating_add(row.amount.minor);
        found.oldest = [found.oldest, Some(row.created_at)]
            .into_iter()
            .flatten()
            .min();
        users.insert(row.user);
    }
    found.users = users.len() as u64;
    Ok(found)
}
