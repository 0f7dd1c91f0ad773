//! Partial indexes, which `integrity_check` goes over in one direction only: it misses an entry whose row
//! no longer belongs in the index.

use crate::adapters::common::sqlite::{Opened, at, quoted};
use crate::domain::failure::FailureCode;
use crate::ports::PortResult;

/// Counts what belongs in each partial index twice: by the index, and by its table.
pub(super) fn agree(opened: &Opened) -> PortResult<()> {
    let sql =
        "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
    let indexes: Vec<(String, String, String)> =
        opened.all(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for (index, table, sql) in indexes {
        let Some(condition) = condition(&sql) else {
            continue;
        };
        let count = |how: &str| {
            let sql = format!(
                "SELECT count(*) FROM {} {how} WHERE {condition}",
                quoted(&table)
            );
            opened.one::<i64>(&sql, [])
        };
        let by_index = count(&format!("INDEXED BY {}", quoted(&index)));
        if let (Ok(by_index), Ok(by_table)) = (by_index, count("NOT INDEXED"))
            && by_index != by_table
        {
            return Err(at(FailureCode::IntegrityFailed, opened.path())
                .with("first", format!("wrong # of entries in index {index}"))
                .with("count", 1));
        }
    }
    Ok(())
}

/// What stands behind the list of columns. Such a condition holds no query of its own, so the last word
/// of this kind is the one; were it part of a text, the count would be no SQL and the index passed over.
fn condition(sql: &str) -> Option<&str> {
    let upper = sql.to_ascii_uppercase();
    let begin = upper.rfind("WHERE")?;
    let before = sql[..begin].trim_end();
    before
        .ends_with(')')
        .then(|| sql[begin + "WHERE".len()..].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_condition_of_an_index_is_found() {
        let partial =
            "CREATE UNIQUE INDEX once ON ledger(reason, reference)\n where reason IN ('a','b')";
        assert_eq!(condition(partial), Some("reason IN ('a','b')"));
        assert_eq!(condition("CREATE INDEX plain ON t(a)"), None);
        assert_eq!(condition("CREATE INDEX \"nowhere\" ON t(\"where\")"), None);
    }
}
