//! A small file system for the patient alone, which can be filled without harm to the machine.

use crate::demo::error::{DemoError, DemoResult, at};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

const FILLER: &str = ".filler";

/// Bytes of the filler written at once.
const CHUNK: usize = 64 * 1024;

/// A mounted tmpfs; unmounted when it goes.
#[derive(Debug)]
pub struct OwnDisk {
    path: PathBuf,
}

impl OwnDisk {
    /// Mounts one with room for so many bytes.
    ///
    /// # Errors
    /// Only root may mount; the error says so.
    pub fn mount(path: &Path, bytes: u64) -> DemoResult<Self> {
        fs::create_dir_all(path).map_err(at(path))?;
        let options = format!("size={bytes},mode=0755");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "rei-recovery-demo"])
            .arg(path)
            .output()
            .map_err(|source| DemoError::Spawn {
                program: "mount".to_owned(),
                source,
            })?;
        if mounted.status.success() {
            return Ok(Self {
                path: path.to_owned(),
            });
        }
        let why = String::from_utf8_lossy(&mounted.stderr).trim().to_owned();
        Err(DemoError::NotHere(format!(
            "a full disk needs a small file system of its own, and only root may mount one: {why}"
        )))
    }

    /// Fills it but for so many bytes. Blocking.
    ///
    /// # Errors
    /// The filler cannot be written at all.
    pub fn fill(&self, but_for: u64) -> DemoResult<()> {
        let path = self.path.join(FILLER);
        let mut file = File::options()
            .append(true)
            .create(true)
            .open(&path)
            .map_err(at(&path))?;
        let chunk = [0; CHUNK];
        for size in [CHUNK, 4096, 1] {
            while write_chunk(&mut file, &chunk[..size]).map_err(at(&path))? {}
        }
        let size = file.metadata().map_err(at(&path))?.len();
        file.set_len(size.saturating_sub(but_for))
            .map_err(at(&path))
    }

    /// Gives the room back; an empty disk is left alone.
    ///
    /// # Errors
    /// The filler cannot be removed.
    pub fn empty(&self) -> DemoResult<()> {
        let path = self.path.join(FILLER);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(at(&path)(error)),
            _ => Ok(()),
        }
    }

    /// Whether it was filled.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        self.path.join(FILLER).exists()
    }
}

/// Says whether there was room.
fn write_chunk(file: &mut File, chunk: &[u8]) -> std::io::Result<bool> {
    match file.write_all(chunk) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::StorageFull => Ok(false),
        Err(error) => Err(error),
    }
}

impl Drop for OwnDisk {
    fn drop(&mut self) {
        // Lazily: whoever still holds a file there must not keep the mount for ever.
        let done = Command::new("umount").arg("-l").arg(&self.path).status();
        if !done.is_ok_and(|status| status.success()) {
            tracing::warn!(path = %self.path.display(), "could not be unmounted");
        }
    }
}
