//! Failed jobs: which of them go back into the queue.
//!
//! Three witnesses are heard: the failed registries, REI's rows, and where a job stored the
//! provider's task and the provider can be asked, the provider. What is done or refunded never runs
//! again, and what the provider has finished is not bought twice.

use crate::domain::job::{JobId, JobRow, JobStatus};
use crate::domain::plan::RetryPreview;
use crate::domain::provider::TaskState;
use crate::domain::queue::{FailedJob, FailedKind};
use crate::ports::PortResult;
use crate::ports::backups::Work;
use crate::ports::providers::AiProviders;
use crate::ports::queue::JobQueue;
use crate::ports::records::Records;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Longest class of an error that is shown.
const CLASS: usize = 60;

/// Where the answers come from.
#[derive(Clone, Copy)]
pub struct Witnesses<'a> {
    /// The queue.
    pub queue: &'a dyn JobQueue,
    /// The rows.
    pub records: &'a dyn Records,
    /// The providers.
    pub providers: &'a dyn AiProviders,
}

/// Which failed jobs somebody wants back.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Those that failed at or after this.
    pub since: Option<Timestamp>,
    /// Those that failed until then: a plan is about what had failed when it was made.
    pub until: Option<Timestamp>,
    /// Only this provider's.
    pub provider: Option<String>,
    /// Only with this class of error.
    pub error: Option<String>,
}

/// A job that goes back.
#[derive(Debug, Clone)]
pub struct Again {
    /// Its entry in a failed registry; without it the job is made anew.
    pub job: Option<FailedJob>,
    /// Its row; without it nothing is known of it but the entry.
    pub row: Option<JobRow>,
}

impl Again {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &JobId {
        match (&self.row, &self.job) {
            (Some(row), _) => &row.id,
            (None, Some(job)) => &job.id,
            // One of the two is always there.
            (None, None) => const { &JobId::new() },
        }
    }
}

/// What came out.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// What goes back, oldest first.
    pub again: Vec<Again>,
    /// Left: the provider has a result or is still at it.
    pub finished: u64,
    /// Left: their row says that they are done, refunded or of an unknown status.
    pub settled: u64,
    /// Left: stopped by a person.
    pub stopped: u64,
    /// Entries without a job and without a failed row.
    pub expired: u64,
    /// Of those that go back: nobody could tell whether the provider finished them.
    pub unproved: u64,
}

/// The class of an error: what stands before its first colon, cut; the same for the traceback's last
/// line and for REI's own text.
#[must_use]
pub fn class_of(error: &str) -> String {
    let line = error.lines().map(str::trim).find(|line| !line.is_empty());
    let class = line
        .unwrap_or_default()
        .split(':')
        .next()
        .unwrap_or_default();
    class.trim().chars().take(CLASS).collect()
}

/// Hears the witnesses.
///
/// # Errors
/// The queue or the rows cannot be read. A provider that does not answer is no error: its jobs are
/// then unproved.
pub async fn select(of: Witnesses<'_>, filter: &Filter, work: &Work) -> PortResult<Selection> {
    let entries = of.queue.failed(filter.since, work).await?;
    let ids: Vec<JobId> = entries.iter().map(|job| job.id.clone()).collect();
    let mut rows: BTreeMap<JobId, JobRow> = by_id(of.records.jobs(&ids).await?);
    let mut selection = Selection::default();
    let mut candidates = Vec::new();
    let mut seen = BTreeSet::new();
    for job in entries {
        seen.insert(job.id.clone());
        let row = rows.remove(&job.id);
        sort_in(job, row, &mut selection, &mut candidates);
    }
    let failed = of.records.failed_jobs(filter.since).await?;
    let lost = failed.into_iter().filter(|row| !seen.contains(&row.id));
    candidates.extend(lost.map(|row| Again {
        job: None,
        row: Some(row),
    }));
    candidates.retain(|again| wanted(again, filter));
    candidates.sort_by_key(|again| again.row.as_ref().map(|row| row.created_at));
    ask_providers(of.providers, candidates, &mut selection).await;
    Ok(selection)
}

fn by_id(rows: Vec<JobRow>) -> BTreeMap<JobId, JobRow> {
    rows.into_iter().map(|row| (row.id.clone(), row)).collect()
}

fn sort_in(
    job: FailedJob,
    row: Option<JobRow>,
    selection: &mut Selection,
    candidates: &mut Vec<Again>,
) {
    let status = row.as_ref().map(|row| &row.status);
    let may_run = matches!(
        status,
        None | Some(JobStatus::Failed | JobStatus::Queued | JobStatus::Processing)
    );
    match job.kind {
        FailedKind::Stopped => selection.stopped += 1,
        FailedKind::Elsewhere => {}
        _ if !may_run => selection.settled += 1,
        FailedKind::Failed => candidates.push(Again {
            job: Some(job),
            row,
        }),
        // The row knows what the job was; without one nothing is left of it.
        FailedKind::Expired if row.is_some() => candidates.push(Again { job: None, row }),
        FailedKind::Expired => selection.expired += 1,
    }
}

