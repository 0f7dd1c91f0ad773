//! Failed jobs, and how jobs do.

use crate::domain::facts::{Facts, Retried};
use crate::domain::failure::FailureCode;
use crate::domain::job::{JobId, JobRow, JobStatus, Tallies};
use crate::domain::queue::{FailedJob, NewJob};
use crate::domain::run::Run;
use crate::engine::Patient;
use crate::ports::backups::Work;
use crate::ports::{PortError, PortResult};
use crate::tasks::retry::{self, Again, Filter, Selection, Witnesses};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

/// So few ended jobs tell nothing of a provider.
const ENOUGH: u64 = 5;

/// How often jobs are counted while they are watched.
const LOOK: Duration = Duration::from_secs(5);

/// Rows first, then the queue: a worker that takes a job must not find its row failed. Cut off
/// anywhere and done again, what is queued stays queued and what is left goes back.
pub(super) async fn retry(
    patient: &Patient,
    run: &Run,
    (filter, queue): (&Filter, &str),
    work: &Work,
) -> PortResult<Facts> {
    let of = Witnesses {
        queue: patient.queue.as_ref(),
        records: patient.records.as_ref(),
        providers: patient.providers.as_ref(),
    };
    let selection = retry::select(of, filter, work).await?;
    let rows: Vec<JobId> = ids(&selection, |again| again.row.is_some());
    let records = &patient.records;
    let mut turned: BTreeSet<JobId> = BTreeSet::new();
    for from in [JobStatus::Failed, JobStatus::Processing] {
        turned.extend(records.turn_jobs(&rows, from, JobStatus::Queued).await?);
    }
    let entries: Vec<FailedJob> = selection
        .again
        .iter()
        .filter_map(|again| again.job.clone())
        .collect();
    let back = patient.queue.requeue(&entries, work).await?;
    // An entry whose job expired a moment ago still has its row.
    let expired: BTreeSet<&JobId> = back.expired.iter().collect();
    let gone = |again: &&Again| again.job.is_none() || expired.contains(again.id());
    let mut anew: Vec<NewJob> = selection
        .again
        .iter()
        .filter(|again| again.row.is_some())
        .filter(gone)
        .map(|again| NewJob {
            id: again.id().clone(),
            queue: again
                .job
                .as_ref()
                .map_or(queue, |job| &job.queue)
                .to_owned(),
        })
        .collect();
    anew.extend(stranded(patient, run, queue).await?);
    let made = patient.queue.enqueue(&anew, work).await?;
    // Somebody stopped these between the look and the deed: their rows say so again.
    let stopped: Vec<JobId> = back
        .stopped
        .iter()
        .filter(|id| turned.contains(*id))
        .cloned()
        .collect();
    if !stopped.is_empty() {
        records
            .turn_jobs(&stopped, JobStatus::Queued, JobStatus::Failed)
            .await?;
    }
    Ok(Facts::Retried(Retried {
        requeued: back.requeued.len() as u64,
        made: made.added,
        finished: selection.finished,
        stopped: selection.stopped + back.stopped.len() as u64,
        settled: selection.settled + back.elsewhere.len() as u64 + made.present,
        expired: selection.expired,
        unproved: selection.unproved,
    }))
}

/// Rows that an attempt which was cut off had turned, and whose job it had not made yet. Only rows that
/// are older than the run: a newer one REI may be about to queue itself.
async fn stranded(patient: &Patient, run: &Run, queue: &str) -> PortResult<Vec<NewJob>> {
    if run.running().is_none_or(|(_, attempt)| attempt == 1) {
        return Ok(Vec::new());
    }
    let rows = patient.records.unfinished_jobs().await?;
    // Rows have whole seconds.
    let begun = run
        .proposed_at
        .saturating_sub(SignedDuration::from_secs(1))
        .unwrap_or(Timestamp::MIN);
    let turned = |row: &JobRow| {
        row.status == JobStatus::Queued && row.created_at < begun && row.updated_at >= begun
    };
    let ids: Vec<JobId> = rows.into_iter().filter(turned).map(|row| row.id).collect();
    let known = patient.queue.statuses(&ids).await?;
    let lost = ids.into_iter().filter(|id| !known.contains_key(id));
    let job = |id| NewJob {
        id,
        queue: queue.to_owned(),
    };
    Ok(lost.map(job).collect())
}

fn ids(selection: &Selection, fits: impl Fn(&Again) -> bool) -> Vec<JobId> {
    let fitting = selection.again.iter().filter(|again| fits(again));
    fitting.map(|again| again.id().clone()).collect()
}

/// The moment so long before the plan was made; every attempt looks at the same jobs.
pub(super) fn since(run: &Run, last: Option<Duration>) -> Option<Timestamp> {
    let last = SignedDuration::try_from(last?).unwrap_or(SignedDuration::MAX);
    Some(
        run.plan
            .made_at
            .saturating_sub(last)
            .unwrap_or(Timestamp::MIN),
    )
}

pub(super) async fn watch(
    patient: &Patient,
    run: &Run,
    (period, threshold): (Duration, u8),
    work: &Work,
) -> PortResult<Facts> {
    // What was under way before says nothing of what was mended since.
    let since = run
        .running()
        .and_then(|(step, _)| run.timing_of(&step).started)
        .unwrap_or(run.plan.made_at);
    let end = Instant::now() + period;
    loop {
        if Instant::now() >= end {
            let tallies = patient.records.tallies(since).await?;
            return judge(&tallies, threshold).map(|()| Facts::Tallied { tallies });
        }
        tokio::select! {
            () = tokio::time::sleep_until((Instant::now() + LOOK).min(end)) => {}
            () = work.cancel.cancelled() => return Err(PortError::new(FailureCode::CutOff)),
        }
    }
}

fn judge(tallies: &Tallies, threshold: u8) -> PortResult<()> {
    let low = tallies.iter().find_map(|(provider, tally)| {
        let percent = tally.success_percent()?;
        let enough = tally.completed + tally.failed >= ENOUGH;
        (enough && percent < u64::from(threshold)).then_some((provider, percent))
    });
    match low {
        None => Ok(()),
        Some((provider, percent)) => Err(PortError::new(FailureCode::SuccessRateLow)
            .with("provider", provider.as_str())
            .with("percent", i64::try_from(percent).unwrap_or(100))
            .with("threshold", i64::from(threshold))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::job::Tally;

    fn tallies(completed: u64, failed: u64) -> Tallies {
        let tally = Tally {
            completed,
            failed,
            open: 3,
        };
        Tallies::from([("kling".to_owned(), tally)])
    }

    #[test]
    fn a_rate_is_judged_once_enough_jobs_ended() {
        assert!(judge(&tallies(8, 2), 80).is_ok());
        assert_eq!(
            judge(&tallies(7, 3), 80).unwrap_err().code(),
            FailureCode::SuccessRateLow
        );
        assert!(judge(&tallies(0, 4), 80).is_ok());
        assert!(judge(&tallies(0, 40), 0).is_ok());
    }
}
