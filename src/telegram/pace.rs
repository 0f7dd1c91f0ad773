//! How fast Telegram takes messages.
//!
//! Even pacing beats bursts: whoever is told to slow down is stalled as a whole. The figures stay
//! below what a group takes in a minute (about 20 messages and 20 edits) and a chat in a second
//! (about one), with a small reserve for the moment when something happens.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// What a call does, as far as limits go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A new message.
    Send,
    /// A change of one.
    Edit,
}

/// Calls that may go at once after a quiet time.
const RESERVE: u32 = 3;

/// Between two calls of a kind in a group: with the reserve at most 19 in any minute.
const GROUP: Duration = Duration::from_millis(3600);

/// Between two calls of a kind in a private chat.
const PRIVATE: Duration = Duration::from_millis(1100);

/// When each chat may be written to next. Shared by everybody who sends.
#[derive(Debug, Default)]
pub struct Pace {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the next call would be due at an even pace.
    due: HashMap<(i64, Kind), Instant>,
    stalled: Option<Instant>,
}

impl Pace {
    /// The earliest moment for a call; not after `now` when it may go at once.
    #[must_use]
    pub fn ready(&self, chat: i64, kind: Kind, now: Instant) -> Instant {
        let state = self.lock();
        let reserve = interval(chat) * (RESERVE - 1);
        let due = state.due.get(&(chat, kind)).copied().unwrap_or(now);
        let own = due.checked_sub(reserve).unwrap_or(now);
        state.stalled.map_or(own, |stalled| own.max(stalled))
    }

    /// A call goes out.
    pub fn spend(&self, chat: i64, kind: Kind, now: Instant) {
        let mut state = self.lock();
        let due = state.due.entry((chat, kind)).or_insert(now);
        *due = (*due).max(now) + interval(chat);
    }

    /// Telegram told us to wait: it holds for everything under this token.
    pub fn stall(&self, until: Instant) {
        let mut state = self.lock();
        state.stalled = Some(state.stalled.map_or(until, |before| before.max(until)));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ids of groups are negative.
fn interval(chat: i64) -> Duration {
    if chat < 0 { GROUP } else { PRIVATE }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many calls go out in this time when there is always one waiting.
    fn calls(chat: i64, within: Duration) -> u32 {
        let (pace, start) = (Pace::default(), Instant::now());
        let mut now = start;
        let mut count = 0;
        loop {
            now = now.max(pace.ready(chat, Kind::Send, now));
            if now > start + within {
                return count;
            }
            pace.spend(chat, Kind::Send, now);
            count += 1;
        }
    }

    #[test]
    fn a_group_gets_fewer_than_twenty_in_a_minute() {
        let minute = Duration::from_secs(60);
        assert!(
            (17..20).contains(&calls(-1, minute)),
            "{}",
            calls(-1, minute)
        );
        assert!(calls(1, minute) > 50);
    }

    #[test]
    fn edits_do_not_hold_up_messages() {
        let (pace, now) = (Pace::default(), Instant::now());
        for _ in 0..10 {
            pace.spend(-1, Kind::Edit, now);
        }
        assert!(pace.ready(-1, Kind::Edit, now) > now);
        assert!(pace.ready(-1, Kind::Send, now) <= now);
    }

    #[test]
    fn a_stall_holds_for_every_chat() {
        let (pace, now) = (Pace::default(), Instant::now());
        let until = now + Duration::from_secs(7);
        pace.stall(until);
        pace.stall(now + Duration::from_secs(2));
        assert_eq!(pace.ready(5, Kind::Send, now), until);
        assert_eq!(pace.ready(-5, Kind::Edit, now), until);
    }
}
