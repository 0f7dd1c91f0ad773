//! Keeping a round.

use super::super::unavailable;
use super::{CONDITION, weight};
use crate::domain::health::history::Resolution;
use crate::domain::health::{Condition, Finding, Round, worse};
use crate::ports::journal::StateResult;
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::BTreeMap;

/// More components or series than this are not kept: subjects come from settings and from REI's
/// database, and whatever stands there must not fill the disk.
const MOST_SUBJECTS: i64 = 500;
const MOST_SERIES: i64 = 5_000;

type Component<'a> = (&'static str, &'a str);

/// A component's number, part and subject, with its last condition.
type Before = (i64, String, String, Option<String>);

pub(super) fn round(tx: &Transaction<'_>, round: &Round) -> StateResult<()> {
    let at = round.at.as_second();
    run(
        tx,
        "INSERT INTO health_rounds (at) VALUES (?1) ON CONFLICT DO NOTHING",
        params![Resolution::Round.slot(at)],
    )?;
    let mut conditions: BTreeMap<Component<'_>, Condition> = BTreeMap::new();
    for finding in &round.findings {
        let seen = conditions
            .entry(component(finding))
            .or_insert(finding.condition);
        *seen = worse(*seen, finding.condition);
    }
    change(tx, at, &conditions)?;
    for (&(part, subject), &condition) in &conditions {
        if let Some(series) = series(tx, (part, subject), CONDITION)? {
            roll_up(tx, at, series, weight(condition))?;
        }
    }
    for finding in &round.findings {
        for (measure, &value) in &finding.measures {
            if let Some(series) = series(tx, component(finding), measure.as_str())? {
                sample(tx, at, series, value)?;
                roll_up(tx, at, series, value)?;
            }
        }
    }
    Ok(())
}

fn component(finding: &Finding) -> Component<'_> {
    let subject = finding.subject.as_deref().unwrap_or_default();
    (finding.part.as_str(), subject)
}

/// Writes what is not as it was; what was looked at before and is no more ends.
fn change(
    tx: &Transaction<'_>,
    at: i64,
    conditions: &BTreeMap<Component<'_>, Condition>,
) -> StateResult<()> {
    for &(part, subject) in conditions.keys() {
        subject_id(tx, (part, subject))?;
    }
    for (id, part, subject, before) in before(tx, at)? {
        let now = conditions
            .iter()
            .find(|((p, s), _)| *p == part && *s == subject)
            .map(|(_, condition)| condition.as_str());
        if before.as_deref() != now {
            run(
                tx,
                "INSERT INTO health_changes (subject, at, condition) VALUES (?1, ?2, ?3)
                 ON CONFLICT (subject, at) DO UPDATE SET condition = ?3",
                params![id, at, now],
            )?;
        }
    }
    Ok(())
}

/// How every component that is known was last seen.
fn before(tx: &Transaction<'_>, at: i64) -> StateResult<Vec<Before>> {
    let mut query = tx
        .prepare_cached(
            "SELECT id, part, subject, (SELECT condition FROM health_changes c
               WHERE c.subject = s.id AND c.at <= ?1 ORDER BY c.at DESC LIMIT 1)
             FROM health_subjects s",
        )
        .map_err(unavailable)?;
    let rows = query
        .query_map([at], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .map_err(unavailable)?;
    rows.map(|row| row.map_err(unavailable)).collect()
}

fn sample(tx: &Transaction<'_>, at: i64, series: i64, value: i64) -> StateResult<()> {
    run(
        tx,
        "INSERT INTO health_samples (at, series, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (at, series) DO UPDATE SET value = ?3",
        params![Resolution::Round.slot(at), series, value],
    )
}

fn roll_up(tx: &Transaction<'_>, at: i64, series: i64, value: i64) -> StateResult<()> {
    for resolution in [Resolution::FiveMinutes, Resolution::Hour] {
        run(
            tx,
            "INSERT INTO health_rollups (width, at, series, low, high, total, count)
             VALUES (?1, ?2, ?3, ?4, ?4, ?4, 1)
             ON CONFLICT (width, at, series) DO UPDATE SET low = min(low, ?4), high = max(high, ?4),
               total = total + ?4, count = count + 1",
            params![resolution.seconds(), resolution.slot(at), series, value],
        )?;
    }
    Ok(())
}

/// The number of a component; nothing when there are too many already.
fn subject_id(tx: &Transaction<'_>, (part, subject): Component<'_>) -> StateResult<Option<i64>> {
    let known = "SELECT id FROM health_subjects WHERE part = ?1 AND subject = ?2";
    let add = "INSERT INTO health_subjects (part, subject) SELECT ?1, ?2
               WHERE (SELECT count(*) FROM health_subjects) < ?3 RETURNING id";
    if let Some(id) = number(tx, known, params![part, subject])? {
        return Ok(Some(id));
    }
    number(tx, add, params![part, subject, MOST_SUBJECTS])
}

/// The number of a series; nothing when there are too many already.
fn series(
    tx: &Transaction<'_>,
    component: Component<'_>,
    measure: &str,
) -> StateResult<Option<i64>> {
    let known = "SELECT s.id FROM health_series s JOIN health_subjects c ON c.id = s.subject
                 WHERE c.part = ?1 AND c.subject = ?2 AND s.measure = ?3";
    let add = "INSERT INTO health_series (subject, measure) SELECT ?1, ?2
               WHERE (SELECT count(*) FROM health_series) < ?3 RETURNING id";
    if let Some(id) = number(tx, known, params![component.0, component.1, measure])? {
        return Ok(Some(id));
    }
    match subject_id(tx, component)? {
        Some(subject) => number(tx, add, params![subject, measure, MOST_SERIES]),
        None => Ok(None),
    }
}

fn number(
    tx: &Transaction<'_>,
    sql: &str,
    params: &[&dyn rusqlite::ToSql],
) -> StateResult<Option<i64>> {
    let mut query = tx.prepare_cached(sql).map_err(unavailable)?;
    query
        .query_row(params, |row| row.get(0))
        .optional()
        .map_err(unavailable)
}

fn run(tx: &Transaction<'_>, sql: &str, params: &[&dyn rusqlite::ToSql]) -> StateResult<()> {
    let mut statement = tx.prepare_cached(sql).map_err(unavailable)?;
    statement.execute(params).map(drop).map_err(unavailable)
}
