//! The mapped names against a database.

use super::open::Opened;
use crate::domain::database::{Schema, Table};
use crate::ports::PortResult;

/// Every table or column that is not there, as `jobs` or `jobs.status`, with the real names.
pub(super) fn missing(opened: &Opened, schema: &Schema) -> PortResult<Vec<String>> {
    let mut missing = Vec::new();
    for table in schema.tables.values() {
        let columns = columns(opened, table)?;
        if columns.is_empty() {
            missing.push(table.name.clone());
            continue;
        }
        let lacks = |column: &&String| !columns.iter().any(|c| c.eq_ignore_ascii_case(column));
        let absent = table.columns.values().filter(lacks);
        missing.extend(absent.map(|column| format!("{}.{column}", table.name)));
    }
    Ok(missing)
}

/// Names of a table's columns; none when there is no such table.
pub(super) fn columns(opened: &Opened, table: &Table) -> PortResult<Vec<String>> {
    let sql = "SELECT name FROM pragma_table_info(?1)";
    opened.all(sql, [&table.name], |row| row.get(0))
}

/// A name as SQL text; names come from a file.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
