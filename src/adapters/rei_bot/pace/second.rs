//! The turns and calls of the last second: what no arithmetic can replace, since a busy machine lets
//! time pass between turn and call.
//!
//! Calls that open connections arrive late by nobody knows how much, and those behind them, which find
//! connections, do not. So the calls of a cold start count from their answers: by then they have
//! arrived. That costs one answer's time, once.

use super::schedule::Left;
use std::collections::VecDeque;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
/// After so long without a call connections may be gone; they are kept a little longer than this.
const COLD: Duration = Duration::from_secs(15);
/// A call of a cold start that is not answered has arrived after so long.
const ARRIVED: Duration = SECOND;
/// Share of an allowance from which on a second counts as full.
const FULL: f64 = 0.95;

/// A turn that was taken.
#[derive(Clone, Copy, Debug)]
struct Given {
    number: u64,
    /// When it was taken; once its call left, when that was, or by when it has arrived.
    at: Duration,
    used: bool,
}

/// One allowance's turns.
#[derive(Debug, Default)]
pub(super) struct Second {
    /// In the order in which they were taken or left.
    given: VecDeque<Given>,
    taken: u64,
    /// When the last call left.
    last: Option<Duration>,
    /// Until when calls count from their answers.
    cold: Duration,
}

impl Second {
    /// When the next turn fits in, if the one an allowance before it was a `window` ago.
    pub fn due(&self, allowance: usize, window: Duration) -> Duration {
        let oldest = self.given.len().checked_sub(allowance);
        oldest.map_or(Duration::ZERO, |at| self.given[at].at + window)
    }

    pub fn take(&mut self, allowance: usize, now: Duration) {
        self.taken += 1;
        self.given.push_back(Given {
            number: self.taken,
            at: now,
            used: false,
        });
        while self.given.len() > allowance {
            self.given.pop_front();
        }
    }

    /// A call leaves with its turn. Whose turn it was does not matter; the newest is taken so that
    /// those that are never used are forgotten with their second.
    pub fn leaves(&mut self, allowance: usize, now: Duration) -> Left {
        let last = self.last.replace(now);
        if last.is_none_or(|last| last + COLD < now) {
            self.cold = now + SECOND;
        }
        let cold = now < self.cold;
        let unused = self.given.iter().rposition(|turn| !turn.used);
        let mut number = 0;
        if let Some(mut turn) = unused.and_then(|at| self.given.remove(at)) {
            number = turn.number;
            turn.at = if cold {
                now + ARRIVED
            } else {
                now.max(turn.at)
            };
            turn.used = true;
            self.given.push_back(turn);
        }
        Left {
            number,
            at: now,
            full: self.is_full(allowance, now),
        }
    }

    /// A call was answered, so it has arrived. Tells whether a turn may be due earlier for it.
    pub fn answered(&mut self, left: Left, now: Duration) -> bool {
        if left.at >= self.cold {
            return false;
        }
        let mut given = self.given.iter_mut().rev();
        let turn = given.find(|turn| turn.number == left.number);
        if let Some(turn) = turn {
            turn.at = turn.at.min(now.max(left.at));
        }
        true
    }

    fn is_full(&self, allowance: usize, now: Duration) -> bool {
        let within = self.given.iter().rev();
        let within = within.take_while(|turn| now < turn.at + SECOND).count();
        within as f64 >= allowance as f64 * FULL
    }
}
