//! The last stage: hashes the plain bytes and writes them.

use super::bound::Bound;
use crate::adapters::common::fs::file_error;
use crate::domain::backup::ContentHash;
use crate::ports::PortResult;
use crate::ports::backups::{Fetched, Progress};
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

/// Written bytes after which the disk is told to take them, so that little is left for the end.
const SYNC_EVERY: u64 = 64 * 1024 * 1024;

/// Where the bytes go.
pub(super) struct Target {
    pub(super) file: File,
    pub(super) path: PathBuf,
    pub(super) backup: String,
    pub(super) needed: u64,
    pub(super) progress: Arc<Progress>,
}

/// Writes until `None` says that the bytes are complete, then syncs the file. Nothing is returned
/// when the queue closed without it.
pub(super) fn run(
    mut target: Target,
    blocks: &Receiver<Option<Vec<u8>>>,
    used: &SyncSender<Vec<u8>>,
) -> PortResult<Option<Fetched>> {
    let flusher = target.file.try_clone();
    let flusher = flusher.map_err(|e| file_error(&target.path, &e, 0))?;
    thread::scope(|scope| {
        let (ticks_in, ticks) = sync_channel::<()>(1);
        let syncing = scope.spawn(move || sync_along(&flusher, &ticks));
        let written = write_all(&mut target, blocks, used, &ticks_in);
        drop(ticks_in);
        let synced = match syncing.join() {
            Ok(synced) => synced,
            Err(_) => Err(io::Error::other("the syncing thread panicked")),
        };
        let Some(fetched) = written? else {
            return Ok(None);
        };
        synced
            .and_then(|()| target.file.sync_all())
            .map_err(|e| file_error(&target.path, &e, target.needed))?;
        Ok(Some(fetched))
    })
}

fn write_all(
    target: &mut Target,
    blocks: &Receiver<Option<Vec<u8>>>,
    used: &SyncSender<Vec<u8>>,
    ticks: &SyncSender<()>,
) -> PortResult<Option<Fetched>> {
    let mut hash = blake3::Hasher::new();
    let (mut bytes, mut unsynced) = (0, 0);
    let mut bound = None;
    while let Ok(block) = blocks.recv() {
        let Some(block) = block else {
            let content = ContentHash(hash.finalize().to_hex().to_string());
            return Ok(Some(Fetched { bytes, content }));
        };
        hash.update(&block);
        let length = block.len() as u64;
        let bound = bound.get_or_insert_with(|| Bound::of(&block));
        bound.admit(bytes + length).map_err(|error| {
            error
                .with("backup", target.backup.clone())
                .with("path", target.path.display().to_string())
        })?;
        target
            .file
            .write_all(&block)
            .map_err(|error| file_error(&target.path, &error, target.needed.max(bytes + length)))?;
        bytes += length;
        unsynced += length;
        target.progress.wrote(length);
        // A busy disk gets its next tick later; the writing does not wait for it.
        if unsynced >= SYNC_EVERY && !matches!(ticks.try_send(()), Err(TrySendError::Full(()))) {
            unsynced = 0;
        }
        let _ = used.try_send(block);
    }
    Ok(None)
}

fn sync_along(file: &File, ticks: &Receiver<()>) -> io::Result<()> {
    ticks.iter().try_for_each(|()| file.sync_data())
}
