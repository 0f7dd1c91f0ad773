//! The real program tests backups, is killed in the middle of it, and clears away what it left.

use rei_recovery::demo::bot_api::{Message, Place};
use rei_recovery::demo::s3::Fault;
use rei_recovery::demo::world::{World, WorldOptions};
use serde_json::Value;
use std::fmt::Display;
use std::path::PathBuf;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

/// Bounds every wait; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// So often a test is begun before it is given up.
const TRIES: usize = 3;

fn good<T>(result: Result<T, impl Display>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

async fn message(world: &World, place: Place, words: &str) -> Message {
    let fits = |message: &Message| message.text().contains(words);
    good(
        world
            .api
            .wait_for_message(place, words, PATIENCE, fits)
            .await,
    )
}

/// Anna presses a button below the list of backups, in a message of its own.
async fn press(world: &World, label: &str) {
    let anna = Place::private(world.cast.admin_bot, world.cast.anna);
    good(world.api.send_text(world.cast.anna, anna, "/backups"));
    let fits = |message: &Message| message.buttons().any(|it| it.text == label);
    let list = good(
        world
            .api
            .wait_for_message(anna, label, PATIENCE, fits)
            .await,
    );
    good(world.api.press(world.cast.anna, anna, list.id, label));
}

/// What is restored just now.
fn restored(world: &World) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(world.root().join("state/work"));
    let folders = folders.into_iter().flatten().flatten();
    let files = folders.filter_map(|folder| std::fs::read_dir(folder.path()).ok());
    files.flatten().flatten().map(|file| file.path()).collect()
}

/// Waits until the bucket's backup is being restored, and does not go on.
async fn until_caught(world: &World, before: usize) {
    let asked = || {
        world
            .s3
            .requests()
            .iter()
            .filter(|it| it.starts_with("GET") && it.contains("/db_"))
            .count()
    };
    let caught = || Ok((asked() > before + 1 && !restored(world).is_empty()).then_some(()));
    good(world.until("a test in the middle", PATIENCE, caught).await);
}

fn fetched(world: &World) -> usize {
    let requests = world.s3.requests();
    let of_backups = requests
        .iter()
        .filter(|it| it.starts_with("GET") && it.contains("/db_"));
    of_backups.count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_is_killed_leaves_nothing_and_is_told() {
    let world = good(World::build(WorldOptions::new(PROGRAM).units_down()).await);
    // The last bytes of the answer do not come.
    world.s3.set_fault(Some(Fault::Stall { after: 2_000 }));
    let mut before = fetched(&world);
    press(&world, "Test now").await;
    for _ in 0..TRIES {
        until_caught(&world, before).await;
        good(world.kill_bot().await);
        assert!(
            !restored(&world).is_empty(),
            "nothing was there to be cleared away"
        );
        before = fetched(&world);
        good(world.start_bot().await);
    }
    message(&world, world.cast.team, "was cut off").await;
    assert_eq!(restored(&world), Vec::<PathBuf>::new());
    world.s3.set_fault(None);
    press(&world, "Test now").await;
    let report = message(&world, world.cast.team, "Restored and checked in").await;
    assert!(
        report.text().contains("backup folder") && report.text().contains("S3"),
        "{}",
        report.text()
    );
    assert_eq!(restored(&world), Vec::<PathBuf>::new());
    pictured(&world).await;
    world.close().await;
}

/// The picture of the year comes as a picture.
async fn pictured(world: &World) {
    press(world, "Trends").await;
    let anna = Place::private(world.cast.admin_bot, world.cast.anna);
    let fits = |message: &Message| message.body.media.is_some();
    let sent = good(
        world
            .api
            .wait_for_message(anna, "the picture", PATIENCE, fits)
            .await,
    );
    assert!(sent.text().contains("last 12 months"), "{}", sent.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_tests_by_itself_and_says_what_it_found() {
    let world = good(World::build(WorldOptions::new(PROGRAM).units_down().bot_down()).await);
    let done = good(world.console(&["backup", "verify", "--json"]).await);
    let told: Value =
        serde_json::from_str(&done.stdout).unwrap_or_else(|e| panic!("{e}: {done:?}"));
    assert_eq!(told["verdict"], "pass", "{told:#}");
    assert_eq!(done.code, Some(0));
    assert_eq!(told["tested"]["places"].as_array().unwrap().len(), 2);
    assert_eq!(restored(&world), Vec::<PathBuf>::new());
    let newest = told["tested"]["places"][0]["backup"]
        .as_str()
        .unwrap()
        .to_owned();
    spoil(&world, &newest);
    let done = good(world.console(&["backup", "verify", &newest]).await);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.stdout.contains("failed its test"), "{}", done.stdout);
    let done = good(
        world
            .console(&["backup", "verify", "20200101_000000"])
            .await,
    );
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.stdout.contains("could not be done"), "{}", done.stdout);
    world.close().await;
}

/// A bit of the folder's backup is another one.
fn spoil(world: &World, backup: &str) {
    let path = world
        .patient
        .backup_dir()
        .join(format!("db_{backup}.db.gz"));
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(path, bytes).unwrap();
}
