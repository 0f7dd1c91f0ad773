//! Scripts that treat many jobs in one call, each job as one atomic step.

use super::errors;
use super::keys;
use super::session::{self, Session};
use crate::ports::backups::Work;
use crate::ports::{PortError, PortResult};
use jiff::Timestamp;
use redis::{Cmd, cmd, pipe};

/// Jobs in one call. A job takes Redis about 10 µs, so that a machine several times slower still
/// stays below 10 ms.
pub(super) const BATCH: usize = 200;
/// Calls on their way at once: the network's delay is paid once for all of them.
const AHEAD: usize = 8;

/// One call of a script, and how many jobs it treats.
pub(super) struct Call {
    pub(super) command: Cmd,
    pub(super) jobs: usize,
}

/// The beginning of a call; arguments follow.
pub(super) fn call(code: &str, keys: &[String]) -> Cmd {
    let mut command = cmd("EVAL");
    command.arg(code).arg(keys.len()).arg(keys);
    command
}

/// Makes all calls; a letter for each job, in their order. Ends between two of them when cancelled.
pub(super) async fn run(
    session: &mut Session<'_>,
    calls: &[Call],
    work: &Work,
) -> PortResult<Vec<u8>> {
    let mut letters = Vec::new();
    for ahead in calls.chunks(AHEAD) {
        session::go_on(&work.cancel)?;
        let mut commands = pipe();
        for call in ahead {
            commands.add_command(call.command.clone());
        }
        let answers: Vec<Vec<u8>> = session
            .each(&mut commands)
            .await?
            .into_iter()
            .map(|answer| answer.map_err(|error| refused(session, &error)))
            .collect::<PortResult<_>>()?;
        for (answer, call) in answers.iter().zip(ahead) {
            if answer.len() != call.jobs {
                return Err(session.unanswered());
            }
            letters.extend(answer);
            work.progress.advance(call.jobs as u64);
        }
    }
    Ok(letters)
}

/// A script names the key that is not of its type.
fn refused(session: &Session<'_>, error: &redis::RedisError) -> PortError {
    let named = error
        .detail()
        .and_then(|words| words.split(' ').find(|w| w.starts_with("rq:")));
    match named {
        Some(key) if errors::is_wrong_type(error) => errors::damaged(key),
        _ => session.failed(error),
    }
}

/// The queue's key is no list: nothing was done to its jobs.
pub(super) fn no_list(queue: &str) -> PortError {
    errors::damaged(&keys::queue(queue))
}

/// A moment in RQ's form.
pub(super) fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_look_like_those_of_rq() {
        let at = "2026-11-23T03:15:00.5Z".parse().unwrap();
        assert_eq!(stamp(at), "2026-11-23T03:15:00.500000Z");
    }
}
