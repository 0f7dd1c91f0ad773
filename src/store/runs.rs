//! Runs and their journals.

use super::{Scope, Store, audit, checklists, full_checks, outbox, unavailable};
use crate::domain::approval::Approval;
use crate::domain::audit::AuditDraft;
use crate::domain::chronicle;
use crate::domain::event::{Entry, Event, Outcome};
use crate::domain::failure::Args;
use crate::domain::ids::{RequestId, RunId};
use crate::domain::operator::Actor;
use crate::domain::plan::Plan;
use crate::domain::run::{Phase, Run};
use crate::ports::journal::{Generation, Guard, Journal, StateError, StateResult};
use async_trait::async_trait;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use std::sync::Arc;
use std::time::Duration;

#[async_trait]
impl Journal for Store {
    async fn propose(&self, plan: Plan, requester: Actor, chat: Option<i64>) -> StateResult<Run> {
        self.write(move |scope| {
            let run = create(scope, plan, requester.clone(), chat)?;
            record(scope, run, Event::Proposed { by: requester })
        })
        .await
    }

    async fn load(&self, run: RunId) -> StateResult<Run> {
        self.read(move |tx| load(tx, run)).await
    }

    async fn append(&self, run: RunId, event: Event, guard: Guard) -> StateResult<Run> {
        self.write(move |scope| {
            let before = load(&scope.tx, run)?;
            admit(scope, &before, guard)?;
            still_due(scope, &before, &event)?;
            record(scope, before, event)
        })
        .await
    }

    async fn abandon(&self, run: RunId, by: Actor) -> StateResult<()> {
        self.write(move |scope| abandon(scope, run, by)).await
    }

    async fn entry(&self, run: RunId, position: u64) -> StateResult<Option<Entry>> {
        self.read(move |tx| {
            Ok(journal(tx, run)?
                .into_iter()
                .find(|entry| entry.position == position))
        })
        .await
    }

    async fn entries(&self, run: RunId) -> StateResult<Vec<Entry>> {
        self.read(move |tx| journal(tx, run)).await
    }

    async fn under_way(&self) -> StateResult<Vec<RunId>> {
        self.read(|tx| {
            let mut query = tx
                .prepare_cached("SELECT id FROM runs WHERE phase = 'under-way' ORDER BY id")
                .map_err(unavailable)?;
            let rows = query
                .query_map([], |row| row.get(0).map(RunId))
                .map_err(unavailable)?;
            rows.map(|row| row.map_err(unavailable)).collect()
        })
        .await
    }

    async fn recent(&self, limit: u32) -> StateResult<Vec<Run>> {
        self.read(move |tx| recent(tx, limit)).await
    }

    async fn find_request(&self, request: &RequestId) -> StateResult<Option<(RunId, Approval)>> {
        let request = request.clone();
        self.read(move |tx| {
            let run = tx
                .query_row(
                    "SELECT run FROM approvals WHERE request = ?1",
                    [request.as_str()],
                    |row| row.get(0).map(RunId),
                )
                .optional()
                .map_err(unavailable)?;
            let Some(id) = run else { return Ok(None) };
            Ok(load(tx, id)?
                .request(&request)
                .map(|approval| (id, approval.clone())))
        })
        .await
    }

    async fn durations(&self, runbook: &str) -> StateResult<Vec<Duration>> {
        let runs = self.recent(1000).await?;
        let done = |run: &&Run| {
            run.plan.id().as_str() == runbook && run.phase == Phase::Finished(Outcome::Recovered)
        };
        Ok(runs.iter().filter(done).map(Run::working_time).collect())
    }

    async fn take_lease(&self, holder: &str) -> StateResult<Generation> {
        let holder = holder.to_owned();
        self.write(move |scope| {
            scope
                .tx
                .query_row(
                    "INSERT INTO lease (one, generation, holder, taken_at) VALUES (1, 1, ?1, ?2)
                     ON CONFLICT (one) DO UPDATE
                     SET generation = generation + 1, holder = ?1, taken_at = ?2
                     RETURNING generation",
                    params![holder, scope.now.to_string()],
                    |row| row.get(0).map(Generation),
                )
                .map_err(unavailable)
        })
        .await
    }

