//! How many requests may be under way at once. YooKassa publishes no number and sends no waiting time
//! with its 429s, so it is felt for: each 429 halves the number and holds everything back for a
//! while, a whole round of good answers adds one.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Below this nothing would move.
const LEAST: f64 = 1.0;

/// The pace of all requests to one API.
#[derive(Debug)]
pub(super) struct Pace {
    state: Mutex<State>,
    freed: Notify,
    most: f64,
    first_pause: Duration,
    longest_pause: Duration,
}

#[derive(Debug)]
struct State {
    /// Requests that may be under way.
    allowed: f64,
    running: u32,
    /// Nobody begins before.
    not_before: Instant,
    /// When it was halved last: answers to requests that began before say nothing new.
    halved: Instant,
    pause: Duration,
}

/// Leave to make one request; gives its place back when it goes.
#[derive(Debug)]
pub(super) struct Leave<'a> {
    pace: &'a Pace,
    begun: Instant,
}

impl Pace {
    pub(super) fn new(at_once: u32, most: u32, pauses: (Duration, Duration)) -> Self {
        let now = Instant::now();
        let most = f64::from(most.max(1));
        Self {
            state: Mutex::new(State {
                allowed: f64::from(at_once).clamp(LEAST, most),
                running: 0,
                not_before: now,
                halved: now,
                pause: pauses.0,
            }),
            freed: Notify::new(),
            most,
            first_pause: pauses.0,
            longest_pause: pauses.1,
        }
    }

    /// Waits for a place.
    pub(super) async fn leave(&self) -> Leave<'_> {
        loop {
            let freed = self.freed.notified();
            match self.try_leave() {
                Ok(leave) => return leave,
                Err(None) => freed.await,
                Err(Some(at)) => tokio::time::sleep_until(at).await,
            }
        }
    }

    /// A place, or until when everything is held back; nothing where only a place is missing.
    fn try_leave(&self) -> Result<Leave<'_>, Option<Instant>> {
        let mut state = self.state();
        let begun = Instant::now();
        if begun < state.not_before {
            return Err(Some(state.not_before));
        }
        if f64::from(state.running) >= state.allowed.floor() {
            return Err(None);
        }
        state.running += 1;
        let more = f64::from(state.running) < state.allowed.floor();
        drop(state);
        if more {
            // Several may wait while one end frees one place, and places are added too.
            self.freed.notify_one();
        }
        Ok(Leave { pace: self, begun })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change of it is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leave<'_> {
    /// The answer was good: slowly more.
    pub(super) fn went_well(&self) {
        let mut state = self.pace.state();
        state.allowed = (state.allowed + 1.0 / state.allowed).min(self.pace.most);
        if self.begun > state.halved {
            state.pause = self.pace.first_pause;
        }
    }

    /// The answer was 429: half as many, after a pause that grows while it goes on.
    pub(super) fn was_too_much(&self) {
        let mut state = self.pace.state();
        if self.begun <= state.halved {
            return;
        }
        let now = Instant::now();
        state.allowed = (state.allowed / 2.0).max(LEAST);
        state.halved = now;
        state.not_before = now + state.pause;
        state.pause = (state.pause * 2).min(self.pace.longest_pause);
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.pace.state().running -= 1;
        self.pace.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(1);

    fn pace() -> Pace {
        Pace::new(16, 32, (PAUSE, PAUSE * 8))
    }

    fn allowed(pace: &Pace) -> f64 {
        pace.state().allowed.floor()
    }

    #[test]
    fn a_round_of_refusals_halves_once_and_holds_everybody_back() {
        let pace = pace();
        let round: Vec<_> = (0..16).map(|_| pace.try_leave().unwrap()).collect();
        assert!(matches!(pace.try_leave(), Err(None)));
        round.iter().for_each(Leave::was_too_much);
        assert_eq!(allowed(&pace), 8.0);
        drop(round);
        assert!(matches!(pace.try_leave(), Err(Some(at)) if at > Instant::now()));
        assert_eq!(pace.state().running, 0);
    }

    #[test]
    fn good_answers_add_one_a_round_up_to_the_most() {
        let pace = pace();
        let go_well = |times| (0..times).for_each(|_| pace.try_leave().unwrap().went_well());
        go_well(16);
        assert_eq!(allowed(&pace), 16.0);
        go_well(1);
        assert_eq!(allowed(&pace), 17.0);
        go_well(2_000);
        assert_eq!(allowed(&pace), 32.0);
    }

    #[test]
    fn one_at_a_time_is_the_least_and_pauses_grow_to_the_longest() {
        let pace = pace();
        let mut pauses = Vec::new();
        for _ in 0..8 {
            pace.state().not_before = Instant::now();
            let leave = pace.try_leave().unwrap();
            leave.was_too_much();
            let state = pace.state();
            pauses.push(state.not_before.duration_since(state.halved));
        }
        assert_eq!(allowed(&pace), 1.0);
        let grown = [1, 2, 4, 8, 8, 8, 8, 8].map(|times| PAUSE * times);
        assert_eq!(pauses, grown);
    }

    #[tokio::test]
    async fn whoever_waits_for_a_place_gets_the_one_that_is_freed() {
        let pace = Pace::new(1, 1, (PAUSE, PAUSE));
        let first = pace.leave().await;
        let second = async {
            let _leave = pace.leave().await;
        };
        let free = async move { drop(first) };
        let limit = Duration::from_secs(20);
        let done = tokio::time::timeout(limit, async { tokio::join!(second, free) }).await;
        assert!(done.is_ok(), "nobody was told");
    }
}
