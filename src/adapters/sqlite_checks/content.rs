//! What is in a database: rows without a parent, counts, the newest moment.

use crate::adapters::common::sqlite::quoted;
use crate::adapters::common::sqlite::{Opened, at};
use crate::domain::database::{Counts, Schema, Table};
use crate::domain::failure::FailureCode;
use crate::ports::PortResult;

/// The contract's columns that hold moments.
const MOMENTS: [&str; 3] = ["created_at", "updated_at", "last_seen_at"];
/// The table that can never be empty: a bot without users has nothing to recover, and a backup
/// without users was taken of a database that the bot had just made anew.
const NEVER_EMPTY: &str = "users";

/// Counts and the newest moment (seconds since 1970): the cheap part.
pub(super) fn examine(opened: &Opened, schema: &Schema) -> PortResult<(Counts, Option<i64>)> {
    let counts = counts(opened, schema)?;
    let newest = newest(opened, schema)?;
    Ok((counts, newest))
}

/// Rows without a parent.
pub(super) fn foreign_keys(opened: &Opened) -> PortResult<()> {
    let sql = "SELECT \"table\", count(*) FROM pragma_foreign_key_check GROUP BY 1 ORDER BY 2 DESC";
    let broken: Vec<(String, i64)> = opened.all(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match broken.first() {
        None => Ok(()),
        Some((table, count)) => Err(at(FailureCode::ForeignKeysBroken, opened.path())
            .with("table", table.as_str())
            .with("count", *count)),
    }
}

/// Rows per table, under the contract's names.
fn counts(opened: &Opened, schema: &Schema) -> PortResult<Counts> {
    let mut counts = Counts::new();
    for (key, table) in &schema.tables {
        let sql = format!("SELECT count(*) FROM {}", quoted(&table.name));
        let count: i64 = opened.one(&sql, [])?;
        if count == 0 && key == NEVER_EMPTY {
            return Err(at(FailureCode::CountsImplausible, opened.path())
                .with("table", table.name.as_str())
                .with("count", 0));
        }
        counts.insert(key.clone(), count.unsigned_abs());
    }
    Ok(counts)
}

/// The newest moment in any table, in seconds since 1970.
pub(super) fn newest(opened: &Opened, schema: &Schema) -> PortResult<Option<i64>> {
    let mut newest = None;
    for table in schema.tables.values() {
        for column in moments(table) {
            newest = newest.max(newest_of(opened, table, column)?);
        }
    }
    Ok(newest)
}

/// Real names of a table's columns that hold moments. Where a row tells when it was changed last,
/// that says it all.
pub(super) fn moments(table: &Table) -> impl Iterator<Item = &str> {
    let changed = table.columns.contains_key("updated_at");
    MOMENTS
        .into_iter()
        .filter(move |column| !(changed && *column == "created_at"))
        .filter_map(|column| table.columns.get(column))
        .map(String::as_str)
}

fn newest_of(opened: &Opened, table: &Table, column: &str) -> PortResult<Option<i64>> {
    // Text is compared first and understood once: as text of one form it sorts as time does.
    let sql = format!(
        "SELECT unixepoch(max({}), 'auto') FROM {}",
        quoted(column),
        quoted(&table.name)
    );
    opened.one(&sql, [])
}
