//! The folder that a backup is made in.

use crate::adapters::common::fs::{file_error, open_plain, parent, sync_folder};
use crate::ports::PortResult;
use std::fs::DirBuilder;
use std::io::{self, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

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
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(file_error(folder, &error, 0))
        }
        _ => Ok(()),
    }
}

/// A note's file name.
pub(super) fn note(name: &str) -> String {
    format!("{name}{NOTE}")
}

pub(super) fn notes(folder: &Path) -> PortResult<Vec<(String, String)>> {
    let failed = |error: io::Error| file_error(folder, &error, 0);
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut notes = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // What is being written has a dot before its name.
        let Some(name) = name.strip_suffix(NOTE).filter(|it| !it.starts_with('.')) else {
            continue;
        };
        let mut text = String::new();
        let file = open_plain(&path).map_err(failed)?;
        file.take(LONGEST).read_to_string(&mut text).map_err(failed)?;
        notes.push((name.to_owned(), text));
    }
    notes.sort();
    Ok(notes)
}
