//! How fast one kind of calls may go, as Telegram taught it.
//!
//! Refused, the rate falls at once and grows back: fast up to just below where Telegram refused, very
//! slowly from there on. Refused once in a long time it falls by a tenth (another use of the token may
//! have been the cause), refused again soon by a third.

use std::time::Duration;

/// What is left of the rate when Telegram refuses after a long time …
const ONCE: f64 = 0.9;
/// … and when it refuses again within [`SOON`].
const AGAIN: f64 = 0.7;
/// Refusals nearer than this belong together.
pub(super) const SOON: Duration = Duration::from_secs(60);
/// The rate never falls below this share of the full one.
const FLOOR: f64 = 0.1;
/// Growth a second below the knee, as a share of the full rate.
const FAST: f64 = 0.02;
/// Growth a second above it.
const SLOW: f64 = 0.0002;
/// Where growth becomes slow, as a share of the rate that was refused.
const KNEE: f64 = 0.98;

/// The rate of one kind of calls.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ceiling {
    /// Turns in any second, and the full rate.
    pub allowance: usize,
    full: f64,
    current: f64,
    /// Growth is slow above this.
    knee: f64,
    /// When `current` was true.
    at: Duration,
    /// When it was last lowered.
    lowered: Option<Duration>,
}

impl Ceiling {
    pub fn new(rate: u32) -> Self {
        let full = f64::from(rate);
        Self {
            allowance: usize::try_from(rate).unwrap_or(usize::MAX),
            full,
            current: full,
            knee: full,
            at: Duration::ZERO,
            lowered: None,
        }
    }

    /// Turns a second.
    pub fn rate(&mut self, now: Duration) -> f64 {
        let seconds = now.saturating_sub(self.at).as_secs_f64();
        self.at = now.max(self.at);
        let to_knee = (self.knee - self.current).max(0.0);
        let fast = (seconds * self.full * FAST).min(to_knee);
        let left = seconds - fast / (self.full * FAST);
        self.current = (self.current + fast + left * self.full * SLOW).min(self.full);
        self.current
    }

    /// Nothing grows while nothing may be tried.
    pub fn rest(&mut self, now: Duration, until: Duration) {
        self.rate(now);
        self.at = until;
    }

    /// Telegram takes fewer.
    pub fn lower(&mut self, now: Duration) {
        let refused = self.rate(now);
        let soon = self.lowered.is_some_and(|before| now < before + SOON);
        let share = if soon { AGAIN } else { ONCE };
        self.knee = refused * KNEE;
        self.current = (refused * share).max(self.full * FLOOR);
        self.lowered = Some(now);
    }
}
