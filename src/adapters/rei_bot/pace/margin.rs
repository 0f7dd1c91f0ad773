//! How much longer than a second an allowance is made to last, because calls do not arrive as evenly
//! as they leave.
//!
//! What the way to Telegram is like shows in its refusals alone. Each one that comes although our own
//! second kept the allowance widens the margin; it narrows again, much slower.

use std::time::Duration;

/// On a quiet way.
const LEAST: f64 = 0.008;
/// More would cost more than the refusals it spares.
const MOST: f64 = 0.03;
/// What a refusal adds.
const WIDER: f64 = 0.003;
/// What it narrows by in a second: a thousandth in five minutes.
const NARROWS: f64 = 0.001 / 300.0;
/// What a late turn may use of it to be made good: the rest is for the way.
const SLACK: f64 = 0.001;

/// The margin, as a share of a second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Margin {
    share: f64,
    /// When `share` was true.
    at: Duration,
}

impl Margin {
    pub const fn new() -> Self {
        Self {
            share: LEAST,
            at: Duration::ZERO,
        }
    }

    /// A gap is longer than the allowance asks by this factor.
    pub fn factor(&self, now: Duration) -> f64 {
        1.0 + self.share(now)
    }

    /// Between a call and the one that is an allowance later. Less than the gaps make of it, so that a
    /// late turn is made good.
    pub fn window(&self, now: Duration) -> Duration {
        Duration::from_secs_f64(1.0 + self.share(now) - SLACK)
    }

    pub fn widen(&mut self, now: Duration) {
        self.share = (self.share(now) + WIDER).min(MOST);
        self.at = now.max(self.at);
    }

    fn share(&self, now: Duration) -> f64 {
        let narrower = now.saturating_sub(self.at).as_secs_f64() * NARROWS;
        (self.share - narrower).max(LEAST)
    }
}
