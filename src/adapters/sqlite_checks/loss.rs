//! What of the live database a restore would lose.

use super::CheckLimits;
use super::content;
use crate::adapters::common::sqlite::{Limit, Opened, columns, look, quoted};
use crate::domain::backup::BackupTime;
use crate::domain::database::{Counts, Loss, Schema, Table};
use crate::ports::PortResult;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Rows that are newer than the backup. What cannot be read is left open, not called nothing.
pub(super) fn loss(path: &Path, schema: &Schema, backup: BackupTime, limits: CheckLimits) -> Loss {
    let limit = Limit::new(limits.loss, CancellationToken::new());
    let looked = look(path, limits.busy, &limit, |o| count(o, schema, backup));
    match looked {
        Ok((rows, newest)) if !rows.is_empty() => Loss {
            span: newest.and_then(|at| since(backup, at)),
            rows: Some(rows),
        },
        Ok(_) => unread(path, backup),
        Err(error) => {
            tracing::info!(%error, "the live database cannot be read");
            unread(path, backup)
        }
    }
}

fn unread(path: &Path, backup: BackupTime) -> Loss {
    Loss {
        span: last_write(path).and_then(|at| since(backup, at)),
        rows: None,
    }
}

/// New rows per table and the newest moment. A table that is missing here is left out.
fn count(
    opened: &Opened,
    schema: &Schema,
    backup: BackupTime,
) -> PortResult<(Counts, Option<Timestamp>)> {
    let mut rows = Counts::new();
    let mut newest = None;
    for (key, table) in &schema.tables {
        let there = columns(opened, table)?;
        let mut known = table.clone();
        known.columns.retain(|_, name| there.contains(name));
        if let Some(created) = known.columns.get("created_at") {
            let (count, last) = newer(opened, &known, created, backup)?;
            rows.insert(key.clone(), count);
            newest = newest.max(last);
        }
    }
    Ok((rows, newest.and_then(|s| Timestamp::from_second(s).ok())))
}

/// Rows created after the backup, and the newest moment of any row, in one pass over the table.
fn newer(
    opened: &Opened,
    table: &Table,
    created: &str,
    backup: BackupTime,
) -> PortResult<(u64, Option<i64>)> {
    let maxima: Vec<String> = content::moments(table)
        .map(|column| format!("unixepoch(max({}), 'auto')", quoted(column)))
        .collect();
    let sql = format!(
        "SELECT coalesce(sum(unixepoch({}, 'auto') > ?1), 0), {} FROM {}",
        quoted(created),
        maxima.join(", "),
        quoted(&table.name)
    );
    let found = opened.all(&sql, [backup.at().as_second()], |row| {
        let mut newest = None;
        for index in 1..=maxima.len() {
            newest = newest.max(row.get::<_, Option<i64>>(index)?);
        }
        Ok((row.get::<_, i64>(0)?.unsigned_abs(), newest))
    })?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// From the backup's moment to another; one before it loses nothing.
fn since(backup: BackupTime, at: Timestamp) -> Option<Duration> {
    let span = at.duration_since(backup.at());
    Some(Duration::try_from(span).unwrap_or_default())
}

/// When the database or its write-ahead log was written last.
fn last_write(path: &Path) -> Option<Timestamp> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    [path.to_owned(), PathBuf::from(log)]
        .iter()
        .filter_map(|file| std::fs::metadata(file).ok()?.modified().ok())
        .filter_map(|at| Timestamp::try_from(at).ok())
        .max()
}
