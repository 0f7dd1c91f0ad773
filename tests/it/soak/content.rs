//! Which database lies where, told by its rows, read from a copy.

use super::fault::Database;
use super::ground::{PEOPLE, folder, template};
use super::play::Play;
use rei_recovery::domain::backup::BackupTime;
use rei_recovery::domain::run::Run;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const NAMES: [&str; 4] = ["bot.db", "bot.db-wal", "bot.db-journal", "bot.db-shm"];

/// A database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Missing,
    /// The one from before, with every row it ever got.
    Old,
    /// The one of this backup, with every row it got since.
    Backup(BackupTime),
    /// Neither, and why.
    Mixed(String),
}

/// What lies at the database's place.
pub fn at_place(play: &Play) -> Content {
    read(play, &files(&[&play.house.ground.home()]))
}

/// Whether it is the damaged one from before.
pub fn is_damaged(play: &Play) -> bool {
    let bytes = fs::read(play.house.ground.database()).ok();
    play.house.ground.damaged.is_some() && play.house.ground.damaged == bytes
}

/// Whether the database from before is whole: at its place, aside, or half-way between the two.
pub fn old_is_kept(play: &Play, run: &Run) -> bool {
    if play.scenario.setting.database == Database::Missing {
        return true;
    }
    let home = play.house.ground.home();
    let aside = &run.plan.quarantine;
    let homes: [&[&Path]; 3] = [&[&home], &[aside], &[aside, &home]];
    homes
        .iter()
        .any(|folders| read(play, &files(folders)) == Content::Old)
}

/// The files of a set, each from the first folder that has it. The shared memory is made anew anyway.
fn files(folders: &[&Path]) -> Vec<PathBuf> {
    let first = |name: &&str| {
        folders
            .iter()
            .map(|it| it.join(name))
            .find(|path| path.exists())
    };
    NAMES[..3].iter().filter_map(first).collect()
}

/// A copy of what lies in a folder.
pub fn copy_of(home: &Path) -> TempDir {
    copied(&files(&[home]))
}

fn copied(files: &[PathBuf]) -> TempDir {
    let dir = folder();
    for file in files {
        fs::copy(file, dir.path().join(file.file_name().unwrap())).unwrap();
    }
    dir
}

fn read(play: &Play, files: &[PathBuf]) -> Content {
    let Some(main) = files.iter().find(|file| file.ends_with("bot.db")) else {
        return match files {
            [] => Content::Missing,
            _ => Content::Mixed("sidecars without their database".to_owned()),
        };
    };
    let damaged = &play.house.ground.damaged;
    if damaged.is_some() && *damaged == fs::read(main).ok() {
        return match files.len() {
            1 => Content::Old,
            _ => Content::Mixed("sidecars beside the damaged database".to_owned()),
        };
    }
    let copy = copied(files);
    look(play, &copy.path().join("bot.db"))
        .unwrap_or_else(|error| Content::Mixed(error.to_string()))
}

fn look(play: &Play, path: &Path) -> rusqlite::Result<Content> {
    let db = Connection::open(path)?;
    let sound: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    let name: String = db.query_row("SELECT name FROM marker", [], |row| row.get(0))?;
    let people: i64 = db.query_row("SELECT count(*) FROM users", [], |row| row.get(0))?;
    let mut query = db.prepare("SELECT n FROM beats")?;
    let beats: BTreeSet<i64> = query
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let [older, newest] = &template().taken;
    let (wanted, content) = match name.as_str() {
        "live" => (PEOPLE, Content::Old),
        "newest" => (7, Content::Backup(newest.time)),
        _ => (5, Content::Backup(older.time)),
    };
    let log = play.house.town.log();
    let written: BTreeSet<i64> = log
        .beats
        .iter()
        .filter(|it| *it.1 == name)
        .map(|it| *it.0)
        .collect();
    if sound != "ok" || people != wanted || beats != written {
        let what = format!("{name}: {sound}, {people} people, beats {beats:?} of {written:?}");
        return Ok(Content::Mixed(what));
    }
    Ok(content)
}
