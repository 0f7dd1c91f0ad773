//! Playing many: seeds, threads, Redis numbers, and what was met.

use super::fault::{Scenario, scenario};
use super::plant::Plant;
use super::play::{Played, Redis, play};
use crate::support::redis::RedisServer;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

/// Threads, each with a number of Redis of its own.
const THREADS: u64 = 2;

/// What many recoveries came to.
#[derive(Default)]
pub struct Tally {
    pub runs: u64,
    pub events: usize,
    pub words: usize,
    pub outcomes: BTreeMap<String, u64>,
    pub faults: BTreeMap<String, u64>,
}

/// A recovery in which something was that must not be.
pub struct Found {
    pub seed: u64,
    pub why: String,
    pub scenario: Box<Scenario>,
}

impl Found {
    /// For people.
    pub fn told(&self) -> String {
        format!("seed {}: {}\n{:#?}", self.seed, self.why, self.scenario)
    }
}

/// Plays so many from this seed on, until one goes wrong.
pub fn soak(first: u64, runs: u64, plant: Option<Plant>) -> (Tally, Option<Found>) {
    let server = RedisServer::start();
    let (tally, found) = (Mutex::new(Tally::default()), Mutex::new(None));
    let next = AtomicU64::new(0);
    std::thread::scope(|threads| {
        for number in 0..THREADS {
            let redis = Redis {
                url: format!("redis://127.0.0.1:{}/{number}", server.port()),
            };
            let (tally, found, next) = (&tally, &found, &next);
            threads.spawn(move || {
                loop {
                    let nth = next.fetch_add(1, SeqCst);
                    if nth >= runs || found.lock().unwrap().is_some() {
                        return;
                    }
                    let seed = first.wrapping_add(nth);
                    if let Err(wrong) = one(seed, &redis, plant, tally) {
                        found.lock().unwrap().get_or_insert(wrong);
                    }
                }
            });
        }
    });
    (tally.into_inner().unwrap(), found.into_inner().unwrap())
}

/// Plays the recovery of one seed, and shrinks it where it goes wrong.
fn one(seed: u64, redis: &Redis, plant: Option<Plant>, tally: &Mutex<Tally>) -> Result<(), Found> {
    let config = Config {
        cases: 1,
        failure_persistence: None,
        max_shrink_iters: if plant.is_some() { 12 } else { 150 },
        max_shrink_time: 60_000,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let played = TestRunner::new_with_rng(config, rng).run(&scenario(), |scenario| {
        let played = lives(&scenario, redis, plant).map_err(TestCaseError::fail)?;
        tally.lock().unwrap().take(played);
        Ok(())
    });
    match played {
        Ok(()) => Ok(()),
        Err(TestError::Fail(why, scenario)) => Err(Found {
            seed,
            why: why.message().to_owned(),
            scenario: Box::new(scenario),
        }),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

/// One recovery, on a clock that stands still while anything real is done.
pub fn lives(scenario: &Scenario, redis: &Redis, plant: Option<Plant>) -> Result<Played, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let played = runtime.block_on(play(scenario, redis, plant));
    runtime.shutdown_timeout(Duration::from_secs(5));
    played
}

impl Tally {
    fn take(&mut self, played: Played) {
        self.runs += 1;
        self.events += played.events;
        self.words += played.words;
        *self.outcomes.entry(played.outcome).or_default() += 1;
        for fault in played.met {
            *self.faults.entry(fault).or_default() += 1;
        }
    }
}
