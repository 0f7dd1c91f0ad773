//! Everything SQLite can tell, on as many cores as there are.
//!
//! `integrity_check` spends most of its time looking up every row in every index, one table after
//! the other. Here `quick_check` goes over the structure of the whole file (each page of it, the
//! free list included) while `integrity_check('table')` goes over rows and indexes of one table
//! each, on connections of their own. Together they look at all that the one pragma looks at; a
//! test holds both against each other on hundreds of damaged files.

use super::{content, partial};
use crate::adapters::common::sqlite::quoted;
use crate::adapters::common::sqlite::{Limit, Opened, at};
use crate::domain::database::{Counts, Schema};
use crate::domain::failure::FailureCode;
use crate::ports::{PortError, PortResult};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

type Content = (Counts, Option<i64>);

/// A part of the check that stands by itself.
#[derive(Debug, Clone)]
enum Part {
    /// Rows and indexes of one table.
    Table(String),
    /// Foreign keys, partial indexes, counts, the newest moment.
    Content,
    /// Every page, and the columns of every row.
    Structure,
}

/// Runs all parts. Damage is told before what the content of a damaged file may say.
pub(super) fn examine(opened: &Opened, schema: &Schema, limit: Limit) -> PortResult<Content> {
    // A connection belongs to one thread; the path does not.
    let path = opened.path();
    let parts = Mutex::new(parts(opened)?);
    let results = Mutex::new(Vec::new());
    let work = || {
        let own = Opened::closed(path, limit.clone());
        while let Some(part) = next(&parts) {
            let result = match &own {
                Ok(own) => run(own, schema, &part),
                Err(error) => Err(error.clone()),
            };
            if result.is_err() {
                lock(&parts).clear();
            }
            lock(&results).push(result);
        }
    };
    let workers = thread::available_parallelism().map_or(2, |n| n.get().clamp(2, 4));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    verdict(results.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// `integrity_check` alone, for a database that others write to: all of it at one moment.
pub(super) fn integrity(opened: &Opened) -> PortResult<()> {
    sound(opened, "PRAGMA integrity_check")
}

/// `quick_check` alone.
pub(super) fn structure(opened: &Opened) -> PortResult<()> {
    sound(opened, "PRAGMA quick_check")
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a part; the queue is free again before the part begins.
fn next(parts: &Mutex<VecDeque<Part>>) -> Option<Part> {
    lock(parts).pop_front()
}

/// The longest parts first: the two largest tables, what spans all of them, the other tables.
fn parts(opened: &Opened) -> PortResult<VecDeque<Part>> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' UNION SELECT 'sqlite_schema'";
    let names: Vec<String> = opened.all(sql, [], |row| row.get(0))?;
    let rows = |name: &String| {
        let sql = format!("SELECT count(*) FROM {}", quoted(name));
        // Only for the order: what is wrong with a damaged table, its own part tells.
        opened.one::<i64>(&sql, []).unwrap_or_default()
    };
    let mut sized: Vec<_> = names.into_iter().map(|name| (rows(&name), name)).collect();
    sized.sort_by(|a, b| b.cmp(a));
    let tables = sized.into_iter().map(|(_, name)| Part::Table(name));
    let mut parts: VecDeque<_> = tables.collect();
    let large = parts.len().min(2);
    parts.insert(large, Part::Structure);
    parts.insert(large, Part::Content);
    Ok(parts)
}

fn run(opened: &Opened, schema: &Schema, part: &Part) -> PortResult<Option<Content>> {
    match part {
        Part::Structure => structure(opened).map(|()| None),
        Part::Table(name) => {
            let sql = format!("PRAGMA integrity_check({})", quoted(name));
            sound(opened, &sql).map(|()| None)
        }
        Part::Content => {
            content::foreign_keys(opened)?;
            partial::agree(opened)?;
            content::examine(opened, schema).map(Some)
        }
    }
}

fn sound(opened: &Opened, sql: &str) -> PortResult<()> {
    let findings: Vec<String> = opened.all(sql, [], |row| row.get(0))?;
    match findings.first().map(String::as_str) {
        Some("ok") if findings.len() == 1 => Ok(()),
        first => Err(at(FailureCode::IntegrityFailed, opened.path())
            .with("first", first.unwrap_or("no answer"))
            .with("count", i64::try_from(findings.len()).unwrap_or(i64::MAX))),
    }
}

fn verdict(results: Vec<PortResult<Option<Content>>>) -> PortResult<Content> {
    let mut found = None;
    let mut failures = Vec::new();
    for result in results {
        match result {
            Ok(content) => found = found.or(content),
            Err(error) => failures.push(error),
        }
    }
    failures.sort_by_key(|error| error.code() != FailureCode::IntegrityFailed);
    match failures.into_iter().next() {
        Some(error) => Err(error),
        None => found.ok_or_else(|| PortError::new(FailureCode::Panicked)),
    }
}
