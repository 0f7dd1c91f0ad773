//! When the next call under a token may leave. Pure: times are passed in, counted from any one moment.
//!
//! - Turns are spaced evenly and anchored to a schedule: a turn that was taken late does not move the
//!   next one, so late timers do not lower the rate. What is caught up that way is a few turns at most.
//! - Besides, no second ever holds more calls than the allowance: that is kept by memory, not by
//!   arithmetic, and by when calls left, since a busy machine lets time pass between turn and call.
//! - Told to wait, every use of the token waits. The rate falls at once and grows back: fast up to
//!   just below where Telegram refused, very slowly from there on. Refused once in a long time it falls
//!   by a tenth (another use of the token may have been the cause), refused again soon by a third.
//! - Files and texts have rates of their own. Telegram takes fewer files from some bots, and that must
//!   not slow texts down; files never go faster than texts.

use std::collections::VecDeque;
use std::time::Duration;

/// A gap is longer than the allowance asks by this factor: what leaves evenly arrives less so.
const RESERVE: f64 = 1.006;
/// Between a turn and the one that is an allowance later; more than a second for the same reason, less
/// than the gaps make of it so that a late turn is made good.
const WINDOW: Duration = Duration::from_millis(1003);
/// Gaps that are caught up at most, or as many as fit into [`CATCH_UP`].
const GAPS: f64 = 2.0;
/// At a thousand turns a second two gaps are less than a timer's grain, and far less than what a busy
/// machine takes to wake somebody. At the free allowance two gaps are more than this.
const CATCH_UP: Duration = Duration::from_millis(60);
/// Whoever comes so late was not held up: there is nothing to catch up.
const IDLE: Duration = Duration::from_secs(1);

/// What is left of the rate when Telegram refuses after a long time …
const ONCE: f64 = 0.9;
/// … and when it refuses again within [`SOON`].
const AGAIN: f64 = 0.7;
/// Refusals nearer than this belong together.
const SOON: Duration = Duration::from_secs(60);
/// The rate never falls below this share of the full one.
const FLOOR: f64 = 0.1;
/// Growth a second below the knee, as a share of the full rate.
const FAST: f64 = 0.02;
/// Growth a second above it.
const SLOW: f64 = 0.0002;
/// Where growth becomes slow, as a share of the rate that was refused.
const KNEE: f64 = 0.98;

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

/// A turn that was taken.
#[derive(Clone, Copy, Debug)]
struct Given {
    /// When it was taken; when its call left, once it has.
    at: Duration,
    used: bool,
}

/// Turns under one token.
#[derive(Debug)]
pub struct Schedule {
    /// By [`Class::index`].
    ceilings: [Ceiling; 4],
    /// When the next turn is due; nothing before the first.
    next: Option<Duration>,
    /// The turns of the last second in their order, free and paid.
    given: [VecDeque<Given>; 2],
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
            given: [VecDeque::new(), VecDeque::new()],
            stalled: Duration::ZERO,
            class: Class {
                media: false,
                paid: false,
            },
        }
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
        let gap = Duration::from_secs_f64(RESERVE / self.rate(class, now));
        let next = self.next.unwrap_or(now);
        let credit = gap.mul_f64(GAPS).max(CATCH_UP);
        let anchor = if now.saturating_sub(next) > IDLE.max(credit) {
            now
        } else {
            next.max(now.saturating_sub(credit))
        };
        self.next = Some(anchor + gap);
        self.class = class;
        let allowance = self.ceilings[class.index()].allowance;
        let given = &mut self.given[usize::from(class.paid)];
        given.push_back(Given {
            at: now,
            used: false,
        });
        while given.len() > allowance {
            given.pop_front();
        }
        Ok(())
    }

    fn due(&self, class: Class, now: Duration) -> Duration {
        let allowance = self.ceilings[class.index()].allowance;
        let given = &self.given[usize::from(class.paid)];
        let oldest = given.len().checked_sub(allowance).map(|at| given[at].at);
        let window = oldest.map_or(Duration::ZERO, |oldest| oldest + WINDOW);
        self.next.unwrap_or(now).max(window).max(self.stalled)
    }

    /// A call leaves with its turn. Whose turn it was does not matter; the newest is taken so that
    /// those that are never used are forgotten with their second.
    pub fn leaves(&mut self, class: Class, now: Duration) {
        let given = &mut self.given[usize::from(class.paid)];
        let unused = given.iter().rposition(|turn| !turn.used);
        if let Some(mut turn) = unused.and_then(|at| given.remove(at)) {
            turn.at = now.max(turn.at);
            turn.used = true;
            given.push_back(turn);
        }
    }

    /// Telegram answered at `now`, to a call that was sent at `sent`, that the token is used too fast.
    /// Calls that were on their way together are one refusal.
    pub fn told_to_wait(&mut self, class: Class, wait: Duration, sent: Duration, now: Duration) {
        self.stalled = self.stalled.max(now + wait);
        self.ceilings[class.index()].refused(sent, now);
        for ceiling in &mut self.ceilings {
            ceiling.rest(now, self.stalled);
        }
        self.next = Some(self.next.unwrap_or_default().max(self.stalled));
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

/// The rate of one kind of calls, as Telegram taught it.
#[derive(Clone, Copy, Debug)]
struct Ceiling {
    /// Turns in any second, and the full rate.
    allowance: usize,
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
    fn new(rate: u32) -> Self {
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

    fn rate(&mut self, now: Duration) -> f64 {
        let seconds = now.saturating_sub(self.at).as_secs_f64();
        self.at = now.max(self.at);
        let to_knee = (self.knee - self.current).max(0.0);
        let fast = (seconds * self.full * FAST).min(to_knee);
        let left = seconds - fast / (self.full * FAST);
        self.current = (self.current + fast + left * self.full * SLOW).min(self.full);
        self.current
    }

    /// Nothing grows while nothing may be tried.
    fn rest(&mut self, now: Duration, until: Duration) {
        self.rate(now);
        self.at = until;
    }

    fn refused(&mut self, sent: Duration, now: Duration) {
        if self.lowered.is_some_and(|before| sent <= before) {
            return;
        }
        let refused = self.rate(now);
        let soon = self.lowered.is_some_and(|before| now < before + SOON);
        let share = if soon { AGAIN } else { ONCE };
        self.knee = refused * KNEE;
        self.current = (refused * share).max(self.full * FLOOR);
        self.lowered = Some(now);
    }
}
