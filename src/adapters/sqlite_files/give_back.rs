//! Moving a quarantined set back to where it was.
//!
//! Whatever took its place goes to `replaced/` first, then the sidecars come back, then the main
//! file: cut off anywhere, there is no main file beside sidecars of another database.

use super::manifest::{self, Mark};
use super::quarantine::{move_file, return_order, through};
use super::{name_of, plain};
use crate::adapters::common::fs::{file_error, parent, sync_folder};
use crate::adapters::common::own_folder::OwnFolder;
use crate::domain::database::Quarantine;
use crate::ports::PortResult;
use crate::ports::database::Layout;
use std::path::{Path, PathBuf};

/// Returns how many files belong to the set that is back in its place.
pub(super) fn run(layout: &Layout) -> PortResult<u64> {
    let Some(own) = OwnFolder::find(&layout.quarantine)? else {
        // Nothing was put aside.
        return Ok(0);
    };
    let layout = &through(layout, &own);
    match manifest::read(&layout.quarantine)? {
        Mark::Returned(set) => Ok(set.files.len() as u64),
        Mark::Complete(set) => whole(layout, &set),
        Mark::None => part(layout),
    }
}

/// A complete set: nothing of it was left behind, so all that stands there now came later, except
/// what an earlier call brought back.
fn whole(layout: &Layout, set: &Quarantine) -> PortResult<u64> {
    let aside = |path: &Path| layout.quarantine.join(name_of(path));
    let mut foreign = Vec::new();
    for path in return_order(&layout.database).into_iter().rev() {
        let name = name_of(&path);
        let ours = set.files.iter().any(|file| file.name == name);
        let is_back = ours && plain(&aside(&path))?.is_none();
        if !is_back && plain(&path)?.is_some() {
            foreign.push(path);
        }
    }
    replace(layout, &foreign)?;
    bring(layout)?;
    manifest::returned(&layout.quarantine)?;
    Ok(set.files.len() as u64)
}

/// A set that was cut off while it was put aside: what is still in its place belongs to it.
fn part(layout: &Layout) -> PortResult<u64> {
    let mut foreign = Vec::new();
    for path in return_order(&layout.database) {
        let aside = layout.quarantine.join(name_of(&path));
        if plain(&aside)?.is_some() && plain(&path)?.is_some() {
            foreign.push(path);
        }
    }
    replace(layout, &foreign)?;
    bring(layout)
}

fn bring(layout: &Layout) -> PortResult<u64> {
    let mut moved = 0;
    for path in return_order(&layout.database) {
        let aside = layout.quarantine.join(name_of(&path));
        if plain(&aside)?.is_some() {
            move_file(&aside, &path)?;
            moved += 1;
        }
    }
    if moved > 0 {
        sync_folder(&layout.quarantine)?;
    }
    sync_folder(&parent(&layout.database))?;
    Ok(moved)
}

fn replace(layout: &Layout, foreign: &[PathBuf]) -> PortResult<()> {
    if foreign.is_empty() {
        return Ok(());
    }
    let folder = layout.quarantine.join("replaced");
    std::fs::create_dir_all(&folder).map_err(|e| file_error(&folder, &e, 0))?;
    for path in foreign {
        move_file(path, &free_name(&folder, &name_of(path)))?;
    }
    sync_folder(&folder)?;
    sync_folder(&layout.quarantine)
}

/// The name itself, or with a number where an earlier file has it.
fn free_name(folder: &Path, name: &str) -> PathBuf {
    let numbered = (2u32..).map(|n| folder.join(format!("{name}.{n}")));
    std::iter::once(folder.join(name))
        .chain(numbered)
        .find(|path| std::fs::symlink_metadata(path).is_err())
        .unwrap_or_else(|| folder.join(name))
}