    fn stand_in(&self) -> Option<String> {
        self.stand_in.as_deref().map(str::to_owned)
    }
}

fn create(scope: &Scope<'_>, plan: Plan, requester: Actor, chat: Option<i64>) -> StateResult<Run> {
    let hash = plan.hash();
    let text = serde_json::to_string(&plan).map_err(unavailable)?;
    let who = serde_json::to_string(&requester).map_err(unavailable)?;
    scope
        .tx
        .execute(
            "INSERT INTO runs (runbook, plan, plan_hash, requester, chat, phase)
             VALUES (?1, ?2, ?3, ?4, ?5, 'proposed')",
            params![plan.id().as_str(), text, hash, who, chat],
        )
        .map_err(unavailable)?;
    let id = RunId(scope.tx.last_insert_rowid());
    Ok(Run::new(id, Arc::new(plan), hash, requester, chat))
}

pub(super) fn load(tx: &Connection, id: RunId) -> StateResult<Run> {
    let row: Option<(String, String, String, Option<i64>)> = tx
        .prepare_cached("SELECT plan, plan_hash, requester, chat FROM runs WHERE id = ?1")
        .and_then(|mut query| {
            query
                .query_row([id.0], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })
                .optional()
        })
        .map_err(unavailable)?;
    let (plan, hash, requester, chat) = row.ok_or(StateError::NoSuchRun(id))?;
    let plan: Plan = serde_json::from_str(&plan).map_err(|_| StateError::PlanChanged(id))?;
    if plan.hash() != hash {
        return Err(StateError::PlanChanged(id));
    }
    let requester = serde_json::from_str(&requester).map_err(unavailable)?;
    Ok(Run::new(id, Arc::new(plan), hash, requester, chat).fold(&journal(tx, id)?))
}

fn journal(tx: &Connection, id: RunId) -> StateResult<Vec<Entry>> {
    let mut query = tx
        .prepare_cached("SELECT position, at, event FROM events WHERE run = ?1 ORDER BY position")
        .map_err(unavailable)?;
    let rows = query
        .query_map([id.0], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
            ))
        })
        .map_err(unavailable)?;
    rows.map(|row| {
        let (position, at, event) = row.map_err(unavailable)?;
        Ok(Entry {
            position: position.cast_unsigned(),
            at: at.parse().map_err(unavailable)?,
            event: serde_json::from_str(&event).map_err(unavailable)?,
        })
    })
    .collect()
}

fn recent(tx: &Connection, limit: u32) -> StateResult<Vec<Run>> {
    let mut query = tx
        .prepare_cached("SELECT id FROM runs ORDER BY id DESC LIMIT ?1")
        .map_err(unavailable)?;
    let ids = query
        .query_map([limit], |row| row.get(0).map(RunId))
        .map_err(unavailable)?;
    let mut runs = Vec::new();
    for id in ids {
        // One damaged run must not hide the others.
        match load(tx, id.map_err(unavailable)?) {
            Ok(run) => runs.push(run),
            Err(error) => tracing::warn!(%error, "a run cannot be read"),
        }
    }
    Ok(runs)
}

fn admit(scope: &Scope<'_>, run: &Run, guard: Guard) -> StateResult<()> {
    let (position, generation) = match guard {
        Guard::At(position) => (Some(position), None),
        Guard::Reign(generation) => (None, Some(generation)),
        Guard::Both(position, generation) => (Some(position), Some(generation)),
    };
    if let Some(mine) = generation {
        let current: i64 = scope
            .tx
            .query_row(
                "SELECT coalesce(max(generation), 0) FROM lease",
                [],
                |row| row.get(0),
            )
            .map_err(unavailable)?;
        if current != mine.0 {
            return Err(StateError::LeaseLost);
        }
    }
    if position.is_some_and(|position| position != run.position) {
        return Err(StateError::Conflict);
    }
    Ok(())
}

