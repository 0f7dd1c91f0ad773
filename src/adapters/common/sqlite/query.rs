//! Questions, changes, and what SQLite's errors mean.

use super::open::{Limit, Opened, at};
use crate::adapters::common::fs::{disk_full, free_bytes};
use crate::domain::failure::FailureCode;
use crate::ports::{PortError, PortResult};
use rusqlite::{ErrorCode, Params, Row};
use std::path::Path;

impl Opened {
    /// Everything or nothing: begins to write at once, so that what `work` reads stays true until it
    /// is done. An error leaves the database as it was.
    pub(crate) fn change<T>(&self, work: impl FnOnce() -> PortResult<T>) -> PortResult<T> {
        self.execute("BEGIN IMMEDIATE", [])?;
        let done = work().and_then(|value| self.commit().map(|()| value));
        if done.is_err() && !self.connection.is_autocommit() {
            // Closing the connection would take it back too, only later.
            let _ = self.execute("ROLLBACK", []);
        }
        done
    }

    /// A commit that was refused for a lock did not happen; after another error nobody knows.
    fn commit(&self) -> PortResult<()> {
        self.execute("COMMIT", []).map(drop).map_err(|error| {
            match self.connection.is_autocommit() {
                true => error.unknown(),
                false => error,
            }
        })
    }

    /// Changes rows; how many.
    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> PortResult<usize> {
        self.connection
            .execute(sql, params)
            .map_err(|e| self.error(&e))
    }

    /// The one row of a query.
    pub(crate) fn one<T: rusqlite::types::FromSql>(
        &self,
        sql: &str,
        params: impl Params,
    ) -> PortResult<T> {
        self.connection
            .query_row(sql, params, |row| row.get(0))
            .map_err(|e| self.error(&e))
    }

    /// All rows of a query.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> PortResult<Vec<T>> {
        let rows = || -> rusqlite::Result<Vec<T>> {
            let mut statement = self.connection.prepare(sql)?;
            statement.query_map(params, read)?.collect()
        };
        rows().map_err(|e| self.error(&e))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Goes over all rows of a query.
    pub(crate) fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> PortResult<()> {
        let over = || -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare(sql)?;
            let mut rows = statement.query(params)?;
            while let Some(row) = rows.next()? {
                read(row)?;
            }
            Ok(())
        };
        over().map_err(|e| self.error(&e))
    }

    pub(super) fn error(&self, error: &rusqlite::Error) -> PortError {
        explain(error, &self.path, &self.limit, self.busy)
    }
}

/// What an error of SQLite means; `busy` is what a lock is called that somebody held for too long.
pub(super) fn explain(
    error: &rusqlite::Error,
    path: &Path,
    limit: &Limit,
    busy: FailureCode,
) -> PortError {
    let failure = match error {
        rusqlite::Error::SqliteFailure(failure, _) => failure.code,
        _ => ErrorCode::Unknown,
    };
    match failure {
        ErrorCode::OperationInterrupted if limit.is_over() => limit.failure(),
        ErrorCode::NotADatabase => at(FailureCode::NotADatabase, path).because(error),
        ErrorCode::DatabaseCorrupt => at(FailureCode::IntegrityFailed, path)
            .with("first", error.to_string())
            .with("count", 1),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            at(busy, path).because(error).transient()
        }
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen
            if busy == FailureCode::RecordsBusy =>
        {
            at(FailureCode::FileAccessDenied, path).because(error)
        }
        ErrorCode::DiskFull => disk_full(path, 0, free_bytes(path)).because(error),
        _ => at(FailureCode::DatabaseCheckFailed, path).because(error),
    }
}
