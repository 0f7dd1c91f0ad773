//! Emptying Redis, leaving a mark that says so.

use super::health;
use super::session::Session;
use super::target::Target;
use crate::domain::queue::{FlushScope, Flushed};
use crate::ports::PortResult;
use redis::pipe;

/// How long the mark stays, in seconds: a recovery that asks later than a day asks a person.
const MARK_STAYS: u64 = 24 * 3600;

/// Empties and marks in one transaction. Redis frees the memory beside its other work.
pub(super) async fn flush(
    session: &mut Session<'_>,
    target: &Target,
    scope: FlushScope,
    mark: &str,
) -> PortResult<Flushed> {
    let (command, db) = match scope {
        FlushScope::Database => ("FLUSHDB", Some(target.db)),
        FlushScope::Server => ("FLUSHALL", None),
    };
    let mut commands = pipe();
    commands.atomic().cmd("INFO").arg("keyspace");
    commands.cmd(command).arg("ASYNC").ignore();
    let set = commands.cmd("SET").arg(key(mark)).arg(1);
    set.arg("EX").arg(MARK_STAYS).ignore();
    let (keyspace,): (String,) = session.ask(&commands).await?;
    let keys = health::keys_in(&keyspace, db);
    Ok(Flushed { keys })
}

/// Whether the mark is there.
pub(super) async fn was_flushed(session: &mut Session<'_>, mark: &str) -> PortResult<bool> {
    let mut commands = pipe();
    commands.cmd("EXISTS").arg(key(mark));
    let (there,): (bool,) = session.ask(&commands).await?;
    Ok(there)
}

fn key(mark: &str) -> String {
    format!("rei-recovery:flushed:{mark}")
}
