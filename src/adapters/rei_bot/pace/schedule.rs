//! When the next call under a token may leave. Pure: times are passed in, counted from any one moment.
//!
//! - Turns are spaced evenly and anchored to a schedule: a turn that was taken late does not move the
//!   next one, so late timers do not lower the rate. What is caught up that way is a few turns at most,
//!   and they go a little faster than the others, never in a heap: the end of a heap arrives late.
//! - Besides, no [`second`](super::second) ever holds more calls than the allowance, and a little is
//!   left free, because calls arrive less evenly than they leave: the [`margin`](super::margin).
//! - Told to wait, every use of the token waits. A refusal although we kept the allowance speaks for a
//!   bumpy way and widens the margin; another one soon after, or one to less than the allowance, lowers
//!   the rate: see [`ceiling`](super::ceiling).
//! - Files and texts have rates of their own. Telegram takes fewer files from some bots, and that must
//!   not slow texts down; files never go faster than texts.

use super::ceiling::{Ceiling, SOON};
use super::margin::Margin;
use super::second::Second;
use std::time::Duration;

/// Gaps that are caught up at most, or as many as fit into [`CATCH_UP`].
const GAPS: f64 = 2.0;
/// At a thousand turns a second two gaps are less than a timer's grain, and far less than what a busy
/// machine takes to wake somebody. At the free allowance two gaps are more than this.
const CATCH_UP: Duration = Duration::from_millis(60);
/// Between two turns that are caught up, as a share of a gap …
const HASTE: f64 = 0.8;
/// … except for this much: a timer's grain, and a little.
const GRAIN: Duration = Duration::from_millis(2);
/// Whoever comes so late was not held up: there is nothing to catch up.
const IDLE: Duration = Duration::from_secs(1);

/// What a call is, as far as limits go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// It carries a picture, video or document.
    pub media: bool,
    /// It goes beyond the free allowance, for Telegram Stars.
    pub paid: bool,
}

impl Class {
    const fn index(self) -> usize {
        self.paid as usize * 2 + self.media as usize
    }
}

/// A call that left with its turn.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    /// Its turn's.
    pub(super) number: u64,
    pub(super) at: Duration,
    /// Whether the second before it held the whole allowance, or nearly so.
    pub(super) full: bool,
}

/// Turns under one token.
#[derive(Debug)]
pub struct Schedule {
    /// By [`Class::index`].
    ceilings: [Ceiling; 4],
    /// When the next turn is due; nothing before the first.
    next: Option<Duration>,
    /// No turn before this, however much there is to catch up.
    soonest: Duration,
    /// Free and paid.
    seconds: [Second; 2],
    margin: Margin,
    /// When Telegram last refused.
    refused: Option<Duration>,
    /// Until when Telegram wants to hear nothing.
    stalled: Duration,
    /// Of the last turn.
    class: Class,
}

impl Schedule {
    /// Calls a second that are free, and that are paid for; at least one.
    #[must_use]
    pub fn new(free: u32, paid: u32) -> Self {
        let [free, paid] = [free, paid].map(|rate| Ceiling::new(rate.max(1)));
        Self {
            ceilings: [free, free, paid, paid],
            next: None,
            soonest: Duration::ZERO,
            seconds: [Second::default(), Second::default()],
            margin: Margin::new(),
            refused: None,
            stalled: Duration::ZERO,
            class: Class {
                media: false,
                paid: false,
            },
        }
    }

    /// The same with no turn before this.
    #[must_use]
    pub fn from(self, soonest: Duration) -> Self {
        Self { soonest, ..self }
    }

    /// Takes a turn at `now`.
    ///
    /// # Errors
    /// Nobody may have it before the moment that is given.
    pub fn take(&mut self, class: Class, now: Duration) -> Result<(), Duration> {
        let due = self.due(class, now);
        if due > now {
            return Err(due);
        }
        let gap = Duration::from_secs_f64(self.margin.factor(now) / self.rate(class, now));
        let next = self.next.unwrap_or(now);
        let credit = gap.mul_f64(GAPS).max(CATCH_UP);
        let anchor = if now.saturating_sub(next) > IDLE.max(credit) {
            now
        } else {
            next.max(now.saturating_sub(credit))
        };
        self.next = Some(anchor + gap);
        self.soonest = self.soonest.max(now.saturating_sub(GRAIN)) + gap.mul_f64(HASTE);
        self.class = class;
        let allowance = self.ceilings[class.index()].allowance;
        self.second(class).take(allowance, now);
        Ok(())
    }

    fn due(&self, class: Class, now: Duration) -> Duration {
        let allowance = self.ceilings[class.index()].allowance;
        let second = &self.seconds[usize::from(class.paid)];
        let fits = second.due(allowance, self.margin.window(now));
        let slot = self.next.unwrap_or(now).max(self.soonest);
        slot.max(fits).max(self.stalled)
    }

    /// A call leaves with its turn.
    pub fn leaves(&mut self, class: Class, now: Duration) -> Left {
        let allowance = self.ceilings[class.index()].allowance;
        self.second(class).leaves(allowance, now)
    }

    /// A call was answered, in whatever way. Tells whether a turn may be due earlier for it.
    pub fn answered(&mut self, class: Class, left: Left, now: Duration) -> bool {
        self.second(class).answered(left, now)
    }

    /// Telegram answered at `now` that the token is used too fast.
    pub fn told_to_wait(&mut self, class: Class, wait: Duration, left: Left, now: Duration) {
        self.stalled = self.stalled.max(now + wait);
        // Calls that were on their way together are one refusal.
        if self.refused.is_none_or(|before| left.at > before) {
            self.refused(class, left, now);
        }
        for ceiling in &mut self.ceilings {
            ceiling.rest(now, self.stalled);
        }
        self.next = Some(self.next.unwrap_or_default().max(self.stalled));
    }

    fn refused(&mut self, class: Class, left: Left, now: Duration) {
        let before = self.refused.replace(now);
        if left.full {
            self.margin.widen(now);
        }
        if !left.full || before.is_some_and(|before| now < before + SOON) {
            self.ceilings[class.index()].lower(now);
        }
    }

    fn second(&mut self, class: Class) -> &mut Second {
        &mut self.seconds[usize::from(class.paid)]
    }

    /// How long everybody has to wait yet.
    #[must_use]
    pub fn stalled(&self, now: Duration) -> Option<Duration> {
        self.stalled.checked_sub(now).filter(|left| !left.is_zero())
    }

    /// Turns a second at this moment, of the kind that was asked for last.
    pub fn per_second(&mut self, now: Duration) -> f64 {
        self.rate(self.class, now)
    }

    fn rate(&mut self, class: Class, now: Duration) -> f64 {
        let text = Class {
            media: false,
            ..class
        };
        let texts = self.ceilings[text.index()].rate(now);
        self.ceilings[class.index()].rate(now).min(texts)
    }
}
