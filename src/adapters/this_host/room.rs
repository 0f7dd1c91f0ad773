//! The room on a file system.

use crate::adapters::common::fs::file_error;
use crate::ports::PortResult;
use crate::ports::host::Room;
use rustix::fs::{StatVfsMountFlags, statvfs};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// At a folder, or at the nearest one above it: what is not made yet will be made there.
pub(super) fn of(folder: &Path) -> PortResult<Room> {
    let mut at = folder;
    let device = loop {
        match (std::fs::metadata(at), at.parent()) {
            (Ok(found), _) => break found.dev(),
            (Err(error), Some(above)) if error.kind() == io::ErrorKind::NotFound => at = above,
            (Err(error), _) => return Err(file_error(folder, &error, 0)),
        }
    };
    let stat = statvfs(at).map_err(|error| file_error(folder, &error.into(), 0))?;
    // What only root may write is nobody's room here.
    let used = stat.f_blocks.saturating_sub(stat.f_bfree);
    Ok(Room {
        device,
        free: stat.f_bavail.saturating_mul(stat.f_frsize),
        free_percent: percent(stat.f_bavail, used.saturating_add(stat.f_bavail)).unwrap_or(100),
        files_percent: percent(stat.f_favail, stat.f_files),
        read_only: stat.f_flag.contains(StatVfsMountFlags::RDONLY),
    })
}

/// Nothing of nothing is no share: such a file system sets no limit.
fn percent(part: u64, whole: u64) -> Option<u64> {
    let share = u128::from(part) * 100 / u128::from(Some(whole).filter(|whole| *whole > 0)?);
    u64::try_from(share).ok()
}
