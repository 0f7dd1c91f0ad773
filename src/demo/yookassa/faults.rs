//! What goes wrong with the API.

use super::lock;
use crate::demo::dice::Dice;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How it goes while it goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Weather {
    /// How long each call takes.
    pub delay: Duration,
    /// Of a hundred calls, how many are answered 500.
    pub errors: u64,
    /// Calls at once; more are answered 429.
    pub at_once: Option<usize>,
    /// Calls a second; more are answered 429.
    pub per_second: Option<usize>,
}

/// How the whole API fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// Every call is answered 503.
    Unavailable,
    /// No call is answered.
    Silence,
}

/// What reached the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Calls in all.
    pub calls: u64,
    /// Answered 429.
    pub refused: u64,
    /// Answered 500.
    pub errors: u64,
    /// The most that were answered at once.
    pub at_once: usize,
}

#[derive(Debug)]
struct State {
    weather: Weather,
    outage: Option<Outage>,
    traffic: Traffic,
    running: usize,
    second: (Instant, usize),
    dice: Dice,
}

/// Decides for each call.
#[derive(Debug)]
pub(super) struct Faults(Mutex<State>);

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Served(Duration),
    TooMany,
    Error(Duration),
    Unavailable,
    Silence,
}

/// A call under way; ends with it.
#[derive(Debug)]
pub(super) struct Call<'a> {
    faults: &'a Faults,
    pub(super) fate: Fate,
    counted: bool,
}

impl Default for Faults {
    fn default() -> Self {
        Self(Mutex::new(State {
            weather: Weather::default(),
            outage: None,
            traffic: Traffic::default(),
            running: 0,
            second: (Instant::now(), 0),
            dice: Dice::new(0xca11),
        }))
    }
}

impl Faults {
    pub(super) fn set_weather(&self, weather: Weather) {
        lock(&self.0).weather = weather;
    }

    pub(super) fn set_outage(&self, outage: Option<Outage>) {
        lock(&self.0).outage = outage;
    }

    pub(super) fn outage(&self) -> Option<Outage> {
        lock(&self.0).outage
    }

    pub(super) fn traffic(&self) -> Traffic {
        lock(&self.0).traffic
    }

    pub(super) fn call(&self) -> Call<'_> {
        let mut state = lock(&self.0);
        let fate = state.decide();
        let counted = matches!(fate, Fate::Served(_) | Fate::Error(_));
        state.traffic.calls += 1;
        match fate {
            Fate::TooMany => state.traffic.refused += 1,
            Fate::Error(_) => state.traffic.errors += 1,
            _ => {}
        }
        if counted {
            state.running += 1;
            state.traffic.at_once = state.traffic.at_once.max(state.running);
        }
        Call {
            faults: self,
            fate,
            counted,
        }
    }
}

impl State {
    fn decide(&mut self) -> Fate {
        match self.outage {
            Some(Outage::Unavailable) => return Fate::Unavailable,
            Some(Outage::Silence) => return Fate::Silence,
            None => {}
        }
        if self.second.0.elapsed() >= Duration::from_secs(1) {
            self.second = (Instant::now(), 0);
        }
        let crowded = self
            .weather
            .at_once
            .is_some_and(|most| self.running >= most);
        let spent = self
            .weather
            .per_second
            .is_some_and(|most| self.second.1 >= most);
        if crowded || spent {
            return Fate::TooMany;
        }
        self.second.1 += 1;
        match self.dice.percent(self.weather.errors) {
            true => Fate::Error(self.weather.delay),
            false => Fate::Served(self.weather.delay),
        }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if self.counted {
            lock(&self.faults.0).running -= 1;
        }
    }
}
