//! A disk that is full at each write of a recovery, one write at a time.
//!
//! A whole recovery on the real parts (state, engine, files, folder, checks) is a process of its own.
//! It runs once under `strace`, which tells every call that needs room; then once for each of them,
//! which fails with "no space left", and the process goes on as a person would: Retry in one half of
//! the cases, Roll back in the other.
#![allow(
    clippy::print_stdout,
    reason = "the process under strace tells the test how it went"
)]

mod play;
mod scene;

use crate::support::strace::{Point, fail_at, record};
use play::play;
use rei_recovery::domain::failure::FailureCode;
use scene::Scene;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

const PLAYS_IN: &str = "FULL_DISK_TEST_PLAYS_IN";
const GOES_BACK: &str = "FULL_DISK_TEST_GOES_BACK";

/// Calls that can fail for want of room.
const CALLS: [&str; 13] = [
    "write",
    "writev",
    "pwrite64",
    "pwritev",
    "fallocate",
    "ftruncate",
    "openat",
    "mkdir",
    "rename",
    "renameat2",
    "linkat",
    "fsync",
    "fdatasync",
];

/// Cases side by side.
const TOGETHER: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_at_any_write_loses_nothing() {
    if let Some(folder) = std::env::var_os(PLAYS_IN) {
        return play(Path::new(&folder), std::env::var_os(GOES_BACK).is_some()).await;
    }
    let scene = Scene::build();
    let points = record(&scene.folder(), &CALLS, &scene.command(false));
    let kinds = points.iter().map(kind).collect::<BTreeSet<_>>();
    let all = [
        "audit.key",
        "backups",
        "home",
        "quarantine",
        "staged",
        "state.db",
    ];
    assert_eq!(kinds, BTreeSet::from(all), "{points:#?}");
    let cases: Vec<(Point, bool)> = chosen(points);
    println!("{} cases", cases.len());
    let cases = Arc::new(Mutex::new(cases));
    let met = Arc::new(Mutex::new(BTreeMap::new()));
    let hands: Vec<_> = (0..TOGETHER)
        .map(|_| {
            let (cases, met) = (Arc::clone(&cases), Arc::clone(&met));
            tokio::task::spawn_blocking(move || {
                loop {
                    let Some((point, back)) = cases.lock().unwrap().pop() else {
                        return;
                    };
                    let played = std::panic::catch_unwind(|| case(&point, back));
                    let how = played.unwrap_or("FAILED");
                    *met.lock().unwrap().entry((kind(&point), how)).or_insert(0) += 1;
                }
            })
        })
        .collect();
    for hand in hands {
        hand.await.unwrap();
    }
    let met = met.lock().unwrap().clone();
    println!("{met:#?}");
    let failed = met.keys().filter(|(_, how)| *how == "FAILED");
    assert_eq!(failed.count(), 0, "see above");
    let times = |kind, how| met.get(&(kind, how)).copied().unwrap_or(0);
    for kind in ["home", "quarantine", "staged"] {
        assert!(
            times(kind, "retried") > 0 && times(kind, "back") > 0,
            "{kind}"
        );
    }
    let state = times("state.db", "told at once") + times("state.db", "passed over");
    assert!(state > 20);
    let unmet = met.iter().filter(|((_, how), _)| *how == "not met");
    let unmet: i32 = unmet.map(|(_, count)| count).sum();
    assert!(unmet * 10 < met.values().sum(), "{unmet} were not met");
}

/// Where a point belongs.
fn kind(point: &Point) -> &'static str {
    let path = point.path.to_string_lossy();
    let kinds = [
        ("quarantine", "quarantine"),
        (".staged", "staged"),
        ("audit.", "audit.key"),
        ("state", "state.db"),
        ("backups", "backups"),
    ];
    let known = kinds.iter().find(|(part, _)| path.contains(part));
    known.map_or("home", |(_, kind)| kind)
}

/// Every point once; those of the patient's files in both manners. Of the state's many writes each
/// transaction's first: the others of it fail in the same way.
fn chosen(points: Vec<Point>) -> Vec<(Point, bool)> {
    let mut cases: Vec<(Point, bool)> = Vec::new();
    let mut begins = true;
    for point in points {
        let is_state = kind(&point) == "state.db";
        let is_log = is_state && point.call == "pwrite64";
        let first = std::mem::replace(&mut begins, !is_log);
        if (is_log && !first) || cases.iter().any(|(known, _)| *known == point) {
            continue;
        }
        if !is_state {
            cases.push((point.clone(), true));
        }
        cases.push((point, false));
    }
    cases
}

/// Threads share the work otherwise each time: a call may be another thread's then.
const TRIES: usize = 4;

fn failing(point: &Point, back: bool) -> Option<(Scene, String)> {
    let scene = Scene::build();
    let printed = fail_at(&scene.folder(), point, "ENOSPC", &scene.command(back));
    Some((scene, printed?))
}

/// Plays a case and says how it went.
fn case(point: &Point, back: bool) -> &'static str {
    let Some((scene, printed)) = (0..TRIES).find_map(|_| failing(point, back)) else {
        println!("not met: {point:?}");
        return "not met";
    };
    let told = |word: &str| printed.lines().filter(|line| line.contains(word)).count();
    let named =
        |line: &&str| line.contains("Not enough room for") && line.contains("Не хватает места для");
    let failed = printed.lines().filter(|line| line.contains("failed "));
    for line in failed.clone() {
        assert!(
            line.contains(FailureCode::DiskFull.as_str()),
            "{point:?}: {printed}"
        );
        assert!(named(&line), "{point:?}: {printed}");
    }
    let went_back = told("outcome rolled-back") == 1;
    assert!(
        went_back || told("outcome recovered") == 1,
        "{point:?}: {printed}"
    );
    assert_eq!(
        went_back,
        back && failed.count() > 0,
        "{point:?}: {printed}"
    );
    if went_back {
        scene.assert_as_before(&printed);
        return "back";
    }
    scene.assert_recovered(&printed);
    match (told("failed "), told("error ")) {
        (0, 0) => "passed over",
        (0, _) => "told at once",
        _ => "retried",
    }
}
