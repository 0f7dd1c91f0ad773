//! Trouble on purpose: the network, slowness, Telegram's own errors, answers that get lost.

use std::{collections::VecDeque, ops::Range, time::Duration};

/// The way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Network {
    /// Works.
    #[default]
    Up,
    /// Nobody listens: connections are refused, open ones are reset. The port stays reserved.
    Refused,
    /// Somebody listens, and resets every connection at once.
    Reset,
    /// Every packet vanishes: requests are not handled, and answers to older ones do not leave. When
    /// this is over, the connections that hung are reset.
    Hanging,
}

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Telegram answers 500, 502 or the like and does nothing.
    Status(u16),
    /// Telegram answers 429 and stalls the token for so many seconds.
    TooMany(u64),
    /// The connection is reset and nothing was done.
    ResetBefore,
    /// It is done, and the connection is reset instead of an answer: the caller cannot know.
    ResetAfter,
    /// It is done, and the answer never leaves.
    HangAfter,
}

/// How often things go wrong by themselves; shares are between 0 and 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Weather {
    /// Time every call takes, drawn evenly.
    pub latency: Range<Duration>,
    /// Share of calls answered 500 or 502.
    pub server_error: f64,
    /// Share of calls reset before they are done.
    pub reset_before: f64,
    /// Share of calls reset after they are done.
    pub reset_after: f64,
}

impl Default for Weather {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO..Duration::ZERO,
            server_error: 0.0,
            reset_before: 0.0,
            reset_after: 0.0,
        }
    }
}

/// Decides for each call; the same seed decides the same.
#[derive(Debug)]
pub(super) struct Faults {
    weather: Weather,
    planned: VecDeque<(String, Fault)>,
    random: Random,
}

impl Faults {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            weather: Weather::default(),
            planned: VecDeque::new(),
            random: Random(seed),
        }
    }

    pub(super) fn set_weather(&mut self, weather: Weather) {
        self.weather = weather;
    }

    /// The next call of `method` (or the next at all, with `*`) meets `fault`.
    pub(super) fn plan(&mut self, method: &str, fault: Fault) {
        self.planned.push_back((method.to_owned(), fault));
    }

    /// Planned faults that no call has met yet.
    pub(super) fn planned(&self) -> usize {
        self.planned.len()
    }

    pub(super) fn latency(&mut self) -> Duration {
        let Range { start, end } = self.weather.latency;
        start + end.saturating_sub(start).mul_f64(self.random.share())
    }

    pub(super) fn next(&mut self, method: &str) -> Option<Fault> {
        let planned = self
            .planned
            .iter()
            .position(|(name, _)| name == method || name == "*");
        if let Some((_, fault)) = planned.and_then(|at| self.planned.remove(at)) {
            return Some(fault);
        }
        let weather = &self.weather;
        let mut draw = self.random.share();
        for (share, fault) in [
            (weather.server_error / 2.0, Fault::Status(500)),
            (weather.server_error / 2.0, Fault::Status(502)),
            (weather.reset_before, Fault::ResetBefore),
            (weather.reset_after, Fault::ResetAfter),
        ] {
            if draw < share {
                return Some(fault);
            }
            draw -= share;
        }
        None
    }
}

/// SplitMix64: small, seeded, good enough to roll dice with.
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between 0 and 1.
    fn share(&mut self) -> f64 {
        let top = u32::try_from(self.next() >> 32).unwrap_or_default();
        f64::from(top) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planned_fault_meets_its_method_once() {
        let mut faults = Faults::new(1);
        faults.plan("sendMessage", Fault::ResetAfter);
        assert_eq!(faults.next("getUpdates"), None);
        assert_eq!(faults.next("sendMessage"), Some(Fault::ResetAfter));
        assert_eq!(faults.next("sendMessage"), None);
        assert_eq!(faults.planned(), 0);
    }

    #[test]
    fn shares_are_met_and_a_seed_repeats_itself() {
        let roll = |seed| {
            let mut faults = Faults::new(seed);
            faults.set_weather(Weather {
                server_error: 0.2,
                reset_after: 0.1,
                ..Weather::default()
            });
            (0..2_000).map(|_| faults.next("x")).collect::<Vec<_>>()
        };
        let rolled = roll(7);
        let share = |f| rolled.iter().filter(|r| **r == Some(f)).count();
        assert!(
            (140..260).contains(&share(Fault::Status(502))),
            "{}",
            share(Fault::Status(502))
        );
        assert!(
            (140..260).contains(&share(Fault::ResetAfter)),
            "{}",
            share(Fault::ResetAfter)
        );
        assert_eq!(share(Fault::ResetBefore), 0);
        assert_eq!(rolled, roll(7));
        assert_ne!(rolled, roll(8));
    }

    #[test]
    fn latency_stays_in_its_range() {
        let mut faults = Faults::new(1);
        let (low, high) = (Duration::from_millis(20), Duration::from_millis(40));
        faults.set_weather(Weather {
            latency: low..high,
            ..Weather::default()
        });
        for _ in 0..100 {
            assert!((low..=high).contains(&faults.latency()));
        }
    }
}
