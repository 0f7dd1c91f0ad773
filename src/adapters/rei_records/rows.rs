//! Values as REI's rows hold them.

use super::Book;
use crate::adapters::common::sqlite::quoted;
use crate::domain::database::Counts;
use crate::ports::PortResult;
use jiff::Timestamp;
use rusqlite::Row;
use serde::Serialize;

/// Rows of each mapped table, under the contract's names.
pub(super) fn counts(book: &Book<'_>) -> PortResult<Counts> {
    let tables = book.options.schema.tables.iter();
    tables
        .map(|(key, table)| {
            let sql = format!("SELECT count(*) FROM {}", quoted(&table.name));
            let count: i64 = book.opened.one(&sql, [])?;
            Ok((key.clone(), count.unsigned_abs()))
        })
        .collect()
}

/// A list as one parameter, for `json_each`.
pub(super) fn list<T: Serialize>(items: &[T]) -> String {
    // Texts and numbers always have a JSON form.
    serde_json::to_string(items).unwrap_or_else(|_| "[]".to_owned())
}

/// A moment as REI writes it: `YYYY-MM-DD HH:MM:SS`, UTC.
pub(super) fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The day of a moment: no text of a later moment sorts before it, however it goes on.
pub(super) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// A moment that SQL gave as `unixepoch(…, 'auto')`; what cannot be read is as old as can be.
pub(super) fn moment(row: &Row<'_>, index: usize) -> rusqlite::Result<Timestamp> {
    let second: Option<i64> = row.get(index)?;
    let at = second.and_then(|second| Timestamp::from_second(second).ok());
    Ok(at.unwrap_or(Timestamp::UNIX_EPOCH))
}

/// A text that is there and not empty.
pub(super) fn filled(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<String>> {
    let text: Option<String> = row.get(index)?;
    Ok(text.filter(|text| !text.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_rei_writes_them() {
        let at: Timestamp = "2026-11-23T03:15:07.9Z".parse().unwrap();
        assert_eq!(stamp(at), "2026-11-23 03:15:07");
        assert!(day(at) < stamp(at) && day(at).as_str() < "2026-11-23T00:00:00Z");
    }
}
