//! The outbox: posts that wait for Telegram.

use super::{Scope, Store, unavailable};
use crate::domain::ids::RunId;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ports::journal::{Outbox, PendingPost, StateResult};
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

#[async_trait]
impl Outbox for Store {
    async fn push(&self, posts: Vec<Owed>) -> StateResult<()> {
        self.write_aside(move |scope| push(scope, &posts)).await
    }

    async fn pending(&self, limit: u32) -> StateResult<Vec<PendingPost>> {
        self.read(move |tx| pending(tx, limit)).await
    }

    async fn delivered(&self, posts: &[PendingPost], message: Option<i32>) -> StateResult<()> {
        let posts = posts.to_vec();
        self.write_aside(move |scope| {
            posts
                .iter()
                .try_for_each(|post| settle(scope, post, message))
        })
        .await
    }

    async fn begun(&self, ids: &[i64]) -> StateResult<()> {
        let ids = ids.to_vec();
        self.write_aside(move |scope| {
            each(
                &scope.tx,
                &ids,
                "UPDATE outbox SET in_doubt = 1 WHERE id = ?1",
            )
        })
        .await
    }

    async fn postponed(&self, ids: &[i64], surely: bool) -> StateResult<()> {
        let ids = ids.to_vec();
        let sql = if surely {
            "UPDATE outbox SET attempts = attempts + 1, in_doubt = 0 WHERE id = ?1"
        } else {
            "UPDATE outbox SET attempts = attempts + 1 WHERE id = ?1"
        };
        self.write_aside(move |scope| each(&scope.tx, &ids, sql))
            .await
    }

    async fn given_up(&self, ids: &[i64], reason: &str) -> StateResult<()> {
        let (ids, reason) = (ids.to_vec(), reason.to_owned());
        self.write_aside(move |scope| {
            let mut update = scope
                .tx
                .prepare_cached("UPDATE outbox SET state = 'given-up', reason = ?2 WHERE id = ?1")
                .map_err(unavailable)?;
            ids.iter()
                .try_for_each(|id| update.execute(params![id, reason]).map(drop))
                .map_err(unavailable)
        })
        .await
    }

    async fn forget(&self, recipients: &[Recipient]) -> StateResult<()> {
        let recipients = recipients.to_vec();
        self.write_aside(move |scope| {
            recipients.iter().try_for_each(|to| {
                scope
                    .tx
                    .execute("DELETE FROM slots WHERE recipient = ?1", [recipient(*to)?])
                    .map(drop)
                    .map_err(unavailable)
            })
        })
        .await
    }

    async fn prune(&self, before: Timestamp, limit: u32) -> StateResult<u32> {
        let before = before.to_string();
        self.write_aside(move |scope| {
            scope
                .tx
                .execute(
                    "DELETE FROM outbox WHERE id IN (
                       SELECT id FROM outbox WHERE state <> 'pending' AND created_at < ?1
                       ORDER BY created_at LIMIT ?2)",
                    params![before, limit],
                )
                .map(|gone| u32::try_from(gone).unwrap_or(limit))
                .map_err(unavailable)
        })
        .await
    }

    async fn last_delivery(&self) -> StateResult<Option<Timestamp>> {
        self.read(|tx| {
            let at: Option<i64> = tx
                .query_row("SELECT max(delivered_at) FROM outbox", [], |row| row.get(0))
                .map_err(unavailable)?;
            at.map(|at| Timestamp::from_second(at).map_err(unavailable))
                .transpose()
        })
        .await
    }

    async fn backlog(&self) -> StateResult<u64> {
        self.read(|tx| {
            tx.query_row(
                "SELECT count(*) FROM outbox WHERE state = 'pending'",
                [],
                |row| row.get::<_, i64>(0),
            )
            .map(i64::cast_unsigned)
            .map_err(unavailable)
        })
        .await
    }
}

fn each(tx: &Connection, ids: &[i64], sql: &str) -> StateResult<()> {
    let mut statement = tx.prepare_cached(sql).map_err(unavailable)?;
    ids.iter()
        .try_for_each(|id| statement.execute([id]).map(drop))
        .map_err(unavailable)
}

