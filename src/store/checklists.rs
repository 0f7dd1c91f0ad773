//! Checklists: a row each, the whole of it as JSON, and which recoveries still need one.

use super::{Scope, Store, audit, outbox, unavailable};
use crate::domain::checklist::{About, Checklist};
use crate::domain::chore::{Chore, Phase as ChorePhase, Task};
use crate::domain::event::Outcome;
use crate::domain::ids::{ChecklistId, ChoreId, RunId};
use crate::domain::run::{Phase, Run};
use crate::ports::campaigns::Telling;
use crate::ports::checklists::{Checklists, Due, Tell};
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

    async fn due(&self) -> StateResult<Vec<Due>> {
        self.read(|tx| {
            let mut query = tx
                .prepare_cached(
                    "SELECT run, drill FROM checklists_due ORDER BY run IS NULL, run, drill",
                )
                .map_err(unavailable)?;
            let rows = query
                .query_map([], |row| {
                    Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?))
                })
                .map_err(unavailable)?;
            rows.map(|row| match row.map_err(unavailable)? {
                (Some(run), _) => Ok(Due::Run(RunId(run))),
                (None, Some(drill)) => Ok(Due::Drill(ChoreId(drill))),
                (None, None) => Err(unavailable("a checklist is due for nothing")),
            })
            .collect()
        })
        .await
    }

    async fn excuse(&self, due: Due) -> StateResult<()> {
        self.write(move |scope| settle(&scope.tx, due)).await
    }
}

fn settle(tx: &Connection, due: Due) -> StateResult<()> {
    let gone = match due {
        Due::Run(run) => tx.execute("DELETE FROM checklists_due WHERE run = ?1", [run.0]),
        Due::Drill(chore) => tx.execute("DELETE FROM checklists_due WHERE drill = ?1", [chore.0]),
    };
    gone.map(drop).map_err(unavailable)
}

fn create(scope: &Scope<'_>, mut checklist: Checklist, telling: Tell) -> StateResult<Checklist> {
    let (tx, key) = (&scope.tx, checklist.about.key());
    match checklist.about {
        About::Run { run } => settle(tx, Due::Run(run))?,
        About::Drill { chore } => settle(tx, Due::Drill(chore))?,
        About::Hand => {}
    }
    if let Some(key) = &key
        && let Some(there) = one(tx, "about = ?1", params![key])?
    {
        return Ok(there);
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

/// So does a drill, whatever it found; but not one that had to be refused, which recovered nothing.
pub(super) fn follow_chore(scope: &Scope<'_>, chore: &Chore) -> StateResult<()> {
    let ended = matches!(chore.phase, ChorePhase::Done | ChorePhase::Failed);
    let recovers = matches!(&chore.task, Task::Drill { wish } if !wish.bad_backup);
    if !ended || !recovers {
        return Ok(());
    }
    let due = "INSERT OR IGNORE INTO checklists_due (drill) VALUES (?1)";
    let noted = scope.tx.execute(due, [chore.id.0]);
    noted.map(drop).map_err(unavailable)
}
