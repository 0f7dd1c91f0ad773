//! A copy of the state on its way back: what is in it, and what it must not do any more.
//!
//! Between the copy and now things went on that it does not know of. So nothing that was under way in
//! it goes on: a recovery that is taken up again at an earlier step would do to REI once more what is
//! done, and a notice would reach people twice.

use super::audit::{self, Head};
use super::campaigns::table;
use super::{KEY, OpenError, Scope, chores, closed, runs, schema, seal_key, standing, unavailable};
use crate::domain::Timestamp;
use crate::domain::audit::AuditDraft;
use crate::domain::campaign::Phase;
use crate::domain::chore;
use crate::domain::event::{Entry, Event};
use crate::domain::failure::{Args, Failure, FailureCode};
use crate::domain::ids::RunId;
use crate::domain::operator::Actor;
use crate::ports::journal::StateResult;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// The end of a trail, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedHead {
    /// Number of its last entry.
    pub seq: u64,
    /// Whether `audit.key` sealed it.
    pub sealed: bool,
}

/// What is in a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The end of its trail; none where nothing was written yet.
    pub head: Option<SealedHead>,
    /// Whether the whole trail is unbroken.
    pub unbroken: bool,
    /// Runs that were proposed or under way in it.
    pub runs: Vec<RunId>,
    /// Notices that waited or went out.
    pub notices: usize,
}

/// What was ended in a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Runs.
    pub runs: Vec<RunId>,
    /// Notices.
    pub notices: usize,
    /// Backups to be taken, tested or removed, and drills.
    pub chores: usize,
}

/// What the trail says of the restore.
#[derive(Debug, Clone)]
pub struct Told {
    /// Who.
    pub actor: Actor,
    /// The copy's name.
    pub subject: String,
    /// The rest.
    pub detail: Args,
    /// Now.
    pub now: Timestamp,
}

/// Looks into a copy that nobody else knows of; it is brought up to date. `dir` is the state's folder,
/// where the key is. Blocking.
///
/// # Errors
/// It is damaged, a newer version of this program wrote it, or it cannot be opened.
pub fn inspect(copy: &Path, dir: &Path) -> Result<Inspection, OpenError> {
    let wrong = |reason: String| closed(copy, &reason);
    match standing::look(copy).map_err(|error| closed(copy, &error))? {
        standing::Standing::Damaged(found) => return Err(wrong(found)),
        standing::Standing::Newer => {
            return Err(OpenError::Newer(copy.to_owned()));
        }
        standing::Standing::Absent | standing::Standing::Sound => {}
    }
    let key = present_key(dir)?;
    let mut connection = schema::open(copy).map_err(|error| closed(copy, &error))?;
    let tx = connection
        .transaction()
        .map_err(|error| closed(copy, &error))?;
    look(&tx, &key).map_err(|error| closed(copy, &error))
}

/// The key as it is. Where there is none it is not made: a copy that turns out to be of no use must leave
/// no trace. One that nobody has sealed anything with says the same of every trail.
fn present_key(dir: &Path) -> Result<[u8; 32], OpenError> {
    let path = dir.join(KEY);
    if path.exists() {
        return seal_key(&path);
    }
    let mut nobodys = [0; 32];
    getrandom::fill(&mut nobodys).map_err(|error| closed(&path, &error))?;
    Ok(nobodys)
}

fn look(tx: &Transaction<'_>, key: &[u8; 32]) -> StateResult<Inspection> {
    Ok(Inspection {
        head: audit::head(tx)?.map(|head| sealed(&head, key)),
        unbroken: audit::verify(tx, key)?.is_ok(),
        runs: unfinished(tx)?,
        notices: table::some(tx, OPEN, params![])?.len(),
    })
}

const OPEN: &str = "phase IN ('draft', 'asked', 'ready', 'sending', 'paused')";

fn sealed(head: &Head, key: &[u8; 32]) -> SealedHead {
    SealedHead {
        seq: head.seq,
        sealed: head.is_sealed_by(key),
    }
}

/// Runs that have not ended, those that were only proposed too: a plan may have been carried out since,
/// and its start would go over the same files once more.
fn unfinished(tx: &Connection) -> StateResult<Vec<RunId>> {
    let mut query = tx
        .prepare("SELECT id FROM runs WHERE phase IN ('proposed', 'under-way') ORDER BY id")
        .map_err(unavailable)?;
    let rows = query
        .query_map([], |row| row.get(0).map(RunId))
        .map_err(unavailable)?;
    rows.map(|row| row.map_err(unavailable)).collect()
}

