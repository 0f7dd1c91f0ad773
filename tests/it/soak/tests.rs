//! The soak itself, and what it finds of bugs that are planted.

use super::fault::{At, Database, Fault, Kind, Newest, Scenario, Setting};
use super::plant::Plant;
use super::play::{Played, Redis};
use super::runs::{lives, soak};
use crate::support::redis::RedisServer;

/// Recoveries in the suite.
const RUNS: u64 = 48;

/// Seeds that once found something.
const KNOWN: &[u64] = &[];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn recoveries_with_faults_end_in_an_allowed_state() {
    for seed in KNOWN {
        let (_, found) = soak(*seed, 1, None);
        assert!(found.is_none(), "{found:#?}");
    }
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
    assert!(found.is_none(), "{found:#?}");
}

fn rand_bytes() -> [u8; 8] {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

/// From its proposal to its end with these faults and nothing but sense.
fn sensibly(runbook: &'static str, faults: &[(&'static str, u8, Kind)]) -> Played {
    let fault = |(method, nth, kind): &(&'static str, u8, Kind)| Fault {
        at: At::Method(method, *nth),
        kind: *kind,
        salt: 0,
    };
    let scenario = Scenario {
        setting: Setting {
            runbook,
            quorum: 1,
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
    };
    let server = RedisServer::start();
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

fn is_found(plant: Plant, words: &str) {
    let (tally, found) = soak(1, 200, Some(plant));
    let found = found.unwrap_or_else(|| panic!("{plant:?} was not found in {} runs", tally.runs));
    println!("{plant:?} after {} good recoveries: {found:#?}", tally.runs);
    assert!(found.why.contains(words), "{found:#?}");
}

#[test]
fn a_double_effect_is_found() {
    is_found(Plant::DoubleEffect, "2 times");
}

#[test]
fn a_lost_line_of_the_trail_is_found() {
    is_found(Plant::LostLine, "the trail");
}

#[test]
fn a_wrong_quorum_is_found() {
    is_found(Plant::WrongQuorum, "without its approval");
}

#[test]
fn a_swap_without_a_look_at_open_files_is_found() {
    is_found(Plant::BlindToHolders, "has the database open");
}
