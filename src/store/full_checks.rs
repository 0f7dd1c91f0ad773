//! Full checks that recoveries by record put off.

use super::{Scope, Store, audit, outbox, unavailable};
use crate::domain::audit::AuditDraft;
use crate::domain::database::Proof;
use crate::domain::event::Outcome;
use crate::domain::facts::Facts;
use crate::domain::ids::RunId;
use crate::domain::post::Owed;
use crate::domain::run::{Phase, Run};
use crate::ports::journal::{FullChecks, OwedCheck, StateResult};
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use std::path::PathBuf;

type Told = (AuditDraft, Vec<Owed>);

#[async_trait]
impl FullChecks for Store {
    async fn owed(&self) -> StateResult<Option<OwedCheck>> {
        self.read(|tx| {
            let row: Option<(i64, String, u32, Option<String>)> = tx
                .query_row(
                    "SELECT run, database, tries, not_before FROM full_checks
                     ORDER BY run DESC LIMIT 1",
                    [],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
                )
                .optional()
                .map_err(unavailable)?;
            let Some((run, database, tries, not_before)) = row else {
                return Ok(None);
            };
            let not_before = not_before.map(|at| at.parse()).transpose();
            Ok(Some(OwedCheck {
                run: RunId(run),
                database: PathBuf::from(database),
                tries,
                not_before: not_before.map_err(unavailable)?,
            }))
        })
        .await
    }

    async fn put_off(&self, run: RunId, until: Timestamp, told: Option<Told>) -> StateResult<()> {
        let until = until.to_string();
        let sql = "UPDATE full_checks SET tries = tries + 1, not_before = ?2 WHERE run = ?1";
        self.write(move |scope| {
            let changed = scope.tx.execute(sql, params![run.0, until]);
            match (changed.map_err(unavailable)?, told) {
                (1.., Some(told)) => tell(scope, told),
                _ => Ok(()),
            }
        })
        .await
    }

    async fn settle(&self, run: RunId, told: Told) -> StateResult<()> {
        let sql = "DELETE FROM full_checks WHERE run = ?1";
        self.write(
            move |scope| match scope.tx.execute(sql, [run.0]).map_err(unavailable)? {
                0 => Ok(()),
                _ => tell(scope, told),
            },
        )
        .await
    }
}

fn tell(scope: &Scope<'_>, (draft, posts): Told) -> StateResult<()> {
    audit::append(scope, draft)?;
    outbox::push(scope, &posts)
}

/// Whatever was owed for the database before ends with it; what the new one owes begins.
pub(super) fn follow(scope: &Scope<'_>, run: &Run) -> StateResult<()> {
    let Some(owes) = owes(run) else {
        return Ok(());
    };
    let change = |sql: &str, params: &[&dyn rusqlite::ToSql]| {
        scope.tx.execute(sql, params).map(drop).map_err(unavailable)
    };
    change("DELETE FROM full_checks", &[])?;
    if !owes {
        return Ok(());
    }
    let database = run.plan.database.display().to_string();
    change(
        "INSERT INTO full_checks (run, database) VALUES (?1, ?2)",
        &[&run.id.0, &database],
    )
}

/// Whether the database that this run put in place is still to be checked in full; nothing where it
/// put none there.
fn owes(run: &Run) -> Option<bool> {
    let Phase::Finished(outcome @ (Outcome::Recovered | Outcome::Aborted)) = run.phase else {
        return None;
    };
    run.find_facts(|facts| matches!(facts, Facts::Installed { .. }).then_some(()))?;
    let by_record = run.find_facts(|facts| match facts {
        Facts::Staged(staged) => Some(matches!(staged.proof, Proof::Record { .. })),
        _ => None,
    });
    // Left in the middle, REI may run on it all the same.
    let runs = outcome == Outcome::Recovered || run.is_committed();
    Some(runs && by_record == Some(true))
}
