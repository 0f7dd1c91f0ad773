//! Everything SQLite can tell: `integrity_check` beside the examination of the content.
//!
//! Both read the whole file, so they run at the same time on two connections. `integrity_check`
//! itself stays whole on one: table by table on several it is hardly faster (the largest table
//! bounds it) and would miss what belongs to no table, such as the free list.

use super::content;
use super::open::{Limit, Opened, at};
use crate::domain::database::{Counts, Schema};
use crate::domain::failure::FailureCode;
use crate::ports::{PortError, PortResult};
use std::thread;

/// Findings kept; the first is shown, and whether there are dozens changes nothing.
const FINDINGS: u32 = 100;

/// Damage is told before what the examination of a damaged file may say.
pub(super) fn examine(
    opened: &Opened,
    schema: &Schema,
    limit: Limit,
) -> PortResult<(Counts, Option<i64>)> {
    let path = opened.path();
    thread::scope(|scope| {
        let integrity = scope.spawn(|| integrity(&Opened::closed(path, limit)?));
        let content = content::examine(opened, schema);
        match integrity.join() {
            Ok(sound) => sound.and(content),
            Err(_) => Err(PortError::new(FailureCode::Panicked)),
        }
    })
}

/// `integrity_check` alone.
pub(super) fn integrity(opened: &Opened) -> PortResult<()> {
    let sql = format!("PRAGMA integrity_check({FINDINGS})");
    let findings: Vec<String> = opened.all(&sql, [], |row| row.get(0))?;
    match findings.first().map(String::as_str) {
        Some("ok") if findings.len() == 1 => Ok(()),
        first => Err(at(FailureCode::IntegrityFailed, opened.path())
            .with("first", first.unwrap_or("no answer"))
            .with("count", i64::try_from(findings.len()).unwrap_or(i64::MAX))),
    }
}
