//! What only a test of a backup asks: the ledger against the balances, the tables nobody mapped,
//! and what SQLite itself reads past.

use crate::adapters::common::fs::file_error;
use crate::adapters::common::sqlite::{Held, Limit, Opened, quoted, written};
use crate::domain::database::{Books, Counts, Schema};
use crate::ports::PortResult;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Users whose balance is not the sum of their rows in the ledger, and one of them.
const IMBALANCES: &str = "SELECT count(*), min(u.[users.id]) FROM [users] u
    LEFT JOIN (SELECT [ledger.user_id] AS person, sum([ledger.amount]) AS total
               FROM [ledger] GROUP BY 1) s ON s.person = u.[users.id]
    WHERE u.[users.balance] IS NOT coalesce(s.total, 0)";

/// A table that is empty although another one says that it had rows. `schema.sql` of the contract
/// gives the reasons and the status.
const EMPTIED: [(&str, &str); 3] = [
    (
        "payments",
        "SELECT NOT EXISTS (SELECT 1 FROM [payments])
            AND EXISTS (SELECT 1 FROM [ledger] WHERE [ledger.reason] = 'payment')",
    ),
    (
        "jobs",
        "SELECT NOT EXISTS (SELECT 1 FROM [jobs])
            AND EXISTS (SELECT 1 FROM [ledger] WHERE [ledger.reason] = 'job')",
    ),
    (
        "ledger",
        "SELECT NOT EXISTS (SELECT 1 FROM [ledger])
            AND EXISTS (SELECT 1 FROM [payments]
                        WHERE [payments.status] = 'succeeded' AND [payments.credits] <> 0)",
    ),
];

/// Looks at all of it.
pub(super) fn keep(path: &Path, schema: &Schema, limit: Limit) -> PortResult<Books> {
    let held = Held::at(path)?;
    let edges = held.file().map(|file| edges(file, path)).transpose()?;
    let edges = edges.unwrap_or_default();
    let opened = Opened::closed(path, limit)?;
    let sql = written(IMBALANCES, schema);
    let counted = opened.all(&sql, [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?))
    })?;
    let (count, example) = counted.into_iter().next().unwrap_or_default();
    Ok(Books {
        others: others(&opened, schema)?,
        imbalances: count.unsigned_abs(),
        example,
        emptied: emptied(&opened, schema)?,
        trailing: edges.trailing,
        header_marked: edges.marked,
    })
}

fn emptied(opened: &Opened, schema: &Schema) -> PortResult<Vec<String>> {
    let mut found = Vec::new();
    for (table, sql) in EMPTIED {
        if opened.one(&written(sql, schema), [])? {
            found.push(table.to_owned());
        }
    }
    Ok(found)
}

/// Rows of every plain table that the schema does not map.
fn others(opened: &Opened, schema: &Schema) -> PortResult<Counts> {
    let sql = "SELECT name FROM pragma_table_list
               WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'";
    let names: Vec<String> = opened.all(sql, [], |row| row.get(0))?;
    let mapped = |name: &String| {
        let mut tables = schema.tables.values();
        tables.any(|table| table.name.eq_ignore_ascii_case(name))
    };
    let mut counts = Counts::new();
    for name in names.into_iter().filter(|name| !mapped(name)) {
        let count: i64 = opened.one(&format!("SELECT count(*) FROM {}", quoted(&name)), [])?;
        counts.insert(name, count.unsigned_abs());
    }
    Ok(counts)
}

/// What lies where SQLite does not look.
#[derive(Debug, Default)]
struct Edges {
    trailing: u64,
    marked: bool,
}

/// The header by SQLite's file format: page size at 16, versions at 18, change counter at 24, pages at 28, twenty bytes
/// that must be zero at 72, and at 92 the change counter for which the pages were counted.
fn edges(file: &File, path: &Path) -> PortResult<Edges> {
    let failed = |error| file_error(path, &error, 0);
    let length = file.metadata().map_err(failed)?.len();
    let mut header = [0; 100];
    file.read_exact_at(&mut header, 0).map_err(failed)?;
    let word = |at: usize| {
        let mut four = [0; 4];
        four.copy_from_slice(&header[at..at + 4]);
        u64::from(u32::from_be_bytes(four))
    };
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size.max(512)),
    };
    // A program older than 2010 counts no pages: then whole pages are all that can be asked for.
    let counted = word(24) == word(92) && word(28) > 0;
    let trailing = match counted {
        true => length.saturating_sub(word(28) * page),
        false => length % page,
    };
    // Of a format that no SQLite writes it can be read, and REI could write nothing to it.
    let odd = header[18] != header[19] || !matches!(header[18], 1 | 2);
    let marked = odd || header[72..92].iter().any(|byte| *byte != 0);
    Ok(Edges { trailing, marked })
}
