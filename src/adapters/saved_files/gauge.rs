//! The plain bytes of an archive as a reader that gives no more than is allowed.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, SyncSender};

/// Why the reader gave up by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The stage before it ended early and knows why.
    CutOff,
    /// More bytes than are allowed.
    Large,
}

/// What was taken and what is allowed, shared with whoever reads.
#[derive(Debug, Default)]
pub(super) struct Meter {
    taken: Cell<u64>,
    allowed: Cell<u64>,
    stop: Cell<Option<Stop>>,
}

impl Meter {
    /// Allows so many bytes in all.
    pub(super) fn allow(&self, total: u64) {
        self.allowed.set(total);
    }

    /// Bytes taken so far.
    pub(super) fn taken(&self) -> u64 {
        self.taken.get()
    }

    /// Why it stopped, if it did.
    pub(super) fn stopped(&self) -> Option<Stop> {
        self.stop.get()
    }

    fn give_up<T>(&self, why: Stop) -> io::Result<T> {
        self.stop.set(Some(why));
        Err(io::Error::other("no more of it is read"))
    }
}

/// The reader: inflated blocks, `None` after the last one.
pub(super) struct Gauge {
    blocks: Receiver<Option<Vec<u8>>>,
    used: SyncSender<Vec<u8>>,
    current: Vec<u8>,
    at: usize,
    ended: bool,
    meter: Rc<Meter>,
}

impl Gauge {
    pub(super) fn new(
        blocks: Receiver<Option<Vec<u8>>>,
        used: SyncSender<Vec<u8>>,
        meter: Rc<Meter>,
    ) -> Self {
        Self {
            blocks,
            used,
            current: Vec::new(),
            at: 0,
            ended: false,
            meter,
        }
    }

    /// Whether there are bytes to give.
    fn refill(&mut self) -> io::Result<bool> {
        while self.at == self.current.len() && !self.ended {
            match self.blocks.recv() {
                Ok(Some(block)) => {
                    let empty = std::mem::replace(&mut self.current, block);
                    let _ = self.used.try_send(empty);
                    self.at = 0;
                }
                Ok(None) => self.ended = true,
                Err(_) => return self.meter.give_up(Stop::CutOff),
            }
        }
        Ok(self.at < self.current.len())
    }
}

impl Read for Gauge {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() || !self.refill()? {
            return Ok(0);
        }
        let taken = self.meter.taken();
        let room = self.meter.allowed.get().saturating_sub(taken);
        if room == 0 {
            return self.meter.give_up(Stop::Large);
        }
        let rest = &self.current[self.at..];
        let most = buffer.len().min(rest.len());
        let length = usize::try_from(room).map_or(most, |room| most.min(room));
        buffer[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        self.meter.taken.set(taken + length as u64);
        Ok(length)
    }
}
