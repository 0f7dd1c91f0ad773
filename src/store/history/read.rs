//! Reading a stretch of the history.

use super::super::unavailable;
use super::{CONDITION, of_weight};
use crate::domain::health::history::{
    Line, Point, Resolution, Stretch, Track, add, pieces, watched,
};
use crate::domain::health::{Condition, Measure, Part};
use crate::ports::journal::StateResult;
use jiff::Timestamp;
use rusqlite::{Params, Row, Transaction};
use std::collections::{BTreeMap, HashMap};

/// A component: its place in the order of parts, its part, its subject.
type Component = (usize, Part, Option<String>);

/// Tracks from single changes.
pub(super) fn changed(tx: &Transaction<'_>, window: Stretch) -> StateResult<Vec<Track>> {
    let rounds = all(
        tx,
        "SELECT at FROM health_rounds WHERE at >= ?1 AND at < ?2 ORDER BY at",
        [Resolution::Round.slot(window.0), window.1],
        |row| row.get(0),
    )?;
    let stretches = watched(&rounds);
    let mut tracks = Vec::new();
    for (id, (_, part, subject)) in sorted(subjects(tx)?) {
        let pieces = pieces(&changes(tx, id, window)?, &stretches, window);
        if !pieces.is_empty() {
            tracks.push(Track {
                part,
                subject,
                pieces,
            });
        }
    }
    Ok(tracks)
}

/// The change that held at the beginning, and all until the end.
fn changes(
    tx: &Transaction<'_>,
    subject: i64,
    window: Stretch,
) -> StateResult<Vec<(i64, Option<Condition>)>> {
    all(
        tx,
        "SELECT at, condition FROM health_changes WHERE subject = ?1 AND at < ?3 AND at >= coalesce(
           (SELECT max(at) FROM health_changes WHERE subject = ?1 AND at <= ?2), ?2)
         ORDER BY at",
        [subject, window.0, window.1],
        |row| {
            let condition: Option<String> = row.get(1)?;
            Ok((row.get(0)?, condition.map(|word| condition_of(&word))))
        },
    )
}

fn condition_of(word: &str) -> Condition {
    [Condition::Up, Condition::Degraded, Condition::Down]
        .into_iter()
        .find(|condition| condition.as_str() == word)
        .unwrap_or(Condition::Unknown)
}

/// Lines from single samples.
pub(super) fn sampled(
    tx: &Transaction<'_>,
    window: Stretch,
    wanted: &[(Part, Measure)],
) -> StateResult<Vec<Line>> {
    let series = series(tx, wanted)?;
    let rows: Vec<(i64, i64, i64)> = all(
        tx,
        "SELECT series, at, value FROM health_samples
         WHERE at >= ?1 AND at < ?2 AND series IN (SELECT value FROM json_each(?3)) ORDER BY at",
        rusqlite::params![
            Resolution::Round.slot(window.0),
            window.1,
            numbers(series.keys())
        ],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let points = rows.into_iter().filter_map(|(id, at, value)| {
        let point = Point {
            at: Timestamp::from_second(at).ok()?,
            low: value,
            #[allow(
                clippy::cast_precision_loss,
                reason = "a mean is for drawing, where 52 bits are plenty"
            )]
            mean: value as f64,
            high: value,
        };
        Some((id, point))
    });
    Ok(lines(series, points))
}

