//! The server's clock, which a test can set forward.
//!
//! A query that is too old, a rate limit's minute and the date of a message all hang on it, so a test
//! needs no waiting to get there.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Runs with the machine's clock, plus what it was advanced by.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    started: Instant,
    ahead_ms: Arc<AtomicU64>,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            ahead_ms: Arc::default(),
        }
    }

    /// Time since the server started; never runs backwards.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed() + self.ahead()
    }

    /// Unix seconds, as Telegram dates messages.
    pub(super) fn unix(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            + self.ahead();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }

    /// Sets the clock forward.
    pub(super) fn advance(&self, by: Duration) {
        let ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.ahead_ms.fetch_add(ms, Ordering::SeqCst);
    }

    fn ahead(&self) -> Duration {
        Duration::from_millis(self.ahead_ms.load(Ordering::SeqCst))
    }
}
