//! Queues, registries, workers: a look that costs Redis next to nothing.

use super::errors;
use super::keys;
use super::session::Session;
use crate::domain::job::JobId;
use crate::domain::queue::{LATELY, QueueDepth, QueueView, WorkerSeen};
use crate::ports::{PortError, PortResult};
use jiff::{SignedDuration, Timestamp};
use redis::{Pipeline, RedisError, Value, from_redis_value_ref, pipe};
use std::collections::{BTreeMap, BTreeSet};

/// Jobs asked for at once.
const PIECE: usize = 500;

/// The whole queue at this moment.
pub(super) async fn read(session: &mut Session<'_>, wanted: &[String]) -> PortResult<QueueView> {
    let mut commands = pipe();
    commands.cmd("SMEMBERS").arg(keys::WORKERS);
    commands.cmd("EXISTS").arg(keys::SUSPENDED);
    let (found, suspended): (Vec<Vec<u8>>, bool) = session.ask(&commands).await?;
    let mut queues = Vec::new();
    for name in names(session, wanted).await? {
        queues.push(depth(session, name).await?);
    }
    Ok(QueueView {
        queues,
        workers: workers(session, &found).await?,
        suspended,
    })
}

/// `RQ_QUEUES`, and what `rq:queues` lists.
pub(super) async fn names(
    session: &mut Session<'_>,
    wanted: &[String],
) -> PortResult<BTreeSet<String>> {
    let mut commands = pipe();
    commands.cmd("SMEMBERS").arg(keys::QUEUES);
    let listed = session.each::<Vec<Vec<u8>>>(&mut commands).await?;
    let mut names: BTreeSet<String> = wanted.iter().cloned().collect();
    for answer in listed {
        let listed = answer.map_err(|error| told(session, &error, keys::QUEUES))?;
        let listed = listed.iter().map(|key| keys::text(key));
        names.extend(listed.filter_map(|key| keys::queue_of(&key).map(str::to_owned)));
    }
    Ok(names)
}

async fn depth(session: &mut Session<'_>, name: String) -> PortResult<QueueDepth> {
    let now = Timestamp::now().as_second();
    let registry = |kind| keys::registry(kind, &name);
    let asked = [
        ("LLEN", keys::queue(&name)),
        ("LLEN", keys::intermediate(&name)),
        ("ZCARD", registry("failed")),
        ("ZCARD", registry("wip")),
        ("ZCARD", registry("scheduled")),
        ("ZCARD", registry("deferred")),
        // Those whose time has passed; a negative score means for ever.
        ("ZCOUNT", registry("wip")),
    ];
    let mut commands = Pipeline::new();
    for (command, key) in &asked {
        commands.cmd(command).arg(key);
    }
    commands.arg(0).arg(format!("({now}"));
    let mut counts = [0_u64; 7];
    let answers = session.each::<u64>(&mut commands).await?;
    for ((count, answer), (_, key)) in counts.iter_mut().zip(answers).zip(&asked) {
        *count = answer.map_err(|error| told(session, &error, key))?;
    }
    let [
        waiting,
        intermediate,
        failed,
        started,
        scheduled,
        deferred,
        abandoned,
    ] = counts;
    Ok(QueueDepth {
        oldest: oldest(session, &name).await?,
        failed_lately: failed_lately(session, &name).await?,
        name,
        waiting,
        intermediate,
        failed,
        started,
        abandoned,
        scheduled,
        deferred,
    })
}

/// An entry's score is when it expires. The latest to expire are the latest to have failed, as far as
/// jobs keep their failures equally long; when each ended, it tells itself.
async fn failed_lately(session: &mut Session<'_>, queue: &str) -> PortResult<u64> {
    let mut newest = pipe();
    let registry = keys::registry("failed", queue);
    newest.cmd("ZREVRANGE").arg(registry).arg(0).arg(LATELY - 1);
    let (ids,): (Vec<Vec<u8>>,) = session.ask(&newest).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let mut ended = pipe();
    for id in &ids {
        ended
            .cmd("HGET")
            .arg(keys::job(&keys::text(id)))
            .arg("ended_at");
    }
    let since = Timestamp::now() - SignedDuration::from_hours(1);
    let answers = session.each::<Option<String>>(&mut ended).await?;
    let at = answers.into_iter().flatten().flatten();
    let at = at.filter_map(|stamp| time(&stamp));
    Ok(at.filter(|at| *at >= since).count() as u64)
}

