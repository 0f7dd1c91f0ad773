//! A file of the folder as a stream of chunks.

use super::{changed, place_error, revision};
use crate::adapters::common::fs::blocking;
use crate::domain::backup::Backup;
use crate::domain::failure::{Arg, FailureCode};
use crate::ports::{PortError, PortResult};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Large enough that handing a chunk over costs nothing, small enough for several to be in flight.
const CHUNK: usize = 512 * 1024;

/// The file from its start; at its end it must still be the revision that was opened.
pub(super) fn chunks(
    file: File,
    folder: PathBuf,
    backup: &Backup,
    stall: Duration,
) -> BoxStream<'static, PortResult<Bytes>> {
    let start = Some(Reading {
        file,
        folder,
        backup: backup.clone(),
    });
    stream::unfold(start, move |reading| async move {
        let reading = reading?;
        let place = reading.folder.clone();
        match tokio::time::timeout(stall, blocking(move || next(reading))).await {
            Ok(Ok((chunk, _))) if chunk.is_empty() => None,
            Ok(Ok((chunk, reading))) => Some((Ok(chunk), Some(reading))),
            Ok(Err(error)) => Some((Err(error), None)),
            Err(_) => Some((Err(stalled(&place, stall)), None)),
        }
    })
    .boxed()
}

struct Reading {
    file: File,
    folder: PathBuf,
    backup: Backup,
}

fn next(reading: Reading) -> PortResult<(Bytes, Reading)> {
    let failed = |error: std::io::Error| place_error(&reading.folder, &error);
    let mut chunk = BytesMut::zeroed(CHUNK);
    let mut filled = 0;
    while filled < CHUNK {
        match (&reading.file).read(&mut chunk[filled..]).map_err(failed)? {
            0 => break,
            read => filled += read,
        }
    }
    chunk.truncate(filled);
    if filled < CHUNK {
        let metadata = reading.file.metadata().map_err(failed)?;
        if revision(&metadata) != reading.backup.revision {
            return Err(changed(&reading.backup));
        }
    }
    Ok((chunk.freeze(), reading))
}

fn stalled(folder: &Path, stall: Duration) -> PortError {
    PortError::new(FailureCode::BackupStalled)
        .with("place", folder.display().to_string())
        .with("seconds", Arg::from(stall))
        .transient()
}
