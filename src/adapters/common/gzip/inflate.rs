//! The second stage: gzip to plain bytes, with ISA-L.
//!
//! The crate's decoder checks each member's CRC and length and goes on with the next member, and it
//! has three habits that this file works around: it counts steps without output and gives up at the
//! second, so its input must always be filled up; it tells a stream that ends too early by that
//! same count, so the end is watched here; and it keeps pointers into itself, so it must not move
//! once it was used.

use super::feed::Portion;
use crate::domain::backup::Backup;
use crate::domain::failure::FailureCode;
use crate::ports::{PortError, PortResult};
use bytes::{Buf, Bytes};
use isal::Codec;
use isal::error::Error as IsalError;
use isal::read::Decoder;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender};
use tokio::sync::mpsc;

/// Bytes that go to the next stage at once.
pub(crate) const BLOCK: usize = 1024 * 1024;

/// Inflates everything into blocks, then sends `None`: the plain bytes are complete. Ends early,
/// and without it, when a neighbour stopped.
pub(crate) fn run(
    chunks: mpsc::Receiver<Portion>,
    next: &SyncSender<Option<Vec<u8>>>,
    used: &Receiver<Vec<u8>>,
    backup: &Backup,
) -> PortResult<()> {
    let mut decoder = Box::new(Decoder::new(Source::new(chunks), Codec::Gzip));
    loop {
        let mut block = used.try_recv().unwrap_or_default();
        block.resize(BLOCK, 0);
        match fill(&mut decoder, &mut block) {
            Ok(0) => {
                let _ = next.send(None);
                return Ok(());
            }
            Ok(length) => block.truncate(length),
            Err(error) => return verdict(decoder.get_ref(), &error, backup),
        }
        if next.send(Some(block)).is_err() {
            return Ok(());
        }
    }
}