/// Tracks and lines from five minutes or hours.
pub(super) fn rolled_up(
    tx: &Transaction<'_>,
    window: Stretch,
    resolution: Resolution,
    wanted: &[(Part, Measure)],
) -> StateResult<(Vec<Track>, Vec<Line>)> {
    let wanted = series(tx, wanted)?;
    let conditions: HashMap<i64, i64> = all(
        tx,
        "SELECT id, subject FROM health_series WHERE measure = ?1",
        [CONDITION],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?
    .into_iter()
    .collect();
    let rows: Vec<(i64, i64, i64, i64, f64)> = all(
        tx,
        "SELECT series, at, low, high, total / count FROM health_rollups
         WHERE width = ?1 AND at >= ?2 AND at < ?3
           AND series IN (SELECT value FROM json_each(?4)) ORDER BY at",
        rusqlite::params![
            resolution.seconds(),
            resolution.slot(window.0),
            window.1,
            numbers(conditions.keys().chain(wanted.keys()))
        ],
        |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        },
    )?;
    let mut tracks: BTreeMap<i64, Vec<_>> = BTreeMap::new();
    let mut points = Vec::new();
    for (id, at, low, high, mean) in rows {
        if let Some(subject) = conditions.get(&id) {
            let piece = (at.max(window.0), (at + resolution.seconds()).min(window.1));
            add(tracks.entry(*subject).or_default(), piece, of_weight(high));
        } else if let Ok(at) = Timestamp::from_second(at) {
            points.push((
                id,
                Point {
                    at,
                    low,
                    mean,
                    high,
                },
            ));
        }
    }
    let tracks = sorted(subjects(tx)?)
        .into_iter()
        .filter_map(|(id, (_, part, subject))| {
            let pieces = tracks.remove(&id)?;
            Some(Track {
                part,
                subject,
                pieces,
            })
        });
    Ok((tracks.collect(), lines(wanted, points.into_iter())))
}

fn lines(
    series: HashMap<i64, (Component, Measure)>,
    points: impl Iterator<Item = (i64, Point)>,
) -> Vec<Line> {
    let mut found: HashMap<i64, Vec<Point>> = HashMap::new();
    for (id, point) in points {
        found.entry(id).or_default().push(point);
    }
    let mut series: Vec<_> = series.into_iter().collect();
    series.sort_by(|one, other| one.1.cmp(&other.1));
    series
        .into_iter()
        .filter_map(|(id, ((_, part, subject), measure))| {
            let points = found.remove(&id)?;
            Some(Line {
                part,
                subject,
                measure,
                points,
            })
        })
        .collect()
}

/// Components by number. A part that this version does not know is left out.
fn subjects(tx: &Transaction<'_>) -> StateResult<HashMap<i64, Component>> {
    let rows: Vec<(i64, String, String)> = all(
        tx,
        "SELECT id, part, subject FROM health_subjects",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let known = |(id, part, subject): (i64, String, String)| {
        let place = Part::ALL.iter().position(|known| known.as_str() == part)?;
        let subject = (!subject.is_empty()).then_some(subject);
        Some((id, (place, Part::ALL[place], subject)))
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

fn sorted(subjects: HashMap<i64, Component>) -> Vec<(i64, Component)> {
    let mut sorted: Vec<_> = subjects.into_iter().collect();
    sorted.sort_by(|one, other| one.1.cmp(&other.1));
    sorted
}

/// The series of what is wanted, by number.
fn series(
    tx: &Transaction<'_>,
    wanted: &[(Part, Measure)],
) -> StateResult<HashMap<i64, (Component, Measure)>> {
    let subjects = subjects(tx)?;
    let rows: Vec<(i64, i64, String)> = all(
        tx,
        "SELECT id, subject, measure FROM health_series",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let chosen = rows.into_iter().filter_map(|(id, subject, measure)| {
        let component = subjects.get(&subject)?;
        let (_, measure) = wanted
            .iter()
            .find(|(part, wanted)| *part == component.1 && wanted.as_str() == measure)?;
        Some((id, (component.clone(), *measure)))
    });
    Ok(chosen.collect())
}

fn numbers<'a>(ids: impl Iterator<Item = &'a i64>) -> String {
    let ids: Vec<String> = ids.map(ToString::to_string).collect();
    format!("[{}]", ids.join(","))
}

fn all<T>(
    tx: &Transaction<'_>,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> StateResult<Vec<T>> {
    let mut query = tx.prepare_cached(sql).map_err(unavailable)?;
    let rows = query.query_map(params, read).map_err(unavailable)?;
    rows.map(|row| row.map_err(unavailable)).collect()
}
