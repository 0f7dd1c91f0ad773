//! The book of incidents: the whole file as JSON, and what is searched for beside it.

use super::campaigns::tell;
use super::{Scope, Store, unavailable};
use crate::domain::case::Case;
use crate::domain::checklist::{About, Report};
use crate::domain::ids::{CaseId, RunId};
use crate::ports::campaigns::Telling;
use crate::ports::cases::{Cases, Step, Tell};
use crate::ports::checklists::Reports;
use crate::ports::journal::{StateError, StateResult};
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params, params};

#[async_trait]
impl Cases for Store {
    async fn create(&self, case: Case, telling: Tell) -> StateResult<Case> {
        self.write(move |scope| create(scope, case, telling)).await
    }

    async fn change(&self, case: Case, telling: Telling) -> StateResult<Case> {
        self.write(move |scope| {
            let case = change(&scope.tx, case)?;
            tell(scope, telling)?;
            Ok(case)
        })
        .await
    }

    async fn case(&self, id: CaseId) -> StateResult<Option<Case>> {
        self.read(move |tx| one(tx, "id = ?1", params![id.0])).await
    }

    async fn recent(&self, limit: u32) -> StateResult<Vec<Case>> {
        self.read(move |tx| some(tx, "TRUE ORDER BY id DESC LIMIT ?1", params![limit]))
            .await
    }

    async fn open(&self) -> StateResult<Vec<Case>> {
        self.read(|tx| some(tx, "open = 1 ORDER BY id", params![]))
            .await
    }

    async fn to_do(&self) -> StateResult<Vec<Case>> {
        self.read(|tx| some(tx, "to_do = 1 ORDER BY id", params![]))
            .await
    }

    async fn of_run(&self, run: RunId) -> StateResult<Option<Case>> {
        self.read(move |tx| {
            let fits = "id = (SELECT file FROM case_runs WHERE run = ?1)";
            one(tx, fits, params![run.0])
        })
        .await
    }

    async fn followed(&self) -> StateResult<u64> {
        self.read(|tx| {
            tx.query_row("SELECT seq FROM case_trail", [], |row| row.get::<_, i64>(0))
                .map(i64::cast_unsigned)
                .map_err(unavailable)
        })
        .await
    }

    async fn follow(&self, step: Step, telling: Tell) -> StateResult<()> {
        let Step { from, upto, case } = step;
        let quiet = case.is_none();
        let follow = move |scope: &Scope<'_>| {
            let moved = scope.tx.execute(
                "UPDATE case_trail SET seq = ?2 WHERE seq = ?1",
                params![from.cast_signed(), upto.cast_signed()],
            );
            if moved.map_err(unavailable)? == 0 {
                return Err(StateError::Conflict);
            }
            match case {
                None => Ok(()),
                Some(case) if case.id.0 == 0 => create(scope, case, telling).map(drop),
                Some(case) => {
                    let case = change(&scope.tx, case)?;
                    tell(scope, telling(&case))
                }
            }
        };
        // Whoever is woken by each word in the trail must not wake the others by having read it.
        if quiet {
            self.write_quietly(follow).await
        } else {
            self.write(follow).await
        }
    }
}

#[async_trait]
impl Reports for Store {
    async fn complete(&self, about: &About, began: Timestamp) -> StateResult<Option<Report>> {
        let case = match about {
            About::Run { run } => self.of_run(*run).await?,
            // Nothing happened.
            About::Drill { .. } => None,
            About::Hand => {
                let newest = Cases::recent(self, 1).await?.pop();
                // One that was closed by hand has ended too, though nothing of it was seen to be over.
                newest.filter(|case| case.until().is_none_or(|ended| ended >= began))
            }
        };
        let complete = case.filter(Case::is_complete);
        Ok(complete.map(|case| Report {
            name: case.id.to_string(),
        }))
    }
}

fn create(scope: &Scope<'_>, mut case: Case, telling: Tell) -> StateResult<Case> {
    scope
        .tx
        .execute(
            "INSERT INTO cases (revision, open, to_do, file) VALUES (0, 1, 0, '')",
            [],
        )
        .map_err(unavailable)?;
    case.id = CaseId(scope.tx.last_insert_rowid());
    case.revision = 0;
    let case = change(&scope.tx, case)?;
    tell(scope, telling(&case))?;
    Ok(case)
}

/// Writes one that was read as its revision; the columns are kept in step with it.
fn change(tx: &Connection, mut case: Case) -> StateResult<Case> {
    let read = case.revision.cast_signed();
    case.revision += 1;
    let text = serde_json::to_string(&case).map_err(unavailable)?;
    let to_do = case.to_do().next().is_some();
    let changed = tx
        .prepare_cached(
            "UPDATE cases SET revision = ?3, open = ?4, to_do = ?5, file = ?6
             WHERE id = ?1 AND revision = ?2",
        )
        .map_err(unavailable)?
        .execute(params![
            case.id.0,
            read,
            case.revision.cast_signed(),
            case.is_open(),
            to_do,
            text
        ])
        .map_err(unavailable)?;
    if changed == 0 {
        return Err(StateError::Conflict);
    }
    for run in &case.runs {
        tx.execute(
            "INSERT INTO case_runs (run, file) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![run.0, case.id.0],
        )
        .map_err(unavailable)?;
    }
    Ok(case)
}

fn one(tx: &Connection, fits: &str, by: impl Params) -> StateResult<Option<Case>> {
    let text = tx
        .prepare_cached(&select(fits))
        .map_err(unavailable)?
        .query_row(by, |row| row.get::<_, String>(0))
        .optional()
        .map_err(unavailable)?;
    text.map(|text| decode(&text)).transpose()
}

fn some(tx: &Connection, fits: &str, by: impl Params) -> StateResult<Vec<Case>> {
    let mut query = tx.prepare_cached(&select(fits)).map_err(unavailable)?;
    let rows = query
        .query_map(by, |row| row.get::<_, String>(0))
        .map_err(unavailable)?;
    rows.map(|row| decode(&row.map_err(unavailable)?)).collect()
}

fn select(fits: &str) -> String {
    format!("SELECT file FROM cases WHERE {fits}")
}

fn decode(text: &str) -> StateResult<Case> {
    serde_json::from_str(text).map_err(unavailable)
}