async fn oldest(session: &mut Session<'_>, queue: &str) -> PortResult<Option<Timestamp>> {
    let mut first = pipe();
    first.cmd("LINDEX").arg(keys::queue(queue)).arg(0);
    let (id,): (Option<Vec<u8>>,) = session.ask(&first).await?;
    let Some(id) = id else {
        return Ok(None);
    };
    let mut stamp = pipe();
    let job = keys::job(&keys::text(&id));
    stamp.cmd("HGET").arg(job).arg("enqueued_at");
    let answers = session.each::<Option<String>>(&mut stamp).await?;
    let stamp = answers.into_iter().flatten().flatten().next();
    Ok(stamp.and_then(|stamp| time(&stamp)))
}

/// RQ's own form of a moment; empty means that there is none.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

async fn workers(session: &mut Session<'_>, found: &[Vec<u8>]) -> PortResult<Vec<WorkerSeen>> {
    let mut workers = Vec::new();
    let mut names: Vec<String> = found.iter().map(|key| keys::text(key)).collect();
    names.sort();
    for piece in names.chunks(PIECE) {
        let mut commands = pipe();
        for key in piece {
            let fields = [
                "version",
                "state",
                "current_job",
                "queues",
                "last_heartbeat",
            ];
            commands.cmd("HMGET").arg(key).arg(&fields);
            commands.cmd("SRANDMEMBER").arg(keys::executions(key));
        }
        let answers = session.each::<Value>(&mut commands).await?;
        let told = piece.iter().zip(answers.chunks_exact(2));
        workers.extend(told.filter_map(|(key, answers)| worker(key, answers)));
    }
    Ok(workers)
}

/// Nothing when only its name is left: it died, and RQ has not swept it up yet.
fn worker(key: &str, answers: &[Result<Value, RedisError>]) -> Option<WorkerSeen> {
    let fields = answers[0].as_ref().ok()?;
    let fields: [Option<String>; 5] = from_redis_value_ref(fields).ok()?;
    let [version, state, job, queues, heartbeat] = fields;
    let execution = answers[1].as_ref().ok();
    let execution = execution.and_then(|value| from_redis_value_ref::<String>(value).ok());
    // `job:execution`
    let current = || Some(execution?.rsplit_once(':')?.0.to_owned());
    let queues = queues?;
    Some(WorkerSeen {
        name: key.strip_prefix("rq:worker:").unwrap_or(key).to_owned(),
        version: version.filter(|word| !word.is_empty()),
        state: state.unwrap_or_default(),
        job: job.filter(|id| !id.is_empty()).or_else(current),
        queues: queues.split(',').map(str::to_owned).collect(),
        heartbeat: heartbeat.and_then(|stamp| time(&stamp)),
    })
}

/// RQ's word for each job that it knows.
pub(super) async fn statuses(
    session: &mut Session<'_>,
    jobs: &[JobId],
) -> PortResult<BTreeMap<JobId, String>> {
    let mut known = BTreeMap::new();
    for piece in jobs.chunks(PIECE) {
        let mut commands = pipe();
        for id in piece {
            commands.cmd("HGET").arg(keys::job(id)).arg("status");
        }
        let answers = session.each::<Option<String>>(&mut commands).await?;
        for (id, answer) in piece.iter().zip(answers) {
            if let Ok(Some(status)) = answer {
                known.insert(id.clone(), status);
            }
        }
    }
    Ok(known)
}

/// Lets workers take jobs again.
pub(super) async fn resume(session: &mut Session<'_>) -> PortResult<()> {
    let mut commands = pipe();
    commands.cmd("DEL").arg(keys::SUSPENDED).ignore();
    session.ask(&commands).await
}

fn told(session: &Session<'_>, error: &RedisError, key: &str) -> PortError {
    match errors::is_wrong_type(error) {
        true => errors::damaged(key),
        false => session.failed(error),
    }
}
