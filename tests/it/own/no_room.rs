//! No room for the state, and no way to write it: on a small file system of its own, or with calls that
//! fail.

use super::*;
use crate::support::strace::Failing;
use rei_recovery::demo::world::OwnDisk;
use std::process::Command;

/// A world whose state lies on a file system of its own; nothing runs yet.
async fn on_a_disk(bytes: u64) -> (World, OwnDisk) {
    let world = built(WorldOptions::new(PROGRAM).bot_down()).await;
    let disk = good(OwnDisk::mount(&state_dir(&world), bytes));
    (world, disk)
}

/// The file system goes before the folder in which it is mounted, and after a look at what is in it.
async fn ends(world: World, disk: OwnDisk) {
    good(world.stop_bot().await);
    assert_eq!(world.leaks(), Vec::<String>::new());
    drop(disk);
    drop(world);
}

/// Comes to the gate of a recovery, lets `begin` spoil the state until what it gives is dropped, and goes
/// on from there.
async fn spoiled_in_a_recovery<T>(world: &World, begin: impl FnOnce() -> T) {
    good(world.start_bot().await);
    let run = crate::recovery::play::recover_to_the_gate(world).await;
    good(world.until_delivered(PATIENCE).await);
    let waits = good(world.state.journal(run)).len();
    let spoiled = begin();
    let told = said(world, world.cast.team, "takes no writes").await;
    assert!(told.text().contains(&*state_dir(world).to_string_lossy()));
    // An approval that cannot be written is none.
    let card = good(crate::recovery::play::offered(world, world.cast.team, run, "Approve").await);
    good(
        world
            .api
            .press(world.cast.boris, world.cast.team, card.id, "Approve"),
    );
    assert_eq!(good(world.state.journal(run)).len(), waits);
    assert!(world.bot_pid().is_some());
    drop(spoiled);
    said(world, world.cast.team, "takes writes again").await;
    let run = crate::recovery::play::recover(world).await;
    let last = good(world.state.journal(run)).pop().unwrap();
    assert_eq!(last.kind(), "finished");
    let kinds = good(world.state.journal(run));
    // Of the test message only a person can tell.
    let mut doubts = kinds.iter().filter(|entry| entry.kind() == "step-in-doubt");
    assert!(doubts.all(|entry| entry.step() == Some("test-message")));
    done(world, "audit verify").await;
}

/// Empties a disk when it goes.
struct Filled<'a>(&'a OwnDisk);

impl Drop for Filled<'_> {
    fn drop(&mut self) {
        good(self.0.empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_in_a_recovery_costs_time_and_nothing_else() {
    let (world, disk) = on_a_disk(64 << 20).await;
    let fill = || {
        good(disk.fill(0));
        Filled(&disk)
    };
    spoiled_in_a_recovery(&world, fill).await;
    ends(world, disk).await;
}

/// What a failing disk answers, and a file system that the kernel made read-only because of it.
async fn writes_that_fail_with(error: &str) {
    let world = built(WorldOptions::new(PROGRAM).bot_down()).await;
    let log = state_dir(&world).join("state.db-wal");
    let fail = || {
        let pid = world.bot_pid().expect("it runs");
        Failing::begin(pid, &log, &["pwrite64"], error)
    };
    spoiled_in_a_recovery(&world, fail).await;
    good(world.stop_bot().await);
    assert_eq!(world.leaks(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_fails_in_a_recovery_costs_time_and_nothing_else() {
    writes_that_fail_with("EIO").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_turns_read_only_in_a_recovery_costs_time_and_nothing_else() {
    writes_that_fail_with("EROFS").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_takes_no_writes_at_the_start_is_told_and_waited_for() {
    let (world, disk) = on_a_disk(64 << 20).await;
    good(world.start_bot().await);
    good(world.stop_bot().await);
    let remount = |how: &str| {
        let dir = state_dir(&world);
        let mounted = Command::new("mount").args(["-o", how]).arg(dir).status();
        assert!(mounted.unwrap().success());
    };
    remount("remount,ro");
    good(world.start_bot().await);
    said(&world, world.cast.team, "My own state cannot be used").await;
    asks(&world, world.cast.anna, "/status");
    said(&world, world.cast.private(world.cast.anna), "is missing").await;
    remount("remount,rw");
    let started = || async {
        let started = world.bot_log().matches("rei-recovery runs").count() == 2;
        started.then_some(())
    };
    crate::support::wait::until("its state again", started).await;
    done(&world, "audit verify").await;
    ends(world, disk).await;
}
