//! Renaming the staged file into place.

use super::plain;
use super::present;
use super::quarantine::{move_file, taken};
use crate::adapters::common::fs::{file_error, open_plain, parent, sync_folder};
use crate::adapters::common::ownership::own;
use crate::domain::database::Ownership;
use crate::ports::database::Layout;
use crate::ports::{PortError, PortResult};

/// Owner and mode first, on the file under its temporary name: a reader never sees it otherwise.
pub(super) fn run(layout: &Layout, ownership: Ownership) -> PortResult<()> {
    if let Some(path) = present(&layout.database)?.first() {
        return Err(taken(path));
    }
    let staging = layout.staging.as_path();
    plain(staging)?;
    let failed = |error| file_error(staging, &error, 0);
    let file = open_plain(staging).map_err(failed)?;
    own(&file, &layout.database, ownership)?;
    file.sync_all().map_err(failed)?;
    move_file(staging, &layout.database)?;
    // It is in place, though a power cut could still undo that.
    sync_folder(&parent(&layout.database)).map_err(PortError::unknown)
}
