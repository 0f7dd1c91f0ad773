//! Reading a backup back: fetched, inflated and hashed at the same time, and written nowhere.

use crate::adapters::common::fs::blocking;
use crate::adapters::common::gzip::{feed, inflate};
use crate::domain::backup::{Backup, ContentHash};
use crate::domain::failure::FailureCode;
use crate::ports::backups::{Fetched, Work};
use crate::ports::{PortError, PortResult};
use bytes::Bytes;
use futures::stream::BoxStream;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Chunks between the source and inflating.
const CHUNKS: usize = 16;
/// Blocks of a MiB between inflating and hashing.
const BLOCKS: usize = 8;

pub(super) async fn run(
    stream: BoxStream<'static, PortResult<Bytes>>,
    backup: &Backup,
    work: &Work,
) -> PortResult<Fetched> {
    let (chunks_in, chunks) = tokio::sync::mpsc::channel(CHUNKS);
    let (blocks_in, blocks) = sync_channel(BLOCKS);
    let (used_in, used) = sync_channel(BLOCKS * 2);
    let of = backup.clone();
    let inflating = blocking(move || inflate::run(chunks, &blocks_in, &used, &of));
    let hashing = blocking(move || Ok(hash(&blocks, &used_in)));
    let feeding = feed::run(stream, backup, work, chunks_in);
    let (fed, inflated, hashed) = tokio::join!(feeding, inflating, hashing);
    // The first stage that failed by itself is the cause; the others only stopped.
    let sum = fed?;
    inflated?;
    feed::check_sum(backup, sum)?;
    hashed?.ok_or_else(|| PortError::new(FailureCode::CutOff))
}

/// Hashes until `None` says that the bytes are complete; nothing when the queue closed without it.
fn hash(blocks: &Receiver<Option<Vec<u8>>>, used: &SyncSender<Vec<u8>>) -> Option<Fetched> {
    let mut hash = blake3::Hasher::new();
    let mut bytes = 0;
    while let Some(block) = blocks.recv().ok()? {
        hash.update(&block);
        bytes += block.len() as u64;
        let _ = used.try_send(block);
    }
    let content = ContentHash(hash.finalize().to_hex().to_string());
    Some(Fetched { bytes, content })
}
