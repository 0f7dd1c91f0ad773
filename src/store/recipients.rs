//! The copy of REI's users.

use super::{Store, unavailable};
use crate::domain::campaign::audience::User;
use crate::ports::journal::StateResult;
use crate::ports::recipients::{CopyState, REMEMBERED, Recipients};
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

#[async_trait]
impl Recipients for Store {
    async fn copy(&self, users: &[User], met: Timestamp) -> StateResult<()> {
        let users = users.to_vec();
        self.write(move |scope| {
            // Nothing but the time of meeting changes for most, and that only once a day: a copy that
            // wrote every row each hour would fill the log of the state and its backups.
            let mut upsert = scope
                .tx
                .prepare_cached(
                    "INSERT INTO recipients (id, language, blocked, seen_at, met_at)
                     VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (id) DO UPDATE
                     SET language = ?2, blocked = ?3, seen_at = ?4, met_at = ?5
                     WHERE language <> ?2 OR blocked <> ?3 OR seen_at IS NOT ?4
                        OR met_at < ?5 - 86400",
                )
                .map_err(unavailable)?;
            for user in &users {
                let seen = user.seen_at.map(Timestamp::as_second);
                let row = params![user.id, user.language, user.blocked, seen, met.as_second()];
                upsert.execute(row).map_err(unavailable)?;
            }
            Ok(())
        })
        .await
    }

    async fn end_copy(&self, met: Timestamp) -> StateResult<CopyState> {
        self.write(move |scope| {
            let oldest = met.saturating_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
            let tx = &scope.tx;
            tx.execute(
                "DELETE FROM recipients WHERE met_at < ?1",
                [oldest.as_second()],
            )
            .map_err(unavailable)?;
            tx.execute(
                "INSERT INTO recipients_copy (one, as_of) VALUES (1, ?1)
                 ON CONFLICT (one) DO UPDATE SET as_of = ?1",
                [met.as_second()],
            )
            .map_err(unavailable)?;
            Ok(CopyState {
                as_of: met,
                count: count(tx)?,
            })
        })
        .await
    }

    async fn copy_state(&self) -> StateResult<Option<CopyState>> {
        self.read(|tx| {
            let as_of: Option<i64> = tx
                .query_row("SELECT as_of FROM recipients_copy", [], |row| row.get(0))
                .optional()
                .map_err(unavailable)?;
            let Some(as_of) = as_of else {
                return Ok(None);
            };
            Ok(Some(CopyState {
                as_of: Timestamp::from_second(as_of).map_err(unavailable)?,
                count: count(tx)?,
            }))
        })
        .await
    }

    async fn copied(&self, after: Option<i64>, limit: u32) -> StateResult<Vec<User>> {
        self.read(move |tx| {
            let mut query = tx
                .prepare_cached(
                    "SELECT id, language, blocked, seen_at FROM recipients
                     WHERE ?1 IS NULL OR id > ?1 ORDER BY id LIMIT ?2",
                )
                .map_err(unavailable)?;
            let rows = query
                .query_map(params![after, limit], |row| {
                    let seen: Option<i64> = row.get(3)?;
                    Ok(User {
                        id: row.get(0)?,
                        language: row.get(1)?,
                        blocked: row.get(2)?,
                        seen_at: seen.and_then(|at| Timestamp::from_second(at).ok()),
                    })
                })
                .map_err(unavailable)?;
            rows.map(|row| row.map_err(unavailable)).collect()
        })
        .await
    }
}

fn count(tx: &Connection) -> StateResult<u64> {
    tx.query_row("SELECT count(*) FROM recipients", [], |row| {
        row.get::<_, i64>(0)
    })
    .map(i64::unsigned_abs)
    .map_err(unavailable)
}
