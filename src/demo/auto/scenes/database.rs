//! A damaged database.

use crate::demo::auto::proof::{Check, Played, check_of};
use crate::demo::error::{DemoError, DemoResult, at, in_db};
use crate::demo::patient::{
    Damage, Fingerprint, Rows, balances_hold, damage, fingerprint, integrity, rows, unpack,
};
use crate::demo::terminal::say;
use crate::demo::units::Unit;
use crate::demo::world::{Entry, World, blocking};
use crate::domain::backup::BackupTime;
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long REI may take to notice what happened to it.
const NOTICES: Duration = Duration::from_secs(60);

/// What was broken.
#[derive(Debug)]
pub(in crate::demo::auto) struct Scene {
    before: Before,
    /// The files of the broken database when help was asked for.
    files: Vec<String>,
}

/// Flips bytes, and waits until REI suffers.
pub(super) async fn set(world: &World) -> DemoResult<Scene> {
    let before = before(world).await?;
    say(&format!("REI runs: {}", counted(&before.rows)));
    let database = world.patient.database();
    let found = blocking(move || {
        let flipped = damage(&database, Damage::FlippedBytes)?;
        let found = match integrity(&database) {
            Ok(found) => format!("finds {} problems", found.len()),
            Err(error) => format!("cannot even end ({error})"),
        };
        Ok((flipped, found))
    });
    let (flipped, found) = found.await?;
    say(&format!(
        "Broken: {flipped} bytes of bot.db flipped, integrity_check now {found}"
    ));
    world
        .until("REI to notice", NOTICES, || {
            Ok((!world.is_up(Unit::Bot)?).then_some(()))
        })
        .await?;
    say("REI noticed: `database disk image is malformed` in its log, and the bot gave up\n");
    let files = database_files(&world.patient.home())?;
    Ok(Scene { before, files })
}

/// What was so before anything broke.
#[derive(Debug)]
pub(super) struct Before {
    rows: Rows,
    pub(super) ownership: (u32, u32, u32),
    backup: BackupTime,
    backup_rows: Rows,
    backup_print: Fingerprint,
}

/// Rows for people.
fn counted(rows: &Rows) -> String {
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

impl Scene {
    /// Checks after the play.
    pub(super) async fn check(&self, world: &World, played: &Played) -> DemoResult<Vec<Check>> {
        let journal = world.state.journal(played.run)?;
        let mut checks = database(world, &self.before).await?;
        let owner = world.patient.ownership()?;
        checks.push(check_of(
            "owner, group and mode are as before",
            owner == self.before.ownership,
            format!("{}:{} {:o}", owner.0, owner.1, owner.2),
        ));
        checks.push(nothing_came_back(world, &self.before, &journal).await?);
        checks.push(quarantine(world, &self.files, played.run).await?);
        Ok(checks)
    }
}

pub(super) async fn database(world: &World, before: &Before) -> DemoResult<Vec<Check>> {
    let (patient, until) = (world.patient.clone(), sql_time(before.backup));
    let look = blocking(move || {
        let database = patient.database();
        Ok((
            integrity(&database)?,
            balances_hold(&database)?,
            fingerprint(&database, &until)?,
            rows(&database)?,
        ))
    });
    let (problems, balanced, print, now) = look.await?;
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
fn database_files(folder: &Path) -> DemoResult<Vec<String>> {
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
