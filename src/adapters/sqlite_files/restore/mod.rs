//! A backup becomes a file: download, decompress, hash and write at the same time.
//!
//! Three stages with short queues between them, so memory stays bounded for any size: the source
//! is polled (and its checksum taken) on the caller's task, inflating and writing have a thread
//! each. A stage that ends without saying that it is complete stops the others: a stream that was
//! cut off can never look like one that ended.

mod bound;
mod room;
mod sink;

pub use room::needed;

use crate::adapters::common::fs::blocking;
use crate::adapters::common::gzip::{feed, inflate};
use crate::domain::backup::Backup;
use crate::domain::failure::FailureCode;
use crate::ports::backups::{Fetched, Work};
use crate::ports::{PortError, PortResult};
use bytes::Bytes;
use futures::stream::BoxStream;
use sink::Target;
use std::fs::File;
use std::path::PathBuf;
use std::sync::mpsc::sync_channel;

/// Chunks between source and inflating; each is at most half a MiB or so.
const CHUNKS: usize = 16;
/// Blocks of [`inflate::BLOCK`] between inflating and writing.
const BLOCKS: usize = 8;

/// What is written, and where.
#[derive(Debug)]
pub(super) struct Job {
    /// The backup.
    pub(super) backup: Backup,
    /// An empty file, open for writing.
    pub(super) file: File,
    /// Its path.
    pub(super) path: PathBuf,
    /// Estimate of its size in bytes.
    pub(super) needed: u64,
}

/// Runs the stages to their end; the file is synced when this returns.
pub(super) async fn run(
    stream: BoxStream<'static, PortResult<Bytes>>,
    job: Job,
    work: &Work,
) -> PortResult<Fetched> {
    let (chunks_in, chunks) = tokio::sync::mpsc::channel(CHUNKS);
    let (blocks_in, blocks) = sync_channel(BLOCKS);
    let (used_in, used) = sync_channel(BLOCKS * 2);
    let backup = job.backup.clone();
    let inflating = blocking(move || inflate::run(chunks, &blocks_in, &used, &backup));
    let target = Target {
        file: job.file,
        path: job.path,
        backup: job.backup.time.to_string(),
        needed: job.needed,
        progress: work.progress.clone(),
    };
    let writing = blocking(move || sink::run(target, &blocks, &used_in));
    let feeding = feed::run(stream, &job.backup, work, chunks_in);
    let (fed, inflated, written) = tokio::join!(feeding, inflating, writing);
    // The first stage that failed by itself is the cause; the others only stopped.
    let sum = fed?;
    let fetched = written?;
    inflated?;
    feed::check_sum(&job.backup, sum)?;
    fetched.ok_or_else(|| PortError::new(FailureCode::CutOff))
}
