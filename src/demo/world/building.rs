//! Building the patient's part of the world.

use super::options::Disk;
use super::{Cast, OwnDisk, WorldOptions, blocking};
use crate::demo::error::{DemoResult, at};
use crate::demo::patient::Patient;
use std::fs;
use std::path::Path;

pub(super) async fn build_patient(
    options: &WorldOptions,
    root: &Path,
) -> DemoResult<(Option<OwnDisk>, Patient)> {
    let folder = root.join("patient");
    let mut patient = options.patient.clone();
    patient.guests.extend(Cast::guests());
    let disk = options.disk;
    blocking(move || {
        let disk = match disk {
            Some(disk) => own_disk(disk, &folder.join("rei_bot"))?,
            None => None,
        };
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        Ok((disk, Patient::build(&folder, &patient)?))
    })
    .await
}

fn own_disk(disk: Disk, path: &Path) -> DemoResult<Option<OwnDisk>> {
    match OwnDisk::mount(path, disk.bytes) {
        Ok(mounted) => Ok(Some(mounted)),
        Err(error) if disk.needed => Err(error),
        Err(error) => {
            tracing::info!(%error, "the patient shares this machine's disk");
            Ok(None)
        }
    }
}

/// Puts what the folder holds into the bucket.
pub(super) fn upload(from: &Path, to: &Path) -> DemoResult<()> {
    fs::create_dir_all(to).map_err(at(to))?;
    for entry in fs::read_dir(from).map_err(at(from))? {
        let entry = entry.map_err(at(from))?;
        let target = to.join(entry.file_name());
        fs::copy(entry.path(), &target).map_err(at(&target))?;
    }
    Ok(())
}