fn wanted(again: &Again, filter: &Filter) -> bool {
    let provider = again.row.as_ref().map(|row| row.provider.as_str());
    let by_provider = filter
        .provider
        .as_deref()
        .is_none_or(|p| Some(p) == provider);
    let by_error = filter.error.as_deref().is_none_or(|e| class(again) == e);
    let ended = again.job.as_ref().and_then(|job| job.ended_at);
    let ended = ended.or_else(|| again.row.as_ref().map(|row| row.updated_at));
    let in_time = filter
        .until
        .zip(ended)
        .is_none_or(|(until, ended)| ended <= until);
    by_provider && by_error && in_time
}

/// The class that people read: REI's own text where it has one, else the traceback's.
fn class(again: &Again) -> String {
    let own = again.row.as_ref().and_then(|row| row.error.as_deref());
    let traced = again.job.as_ref().and_then(|job| job.error.as_deref());
    own.or(traced).map(class_of).unwrap_or_default()
}

async fn ask_providers(providers: &dyn AiProviders, jobs: Vec<Again>, into: &mut Selection) {
    let mut tasks: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in jobs.iter().filter_map(|again| again.row.as_ref()) {
        if let Some(task) = row
            .task
            .as_ref()
            .filter(|_| providers.can_look_up(&row.provider))
        {
            tasks
                .entry(row.provider.clone())
                .or_default()
                .push(task.clone());
        }
    }
    let mut known: BTreeMap<(String, String), TaskState> = BTreeMap::new();
    for (provider, tasks) in tasks {
        match providers.tasks(&provider, &tasks).await {
            Ok(states) => known.extend(
                states
                    .into_iter()
                    .map(|(task, state)| ((provider.clone(), task), state)),
            ),
            Err(error) => tracing::warn!(provider, %error, "its tasks cannot be looked up"),
        }
    }
    for again in jobs {
        let state = again.row.as_ref().and_then(|row| {
            let key = (row.provider.clone(), row.task.clone()?);
            known.get(&key)
        });
        match state {
            Some(TaskState::Finished | TaskState::Running) => into.finished += 1,
            Some(TaskState::Failed | TaskState::Missing) => into.again.push(again),
            None => {
                into.unproved += 1;
                into.again.push(again);
            }
        }
    }
}

/// What people read before they decide.
#[must_use]
pub fn preview(selection: &Selection, abandoned: u64) -> RetryPreview {
    let mut preview = RetryPreview {
        jobs: selection.again.len() as u64,
        unproved: selection.unproved,
        stopped: selection.stopped,
        expired: selection.expired,
        abandoned,
        ..RetryPreview::default()
    };
    let mut errors: BTreeMap<String, u64> = BTreeMap::new();
    for again in &selection.again {
        match &again.job {
            Some(job) => *preview.queues.entry(job.queue.clone()).or_default() += 1,
            None => preview.anew += 1,
        }
        *errors.entry(class(again)).or_default() += 1;
        let ended = again.job.as_ref().and_then(|job| job.ended_at);
        let at = ended.or(again.row.as_ref().map(|row| row.updated_at));
        preview.oldest = [preview.oldest, at].into_iter().flatten().min();
        if let Some(row) = &again.row {
            *preview.providers.entry(row.provider.clone()).or_default() += 1;
            preview.cost += row.cost;
        }
    }
    preview.errors = errors.into_iter().collect();
    preview
        .errors
        .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    preview.errors.truncate(10);
    preview
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_known_by_its_class() {
        assert_eq!(
            class_of("requests.exceptions.ReadTimeout: 30 s"),
            "requests.exceptions.ReadTimeout"
        );
        assert_eq!(
            class_of("\n  HTTP 503 from provider\nmore"),
            "HTTP 503 from provider"
        );
        assert_eq!(class_of(""), "");
        assert_eq!(class_of(&"x".repeat(200)).len(), CLASS);
    }

    #[test]
    fn what_fails_after_the_plan_is_left_for_the_next_one() {
        let planned: Timestamp = "2026-11-23T03:15:00Z".parse().unwrap();
        let filter = Filter {
            until: Some(planned),
            ..Filter::default()
        };
        let failed = |second: i64| Again {
            job: Some(FailedJob {
                id: "j-1".parse().unwrap(),
                queue: "default".to_owned(),
                kind: FailedKind::Failed,
                ended_at: Some(planned + jiff::SignedDuration::from_secs(second)),
                error: None,
                abandoned: false,
            }),
            row: None,
        };
        assert!(wanted(&failed(0), &filter));
        assert!(!wanted(&failed(1), &filter));
        assert!(wanted(&failed(1), &Filter::default()));
    }
}