/// Adds posts. A slot that waits already keeps its place and is marked as owed anew: a delivery
/// under way shows the state before, so it must not settle the row.
pub(super) fn push(scope: &Scope<'_>, posts: &[Owed]) -> StateResult<()> {
    let mut insert = scope
        .tx
        .prepare_cached(
            "INSERT INTO outbox (recipient, post, slot, created_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (recipient, slot) WHERE state = 'pending'
             DO UPDATE SET revision = revision + 1, post = excluded.post",
        )
        .map_err(unavailable)?;
    for owed in posts {
        let to = recipient(owed.to)?;
        let post = serde_json::to_string(&owed.post).map_err(unavailable)?;
        insert
            .execute(params![to, post, owed.post.slot(), scope.now.to_string()])
            .map_err(unavailable)?;
    }
    Ok(())
}

/// What has to change in the chats when a run ends that can no longer be folded: its live message,
/// and every message of it that has buttons.
pub(super) fn shown(scope: &Scope<'_>, run: RunId) -> StateResult<Vec<Owed>> {
    let live = Post::Run { run };
    let to = Recipient::Team;
    let mut posts = vec![Owed { to, post: live }];
    let mut query = scope
        .tx
        .prepare_cached(
            "SELECT recipient, slot FROM slots
             WHERE slot = 'run:' || ?1 OR slot LIKE 'hold:' || ?1 || ':%'
               OR slot IN (SELECT 'approval:' || request FROM approvals WHERE run = ?1)",
        )
        .map_err(unavailable)?;
    let rows = query
        .query_map([run.0], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .map_err(unavailable)?;
    for row in rows {
        let (to, slot) = row.map_err(unavailable)?;
        let to = serde_json::from_str(&to).map_err(unavailable)?;
        posts.extend(Post::in_slot(run, &slot).map(|post| Owed { to, post }));
    }
    Ok(posts)
}

fn recipient(to: Recipient) -> StateResult<String> {
    serde_json::to_string(&to).map_err(unavailable)
}

fn pending(tx: &Connection, limit: u32) -> StateResult<Vec<PendingPost>> {
    let mut query = tx
        .prepare_cached(
            "SELECT o.id, o.recipient, o.post, o.created_at, o.attempts, o.revision, s.message,
               o.in_doubt
             FROM (
               SELECT *, row_number() OVER (PARTITION BY recipient ORDER BY id) AS place
               FROM outbox WHERE state = 'pending'
             ) o LEFT JOIN slots s ON s.recipient = o.recipient AND s.slot = o.slot
             WHERE o.place <= ?1 ORDER BY o.id",
        )
        .map_err(unavailable)?;
    let rows = query
        .query_map([limit], |row| Ok(decode(row)))
        .map_err(unavailable)?;
    let mut posts = Vec::new();
    for row in rows {
        // One row that cannot be read must not keep the others from being delivered.
        match row.map_err(unavailable)? {
            Ok(post) => posts.push(post),
            Err(error) => tracing::error!(%error, "a post cannot be read"),
        }
    }
    Ok(posts)
}

fn decode(row: &Row<'_>) -> StateResult<PendingPost> {
    let text = |index| row.get::<_, String>(index).map_err(unavailable);
    Ok(PendingPost {
        id: row.get(0).map_err(unavailable)?,
        owed: Owed {
            to: serde_json::from_str(&text(1)?).map_err(unavailable)?,
            post: serde_json::from_str(&text(2)?).map_err(unavailable)?,
        },
        created_at: text(3)?.parse().map_err(unavailable)?,
        attempts: row.get(4).map_err(unavailable)?,
        revision: row.get(5).map_err(unavailable)?,
        message: row.get(6).map_err(unavailable)?,
        in_doubt: row.get(7).map_err(unavailable)?,
    })
}

fn settle(scope: &Scope<'_>, post: &PendingPost, message: Option<i32>) -> StateResult<()> {
    scope
        .tx
        .execute(
            "UPDATE outbox SET in_doubt = 0, delivered_at = ?3,
               state = CASE WHEN revision = ?2 THEN 'delivered' ELSE state END
             WHERE id = ?1",
            params![post.id, post.revision, scope.now.as_second()],
        )
        .map_err(unavailable)?;
    if let (Some(slot), Some(message)) = (post.owed.post.slot(), message) {
        scope
            .tx
            .execute(
                "INSERT INTO slots (recipient, slot, message) VALUES (?1, ?2, ?3)
                 ON CONFLICT (recipient, slot) DO UPDATE SET message = ?3",
                params![recipient(post.owed.to)?, slot, message],
            )
            .map_err(unavailable)?;
    }
    Ok(())
}
