//! Clearing away what is too old, a little at a time.

use super::super::unavailable;
use crate::domain::health::history::Resolution;
use crate::ports::journal::StateResult;
use rusqlite::{OptionalExtension, Transaction};

/// Rows that one round clears away of each kind: several times what a round adds, so that a backlog
/// shrinks, and little enough that nobody waits for it.
const AT_ONCE: i64 = 600;

/// Age is counted from the round that has this many newer ones. A clock that jumps ahead for some
/// rounds makes nothing old.
const NEWER_ROUNDS: i64 = 60;

pub(super) fn some(tx: &Transaction<'_>) -> StateResult<()> {
    let Some(now) = steady_time(tx)? else {
        return Ok(());
    };
    let before = |resolution: Resolution| now - resolution.kept().as_secs();
    clear(
        tx,
        "DELETE FROM health_rounds WHERE at IN (
           SELECT at FROM health_rounds WHERE at < ?1 ORDER BY at LIMIT ?2)",
        &[before(Resolution::Round), AT_ONCE],
    )?;
    clear(
        tx,
        "DELETE FROM health_samples WHERE (at, series) IN (
           SELECT at, series FROM health_samples WHERE at < ?1 ORDER BY at, series LIMIT ?2)",
        &[before(Resolution::Round), AT_ONCE],
    )?;
    for resolution in [Resolution::FiveMinutes, Resolution::Hour] {
        clear(
            tx,
            "DELETE FROM health_rollups WHERE (width, at, series) IN (
               SELECT width, at, series FROM health_rollups WHERE width = ?3 AND at < ?1
               ORDER BY at, series LIMIT ?2)",
            &[before(resolution), AT_ONCE, resolution.seconds()],
        )?;
    }
    changes(tx, before(Resolution::Round))?;
    forgotten(tx, before(Resolution::Hour))
}

fn steady_time(tx: &Transaction<'_>) -> StateResult<Option<i64>> {
    tx.prepare_cached("SELECT at FROM health_rounds ORDER BY at DESC LIMIT 1 OFFSET ?1")
        .and_then(|mut query| query.query_row([NEWER_ROUNDS], |row| row.get(0)).optional())
        .map_err(unavailable)
}

/// The last change before the horizon says how it was at the horizon: it stays.
fn changes(tx: &Transaction<'_>, horizon: i64) -> StateResult<()> {
    clear(
        tx,
        "DELETE FROM health_changes WHERE (subject, at) IN (
           SELECT old.subject, old.at FROM health_changes old
           WHERE old.at < ?1 AND EXISTS (SELECT 1 FROM health_changes newer
             WHERE newer.subject = old.subject AND newer.at > old.at AND newer.at < ?1)
           ORDER BY old.at LIMIT ?2)",
        &[horizon, AT_ONCE],
    )
}

/// Components that nobody looked at for as long as anything is kept.
fn forgotten(tx: &Transaction<'_>, horizon: i64) -> StateResult<()> {
    let gone = "SELECT subject FROM (
                  SELECT subject, max(at) AS at, condition FROM health_changes GROUP BY subject)
                WHERE condition IS NULL AND at < ?1";
    clear(
        tx,
        &format!("DELETE FROM health_series WHERE subject IN ({gone})"),
        &[horizon],
    )?;
    // Those without series are left over from here, or never had one.
    clear(
        tx,
        &format!("DELETE FROM health_changes WHERE subject IN ({gone})"),
        &[horizon],
    )?;
    clear(
        tx,
        "DELETE FROM health_subjects WHERE id NOT IN (SELECT subject FROM health_changes)
           AND id NOT IN (SELECT subject FROM health_series)",
        &[],
    )
}

fn clear(tx: &Transaction<'_>, sql: &str, params: &[i64]) -> StateResult<()> {
    let mut statement = tx.prepare_cached(sql).map_err(unavailable)?;
    statement
        .execute(rusqlite::params_from_iter(params))
        .map(drop)
        .map_err(unavailable)
}
