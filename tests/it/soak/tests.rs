//! The soak itself, and what it finds of bugs that are planted.
#![allow(clippy::print_stdout, reason = "seeds and tallies")]

use super::fault::{At, Database, Fault, Kind, Newest, Scenario, Setting};
use super::plant::Plant;
use super::play::{Played, Redis};
use super::runs::{lives, soak};
use crate::support::redis::RedisServer;

/// Recoveries in the suite.
const RUNS: u64 = 40;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn recoveries_with_faults_end_in_an_allowed_state() {
    let fresh = || u64::from_le_bytes(rand_bytes());
    let first = number("SOAK_SEED").unwrap_or_else(fresh);
    let runs = number("SOAK_RUNS").unwrap_or(RUNS);
    println!("seeds from {first} on, {runs} recoveries");
    let (tally, found) = soak(first, runs, None);
    println!(
        "{} recoveries, {} events, {} words",
        tally.runs, tally.events, tally.words
    );
    println!("{:#?}\n{:#?}", tally.outcomes, tally.faults);
    let told = found.map(|found| found.told()).unwrap_or_default();
    assert!(told.is_empty(), "{told}");
}

fn rand_bytes() -> [u8; 8] {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

type Planned = (&'static str, u8, Kind);

/// These faults and nothing but sense.
fn planned(runbook: &'static str, quorum: u32, faults: &[Planned]) -> Scenario {
    let fault = |(method, nth, kind): &Planned| Fault {
        at: At::Method(method, *nth),
        kind: *kind,
        salt: 0,
    };
    Scenario {
        setting: Setting {
            runbook,
            quorum,
            allow_self: false,
            database: Database::Live,
            newest: Newest::Good,
            verified: true,
            saved: false,
            redis_damaged: true,
            outage: 0,
        },
        faults: faults.iter().map(fault).collect(),
        whims: vec![1; 12],
    }
}

fn sensibly(runbook: &'static str, faults: &[Planned]) -> Played {
    let server = RedisServer::start();
    let scenario = planned(runbook, 1, faults);
    let played = lives(&scenario, &Redis { url: server.url() }, None).unwrap();
    assert!(played.outcome.contains("Recovered"), "{}", played.outcome);
    assert_eq!(played.met.len(), faults.len(), "{:?}", played.met);
    played
}

/// A look that fails is no answer: the step stays in doubt and is looked at again, not done again.
#[test]
fn what_a_look_could_not_see_is_looked_at_again() {
    let (lost, fail) = (Kind::LostReply, Kind::Fail);
    let faults = [("files.install", 0, lost), ("files.present", 0, fail)];
    sensibly("database-corruption", &faults);
    let faults = [("queue.flush", 0, lost), ("queue.was_flushed", 0, fail)];
    sensibly("redis-failure", &faults);
}

/// The state's answer to an outcome was lost, and the outcome was not.
#[test]
fn an_outcome_that_was_written_after_all_is_not_written_again() {
    let well = sensibly("payment-outage", &[]);
    for nth in [1, 4, 6] {
        let lost = [("journal.append", nth, Kind::LostReply)];
        assert_eq!(
            sensibly("payment-outage", &lost).events,
            well.events,
            "{nth}"
        );
    }
}

/// In this recovery; with `SOAK_RUNS` in random ones as well.
fn is_found(plant: Plant, scenario: &Scenario, words: &str) {
    let server = RedisServer::start();
    let redis = Redis { url: server.url() };
    let why = lives(scenario, &redis, Some(plant)).err().unwrap();
    assert!(why.contains(words), "{why}");
    let Some(runs) = number("SOAK_RUNS") else {
        return;
    };
    let (tally, found) = soak(number("SOAK_SEED").unwrap_or(1), runs, Some(plant));
    let found = found.unwrap_or_else(|| panic!("{plant:?} was not found in {} runs", tally.runs));
    println!(
        "{plant:?} after {} good recoveries: {}",
        tally.runs,
        found.told()
    );
    assert!(found.why.contains(words), "{}", found.told());
}

const SWAP: &str = "database-corruption";

#[test]
fn a_double_effect_is_found() {
    let scenario = planned(SWAP, 1, &[]);
    is_found(Plant::DoubleEffect, &scenario, "2 times");
}

#[test]
fn a_lost_line_of_the_trail_is_found() {
    let scenario = planned(SWAP, 1, &[]);
    is_found(Plant::LostLine, &scenario, "the trail");
}

#[test]
fn a_wrong_quorum_is_found() {
    let scenario = planned(SWAP, 2, &[]);
    is_found(Plant::WrongQuorum, &scenario, "without its approval");
}

#[test]
fn a_swap_without_a_look_at_open_files_is_found() {
    let scenario = planned(SWAP, 1, &[("units.stop", 0, Kind::Lie)]);
    is_found(Plant::BlindToHolders, &scenario, "has the database open");
}