/// Going on alone is looked at once more where it is written: whoever decided it may have done so on
/// what was true a moment ago.
fn still_due(scope: &Scope<'_>, run: &Run, event: &Event) -> StateResult<()> {
    let Event::GlassBroken { request, .. } = event else {
        return Ok(());
    };
    let due = run
        .request(request)
        .is_some_and(|approval| approval.glass_due(scope.now));
    if due {
        Ok(())
    } else {
        Err(StateError::Conflict)
    }
}

/// Writes an event with all that follows from it.
fn record(scope: &Scope<'_>, before: Run, event: Event) -> StateResult<Run> {
    let entry = Entry {
        position: before.position + 1,
        at: scope.now,
        event,
    };
    let mut after = before.clone();
    after.apply(&entry);
    move_phase(scope, &before, &after)?;
    insert(scope, before.id, &entry)?;
    if let Event::ApprovalAsked { request } = &entry.event {
        scope
            .tx
            .execute(
                "INSERT INTO approvals (request, run, gate, plan, facts, asked_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    request.id.as_str(),
                    before.id.0,
                    request.gate.as_str(),
                    request.plan,
                    request.facts,
                    request.asked_at.to_string(),
                    request.expires_at.to_string()
                ],
            )
            .map_err(unavailable)?;
    }
    full_checks::follow(scope, &after)?;
    checklists::follow(scope, &after)?;
    audit::append(scope, chronicle::audit(&before, &entry.event))?;
    outbox::push(scope, &chronicle::posts(&before, &after, &entry.event))?;
    Ok(after)
}

pub(super) fn insert(scope: &Scope<'_>, run: RunId, entry: &Entry) -> StateResult<()> {
    let event = serde_json::to_string(&entry.event).map_err(unavailable)?;
    scope
        .tx
        .execute(
            "INSERT INTO events (run, position, at, event) VALUES (?1, ?2, ?3, ?4)",
            params![
                run.0,
                entry.position.cast_signed(),
                entry.at.to_string(),
                event
            ],
        )
        .map(drop)
        .map_err(unavailable)
}

fn move_phase(scope: &Scope<'_>, before: &Run, after: &Run) -> StateResult<()> {
    let phase = match after.phase {
        Phase::Proposed => "proposed",
        Phase::Active | Phase::RollingBack(_) => "under-way",
        Phase::Finished(_) => "finished",
    };
    let moved = scope.tx.execute(
        "UPDATE runs SET phase = ?2 WHERE id = ?1",
        params![before.id.0, phase],
    );
    match moved {
        Ok(_) => Ok(()),
        Err(rusqlite::Error::SqliteFailure(error, _))
            if error.code == ErrorCode::ConstraintViolation =>
        {
            let other = scope
                .tx
                .query_row("SELECT id FROM runs WHERE phase = 'under-way'", [], |row| {
                    row.get(0)
                })
                .map_err(unavailable)?;
            Err(StateError::Busy(RunId(other)))
        }
        Err(error) => Err(unavailable(error)),
    }
}

fn abandon(scope: &Scope<'_>, run: RunId, by: Actor) -> StateResult<()> {
    let changed = scope
        .tx
        .execute(
            "UPDATE runs SET phase = 'finished' WHERE id = ?1 AND phase <> 'finished'",
            [run.0],
        )
        .map_err(unavailable)?;
    if changed == 0 {
        return Err(StateError::NoSuchRun(run));
    }
    let last: i64 = scope
        .tx
        .query_row(
            "SELECT coalesce(max(position), 0) FROM events WHERE run = ?1",
            [run.0],
            |row| row.get(0),
        )
        .map_err(unavailable)?;
    let event = Event::Aborted { by: by.clone() };
    insert(
        scope,
        run,
        &Entry {
            position: last.cast_unsigned() + 1,
            at: scope.now,
            event,
        },
    )?;
    let draft = AuditDraft {
        actor: by,
        verb: "abort".to_owned(),
        subject: run.to_string(),
        run: Some(run),
        outcome: "ok".to_owned(),
        detail: Args::from([("failure".to_owned(), "plan-changed".into())]),
        announce: true,
    };
    audit::append(scope, draft)?;
    outbox::push(scope, &outbox::shown(scope, run)?)
}
