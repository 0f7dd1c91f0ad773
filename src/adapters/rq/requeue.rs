//! Failed jobs back into their queues.

use super::health;
use super::keys;
use super::script::{self, BATCH, Call};
use super::session::Session;
use super::walk;
use crate::domain::job::JobId;
use crate::domain::queue::{FailedJob, Requeued};
use crate::ports::PortResult;
use crate::ports::backups::Work;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

const SCRIPT: &str = include_str!("lua/requeue.lua");
/// Ids that stand in the list already (somebody pushed them by hand) are looked for in all of it.
const SLOW_BATCH: usize = 10;

/// Puts them back in the order given, queue by queue.
pub(super) async fn requeue(
    session: &mut Session<'_>,
    jobs: &[FailedJob],
    work: &Work,
) -> PortResult<Requeued> {
    work.progress.expect(jobs.len() as u64);
    // A script that began is let through to its end even where Redis has no room for it.
    health::prove_writable(session).await?;
    let mut queues: BTreeMap<&str, Vec<&JobId>> = BTreeMap::new();
    for job in jobs {
        queues.entry(&job.queue).or_default().push(&job.id);
    }
    let mut told = Requeued::default();
    let mut damaged = None;
    for (queue, ids) in queues {
        let listed: BTreeSet<JobId> = walk::list(session, &keys::queue(queue))
            .await?
            .into_iter()
            .collect();
        let (twice, once): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| listed.contains(*id));
        let mut calls: Vec<Call> = once
            .chunks(BATCH)
            .map(|ids| call(queue, false, ids))
            .collect();
        calls.extend(twice.chunks(SLOW_BATCH).map(|ids| call(queue, true, ids)));
        let letters = script::run(session, &calls, work).await?;
        for (id, letter) in once.into_iter().chain(twice).zip(letters) {
            match letter {
                b'q' => told.requeued.push(id.clone()),
                b's' => told.stopped.push(id.clone()),
                b'x' => told.expired.push(id.clone()),
                b'd' => damaged = Some(queue),
                _ => told.elsewhere.push(id.clone()),
            }
        }
    }
    match damaged {
        Some(queue) => Err(script::no_list(queue)),
        None => Ok(told),
    }
}

fn call(queue: &str, listed: bool, ids: &[&JobId]) -> Call {
    let names = [keys::registry("failed", queue), keys::QUEUES.to_owned()];
    let mut command = script::call(SCRIPT, &names);
    command.arg(queue).arg(script::stamp(Timestamp::now()));
    command.arg(if listed { "1" } else { "0" }).arg(ids);
    Call {
        command,
        jobs: ids.len(),
    }
}
