//! Checklists: a row each, the whole of it as JSON, and which recoveries still need one.

use super::{Scope, Store, audit, outbox, unavailable};
use crate::domain::checklist::Checklist;
use crate::domain::event::Outcome;
use crate::domain::ids::{ChecklistId, RunId};
use crate::domain::run::{Phase, Run};
use crate::ports::campaigns::Telling;
use crate::ports::checklists::{Checklists, Tell};
use crate::ports::journal::{StateError, StateResult};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Params, params};

#[async_trait]
impl Checklists for Store {
    async fn create(&self, checklist: Checklist, telling: Tell) -> StateResult<Checklist> {
        self.write(move |scope| create(scope, checklist, telling))
            .await
    }

    async fn checklist(&self, id: ChecklistId) -> StateResult<Option<Checklist>> {
        self.read(move |tx| one(tx, "id = ?1", params![id.0])).await
    }

    async fn change(&self, checklist: Checklist, telling: Telling) -> StateResult<Checklist> {
        self.write(move |scope| {
            let checklist = change(&scope.tx, checklist)?;
            tell(scope, telling)?;
            Ok(checklist)
        })
        .await
    }

    async fn open(&self) -> StateResult<Vec<Checklist>> {
        self.read(|tx| {
            let mut query = tx
                .prepare_cached("SELECT checklist FROM checklists WHERE open = 1 ORDER BY id DESC")
                .map_err(unavailable)?;
            let rows = query
                .query_map([], |row| row.get::<_, String>(0))
                .map_err(unavailable)?;
            rows.map(|row| decode(&row.map_err(unavailable)?)).collect()
        })
        .await
    }

    async fn due(&self) -> StateResult<Vec<RunId>> {
        self.read(|tx| {
            let mut query = tx
                .prepare_cached("SELECT run FROM checklists_due ORDER BY run")
                .map_err(unavailable)?;
            let rows = query
                .query_map([], |row| row.get(0).map(RunId))
                .map_err(unavailable)?;
            rows.map(|row| row.map_err(unavailable)).collect()
        })
        .await
    }

    async fn excuse(&self, run: RunId) -> StateResult<()> {
        self.write(move |scope| {
            let sql = "DELETE FROM checklists_due WHERE run = ?1";
            let gone = scope.tx.execute(sql, [run.0]);
            gone.map(drop).map_err(unavailable)
        })
        .await
    }
}

fn create(scope: &Scope<'_>, mut checklist: Checklist, telling: Tell) -> StateResult<Checklist> {
    let (tx, key) = (&scope.tx, checklist.about.key());
    if let Some(key) = &key {
        tx.execute("DELETE FROM checklists_due WHERE 'run:' || run = ?1", [key])
            .map_err(unavailable)?;
        if let Some(there) = one(tx, "about = ?1", params![key])? {
            return Ok(there);
        }
    }
    tx.execute(
        "INSERT INTO checklists (revision, open, about, checklist) VALUES (0, 1, ?1, '')",
        [key],
    )
    .map_err(unavailable)?;
    checklist.id = ChecklistId(tx.last_insert_rowid());
    checklist.revision = 0;
    let checklist = change(tx, checklist)?;
    tell(scope, telling(&checklist))?;
    Ok(checklist)
}

fn change(tx: &Connection, mut checklist: Checklist) -> StateResult<Checklist> {
    let read = checklist.revision.cast_signed();
    checklist.revision += 1;
    let text = serde_json::to_string(&checklist).map_err(unavailable)?;
    let changed = tx
        .execute(
            "UPDATE checklists SET revision = ?3, open = ?4, checklist = ?5
             WHERE id = ?1 AND revision = ?2",
            params![
                checklist.id.0,
                read,
                checklist.revision.cast_signed(),
                checklist.is_open(),
                text
            ],
        )
        .map_err(unavailable)?;
    match changed {
        0 => Err(StateError::Conflict),
        _ => Ok(checklist),
    }
}

fn one(tx: &Connection, fits: &str, by: impl Params) -> StateResult<Option<Checklist>> {
    let text = tx
        .prepare_cached(&format!("SELECT checklist FROM checklists WHERE {fits}"))
        .map_err(unavailable)?
        .query_row(by, |row| row.get::<_, String>(0))
        .optional()
        .map_err(unavailable)?;
    text.map(|text| decode(&text)).transpose()
}

fn decode(text: &str) -> StateResult<Checklist> {
    serde_json::from_str(text).map_err(unavailable)
}

fn tell(scope: &Scope<'_>, telling: Telling) -> StateResult<()> {
    for draft in telling.audit {
        audit::append(scope, draft)?;
    }
    outbox::push(scope, &telling.posts)
}

/// A recovery that ended needs a checklist, however it ended, unless nothing was done to REI. What other
/// commands begin (a retry, a sync) is no recovery.
pub(super) fn follow(scope: &Scope<'_>, run: &Run) -> StateResult<()> {
    let Phase::Finished(Outcome::Recovered | Outcome::RolledBack | Outcome::Aborted) = run.phase
    else {
        return Ok(());
    };
    if !run.plan.runbook.offered || run.started_at.is_none() {
        return Ok(());
    }
    let due = "INSERT OR IGNORE INTO checklists_due (run) VALUES (?1)";
    let noted = scope.tx.execute(due, [run.id.0]);
    noted.map(drop).map_err(unavailable)
}
