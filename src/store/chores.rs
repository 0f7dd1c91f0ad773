//! Chores, each a row with the whole of it as JSON, and what the calendar has answered.

use super::{Scope, Store, audit, checklists, outbox, unavailable};
use crate::domain::chore::{Chore, Kind};
use crate::domain::ids::ChoreId;
use crate::domain::schedule::{Event, Kept};
use crate::ports::campaigns::Telling;
use crate::ports::chores::Chores;
use crate::ports::journal::{StateError, StateResult};
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Params, params};

#[async_trait]
impl Chores for Store {
    async fn ask(&self, chore: Chore, telling: Telling) -> StateResult<Chore> {
        self.write(move |scope| {
            let chore = create(&scope.tx, chore)?;
            tell(scope, &chore, telling)?;
            Ok(chore)
        })
        .await
    }

    async fn chore(&self, id: ChoreId) -> StateResult<Option<Chore>> {
        self.read(move |tx| Ok(some(tx, "id = ?1", params![id.0])?.pop()))
            .await
    }

    async fn change(&self, chore: Chore, telling: Telling) -> StateResult<Chore> {
        self.write(move |scope| {
            let chore = change(&scope.tx, chore)?;
            checklists::follow_chore(scope, &chore)?;
            tell(scope, &chore, telling)?;
            Ok(chore)
        })
        .await
    }

    async fn open(&self) -> StateResult<Vec<Chore>> {
        self.read(|tx| some(tx, "phase IN ('asked', 'running') ORDER BY id", []))
            .await
    }

    async fn recent(&self, kind: Kind, limit: u32) -> StateResult<Vec<Chore>> {
        self.read(move |tx| {
            let by = params![kind.as_str(), limit];
            some(tx, "kind = ?1 ORDER BY id DESC LIMIT ?2", by)
        })
        .await
    }

    async fn ended_since(&self, kind: Kind, since: Timestamp) -> StateResult<Vec<Chore>> {
        self.read(move |tx| {
            let by = params![kind.as_str(), since.as_second()];
            some(tx, "kind = ?1 AND ended_at >= ?2 ORDER BY id", by)
        })
        .await
    }

    async fn kept(&self, event: Event) -> StateResult<Option<Kept>> {
        self.read(move |tx| {
            let row: Option<String> = tx
                .query_row(
                    "SELECT kept FROM calendar WHERE event = ?1",
                    [event.as_str()],
                    |row| row.get(0),
                )
                .optional()
                .map_err(unavailable)?;
            row.map(|text| serde_json::from_str(&text).map_err(unavailable))
                .transpose()
        })
        .await
    }

    async fn forget(&self, event: Event) -> StateResult<()> {
        if self.kept(event).await?.is_none() {
            return Ok(());
        }
        self.write(move |scope| {
            let sql = "DELETE FROM calendar WHERE event = ?1";
            let gone = scope.tx.execute(sql, [event.as_str()]);
            gone.map(drop).map_err(unavailable)
        })
        .await
    }

    async fn keep(
        &self,
        event: Event,
        kept: Kept,
        chore: Option<Chore>,
        telling: Telling,
    ) -> StateResult<()> {
        let text = serde_json::to_string(&kept).map_err(unavailable)?;
        self.write(move |scope| {
            scope
                .tx
                .execute(
                    "INSERT INTO calendar (event, kept) VALUES (?1, ?2)
                     ON CONFLICT (event) DO UPDATE SET kept = ?2",
                    params![event.as_str(), text],
                )
                .map_err(unavailable)?;
            let Some(chore) = chore else {
                return plainly(scope, telling);
            };
            let kept = match waiting(&scope.tx, &chore)? {
                Some(waiting) => fold(scope, waiting, &chore, telling),
                None => create(&scope.tx, chore).and_then(|chore| tell(scope, &chore, telling)),
            };
            match kept {
                // It was asked for already, under this moment.
                Err(StateError::Conflict) => Ok(()),
                kept => kept,
            }
        })
        .await
    }
}

