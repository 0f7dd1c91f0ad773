//! The comparison itself.

use super::{Deed, Line, LocalPayment, PaymentStatus, RemotePayment};
use std::collections::BTreeMap;

/// Compares REI's rows with what the provider knows. `remote` is keyed by the provider's id.
///
/// A row finds its payment by the provider's id; where it has none, by the one payment whose metadata
/// name the row (`payment_id`). Nothing is matched by amount or time, and a payment that more than one
/// row lays claim to is credited to none of them.
#[must_use]
pub fn reconcile(local: &[LocalPayment], remote: &BTreeMap<String, RemotePayment>) -> Vec<Line> {
    let named = named(remote);
    let found: Vec<Option<&RemotePayment>> = local
        .iter()
        .map(|row| match row.provider_id.as_deref() {
            Some(id) => remote.get(id),
            None => named.get(row.id.as_str()).copied().flatten(),
        })
        .collect();
    let mut claims: BTreeMap<&str, usize> = BTreeMap::new();
    for payment in found.iter().flatten() {
        *claims.entry(payment.id.as_str()).or_default() += 1;
    }
    let rows = local.iter().zip(&found).map(|(row, found)| Line {
        local: Some(row.clone()),
        remote: found.cloned(),
        deed: match found {
            None => without(row),
            Some(payment) if claims.get(payment.id.as_str()) > Some(&1) => among(row, payment),
            Some(payment) => deed(row, payment),
        },
    });
    let left = remote
        .iter()
        .filter(|(_, payment)| !payment.test && !claims.contains_key(payment.id.as_str()));
    rows.chain(left.map(|(_, payment)| unclaimed(payment)))
        .collect()
}

/// Which payment names a row; nothing where several do.
fn named(remote: &BTreeMap<String, RemotePayment>) -> BTreeMap<&str, Option<&RemotePayment>> {
    let mut named = BTreeMap::new();
    for payment in remote.values().filter(|payment| !payment.test) {
        if let Some(row) = payment.metadata.get("payment_id") {
            named
                .entry(row.as_str())
                .and_modify(|only| *only = None)
                .or_insert(Some(payment));
        }
    }
    named
}

fn unclaimed(payment: &RemotePayment) -> Line {
    let owes_nothing = matches!(
        payment.status,
        // What was never paid owes nobody anything.
        PaymentStatus::Pending | PaymentStatus::Canceled
    );
    Line {
        local: None,
        remote: Some(payment.clone()),
        deed: match owes_nothing {
            true => Deed::Nothing,
            false => Deed::Orphan,
        },
    }
}

/// A row that the provider knows nothing of.
fn without(row: &LocalPayment) -> Deed {
    match row.status {
        PaymentStatus::Canceled if !row.credited => Deed::Nothing,
        // Paid in another way than through the provider: the ledger has it.
        PaymentStatus::Succeeded if row.credited && row.provider_id.is_none() => Deed::Nothing,
        PaymentStatus::Other => Deed::Nothing,
        _ => Deed::Unknown,
    }
}

/// One of several rows that lay claim to a payment: it gets nothing by itself.
fn among(row: &LocalPayment, payment: &RemotePayment) -> Deed {
    match deed(row, payment) {
        Deed::Credit | Deed::AwaitCapture => Deed::LookAtClaim,
        other => other,
    }
}

fn deed(row: &LocalPayment, payment: &RemotePayment) -> Deed {
    if payment.test {
        return Deed::Nothing;
    }
    if payment.amount != row.amount && payment.status != PaymentStatus::Canceled {
        return Deed::LookAtAmount;
    }
    if payment.refunded.minor > 0 {
        return Deed::LookAtRefund;
    }
    match payment.status {
        PaymentStatus::Succeeded => paid(row),
        // The ledger gave what was not paid.
        _ if row.credited => Deed::LookAtStatus,
        PaymentStatus::Canceled => canceled(row.status),
        _ => open(row.status, payment.status),
    }
}

fn paid(row: &LocalPayment) -> Deed {
    match row.status {
        PaymentStatus::Succeeded if row.credited => Deed::Nothing,
        PaymentStatus::Other => Deed::LookAtStatus,
        // Also where the ledger has it and the row does not say so, or the other way round.
        _ => Deed::Credit,
    }
}

fn canceled(row: PaymentStatus) -> Deed {
    match row {
        PaymentStatus::Pending | PaymentStatus::WaitingForCapture => Deed::Cancel,
        PaymentStatus::Canceled | PaymentStatus::Other => Deed::Nothing,
        PaymentStatus::Succeeded => Deed::LookAtStatus,
    }
}

fn open(row: PaymentStatus, payment: PaymentStatus) -> Deed {
    match (row, payment) {
        (PaymentStatus::Pending, PaymentStatus::WaitingForCapture) => Deed::AwaitCapture,
        (PaymentStatus::Succeeded, _) => Deed::LookAtStatus,
        // Given up by REI, and yet the money is held.
        (PaymentStatus::Canceled, PaymentStatus::WaitingForCapture) => Deed::LookAtStatus,
        _ => Deed::Nothing,
    }
}
