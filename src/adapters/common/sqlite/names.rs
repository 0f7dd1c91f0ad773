//! The mapped names against a database.

use super::open::Opened;
use crate::domain::database::{Schema, Table};
use crate::ports::PortResult;

/// Every table or column that is not there, as `jobs` or `jobs.status`, with the real names.
pub(crate) fn missing(opened: &Opened, schema: &Schema) -> PortResult<Vec<String>> {
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
pub(crate) fn columns(opened: &Opened, table: &Table) -> PortResult<Vec<String>> {
    let sql = "SELECT name FROM pragma_table_info(?1)";
    opened.all(sql, [&table.name], |row| row.get(0))
}

/// A name as SQL text; names come from a file.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// SQL with the patient's own names: `[jobs]` becomes the real table's name, `[jobs.status]` the real
/// column's, both quoted. A name that is not mapped stands for itself.
pub(crate) fn written(sql: &str, schema: &Schema) -> String {
    let mut text = String::with_capacity(sql.len() * 2);
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once('[') {
        let (name, next) = after.split_once(']').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(&quoted(real(name, schema)));
        rest = next;
    }
    text.push_str(rest);
    text
}

fn real<'a>(name: &'a str, schema: &'a Schema) -> &'a str {
    let found = match name.split_once('.') {
        Some((table, column)) => schema.tables.get(table).map(|t| t.columns.get(column)),
        None => schema.tables.get(name).map(|table| Some(&table.name)),
    };
    let own = name.rsplit('.').next().unwrap_or(name);
    found.flatten().map_or(own, String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_patients_own_and_cannot_break_out() {
        let columns = [("status", "st\"ate"), ("id", "id")];
        let columns = columns.map(|(key, name)| (key.to_owned(), name.to_owned()));
        let jobs = Table {
            name: "work items".to_owned(),
            columns: columns.into(),
        };
        let schema = Schema {
            tables: [("jobs".to_owned(), jobs)].into(),
        };
        let sql = "SELECT j.[jobs.id] FROM [jobs] j WHERE [jobs.status] = ?1 AND [users.id] = 1";
        assert_eq!(
            written(sql, &schema),
            r#"SELECT j."id" FROM "work items" j WHERE "st""ate" = ?1 AND "id" = 1"#
        );
    }
}