fn create(tx: &Connection, mut chore: Chore) -> StateResult<Chore> {
    let due = chore.due.map(|due| due.at.as_second());
    tx.execute(
        "INSERT INTO chores (revision, kind, phase, due, chore) VALUES (0, ?1, '', ?2, '')",
        params![chore.task.kind().as_str(), due],
    )
    .map_err(taken)?;
    chore.id = ChoreId(tx.last_insert_rowid());
    chore.revision = 0;
    change(tx, chore)
}

/// The chore of the calendar that is to do the same and has not begun.
fn waiting(tx: &Connection, chore: &Chore) -> StateResult<Option<Chore>> {
    let by = params![chore.task.kind().as_str()];
    let mut asked = some(tx, "kind = ?1 AND phase = 'asked' ORDER BY id", by)?;
    asked.retain(|it| it.due.is_some() && it.task == chore.task);
    Ok(asked.pop())
}

/// The one that waits stands for the moment of the other too.
fn fold(scope: &Scope<'_>, mut waiting: Chore, other: &Chore, telling: Telling) -> StateResult<()> {
    let before = waiting.due;
    if let Some(due) = other.due {
        waiting.fold(due);
    }
    if waiting.due == before {
        return Ok(());
    }
    let due = waiting.due.map(|due| due.at.as_second());
    scope
        .tx
        .execute(
            "UPDATE chores SET due = ?2 WHERE id = ?1",
            params![waiting.id.0, due],
        )
        .map_err(taken)?;
    let waiting = change(&scope.tx, waiting)?;
    tell(scope, &waiting, telling)
}

pub(super) fn change(tx: &Connection, mut chore: Chore) -> StateResult<Chore> {
    let read = chore.revision.cast_signed();
    chore.revision += 1;
    let text = serde_json::to_string(&chore).map_err(unavailable)?;
    let changed = tx
        .execute(
            "UPDATE chores SET revision = ?3, phase = ?4, ended_at = ?5, chore = ?6
             WHERE id = ?1 AND revision = ?2",
            params![
                chore.id.0,
                read,
                chore.revision.cast_signed(),
                chore.phase.as_str(),
                chore.ended_at.map(Timestamp::as_second),
                text
            ],
        )
        .map_err(unavailable)?;
    if changed == 0 {
        return Err(StateError::Conflict);
    }
    Ok(chore)
}

/// Those that fit and can be read; what another version wrote is passed over.
pub(super) fn some(tx: &Connection, fits: &str, by: impl Params) -> StateResult<Vec<Chore>> {
    let mut query = tx
        .prepare_cached(&format!("SELECT chore FROM chores WHERE {fits}"))
        .map_err(unavailable)?;
    let rows = query
        .query_map(by, |row| row.get::<_, String>(0))
        .map_err(unavailable)?;
    let mut chores = Vec::new();
    for row in rows {
        match serde_json::from_str(&row.map_err(unavailable)?) {
            Ok(chore) => chores.push(chore),
            Err(error) => tracing::warn!(%error, "a chore of another version is passed over"),
        }
    }
    Ok(chores)
}

/// The entries are about the chore whose number was given just now.
fn tell(scope: &Scope<'_>, chore: &Chore, mut telling: Telling) -> StateResult<()> {
    for draft in &mut telling.audit {
        draft.subject = chore.id.to_string();
    }
    plainly(scope, telling)
}

fn plainly(scope: &Scope<'_>, telling: Telling) -> StateResult<()> {
    for draft in telling.audit {
        audit::append(scope, draft)?;
    }
    outbox::push(scope, &telling.posts)
}

/// A moment of the calendar has one chore of a kind.
fn taken(error: rusqlite::Error) -> StateError {
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => StateError::Conflict,
        _ => unavailable(error),
    }
}
