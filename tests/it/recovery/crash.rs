//! The program is killed at every position of a recovery's journal, and goes on.

use super::outcome::{self, Before};
use super::{PATIENCE, built, good, options, play, world};
use futures::{FutureExt, StreamExt};
use rei_recovery::demo::world::{Entry, World};
use std::panic::AssertUnwindSafe;
use std::time::Duration;

/// Worlds side by side: each mostly waits for the pace of its group.
const TOGETHER: usize = 8;

/// The titles under which the group knows the steps.
pub const TITLES: [(&str, &str); 11] = [
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_anywhere_it_ends_as_without_the_kill() {
    let undisturbed = undisturbed().await;
    assert_eq!(undisturbed.len(), 27, "{undisturbed:#?}");
    let cases = (1..=undisturbed.len()).map(|position| {
        let expected = &undisturbed[..position - 1];
        let case = killed_at(position as u64, expected);
        async move {
            (
                position,
                AssertUnwindSafe(case).catch_unwind().await.is_ok(),
            )
        }
    });
    assert_none_failed(cases.collect(), &undisturbed).await;
}

/// Plays the cases side by side; each is named by the position of this journal at which it died.
pub async fn assert_none_failed(
    cases: Vec<impl Future<Output = (usize, bool)>>,
    undisturbed: &[(String, Option<String>)],
) {
    let many = cases.len();
    let results: Vec<(usize, bool)> = futures::stream::iter(cases)
        .buffer_unordered(TOGETHER)
        .collect()
        .await;
    assert_eq!(results.len(), many);
    let failed = results.iter().filter(|(_, good)| !good);
    let failed: Vec<_> = failed.map(|(at, _)| (*at, &undisturbed[at - 1])).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Event and step, in the order of a journal.
pub type Shape = Vec<(String, Option<String>)>;

pub fn shape(journal: &[Entry]) -> Shape {
    let shape = |entry: &Entry| (entry.kind().to_owned(), entry.step().map(str::to_owned));
    journal.iter().map(shape).collect()
}

async fn undisturbed() -> Shape {
    let world = world().await;
    let before = Before::of(&world);
    let run = play::recover(&world).await;
    assert_all_well(&world, &before, run).await;
    shape(&outcome::journal(&world, run))
}

async fn killed_at(position: u64, expected: &[(String, Option<String>)]) {
    let world = world().await;
    let before = Before::of(&world);
    let snare = good(world.snare(position));
    let journal = tokio::select! {
        run = play::recover(&world) => panic!("R-{run} ended without being caught"),
        caught = snare.kill_there(PATIENCE) => good(caught),
    };
    assert_eq!(shape(&journal), expected, "it died elsewhere");
    good(snare.remove());
    good(world.start_bot().await);
    let run = play::recover(&world).await;
    assert_all_well(&world, &before, run).await;
    let begun = expected.last().filter(|(kind, _)| kind == "step-started");
    assert_cut_off_is_told(&world, begun.and_then(|(_, step)| step.as_deref()));
}

async fn assert_all_well(world: &World, before: &Before, run: i64) {
    outcome::assert_recovered(world, run);
    outcome::assert_restored(world, before, run);
    outcome::assert_kept(world, before, run);
    assert_eq!(play::test_messages(world), 1, "the test message");
    outcome::assert_delivered(world).await;
    outcome::assert_trail(world).await;
}

/// The group reads which step was cut off, and nothing of the kind when none was.
fn assert_cut_off_is_told(world: &World, step: Option<&str>) {
    let team = outcome::team(world);
    let told: Vec<&str> = team
        .iter()
        .map(|message| message.text())
        .filter(|text| text.starts_with("R-1: the outcome of"))
        .collect();
    let Some(step) = step else {
        assert!(told.is_empty(), "{told:#?}");
        return;
    };
    let (_, title) = TITLES.iter().find(|(id, _)| *id == step).unwrap();
    let named = format!("R-1: the outcome of “{title}” was unknown (attempt 1)");
    assert!(told.len() == 1 && told[0].starts_with(&named), "{told:#?}");
    let cause = "The program was stopped in the middle of it.";
    assert!(told[0].contains(cause), "{told:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_in_the_middle_of_a_step_it_parks_it() {
    let world = built(options().watch(Duration::from_secs(5))).await;
    let before = Before::of(&world);
    let watching = play::until_last(&world, "the watch", |last| {
        (last.kind(), last.step()) == ("step-started", Some("watch"))
    });
    tokio::select! {
        run = play::recover(&world) => panic!("R-{run} ended without a watch"),
        _ = watching => {}
    }
    let ended = good(world.stop_bot().await).unwrap();
    assert_eq!(ended.code(), Some(0), "{}", world.bot_log());
    let parked = outcome::journal(&world, 1);
    let last = parked.last().unwrap();
    let outcome = (last.kind(), last.step());
    assert_eq!(outcome, ("step-not-done", Some("watch")), "half-written");
    good(world.start_bot().await);
    let run = play::recover(&world).await;
    assert_all_well(&world, &before, run).await;
    assert_cut_off_is_told(&world, None);
}
