//! What is checked after the play, each from outside the bot.

use crate::demo::error::{DemoError, DemoResult, at, in_db};
use crate::demo::patient::{
    Fingerprint, Rows, balances_hold, fingerprint, integrity, rows, unpack,
};
use crate::demo::units::Unit;
use crate::demo::world::{Entry, World, blocking};
use crate::domain::backup::BackupTime;
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What was so before anything broke.
#[derive(Debug)]
pub(super) struct Before {
    pub(super) rows: Rows,
    ownership: (u32, u32, u32),
    backup: BackupTime,
    backup_rows: Rows,
    backup_print: Fingerprint,
}

/// What the play left to be checked.
#[derive(Debug)]
pub(super) struct Played {
    /// The files of the broken database when help was asked for.
    pub(super) files: Vec<String>,
    pub(super) run: i64,
    pub(super) took: Duration,
}

/// One thing that was checked.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) what: &'static str,
    pub(super) holds: bool,
    pub(super) seen: String,
}

fn check_of(what: &'static str, holds: bool, seen: impl Into<String>) -> Check {
    Check {
        what,
        holds,
        seen: seen.into(),
    }
}

/// Rows for people.
pub(super) fn counted(rows: &Rows) -> String {
    let counts: Vec<String> = rows
        .iter()
        .map(|(table, n)| format!("{n} {table}"))
        .collect();
    counts.join(", ")
}

/// Looks before the play.
pub(super) async fn before(world: &World) -> DemoResult<Before> {
    let patient = world.patient.clone();
    let unpacked = world.root().join("expected.db");
    blocking(move || {
        let none = || DemoError::NotHere("the patient has no good backup".to_owned());
        let backup = patient.latest_good().ok_or_else(none)?;
        unpack(&backup.file, &unpacked)?;
        Ok(Before {
            rows: rows(&patient.database())?,
            ownership: patient.ownership()?,
            backup: backup.time,
            backup_rows: rows(&unpacked)?,
            backup_print: fingerprint(&unpacked, &sql_time(backup.time))?,
        })
    })
    .await
}

