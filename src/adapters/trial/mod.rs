//! Tries what this program may do with files, and leaves nothing behind.

use super::common::fs::{
    blocking, create_new, file_error, free_bytes, open_plain, remove_if_there,
};
use super::common::ownership::{own, owner_of};
use crate::ports::PortResult;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// One page: less than that proves nothing on a full disk.
const PAGE: [u8; 4096] = [0; 4096];

/// Tries to write in a folder as a recovery does: a new file, with the owner, group and mode of what it
/// would replace (`like`; where that is not there, of the folder), renamed, and removed.
///
/// # Errors
/// `file-access-denied`, `owner-not-kept`, `disk-full`, `file-error`.
pub async fn write(folder: &Path, like: &Path) -> PortResult<()> {
    let (folder, like) = (folder.to_owned(), like.to_owned());
    blocking(move || {
        let files = ["try", "tried"].map(|word| own_name(&folder, word));
        let tried = write_all(&folder, &like, &files);
        for file in &files {
            // What could not be made is not there, and why was told already.
            let _ = remove_if_there(file);
        }
        tried
    })
    .await
}

fn write_all(folder: &Path, like: &Path, [first, second]: &[PathBuf; 2]) -> PortResult<()> {
    let failed = |error: &std::io::Error| file_error(folder, error, PAGE.len() as u64);
    let mut file = create_new(first, 0o600).map_err(|error| failed(&error))?;
    let written = file.write_all(&PAGE).and_then(|()| file.sync_all());
    written.map_err(|error| failed(&error))?;
    let model = std::fs::metadata(like);
    let (model, mask) = match model {
        Ok(model) if model.is_file() => (model, 0o7777),
        // A folder's bits to enter it mean nothing to a file.
        _ => (std::fs::metadata(folder).map_err(|e| failed(&e))?, 0o666),
    };
    own(&file, like, owner_of(&model, mask))?;
    std::fs::rename(first, second).map_err(|error| failed(&error))
}

/// A name that neither another process nor a trial beside this one takes.
fn own_name(folder: &Path, word: &str) -> PathBuf {
    static TRIALS: AtomicU32 = AtomicU32::new(0);
    let (process, trial) = (std::process::id(), TRIALS.fetch_add(1, Ordering::Relaxed));
    folder.join(format!(".rei-recovery-{word}-{process}-{trial}"))
}

/// Tries to open a file for reading.
///
/// # Errors
/// `file-access-denied`, `file-error`.
pub async fn read(path: &Path) -> PortResult<()> {
    let path = path.to_owned();
    blocking(move || match open_plain(&path) {
        Ok(_) => Ok(()),
        Err(error) => Err(file_error(&path, &error, 0)),
    })
    .await
}

/// Bytes that an ordinary user may still write where this path is or would be.
pub async fn free(path: &Path) -> Option<u64> {
    let path = path.to_owned();
    let asked = blocking(move || Ok(free_bytes(&path))).await;
    asked.ok().flatten()
}
