//! Walking through what may be long, in pieces that hold Redis for well under 10 ms each.

use super::errors;
use super::keys;
use super::session::Session;
use crate::ports::PortResult;
use redis::{FromRedisValue, Pipeline, pipe};
use std::collections::BTreeSet;

/// Keys that one `SCAN` looks at, and entries that one command reads.
const PIECE: isize = 1000;

/// Walks over the keys of the database; `SCAN` may hand out one more than once.
pub(super) struct Keys {
    pattern: &'static str,
    cursor: u64,
    over: bool,
}

impl Keys {
    /// All keys that match.
    pub(super) fn like(pattern: &'static str) -> Self {
        Self {
            pattern,
            cursor: 0,
            over: false,
        }
    }

    /// The next keys, perhaps none; nothing when all were seen.
    pub(super) async fn next(
        &mut self,
        session: &mut Session<'_>,
    ) -> PortResult<Option<Vec<String>>> {
        if self.over {
            return Ok(None);
        }
        let mut scan = pipe();
        scan.cmd("SCAN").arg(self.cursor);
        scan.arg("MATCH").arg(self.pattern).arg("COUNT").arg(PIECE);
        let ((cursor, found),): ((u64, Vec<Vec<u8>>),) = session.ask(&scan).await?;
        self.cursor = cursor;
        self.over = cursor == 0;
        Ok(Some(found.iter().map(|key| keys::text(key)).collect()))
    }

    /// All of them, each once.
    pub(super) async fn all(mut self, session: &mut Session<'_>) -> PortResult<BTreeSet<String>> {
        let mut all = BTreeSet::new();
        while let Some(found) = self.next(session).await? {
            all.extend(found);
        }
        Ok(all)
    }
}

/// The entries of a list. Read from its end: workers take from the front, and what they take while
/// we read must not push others out of sight. An entry may come twice when something is added.
pub(super) async fn list(session: &mut Session<'_>, key: &str) -> PortResult<Vec<String>> {
    let mut all = Vec::new();
    let mut end: isize = -1;
    loop {
        let mut read = pipe();
        read.cmd("LRANGE").arg(key).arg(end + 1 - PIECE).arg(end);
        let piece: Vec<Vec<u8>> = one(session, &mut read, key).await?;
        all.extend(piece.iter().rev().map(|entry| keys::text(entry)));
        if piece.len() < PIECE.unsigned_abs() {
            all.reverse();
            return Ok(all);
        }
        end -= PIECE;
    }
}

/// The members of a registry, each once.
pub(super) async fn members(session: &mut Session<'_>, key: &str) -> PortResult<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    let mut cursor = 0_u64;
    loop {
        let mut scan = pipe();
        scan.cmd("ZSCAN")
            .arg(key)
            .arg(cursor)
            .arg("COUNT")
            .arg(PIECE);
        // Members and scores take turns.
        let (next, found): (u64, Vec<Vec<u8>>) = one(session, &mut scan, key).await?;
        all.extend(found.iter().step_by(2).map(|member| keys::text(member)));
        cursor = next;
        if cursor == 0 {
            return Ok(all);
        }
    }
}

async fn one<T: FromRedisValue>(
    session: &mut Session<'_>,
    command: &mut Pipeline,
    key: &str,
) -> PortResult<T> {
    let mut answers = session.each(command).await?;
    match answers.pop() {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(error)) if errors::is_wrong_type(&error) => Err(errors::damaged(key)),
        Some(Err(error)) => Err(session.failed(&error)),
        None => Err(session.unanswered()),
    }
}
