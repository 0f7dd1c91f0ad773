//! What the own state says about this program.

use super::{Store, runs, unavailable};
use crate::domain::backup::VerificationRecord;
use crate::domain::event::{Event, Outcome};
use crate::domain::ids::RunId;
use crate::ports::journal::{Generation, StateResult};
use crate::ports::vitals::{Figures, Vitals};
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};
use std::collections::BTreeMap;

#[async_trait]
impl Vitals for Store {
    async fn figures(&self) -> StateResult<Figures> {
        self.read(figures).await
    }

    async fn touch(&self) -> StateResult<()> {
        self.admit()?;
        let now = self.clock.now().to_string();
        // Past `write`: a mark is no change that anybody has to look at.
        self.run(move |connection| {
            let tx = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(unavailable)?;
            tx.execute(
                "INSERT INTO touched (one, at) VALUES (1, ?1)
                 ON CONFLICT (one) DO UPDATE SET at = ?1",
                [now],
            )
            .map_err(unavailable)?;
            tx.commit().map_err(unavailable)
        })
        .await
    }
}

fn figures(tx: &Transaction<'_>) -> StateResult<Figures> {
    let count = |sql: &str| {
        tx.prepare_cached(sql)
            .and_then(|mut query| query.query_row([], |row| row.get::<_, i64>(0)))
            .map(i64::cast_unsigned)
            .map_err(unavailable)
    };
    let reign = tx
        .query_row("SELECT generation FROM lease", [], |row| {
            row.get(0).map(Generation)
        })
        .optional()
        .map_err(unavailable)?;
    Ok(Figures {
        ended: ended(tx)?,
        under_way: count("SELECT count(*) FROM runs WHERE phase = 'under-way'")?,
        approvals_waiting: approvals_waiting(tx)?,
        outbox_backlog: count("SELECT count(*) FROM outbox WHERE state = 'pending'")?,
        audit_entries: count("SELECT coalesce(max(seq), 0) FROM audit")?,
        verified_at: verified_at(tx)?,
        bytes: count("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
        reign,
    })
}

/// The last event of an ended run says how it ended.
fn ended(tx: &Transaction<'_>) -> StateResult<Vec<(String, Outcome, u64)>> {
    let mut query = tx
        .prepare_cached(
            "SELECT r.runbook, e.event FROM runs r JOIN events e ON e.run = r.id AND e.position =
               (SELECT max(position) FROM events WHERE run = r.id)
             WHERE r.phase = 'finished'",
        )
        .map_err(unavailable)?;
    let rows = query
        .query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .map_err(unavailable)?;
    let mut counts: BTreeMap<(String, &'static str), (Outcome, u64)> = BTreeMap::new();
    for row in rows {
        let (runbook, event) = row.map_err(unavailable)?;
        let outcome = match serde_json::from_str(&event) {
            Ok(Event::Finished { outcome }) => outcome,
            Ok(Event::CancelAsked { .. }) => Outcome::Cancelled,
            // What cannot be read was abandoned by a person.
            Ok(_) | Err(_) => Outcome::Aborted,
        };
        let key = (runbook, outcome.as_str());
        counts.entry(key).or_insert((outcome, 0)).1 += 1;
    }
    let flat = |((runbook, _), (outcome, count))| (runbook, outcome, count);
    Ok(counts.into_iter().map(flat).collect())
}

fn approvals_waiting(tx: &Transaction<'_>) -> StateResult<u64> {
    let mut query = tx
        .prepare_cached("SELECT id FROM runs WHERE phase = 'under-way'")
        .map_err(unavailable)?;
    let ids: Vec<i64> = query
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .map_err(unavailable)?;
    // A run whose plan cannot be trusted asks nobody anything.
    let waiting = ids.into_iter().filter_map(|id| {
        let run = runs::load(tx, RunId(id)).ok()?;
        let open = run.approvals().iter().filter(|a| a.verdict.is_none());
        Some(open.count() as u64)
    });
    Ok(waiting.sum())
}

fn verified_at(tx: &Transaction<'_>) -> StateResult<Option<Timestamp>> {
    let mut query = tx
        .prepare_cached("SELECT record FROM verifications")
        .map_err(unavailable)?;
    let rows = query
        .query_map([], |row| row.get::<_, String>(0))
        .map_err(unavailable)?;
    let mut newest = None;
    for row in rows {
        // A record of another version that cannot be read proves nothing either way.
        let record = serde_json::from_str::<VerificationRecord>(&row.map_err(unavailable)?);
        newest = newest.max(record.ok().map(|record| record.verified_at));
    }
    Ok(newest)
}
