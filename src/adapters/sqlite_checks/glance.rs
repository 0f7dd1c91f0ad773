//! A short look for `/status`.

use super::SqliteChecks;
use crate::adapters::common::fs::{blocking, free_bytes, parent};
use crate::adapters::common::sqlite::{Limit, look};
use crate::domain::Timestamp;
use crate::domain::failure::{Failure, FailureCode};
use crate::ports::glance::{DatabaseGlance, Glance};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Longest look, and longest wait for a lock within it.
const LOOK: Duration = Duration::from_millis(1500);
const BUSY: Duration = Duration::from_millis(500);

#[async_trait]
impl DatabaseGlance for SqliteChecks {
    async fn glance(&self, database: &Path) -> PortResult<Glance> {
        let path = database.to_owned();
        blocking(move || glance(&path)).await
    }
}

fn glance(path: &Path) -> PortResult<Glance> {
    let main = metadata(path)?;
    let wal = metadata(&beside(path, "-wal"))?;
    let written = |file: &Metadata| Timestamp::try_from(file.modified().ok()?).ok();
    let newest = [&main, &wal]
        .into_iter()
        .flatten()
        .filter_map(written)
        .max();
    let readable = match &main {
        Some(_) => read_schema(path).map_err(|error| match error.code() {
            // Somebody else is at it: nothing is wrong with what is in it.
            FailureCode::DatabaseCheckFailed if error.transient => {
                Failure::new(FailureCode::RecordsBusy)
                    .with("path", path.display().to_string())
                    .because(error)
            }
            _ => error.into(),
        }),
        None => {
            Err(Failure::new(FailureCode::DatabaseMissing).with("path", path.display().to_string()))
        }
    };
    Ok(Glance {
        size: main.map(|file| file.len()),
        wal: wal.map(|file| file.len()),
        last_write: newest,
        readable,
        free: free_bytes(&parent(path)).unwrap_or_default(),
    })
}

fn metadata(path: &Path) -> PortResult<Option<Metadata>> {
    match std::fs::metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(crate::adapters::common::fs::file_error(path, &error, 0)),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn read_schema(path: &Path) -> PortResult<()> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table'";
    let limit = Limit::new(LOOK, CancellationToken::new());
    let tables: i64 = look(path, BUSY, &limit, |opened| opened.one(sql, []))?;
    if tables > 0 {
        return Ok(());
    }
    Err(PortError::new(FailureCode::DatabaseEmpty).with("path", path.display().to_string()))
}