/// The end of the trail of a damaged state, if it can still be read. `db` is a copy of the damaged file
/// (with its `-wal` beside it): reading may change it. Blocking.
#[must_use]
pub fn salvaged_head(db: &Path, dir: &Path) -> Option<SealedHead> {
    let key: [u8; 32] = fs::read(dir.join(KEY)).ok()?.try_into().ok()?;
    let connection = Connection::open(db).ok()?;
    let head = audit::head(&connection).ok()??;
    Some(sealed(&head, &key))
}

/// Ends in a copy what was under way in it, and writes the restore into its trail: in one transaction.
/// The file is whole by itself afterwards. Blocking.
///
/// # Errors
/// It cannot be read or written.
pub fn settle(copy: &Path, dir: &Path, told: Told) -> Result<Settled, OpenError> {
    let key = seal_key(&dir.join(KEY))?;
    let mut connection = schema::open(copy).map_err(|error| closed(copy, &error))?;
    let settled = within(&mut connection, key, told).map_err(|error| closed(copy, &error))?;
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(|error| closed(copy, &error))?;
    connection
        .close()
        .map_err(|(_, error)| closed(copy, &error))?;
    Ok(settled)
}

fn within(connection: &mut Connection, key: [u8; 32], told: Told) -> StateResult<Settled> {
    let tx = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(unavailable)?;
    let scope = Scope {
        tx,
        now: told.now,
        seal_key: Arc::new(key),
        quiet: false,
    };
    // What was owed was delivered since, or is no longer so.
    scope
        .tx
        .execute_batch(
            "UPDATE outbox SET state = 'given-up', reason = 'the state was restored'
             WHERE state = 'pending';
             DELETE FROM buttons;
             DELETE FROM dialogues;",
        )
        .map_err(unavailable)?;
    let runs = unfinished(&scope.tx)?;
    for run in &runs {
        end(&scope, *run, &told.actor)?;
    }
    let notices = end_notices(&scope)?;
    let chores = end_chores(&scope)?;
    let draft = AuditDraft {
        actor: told.actor,
        verb: "restore-state".to_owned(),
        subject: told.subject,
        run: None,
        outcome: "ok".to_owned(),
        detail: told.detail,
        announce: true,
    };
    audit::append(&scope, draft)?;
    scope.tx.commit().map_err(unavailable)?;
    Ok(Settled {
        runs,
        notices,
        chores,
    })
}

fn end(scope: &Scope<'_>, run: RunId, by: &Actor) -> StateResult<()> {
    let last: i64 = scope
        .tx
        .query_row(
            "UPDATE runs SET phase = 'finished' WHERE id = ?1
             RETURNING (SELECT coalesce(max(position), 0) FROM events WHERE run = ?1)",
            [run.0],
            |row| row.get(0),
        )
        .map_err(unavailable)?;
    let entry = Entry {
        position: last.cast_unsigned() + 1,
        at: scope.now,
        event: Event::Aborted { by: by.clone() },
    };
    runs::insert(scope, run, &entry)?;
    let draft = AuditDraft {
        actor: by.clone(),
        verb: "abort".to_owned(),
        subject: run.to_string(),
        run: Some(run),
        outcome: "ok".to_owned(),
        detail: Args::new(),
        announce: true,
    };
    audit::append(scope, draft).map(drop)
}

/// What was asked for may have been done since: to remove backups twice is to remove others.
fn end_chores(scope: &Scope<'_>) -> StateResult<usize> {
    let open = chores::some(&scope.tx, "phase IN ('asked', 'running') ORDER BY id", [])?;
    let count = open.len();
    for mut chore in open {
        chore.phase = chore::Phase::CutOff;
        chore.failure = Some(Failure::new(FailureCode::CutOff));
        chore.ended_at = Some(scope.now);
        chores::change(&scope.tx, chore)?;
    }
    Ok(count)
}

fn end_notices(scope: &Scope<'_>) -> StateResult<usize> {
    let open = table::some(&scope.tx, OPEN, params![])?;
    let count = open.len();
    for mut campaign in open {
        campaign.phase = match campaign.phase {
            Phase::Draft | Phase::Asked => Phase::Dropped,
            _ => Phase::Aborted,
        };
        table::change(&scope.tx, campaign)?;
    }
    Ok(count)
}
