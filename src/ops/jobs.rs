//! Failed jobs and the queue: looking before anything is decided.

use super::{Ops, OpsError};
use crate::domain::action::Action;
use crate::domain::failure::FailureCode;
use crate::domain::ids::GateId;
use crate::domain::job::JobId;
use crate::domain::plan::RetryPreview;
use crate::domain::runbook::Runbook;
use crate::ports::backups::Work;
use crate::ports::{PortError, PortResult};
use crate::tasks::retry::{self, Filter, Witnesses};
use jiff::{SignedDuration, Timestamp};
use std::future::Future;
use std::time::Duration;

/// How long the looks may take in all. Nobody waits longer for an answer in a chat.
const LOOK: Duration = Duration::from_secs(30);

/// The gate of a retry above the limit.
const GATE: &str = "retry";

/// Which failed jobs somebody wants back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RetryWish {
    /// Those that failed within this time; without it all of them.
    pub last: Option<Duration>,
    /// Only this provider's.
    pub provider: Option<String>,
    /// Only with this class of error.
    pub error: Option<String>,
}

/// What a rebuild of the queue would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RebuildPreview {
    /// Unfinished rows.
    pub rows: u64,
    /// Of these: without a job in the queue.
    pub missing: u64,
}

impl Ops {
    /// What a retry would put back, and what it would leave.
    ///
    /// # Errors
    /// The queue or REI's rows cannot be read in time.
    pub async fn retry_preview(&self, wish: &RetryWish) -> Result<RetryPreview, OpsError> {
        let filter = Filter {
            since: since(self.now(), wish.last),
            until: None,
            provider: wish.provider.clone(),
            error: wish.error.clone(),
        };
        let of = Witnesses {
            queue: self.patient.queue.as_ref(),
            records: self.patient.records.as_ref(),
            providers: self.patient.providers.as_ref(),
        };
        let work = Work::default();
        let look = async {
            let selection = retry::select(of, &filter, &work).await?;
            let view = self.patient.queue.view().await?;
            let abandoned = view.queues.iter().map(|queue| queue.abandoned).sum();
            Ok(retry::preview(&selection, abandoned))
        };
        Ok(in_time(look).await?)
    }

    /// How many unfinished rows have no job.
    ///
    /// # Errors
    /// The queue or REI's rows cannot be read in time.
    pub async fn rebuild_preview(&self) -> Result<RebuildPreview, OpsError> {
        let look = async {
            let rows = self.patient.records.unfinished_jobs().await?;
            let ids: Vec<JobId> = rows.into_iter().map(|row| row.id).collect();
            let known = self.patient.queue.statuses(&ids).await?;
            let alive = |id: &&JobId| {
                let status = known.get(*id).map(String::as_str);
                matches!(
                    status,
                    Some("queued" | "started" | "deferred" | "scheduled")
                )
            };
            let rows = ids.len() as u64;
            let missing = rows - ids.iter().filter(alive).count() as u64;
            Ok(RebuildPreview { rows, missing })
        };
        Ok(in_time(look).await?)
    }

    /// Puts the wish into the runbook's step, and a gate before it where there are many.
    pub(super) fn with_wish(
        &self,
        runbook: &mut Runbook,
        wish: &RetryWish,
        preview: &RetryPreview,
    ) {
        let many = preview.jobs > u64::from(self.profile.retry_limit);
        for step in &mut runbook.steps {
            if let Action::RetryJobs {
                last,
                provider,
                error,
                ..
            } = &mut step.action
            {
                *last = wish.last;
                provider.clone_from(&wish.provider);
                error.clone_from(&wish.error);
                step.gate = many.then(|| GATE.parse::<GateId>().ok()).flatten();
            }
        }
    }
}

/// The moment so long ago.
fn since(now: Timestamp, last: Option<Duration>) -> Option<Timestamp> {
    let last = SignedDuration::try_from(last?).unwrap_or(SignedDuration::MAX);
    Some(now.saturating_sub(last).unwrap_or(Timestamp::MIN))
}

async fn in_time<T>(look: impl Future<Output = PortResult<T>>) -> PortResult<T> {
    tokio::time::timeout(LOOK, look)
        .await
        .unwrap_or_else(|_| Err(PortError::new(FailureCode::TimedOut).with("seconds", LOOK)))
}
