//! The folder that a backup is made in.

use crate::adapters::common::fs::{file_error, open_plain, parent, sync_folder};
use crate::ports::PortResult;
use std::fs::DirBuilder;
use std::io::{self, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Notes are small.
const LONGEST: u64 = 4096;
const NOTE: &str = ".note";

/// Private: the copy holds everything that REI knows of people.
pub(super) fn prepare(folder: &Path) -> PortResult<()> {
    discard(folder)?;
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| file_error(folder, &error, 0))?;
    sync_folder(&parent(folder))
}

pub(super) fn discard(folder: &Path) -> PortResult<()> {
    let removed = match std::fs::symlink_metadata(folder) {
        Ok(found) if !found.is_dir() => std::fs::remove_file(folder),
        _ => std::fs::remove_dir_all(folder),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(file_error(folder, &error, 0)),
        _ => Ok(()),
    }
}

pub(super) fn folders(folder: &Path) -> PortResult<Vec<String>> {
    let entries = entries(folder)?;
    let folders = entries.into_iter().filter(|path| path.is_dir());
    Ok(folders.map(|path| name_of(&path)).collect())
}

/// What is in it, in the order of names.
fn entries(folder: &Path) -> PortResult<Vec<PathBuf>> {
    let failed = |error: io::Error| file_error(folder, &error, 0);
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<io::Result<Vec<_>>>().map_err(failed)?;
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// A note's file name.
pub(super) fn note(name: &str) -> String {
    format!("{name}{NOTE}")
}

pub(super) fn notes(folder: &Path) -> PortResult<Vec<(String, String)>> {
    let failed = |error: io::Error| file_error(folder, &error, 0);
    let mut notes = Vec::new();
    for path in entries(folder)? {
        let name = name_of(&path);
        // What is being written has a dot before its name.
        let Some(name) = name.strip_suffix(NOTE).filter(|it| !it.starts_with('.')) else {
            continue;
        };
        let mut text = String::new();
        let file = open_plain(&path).map_err(failed)?;
        file.take(LONGEST)
            .read_to_string(&mut text)
            .map_err(failed)?;
        notes.push((name.to_owned(), text));
    }
    Ok(notes)
}
