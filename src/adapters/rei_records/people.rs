//! Rows of `users`, and whom a failure concerns.

use super::Book;
use super::rows::day;
use crate::domain::campaign::audience::User;
use crate::ports::PortResult;
use crate::ports::records::{Addressee, Imbalance};
use jiff::Timestamp;

const SUMS: &str = "SELECT [ledger.user_id] AS person, sum([ledger.amount]) AS total
                    FROM [ledger] GROUP BY 1";

pub(super) fn imbalances(book: &Book<'_>, limit: u32) -> PortResult<(u64, Vec<Imbalance>)> {
    let sql = format!(
        "SELECT u.[users.id], u.[users.balance], coalesce(s.total, 0)
         FROM [users] u LEFT JOIN ({SUMS}) s ON s.person = u.[users.id]
         WHERE u.[users.balance] IS NOT coalesce(s.total, 0) ORDER BY 1"
    );
    let (mut count, mut first) = (0, Vec::new());
    book.opened.each(&book.sql(&sql), [], |row| {
        if count < u64::from(limit) {
            first.push(Imbalance {
                user: row.get(0)?,
                balance: row.get(1)?,
                ledger: row.get(2)?,
            });
        }
        count += 1;
        Ok(())
    })?;
    Ok((count, first))
}

pub(super) fn balance(book: &Book<'_>, user: i64) -> PortResult<Option<Imbalance>> {
    let sql = "SELECT u.[users.id], u.[users.balance],
                      (SELECT coalesce(sum([ledger.amount]), 0) FROM [ledger]
                       WHERE [ledger.user_id] = ?1)
               FROM [users] u WHERE u.[users.id] = ?1";
    let found = book.opened.all(&book.sql(sql), [user], |row| {
        Ok(Imbalance {
            user: row.get(0)?,
            balance: row.get(1)?,
            ledger: row.get(2)?,
        })
    })?;
    Ok(found.into_iter().next())
}

pub(super) fn users(book: &Book<'_>, after: Option<i64>, limit: u32) -> PortResult<Vec<User>> {
    let sql = "SELECT [users.id], coalesce([users.language], ''), coalesce([users.is_blocked], 0),
                      unixepoch(coalesce([users.last_seen_at], [users.created_at]), 'auto')
               FROM [users] WHERE ?1 IS NULL OR [users.id] > ?1 ORDER BY 1 LIMIT ?2";
    book.opened.all(&book.sql(sql), (after, limit), |row| {
        let seen: Option<i64> = row.get(3)?;
        Ok(User {
            id: row.get(0)?,
            language: row.get(1)?,
            blocked: row.get::<_, i64>(2)? != 0,
            seen_at: seen.and_then(|seconds| Timestamp::from_second(seconds).ok()),
        })
    })
}

/// The number of rows that said otherwise before.
pub(super) fn mark_blocked(book: &Book<'_>, users: &str) -> PortResult<u64> {
    let sql = "UPDATE [users] SET [users.is_blocked] = 1
               WHERE [users.id] IN (SELECT value FROM json_each(?1))
                 AND coalesce([users.is_blocked], 0) = 0 RETURNING 1";
    let turned: Vec<i64> = book.opened.all(&book.sql(sql), [users], |row| row.get(0))?;
    Ok(turned.len() as u64)
}

pub(super) fn addressees(book: &Book<'_>, users: &str) -> PortResult<Vec<Addressee>> {
    let sql = "SELECT [users.id], coalesce([users.language], '') FROM [users]
               WHERE [users.id] IN (SELECT value FROM json_each(?1))
                 AND coalesce([users.is_blocked], 0) = 0 ORDER BY 1";
    book.opened.all(&book.sql(sql), [users], |row| {
        Ok(Addressee {
            id: row.get(0)?,
            language: row.get(1)?,
        })
    })
}

pub(super) fn with_open_payments(book: &Book<'_>, since: Timestamp) -> PortResult<Vec<i64>> {
    let sql = "SELECT DISTINCT [payments.user_id] FROM [payments]
               WHERE [payments.status] IN ('pending', 'waiting_for_capture')
                 AND unixepoch([payments.created_at], 'auto') >= ?1 ORDER BY 1";
    let params = [since.as_second()];
    book.opened.all(&book.sql(sql), params, |row| row.get(0))
}

pub(super) fn with_troubled_jobs(
    book: &Book<'_>,
    since: Timestamp,
    provider: Option<&str>,
) -> PortResult<Vec<i64>> {
    let sql = "SELECT DISTINCT [jobs.user_id] FROM [jobs]
               WHERE ([jobs.status] IN ('queued', 'processing')
                      OR [jobs.status] = 'failed' AND [jobs.updated_at] >= ?1
                         AND unixepoch([jobs.updated_at], 'auto') >= ?2)
                 AND (?3 IS NULL OR [jobs.provider] = ?3) ORDER BY 1";
    let params = (day(since), since.as_second(), provider);
    book.opened.all(&book.sql(sql), params, |row| row.get(0))
}
