//! Payments: REI's rows against the provider, and what brings them in line.

use crate::domain::failure::FailureCode;
use crate::domain::payment::{
    Deed, Line, LocalPayment, PaymentStatus, PendingPayments, RemotePayment, Settled, SyncReport,
    reconcile,
};
use crate::ports::backups::Work;
use crate::ports::payments::PaymentProvider;
use crate::ports::records::{Records, Settlement};
use crate::ports::{PortError, PortResult};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Lines for a person that are named; more of them change nothing about what he does next.
const NAMED: usize = 20;

/// Both sides, compared: every open row, every row of the window, and whatever the provider has of
/// the window.
///
/// # Errors
/// REI's rows or the provider cannot be read.
pub async fn compare(
    records: &dyn Records,
    provider: &dyn PaymentProvider,
    (since, until): (Timestamp, Timestamp),
    work: &Work,
) -> PortResult<Vec<Line>> {
    // The provider first: a payment that REI begins meanwhile is then on one side only, and open.
    let mut remote = provider.sweep(since, until, work).await?;
    let local = records.payments(Some(since)).await?;
    let unswept: Vec<String> = local
        .iter()
        .filter_map(|row| row.provider_id.clone())
        .filter(|id| !remote.contains_key(id))
        .collect();
    remote.extend(provider.by_id(&unswept, work).await?);
    Ok(reconcile(&local, &remote))
}

/// Compares and, unless it is a dry run, writes down what can be written without a person. Repeatable:
/// what was credited is credited once.
///
/// # Errors
/// REI's rows or the provider cannot be read, or a row cannot be written.
pub async fn sync(
    records: &dyn Records,
    provider: &dyn PaymentProvider,
    bounds: (Timestamp, Timestamp),
    dry_run: bool,
    work: &Work,
) -> PortResult<SyncReport> {
    let lines = compare(records, provider, bounds, work).await?;
    let mut report = summary(&lines);
    if dry_run {
        return Ok(report);
    }
    let mut users = BTreeSet::new();
    for line in lines.iter().filter(|line| line.deed.is_automatic()) {
        if work.cancel.is_cancelled() {
            return Err(PortError::new(FailureCode::CutOff));
        }
        let (Some(row), Some(payment)) = (&line.local, &line.remote) else {
            continue;
        };
        let settlement = settlement(row, payment, line.deed);
        match (records.settle(&settlement).await?, line.deed) {
            (Settled::Done, Deed::Credit) => {
                report.credited += 1;
                report.credits += row.credits;
                users.insert(row.user);
            }
            (Settled::Done, _) => report.updated += 1,
            (Settled::Already, _) => report.already += 1,
            (Settled::Moved, _) => report.moved += 1,
        }
    }
    report.users = users.into_iter().collect();
    Ok(report)
}

fn settlement(row: &LocalPayment, payment: &RemotePayment, deed: Deed) -> Settlement {
    let status = match deed {
        Deed::Cancel => PaymentStatus::Canceled,
        Deed::AwaitCapture => PaymentStatus::WaitingForCapture,
        _ => PaymentStatus::Succeeded,
    };
    Settlement {
        row: row.clone(),
        provider_id: payment.id.clone(),
        status,
    }
}

fn summary(lines: &[Line]) -> SyncReport {
    let mut deeds: BTreeMap<String, u64> = BTreeMap::new();
    for line in lines {
        *deeds.entry(line.deed.as_str().to_owned()).or_default() += 1;
    }
    let open = lines.iter().filter(|line| line.deed.needs_a_person());
    let named = open.filter_map(|line| {
        let local = line.local.as_ref().map(|row| &row.id);
        let id = local.or(line.remote.as_ref().map(|payment| &payment.id))?;
        Some((id.clone(), line.deed.as_str().to_owned()))
    });
    SyncReport {
        looked_at: lines.len() as u64,
        open: named.take(NAMED).collect(),
        deeds,
        ..SyncReport::default()
    }
}

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
