//! What stands in the failed registries, and why.

use super::keys;
use super::session::{self, Session};
use super::traceback::Kept;
use super::view;
use super::walk::{self, Keys};
use crate::domain::failure::FailureCode;
use crate::domain::job::JobId;
use crate::domain::queue::{FailedJob, FailedKind};
use crate::ports::backups::Work;
use crate::ports::{PortError, PortResult};
use jiff::Timestamp;
use redis::{FromRedisValue, RedisError, Value, from_redis_value_ref, pipe};

/// Jobs asked for at once.
const PIECE: usize = 500;
/// A failure, in the results of RQ.
const FAILURE: &[u8] = b"2";

/// An entry of a result stream: its id, and fields and values in turn.
type Entry = (String, Vec<Vec<u8>>);

/// All of them, newest first; those of unknown age at the end.
pub(super) async fn read(
    session: &mut Session<'_>,
    queues: &[String],
    since: Option<Timestamp>,
    work: &Work,
) -> PortResult<Vec<FailedJob>> {
    let mut found = Vec::new();
    for queue in registries(session, queues).await? {
        let key = keys::registry("failed", &queue);
        for id in walk::members(session, &key).await? {
            found.push((queue.clone(), id));
        }
    }
    work.progress.expect(found.len() as u64);
    let mut reading = Vec::new();
    for piece in found.chunks(PIECE) {
        session::go_on(&work.cancel)?;
        let told = ask(session, piece).await?;
        let (count, piece) = (piece.len() as u64, piece.to_vec());
        // Tracebacks are unpacked while Redis answers about the next jobs.
        reading.push(tokio::task::spawn_blocking(move || jobs_of(piece, told)));
        work.progress.advance(count);
    }
    let mut jobs = Vec::new();
    for read in reading {
        let read = read.await;
        jobs.extend(read.map_err(|_| PortError::new(FailureCode::Panicked))?);
    }
    jobs.retain(|job| match (job.ended_at, since) {
        (Some(ended), Some(since)) => ended >= since,
        _ => true,
    });
    jobs.sort_by(|a, b| b.ended_at.cmp(&a.ended_at).then_with(|| a.id.cmp(&b.id)));
    Ok(jobs)
}

/// The queues that have a failed registry, also those that RQ no longer lists.
async fn registries(session: &mut Session<'_>, queues: &[String]) -> PortResult<Vec<String>> {
    let mut names = view::names(session, queues).await?;
    let found = Keys::like("rq:failed:*").all(session).await?;
    let found = found
        .iter()
        .filter_map(|key| key.strip_prefix(keys::FAILED));
    names.extend(found.map(str::to_owned));
    Ok(names.into_iter().collect())
}

async fn ask(session: &mut Session<'_>, piece: &[(String, JobId)]) -> PortResult<Vec<Told>> {
    let mut commands = pipe();
    for (_, id) in piece {
        let job = keys::job(id);
        commands.cmd("HEXISTS").arg(&job).arg("data");
        let fields = ["status", "ended_at", "exc_info"];
        commands.cmd("HMGET").arg(&job).arg(&fields);
        let newest = commands.cmd("XREVRANGE").arg(keys::results(id));
        newest.arg("+").arg("-").arg("COUNT").arg(1);
    }
    let answers = session.each::<Value>(&mut commands).await?;
    Ok(answers.chunks_exact(3).map(Told::read).collect())
}

fn jobs_of(piece: Vec<(String, JobId)>, told: Vec<Told>) -> Vec<FailedJob> {
    let job = |((queue, id), told): ((String, JobId), Told)| {
        let meaning = told.kept.meaning();
        FailedJob {
            id,
            queue,
            kind: told.kind,
            ended_at: told.ended_at,
            error: meaning.error,
            abandoned: meaning.abandoned,
        }
    };
    piece.into_iter().zip(told).map(job).collect()
}

/// What Redis says of one job.
struct Told {
    kind: FailedKind,
    ended_at: Option<Timestamp>,
    kept: Kept,
}

impl Told {
    /// From three answers; one that is an error (not of RQ's type, a Redis without streams) tells
    /// nothing.
    fn read(answers: &[Result<Value, RedisError>]) -> Self {
        let has_data: Option<bool> = value(&answers[0]);
        let fields: Option<[Option<Vec<u8>>; 3]> = value(&answers[1]);
        let newest: Option<Vec<Entry>> = value(&answers[2]);
        let [status, ended, field] = fields.unwrap_or_default();
        let status = status.map(|bytes| keys::text(&bytes));
        let newest = newest.and_then(|entries| entries.into_iter().next());
        let written = newest.as_ref().and_then(|(id, _)| moment(id));
        Self {
            kind: kind(has_data, status.as_deref()),
            ended_at: ended
                .and_then(|bytes| view::time(&keys::text(&bytes)))
                .or(written),
            kept: Kept {
                result: newest.and_then(|(_, fields)| failure(&fields)),
                field,
            },
        }
    }
}

fn value<T: FromRedisValue>(answer: &Result<Value, RedisError>) -> Option<T> {
    from_redis_value_ref(answer.as_ref().ok()?).ok()
}

fn kind(has_data: Option<bool>, status: Option<&str>) -> FailedKind {
    match (has_data, status) {
        (Some(false), _) => FailedKind::Expired,
        (_, Some("failed")) => FailedKind::Failed,
        (_, Some("stopped")) => FailedKind::Stopped,
        _ => FailedKind::Elsewhere,
    }
}

/// `1795403700123-0`: the moment the entry was written, in milliseconds.
fn moment(id: &str) -> Option<Timestamp> {
    let milliseconds = id.split('-').next()?.parse().ok()?;
    Timestamp::from_millisecond(milliseconds).ok()
}

fn failure(fields: &[Vec<u8>]) -> Option<Vec<u8>> {
    let named = |name: &[u8]| {
        let mut pairs = fields.chunks_exact(2);
        pairs.find(|pair| pair[0] == name).map(|pair| &pair[1])
    };
    let is_failure = named(b"type").is_some_and(|kind| kind == FAILURE);
    let text = named(b"exc_string")?;
    is_failure.then(|| text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_worth_what_its_job_says() {
        assert_eq!(kind(Some(true), Some("failed")), FailedKind::Failed);
        assert_eq!(kind(Some(true), Some("stopped")), FailedKind::Stopped);
        assert_eq!(kind(Some(true), Some("queued")), FailedKind::Elsewhere);
        assert_eq!(kind(Some(false), None), FailedKind::Expired);
        // Its key is no hash.
        assert_eq!(kind(None, None), FailedKind::Elsewhere);
    }

    #[test]
    fn only_a_failure_has_an_error() {
        let entry =
            |kind: &str| ["type", kind, "exc_string", "abc"].map(|word| word.as_bytes().to_vec());
        assert_eq!(failure(&entry("2")), Some(b"abc".to_vec()));
        assert_eq!(failure(&entry("1")), None);
        let at = moment("1795403700123-0").unwrap();
        assert_eq!(at.as_millisecond(), 1_795_403_700_123);
    }
}
