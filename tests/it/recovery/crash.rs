//! The program is killed at every position of a recovery's journal, and goes on.

use super::killing::{
    Mark, Shape, Way, assert_cut_off_is_told, assert_none_failed, killed_there, shape,
};
use super::outcome::{self, Before};
use super::{built, good, options, play, world};
use rei_recovery::demo::units::{self, Unit};
use rei_recovery::demo::world::World;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_anywhere_it_ends_as_without_the_kill() {
    let undisturbed = undisturbed().await;
    assert_eq!(undisturbed.len(), 27, "{undisturbed:#?}");
    let positions = 1..=undisturbed.len();
    let cases = positions.map(|position| (position, killed_at(position, &undisturbed)));
    assert_none_failed(cases, &undisturbed).await;
}

async fn undisturbed() -> Shape {
    let world = world().await;
    let before = Before::of(&world);
    let run = play::recover(&world).await;
    assert_all_well(&world, &before, run).await;
    shape(&outcome::journal(&world, run))
}

async fn killed_at(position: usize, undisturbed: &[Mark]) {
    let world = world().await;
    let before = Before::of(&world);
    killed_there(&world, position, undisturbed, play::recover(&world)).await;
    good(world.start_bot().await);
    let run = play::recover(&world).await;
    assert_all_well(&world, &before, run).await;
    let died_in = undisturbed[..position - 1].last();
    assert_cut_off_is_told(&world, Way::Forward, died_in);
}

async fn assert_all_well(world: &World, before: &Before, run: i64) {
    outcome::assert_recovered(world, run);
    outcome::assert_restored(world, before, run);
    outcome::assert_kept(world, before, run);
    assert_eq!(play::test_messages(world), 1, "the test message");
    outcome::assert_delivered(world).await;
    outcome::assert_trail(world).await;
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
    assert_cut_off_is_told(&world, Way::Forward, None);
}

/// The machine starts again in the middle, and REI with it: it is stopped once more before its database
/// is moved.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn reis_units_that_came_back_are_stopped_again() {
    let undisturbed = undisturbed().await;
    let begins = |mark: &Mark| *mark == ("step-started".into(), Some("quarantine".into()));
    let position = 1 + undisturbed.iter().position(begins).unwrap();
    let world = world().await;
    let old = good(std::fs::metadata(world.patient.database())).ino();
    killed_there(&world, position, &undisturbed, play::recover(&world)).await;
    good(world.start_units().await);
    good(world.start_bot().await);
    let run = play::recover(&world).await;
    outcome::assert_recovered(&world, run);
    let journal = outcome::journal(&world, run);
    assert!(
        journal.iter().all(|entry| entry.kind() != "step-failed"),
        "{journal:#?}"
    );
    for unit in Unit::REI {
        assert!(good(world.is_up(unit)), "{unit:?}");
        let pid = good(units::pid(unit, &world.patient.home())).unwrap();
        let open = good(std::fs::read_dir(format!("/proc/{pid}/fd")));
        let open = open.filter_map(|file| std::fs::metadata(file.ok()?.path()).ok());
        assert!(
            open.map(|file| file.ino()).all(|ino| ino != old),
            "{unit:?}"
        );
    }
    outcome::assert_delivered(&world).await;
    outcome::assert_trail(&world).await;
}
