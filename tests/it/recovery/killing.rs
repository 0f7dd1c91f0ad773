//! Killing the program at a place of its journal: what the matrices of all runbooks share.

use super::{PATIENCE, good, outcome};
use futures::{FutureExt, StreamExt};
use rei_recovery::demo::world::{Entry, World};
use std::panic::AssertUnwindSafe;

/// Worlds side by side: each mostly waits for the pace of its group.
const TOGETHER: usize = 8;

/// The titles under which the group knows the steps of a restored database.
const TITLES: [(&str, &str); 11] = [
    ("fetch", "Fetch the backup and prove it good"),
    ("stop", "Stop REI"),
    ("closed", "Prove that nobody holds the database"),
    ("quarantine", "Put the old database aside"),
    ("install", "Put the backup's database in place"),
    ("verify", "Check the database in its place"),
    ("start", "Start REI"),
    ("watch", "Watch REI"),
    ("answers", "See that REI's bot answers"),
    ("test-message", "Send a test message under REI's token"),
    ("compare", "Compare records with the world"),
];

/// An event and its step.
pub type Mark = (String, Option<String>);

/// Event and step, in the order of a journal.
pub type Shape = Vec<Mark>;

pub fn shape(journal: &[Entry]) -> Shape {
    let shape = |entry: &Entry| (entry.kind().to_owned(), entry.step().map(str::to_owned));
    journal.iter().map(shape).collect()
}

/// Lays a snare, lets somebody carry the run on, and kills the program at this position. `expected` is
/// the journal of a run without a kill; that it died there, and nowhere else, the journal proves.
pub async fn killed_there(
    world: &World,
    position: usize,
    expected: &[Mark],
    carry_on: impl Future<Output = i64>,
) {
    let snare = good(world.snare(position as u64));
    let journal = tokio::select! {
        run = carry_on => panic!("R-{run} ended without being caught"),
        caught = snare.kill_there(PATIENCE) => good(caught),
    };
    assert_eq!(
        shape(&journal),
        expected[..position - 1],
        "it died elsewhere"
    );
    good(snare.remove());
}

/// Plays the cases side by side; each is named by the position of this journal at which it died.
pub async fn assert_none_failed<F: Future<Output = ()>>(
    cases: impl Iterator<Item = (usize, F)>,
    undisturbed: &[Mark],
) {
    let played = cases.map(|(position, case)| async move {
        let played = AssertUnwindSafe(case).catch_unwind().await;
        (position, played.is_ok())
    });
    let played: Vec<_> = played.collect();
    let results = futures::stream::iter(played).buffer_unordered(TOGETHER);
    report(results.collect().await, undisturbed);
}

/// Fails with the places at which a case did.
pub fn report(results: Vec<(usize, bool)>, undisturbed: &[Mark]) {
    let failed = results.iter().filter(|(_, good)| !good);
    let failed: Vec<_> = failed.map(|(at, _)| (*at, &undisturbed[at - 1])).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Which outcome the group reads was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Forward,
    Back,
}

/// The group reads what was cut off on this way, and nothing of the kind when nothing was.
pub fn assert_cut_off_is_told(world: &World, way: Way, died_in: Option<&Mark>) {
    let (begun, of) = match way {
        Way::Forward => ("step-started", ""),
        Way::Back => ("undo-started", "taking back "),
    };
    let team = outcome::team(world);
    let told: Vec<&str> = team
        .iter()
        .map(|message| message.text())
        .filter(|text| text.starts_with("R-1: the outcome of"))
        .collect();
    let Some((_, Some(step))) = died_in.filter(|(kind, _)| kind == begun) else {
        // On the way back the step that failed may be what was cut off.
        let told = told.iter().filter(|text| text.contains(of));
        assert_eq!(told.count(), 0, "{team:#?}");
        return;
    };
    let (_, title) = TITLES.iter().find(|(id, _)| id == step).unwrap();
    let named = format!("R-1: the outcome of {of}“{title}” was unknown (attempt 1)");
    assert!(told.len() == 1 && told[0].starts_with(&named), "{told:#?}");
    let cause = "The program was stopped in the middle of it.";
    assert!(told[0].contains(cause), "{told:#?}");
}