fn fill(decoder: &mut Decoder<Source>, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match decoder.read(&mut block[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// What an error of the decoder means. Cut off before the end, it means nothing: whoever cut it off
/// knows why.
fn verdict(source: &Source, error: &io::Error, backup: &Backup) -> PortResult<()> {
    if source.state == State::CutOff {
        return Ok(());
    }
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<IsalError>());
    let starved = source.state == State::Ended && matches!(inner, Some(IsalError::Other(_)));
    let code = match source.taken {
        0 => FailureCode::BackupEmpty,
        _ if starved => FailureCode::BackupTruncated,
        _ => FailureCode::BackupDamaged,
    };
    let error = PortError::new(code).with("backup", backup.time.to_string());
    Err(match (code, inner) {
        (FailureCode::BackupDamaged, Some(cause)) => error.because(cause),
        _ => error,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Ended,
    CutOff,
}

/// The queue as a reader that gives all that was asked for unless the stream is over.
struct Source {
    chunks: mpsc::Receiver<Portion>,
    current: Bytes,
    state: State,
    taken: u64,
}

impl Source {
    fn new(chunks: mpsc::Receiver<Portion>) -> Self {
        Self {
            chunks,
            current: Bytes::new(),
            state: State::Open,
            taken: 0,
        }
    }

    /// Whether there are bytes to take.
    fn refill(&mut self) -> bool {
        while self.current.is_empty() && self.state == State::Open {
            match self.chunks.blocking_recv() {
                Some(Portion::Bytes(bytes)) => self.current = bytes,
                Some(Portion::End) => self.state = State::Ended,
                None => self.state = State::CutOff,
            }
        }
        !self.current.is_empty()
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() && self.refill() {
            let length = self.current.len().min(buffer.len() - filled);
            self.current
                .copy_to_slice(&mut buffer[filled..filled + length]);
            filled += length;
        }
        self.taken += filled as u64;
        match self.state {
            State::CutOff => Err(io::Error::other("the stream was cut off")),
            _ => Ok(filled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::backup::Place;
    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;
    use std::io::Write;

    fn backup() -> Backup {
        Backup {
            time: "20261123_031500".parse().unwrap(),
            place: Place::Folder,
            name: "db_20261123_031500.db.gz".into(),
            size: 1,
            revision: String::new(),
            sha256: None,
        }
    }

    fn gzip(plain: &[u8], level: u32) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    /// Inflates `bytes` handed over in pieces of `piece`; `Err(None)` when it ended without a word.
    fn inflate(bytes: &[u8], piece: usize, end: bool) -> Result<Vec<u8>, Option<FailureCode>> {
        let (chunks_in, chunks) = mpsc::channel(bytes.len() / piece + 2);
        for chunk in bytes.chunks(piece) {
            let portion = Portion::Bytes(Bytes::copy_from_slice(chunk));
            chunks_in.try_send(portion).unwrap();
        }
        if end {
            chunks_in.try_send(Portion::End).unwrap();
        }
        drop(chunks_in);
        let (blocks_in, blocks) = std::sync::mpsc::sync_channel(64);
        let (_used_in, used) = std::sync::mpsc::sync_channel(1);
        let result = run(chunks, &blocks_in, &used, &backup());
        drop(blocks_in);
        result.map_err(|error| Some(error.code()))?;
        let mut plain = Vec::new();
        for block in blocks {
            match block {
                Some(block) => plain.extend(block),
                None => return Ok(plain),
            }
        }
        Err(None)
    }

    /// Compressible and not, so that the decoder meets every kind of block.
    fn text(length: usize, seed: u8) -> Vec<u8> {
        let mut state = u32::from(seed) + 1;
        let mut next = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let mut plain = Vec::with_capacity(length);
        while plain.len() < length {
            let byte = next();
            let run = if byte < 32 { usize::from(byte) * 7 } else { 1 };
            plain.extend(std::iter::repeat_n(byte, run));
        }
        plain.truncate(length);
        plain
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn members_of_any_size_in_pieces_of_any_size_come_out_whole(
            members in proptest::collection::vec((0usize..200_000, 0u8..9, 0u32..=9), 1..5),
            piece in 1usize..70_000,
        ) {
            let mut packed = Vec::new();
            let mut plain = Vec::new();
            for (length, seed, level) in members {
                let part = text(length, seed);
                packed.extend(gzip(&part, level));
                plain.extend(part);
            }
            prop_assert_eq!(inflate(&packed, piece, true), Ok(plain));
        }

        #[test]
        fn a_stream_cut_anywhere_is_truncated(
            length in 0usize..200_000, seed in 0u8..9, level in 0u32..=9,
            at in 0.0f64..1.0, piece in 1usize..70_000,
        ) {
            let packed = gzip(&text(length, seed), level);
            let kept = 1 + (at * (packed.len() - 2) as f64) as usize;
            let truncated = Err(Some(FailureCode::BackupTruncated));
            prop_assert_eq!(inflate(&packed[..kept], piece, true), truncated);
        }

        #[test]
        fn a_flipped_bit_never_passes(
            length in 1usize..100_000, seed in 0u8..9, level in 0u32..=9, at in 0.0f64..1.0, bit in 0u8..8,
        ) {
            let plain = text(length, seed);
            let mut packed = gzip(&plain, level);
            let index = (at * packed.len() as f64) as usize;
            packed[index] ^= 1 << bit;
            // The header's time, flags and system say nothing about the content.
            if let Ok(found) = inflate(&packed, 65_536, true) {
                prop_assert_eq!(found, plain);
            }
        }
    }

    #[test]
    fn nothing_is_empty_and_garbage_is_damaged() {
        assert_eq!(inflate(&[], 1, true), Err(Some(FailureCode::BackupEmpty)));
        for garbage in [
            &b"SQLite format 3\0 is no gzip"[..],
            &[0; 100],
            &[0xff; 40_000],
        ] {
            let damaged = Err(Some(FailureCode::BackupDamaged));
            assert_eq!(inflate(garbage, 7, true), damaged);
        }
    }

    #[test]
    fn what_follows_the_last_member_is_damage() {
        for garbage in [&b"and so on, and so on"[..], &[0; 512], &[0x1f; 40_000]] {
            let packed = [&gzip(&text(50_000, 3), 6), garbage].concat();
            let damaged = Err(Some(FailureCode::BackupDamaged));
            assert_eq!(inflate(&packed, 1000, true), damaged);
        }
    }

    #[test]
    fn a_queue_that_closes_without_its_end_proves_nothing() {
        let packed = gzip(&text(50_000, 3), 6);
        assert_eq!(inflate(&packed, 1000, false), Err(None));
    }
}
