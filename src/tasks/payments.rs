//! Payments: comparing REI's rows with the provider's, and writing down what is due.
//!
//! Nothing is remembered between two calls, so one that was cut off at any point is simply done
//! again: what it credited is found credited.

use crate::domain::payment::{
    Deed, LocalPayment, PaymentStatus, RemotePayment, Settled, SyncReport, reconcile,
};
use crate::ports::backups::Work;
use crate::ports::payments::PaymentProvider;
use crate::ports::records::{Records, Settlement};
use crate::ports::{PortError, PortResult};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::domain::payment::Line;

/// Clocks differ, and an unpaid payment lives for an hour: the sweep begins so much earlier.
const EARLIER: SignedDuration = SignedDuration::from_hours(1);
/// What a person has to look at is named so many times at most.
const NAMED: usize = 20;

/// Both sides.
#[derive(Clone, Copy)]
pub struct Sides<'a> {
    /// REI's database.
    pub records: &'a dyn Records,
    /// The payment provider.
    pub provider: &'a dyn PaymentProvider,
}

/// The time a comparison covers besides what is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// From when on something may be missing: the backup's moment, or the last sync's.
    pub since: Timestamp,
    /// Now. What is begun later is for the next sync.
    pub until: Timestamp,
}

/// Compares, and unless `dry_run` carries out what is due: each payment is credited exactly once,
/// whoever else credits it meanwhile. Progress in payments.
///
/// # Errors
/// Of either side. What was done before stays done; doing it again goes on from there.
pub async fn sync(
    sides: Sides<'_>,
    span: Span,
    dry_run: bool,
    work: &Work,
) -> PortResult<SyncReport> {
    let lines = compare(sides, span, work).await?;
    let mut report = SyncReport {
        looked_at: lines.len() as u64,
        ..SyncReport::default()
    };
    for line in &lines {
        report.count(line);
    }
    let due = lines.iter().filter(|line| line.deed.is_automatic());
    for line in due.filter(|_| !dry_run) {
        if work.cancel.is_cancelled() {
            return Err(PortError::new(crate::domain::failure::FailureCode::CutOff));
        }
        settle(sides.records, line, &mut report).await?;
    }
    report.users.sort_unstable();
    report.users.dedup();
    Ok(report)
}

/// Both sides line by line, and what is due. Changes nothing.
///
/// # Errors
/// Of either side.
pub async fn compare(sides: Sides<'_>, span: Span, work: &Work) -> PortResult<Vec<Line>> {
    let Sides { records, provider } = sides;
    let since = span.since.saturating_sub(EARLIER).unwrap_or(span.since);
    let mut remote = provider.sweep(since, span.until, work).await?;
    // Read after the sweep: whoever is paying just now has his row by then.
    let mut local = records.payments(Some(since)).await?;
    add_rows_of(records, &remote, &mut local).await?;
    add_payments_of(provider, &local, &mut remote, work).await?;
    Ok(reconcile(&local, &remote))
}

/// Rows that are too old for the span, and yet belong to a payment that was found. All rows of a
/// payment must be seen: two of them would each be credited.
async fn add_rows_of(
    records: &dyn Records,
    remote: &BTreeMap<String, RemotePayment>,
    local: &mut Vec<LocalPayment>,
) -> PortResult<()> {
    let rows = local.iter().filter_map(|row| row.provider_id.clone());
    let theirs = remote.values().flat_map(|payment| {
        let named = payment.metadata.get("payment_id").cloned();
        named.into_iter().chain([payment.id.clone()])
    });
    let names: BTreeSet<String> = rows.chain(theirs).collect();
    if names.is_empty() {
        return Ok(());
    }
    let seen: BTreeSet<String> = local.iter().map(|row| row.id.clone()).collect();
    let names: Vec<String> = names.into_iter().collect();
    let found = records.payments_named(&names).await?;
    local.extend(found.into_iter().filter(|row| !seen.contains(&row.id)));
    Ok(())
}

/// Payments of rows that the sweep did not bring, asked for one by one.
async fn add_payments_of(
    provider: &dyn PaymentProvider,
    local: &[LocalPayment],
    remote: &mut BTreeMap<String, RemotePayment>,
    work: &Work,
) -> PortResult<()> {
    let ids = local.iter().filter_map(|row| row.provider_id.as_ref());
    let ids: BTreeSet<&String> = ids.filter(|id| !remote.contains_key(*id)).collect();
    let ids: Vec<String> = ids.into_iter().cloned().collect();
    if !ids.is_empty() {
        remote.extend(provider.by_id(&ids, work).await?);
    }
    Ok(())
}

async fn settle(records: &dyn Records, line: &Line, report: &mut SyncReport) -> PortResult<()> {
    let (Some(row), Some(payment)) = (&line.local, &line.remote) else {
        return Ok(());
    };
    let settlement = Settlement {
        row: row.clone(),
        provider_id: payment.id.clone(),
        status: payment.status,
    };
    match records.settle(&settlement).await? {
        Settled::Done => report.done(row, payment.status),
        Settled::Already => report.already += 1,
        Settled::Moved => report.moved += 1,
        Settled::NoUser => report.name(&row.id, Deed::Orphan),
    }
    Ok(())
}

impl SyncReport {
    fn count(&mut self, line: &Line) {
        let deeds = self.deeds.entry(line.deed.as_str().to_owned());
        *deeds.or_default() += 1;
        if line.deed.needs_a_person() {
            let local = line.local.as_ref().map(|row| &row.id);
            let remote = line.remote.as_ref().map(|payment| &payment.id);
            if let Some(id) = local.or(remote) {
                self.name(id, line.deed);
            }
        }
    }

    fn name(&mut self, id: &str, deed: Deed) {
        if self.open.len() < NAMED {
            self.open.push((id.to_owned(), deed.as_str().to_owned()));
        }
    }

    fn done(&mut self, row: &LocalPayment, status: PaymentStatus) {
        let credits = status == PaymentStatus::Succeeded && !row.credited;
        if credits {
            self.credited += 1;
            self.credits = self.credits.saturating_add(row.credits);
        } else {
            self.updated += 1;
        }
        if credits || status == PaymentStatus::Canceled {
            self.users.push(row.user);
        }
    }
}