fn sql_time(time: BackupTime) -> String {
    time.at().strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Checks after the play.
pub(super) async fn check(
    world: &World,
    before: &Before,
    played: &Played,
) -> DemoResult<Vec<Check>> {
    let run = played.run;
    let journal = world.state.journal(run)?;
    let outcome = journal
        .last()
        .map(|last| last.event.clone())
        .unwrap_or_default();
    let mut checks = vec![check_of(
        "the run finished as it should",
        outcome["event"] == "finished" && outcome["outcome"].to_string().contains("recovered"),
        outcome["outcome"].to_string(),
    )];
    checks.push(right_people(world, &journal));
    checks.extend(database(world, before).await?);
    checks.push(nothing_came_back(world, before, &journal).await?);
    checks.push(quarantine(world, &played.files, run).await?);
    checks.push(units(world)?);
    checks.push(time(&journal, played.took));
    let audit = world.console(&["audit", "verify"]).await?;
    let said = format!("{}{}", audit.stdout, audit.stderr)
        .trim()
        .to_owned();
    checks.push(check_of("audit verify passes", audit.code == Some(0), said));
    let waiting = world.state.backlog()?;
    checks.push(check_of(
        "the outbox is empty",
        waiting == 0,
        format!("{waiting} messages wait"),
    ));
    Ok(checks)
}

/// One approval, by the other one.
fn right_people(world: &World, journal: &[Entry]) -> Check {
    let approved = journal.iter().filter(|entry| entry.kind() == "approved");
    let by: Vec<_> = approved.map(|entry| entry.event["by"].clone()).collect();
    let right = by.len() == 1 && by[0]["id"].as_u64() == Some(world.cast.boris.0);
    let names: Vec<String> = by.iter().map(|by| by["name"].to_string()).collect();
    check_of(
        "approved by the second admin alone",
        right,
        names.join(", "),
    )
}

async fn database(world: &World, before: &Before) -> DemoResult<Vec<Check>> {
    let (patient, until) = (world.patient.clone(), sql_time(before.backup));
    let look = blocking(move || {
        let database = patient.database();
        Ok((
            integrity(&database)?,
            balances_hold(&database)?,
            fingerprint(&database, &until)?,
            rows(&database)?,
            patient.ownership()?,
        ))
    });
    let (problems, balanced, print, now, owner) = look.await?;
    let same = print == before.backup_print;
    let compared = format!(
        "backup {} holds {}; before the damage {}; now, REI running again, {}",
        before.backup,
        counted(&before.backup_rows),
        counted(&before.rows),
        counted(&now)
    );
    Ok(vec![
        check_of(
            "every row of the backup is there, unchanged",
            same,
            compared,
        ),
        check_of(
            "integrity_check and foreign_key_check",
            problems.is_empty(),
            said(&problems),
        ),
        check_of(
            "each balance is the sum of its ledger",
            balanced,
            if balanced { "yes" } else { "no" },
        ),
        check_of(
            "owner, group and mode are as before",
            owner == before.ownership,
            format!("{}:{} {:o}", owner.0, owner.1, owner.2),
        ),
    ])
}

fn said(problems: &[String]) -> String {
    problems.first().cloned().unwrap_or_else(|| "ok".to_owned())
}

/// A stale WAL beside the restored file would bring rows of the broken database back to life, and
/// `integrity_check` would still be content.
async fn nothing_came_back(world: &World, before: &Before, journal: &[Entry]) -> DemoResult<Check> {
    let started = journal
        .iter()
        .rfind(|entry| entry.kind() == "step-started" && entry.step() == Some("start"));
    let Some(started) = started else {
        return Ok(check_of(
            "the sidecars were gone before the start",
            false,
            "no start in the journal",
        ));
    };
    let until = started.at.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let (path, since) = (world.patient.database(), sql_time(before.backup));
    let rows: i64 = blocking(move || {
        let count = || {
            let db = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            db.busy_timeout(Duration::from_secs(5))?;
            let sql = "SELECT count(*) FROM ledger WHERE created_at > ?1 AND created_at < ?2";
            db.query_row(sql, [since, until], |row| row.get(0))
        };
        count().map_err(in_db(&path))
    })
    .await?;
    Ok(check_of(
        "the sidecars were gone before the start: none of the old WAL's rows came back",
        rows == 0,
        format!("{rows} ledger rows from between the backup and the start"),
    ))
}

/// The old database is aside with its WAL, and opens there as it opened before.
async fn quarantine(world: &World, files: &[String], run: i64) -> DemoResult<Check> {
    let what = "the damaged database is kept aside, complete";
    let plan = world.state.plan(run)?;
    let Some(folder) = plan["quarantine"].as_str().map(PathBuf::from) else {
        return Ok(check_of(what, false, "the plan names no quarantine"));
    };
    let (copy, files) = (world.root().join("quarantined"), files.to_vec());
    blocking(move || {
        let names = copy_set(&folder, &copy)?;
        let sound = integrity(&copy.join("bot.db"));
        let opens = Connection::open(copy.join("bot.db")).and_then(|db| {
            db.query_row("SELECT count(*) FROM sqlite_schema", [], |r| {
                r.get::<_, i64>(0)
            })
        });
        let complete = !files.is_empty() && files.iter().all(|file| names.contains(file));
        let still_broken = sound.as_ref().map_or(true, |found| !found.is_empty());
        let seen = format!(
            "{} in {}; opens: {}; still damaged: {still_broken}",
            names.join(", "),
            folder.display(),
            opens.is_ok()
        );
        Ok(check_of(
            what,
            complete && still_broken && opens.is_ok(),
            seen,
        ))
    })
    .await
}

/// Copies the database's files; looking at the originals would change them.
fn copy_set(from: &Path, to: &Path) -> DemoResult<Vec<String>> {
    fs::create_dir_all(to).map_err(at(to))?;
    let names = database_files(from)?;
    for name in &names {
        let target = to.join(name);
        fs::copy(from.join(name), &target).map_err(at(&target))?;
    }
    Ok(names)
}

/// Names of the database and its sidecars in a folder.
pub(super) fn database_files(folder: &Path) -> DemoResult<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(at(folder))?;
    let names = entries.map(|entry| entry.map(|e| e.file_name().to_string_lossy().into_owned()));
    let names: Result<Vec<String>, _> = names.collect();
    let mut names = names.map_err(at(folder))?;
    names.retain(|name| {
        ["bot.db", "bot.db-wal", "bot.db-shm", "bot.db-journal"].contains(&name.as_str())
    });
    names.sort();
    Ok(names)
}

fn units(world: &World) -> DemoResult<Check> {
    let mut up = Vec::new();
    for unit in Unit::REI {
        if world.is_up(unit)? {
            up.push(unit.name());
        }
    }
    Ok(check_of(
        "REI's units run",
        up.len() == Unit::REI.len(),
        up.join(", "),
    ))
}

fn time(journal: &[Entry], took: Duration) -> Check {
    let first = journal
        .iter()
        .find(|entry| entry.kind() == "started")
        .map(|entry| entry.at);
    let last = journal.last().map(|entry| entry.at);
    let run = match (first, last) {
        (Some(first), Some(last)) => last.duration_since(first).as_secs_f64(),
        _ => 0.0,
    };
    let seen = format!(
        "{run:.1} s from Start to the end, {:.1} s from the first message",
        took.as_secs_f64()
    );
    check_of(
        "it stayed far below the RTO of one hour",
        run > 0.0 && run < 3600.0,
        seen,
    )
}
