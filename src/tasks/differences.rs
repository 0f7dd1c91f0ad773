//! What differs between REI's rows, the queue, the payment provider and the ledger.

use crate::domain::facts::Differences;
use crate::domain::failure::Failure;
use crate::domain::job::JobId;
use crate::domain::payment::Deed;
use crate::ports::PortResult;
use crate::ports::backups::Work;
use crate::ports::payments::PaymentProvider;
use crate::ports::queue::JobQueue;
use crate::ports::records::Records;
use crate::tasks::payments::{self, Sides, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Looks at all of it. A part that cannot be looked at is named, and hides nothing of the others.
pub async fn look(
    queue: &dyn JobQueue,
    records: &dyn Records,
    provider: &dyn PaymentProvider,
    span: Span,
    work: &Work,
) -> Differences {
    let mut found = Differences::default();
    let mut unknown = Vec::new();
    match jobs(queue, records, work).await {
        Ok((missing, extra)) => {
            found.jobs_missing = Some(missing);
            found.jobs_unknown = Some(extra);
        }
        Err(error) => unknown.push(("jobs".to_owned(), Failure::from(error))),
    }
    match payments::compare(Sides { records, provider }, span, work).await {
        Ok(lines) => {
            let mut deeds: BTreeMap<String, u64> = BTreeMap::new();
            for line in lines.iter().filter(|line| line.deed != Deed::Nothing) {
                *deeds.entry(line.deed.as_str().to_owned()).or_default() += 1;
            }
            found.payments = Some(deeds);
        }
        Err(error) => unknown.push(("payments".to_owned(), error.into())),
    }
    match records.imbalances(1, work).await {
        Ok((count, _)) => found.balances = Some(count),
        Err(error) => unknown.push(("balances".to_owned(), error.into())),
    }
    found.unknown = unknown;
    found
}

/// Unfinished rows without a job, and jobs without an unfinished row.
async fn jobs(queue: &dyn JobQueue, records: &dyn Records, work: &Work) -> PortResult<(u64, u64)> {
    let rows = records.unfinished_jobs().await?;
    let ids: Vec<JobId> = rows.into_iter().map(|row| row.id).collect();
    let known = queue.statuses(&ids).await?;
    let alive = |id: &&JobId| {
        let status = known.get(*id).map(String::as_str);
        matches!(
            status,
            Some("queued" | "started" | "deferred" | "scheduled")
        )
    };
    let missing = ids.len() - ids.iter().filter(alive).count();
    let ids: BTreeSet<JobId> = ids.into_iter().collect();
    let content = queue.content(&ids, work).await?;
    Ok((missing as u64, content.unknown_jobs))
}
