//! Rows of `jobs`.

use super::Book;
use super::rows::{day, filled, moment, stamp};
use crate::domain::job::{JobId, JobRow, JobStatus, Tallies};
use crate::ports::PortResult;
use jiff::Timestamp;
use rusqlite::{Params, Row};

/// At most so many error texts are told.
const ERRORS: u32 = 50;

pub(super) fn unfinished(book: &Book<'_>) -> PortResult<Vec<JobRow>> {
    select(book, "j.[jobs.status] IN ('queued', 'processing')", [])
}

pub(super) fn failed(book: &Book<'_>, since: Option<Timestamp>) -> PortResult<Vec<JobRow>> {
    let since = since.unwrap_or(Timestamp::UNIX_EPOCH);
    // The day alone lets the index help; the second half is exact.
    let condition = "j.[jobs.status] = 'failed' AND j.[jobs.updated_at] >= ?1
                     AND unixepoch(j.[jobs.updated_at], 'auto') >= ?2";
    select(book, condition, (day(since), since.as_second()))
}

pub(super) fn of(book: &Book<'_>, ids: &str) -> PortResult<Vec<JobRow>> {
    let condition = "j.[jobs.id] IN (SELECT value FROM json_each(?1))";
    select(book, condition, [ids])
}

fn select(book: &Book<'_>, condition: &str, params: impl Params) -> PortResult<Vec<JobRow>> {
    let sql = format!(
        "SELECT j.[jobs.id], j.[jobs.user_id], j.[jobs.provider], j.[jobs.kind], j.[jobs.status],
                j.[jobs.cost], substr(j.[jobs.error], 1, 500),
                unixepoch(j.[jobs.created_at], 'auto'), unixepoch(j.[jobs.updated_at], 'auto'),
                {}
         FROM [jobs] j WHERE {condition}
         ORDER BY j.[jobs.created_at], j.[jobs.id]",
        task(book)
    );
    book.opened.all(&book.sql(&sql), params, job)
}

/// The part of a query that finds the provider's id of a task; the rest of `params` is never read.
fn task(book: &Book<'_>) -> String {
    let places = book.options.tasks.iter();
    let arms: String = places
        .filter_map(|(provider, place)| {
            let path = path(place).filter(|_| is_plain(provider))?;
            Some(format!(
                " WHEN '{provider}' THEN json_extract(j.[jobs.params], '{path}')"
            ))
        })
        .collect();
    if arms.is_empty() {
        return "NULL".to_owned();
    }
    format!("CASE WHEN json_valid(j.[jobs.params]) THEN CASE j.[jobs.provider]{arms} END END")
}

/// `kling.task_id` as SQLite's path into JSON; a name that would mean something there is none.
fn path(place: &str) -> Option<String> {
    let mut path = String::from("$");
    for name in place.split('.') {
        if !is_plain(name) {
            return None;
        }
        path.push_str(&format!(".\"{name}\""));
    }
    Some(path)
}

fn is_plain(name: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    !name.is_empty() && name.bytes().all(fits)
}

fn job(row: &Row<'_>) -> rusqlite::Result<JobRow> {
    Ok(JobRow {
        id: row.get(0)?,
        user: row.get(1)?,
        provider: row.get(2)?,
        kind: row.get(3)?,
        status: JobStatus::from_row(&row.get::<_, String>(4)?),
        cost: row.get(5)?,
        error: filled(row, 6)?,
        created_at: moment(row, 7)?,
        updated_at: moment(row, 8)?,
        task: text(row, 9)?,
    })
}

/// An id may stand in JSON as a number.
fn text(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<String>> {
    use rusqlite::types::Value;
    Ok(match row.get(index)? {
        Value::Text(text) if !text.is_empty() => Some(text),
        Value::Integer(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Turns rows that still stand where they should.
pub(super) fn turn(
    book: &Book<'_>,
    ids: &str,
    from: &JobStatus,
    to: &JobStatus,
) -> PortResult<Vec<JobId>> {
    let sql = "UPDATE [jobs] SET [jobs.status] = ?1, [jobs.updated_at] = ?2
               WHERE [jobs.id] IN (SELECT value FROM json_each(?3)) AND [jobs.status] = ?4
               RETURNING [jobs.id]";
    let now = stamp(Timestamp::now());
    let params = (to.as_str(), now, ids, from.as_str());
    book.opened.all(&book.sql(sql), params, |row| row.get(0))
}

pub(super) fn tallies(book: &Book<'_>, since: Timestamp) -> PortResult<Tallies> {
    let sql = "SELECT [jobs.provider], [jobs.status], count(*) FROM [jobs]
               WHERE [jobs.status] IN ('queued', 'processing', 'completed', 'failed', 'refunded')
                 AND [jobs.updated_at] >= ?1 AND unixepoch([jobs.updated_at], 'auto') >= ?2
               GROUP BY 1, 2";
    let mut tallies = Tallies::new();
    let params = (day(since), since.as_second());
    book.opened.each(&book.sql(sql), params, |row| {
        let (provider, status): (String, String) = (row.get(0)?, row.get(1)?);
        let count = row.get::<_, i64>(2)?.unsigned_abs();
        let tally = tallies.entry(provider).or_default();
        match JobStatus::from_row(&status) {
            JobStatus::Completed => tally.completed += count,
            JobStatus::Failed | JobStatus::Refunded => tally.failed += count,
            _ => tally.open += count,
        }
        Ok(())
    })?;
    Ok(tallies)
}

pub(super) fn errors(book: &Book<'_>, since: Timestamp) -> PortResult<Vec<(String, String, u64)>> {
    let sql = "SELECT [jobs.provider], substr([jobs.error], 1, 500), count(*) FROM [jobs]
               WHERE [jobs.status] IN ('failed', 'refunded') AND [jobs.error] <> ''
                 AND [jobs.updated_at] >= ?1 AND unixepoch([jobs.updated_at], 'auto') >= ?2
               GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?3";
    let params = (day(since), since.as_second(), ERRORS);
    book.opened.all(&book.sql(sql), params, |row| {
        Ok((
            row.get(0)?,
            row.get(1)?,
            row.get::<_, i64>(2)?.unsigned_abs(),
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_lead_into_json() {
        assert_eq!(path("task_id").as_deref(), Some("$.\"task_id\""));
        assert_eq!(path("kling.id").as_deref(), Some("$.\"kling\".\"id\""));
        for wrong in ["", "a..b", "a\"b", "a'b", "a[0]"] {
            assert_eq!(path(wrong), None, "{wrong}");
        }
    }
}
