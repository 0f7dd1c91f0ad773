//! What people see and press; and the console, with the real program.

use crate::chat::scene::Scene;
use rei_recovery::demo::world::{World, WorldOptions};
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

#[tokio::test(flavor = "multi_thread")]
async fn the_list_offers_a_backup_and_what_would_go() {
    let scene = Scene::new().await;
    let talk = scene.talk(scene.ann);
    let list = scene.ask(scene.ann, talk, "/backups", "Backups").await;
    scene.press(scene.ann, &list, "What would be removed").await;
    let shown = scene.see(talk, "Nothing would be removed").await;
    assert!(shown.labels().is_empty());
    let answer = scene.press(scene.ann, &list, "Take one now").await;
    assert!(answer.text.contains("on the list"), "{}", answer.text);
    let asked = |trail: &[rei_recovery::domain::audit::AuditEntry]| {
        let asked = trail.iter().filter(|entry| entry.verb == "ask-chore");
        asked
            .map(|entry| entry.actor.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(asked(&scene.trail().await).len(), 1);
    // Who may not request takes no backups.
    let talk = scene.talk(scene.bob);
    let list = scene.ask(scene.bob, talk, "/backups", "Backups").await;
    scene.press(scene.bob, &list, "Take one now").await;
    assert_eq!(asked(&scene.trail().await).len(), 1);
}

async fn backup(world: &World, args: &[&str]) -> (Option<i32>, String, String) {
    let all: Vec<&str> = ["backup"].iter().chain(args).copied().collect();
    let done = world.console(&all).await.unwrap();
    (done.code, done.stdout, done.stderr)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_console_takes_one_by_itself_and_has_nothing_to_prune() {
    let built = World::build(WorldOptions::new(PROGRAM).bot_down()).await;
    let world = built.unwrap_or_else(|error| panic!("{error}"));
    let (code, out, err) = backup(&world, &["create", "--dry-run"]).await;
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("bot.db") && out.contains("s3://"), "{out}");
    let (code, _, err) = backup(&world, &["create"]).await;
    assert_eq!(code, Some(3), "{err}");
    let (code, out, err) = backup(&world, &["create", "--yes", "--json"]).await;
    assert_eq!(code, Some(0), "{err}");
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["good"], true, "{out}");
    let places = told["outcome"]["places"].as_array().unwrap();
    assert_eq!(places.len(), 2);
    let (_, out, _) = backup(&world, &["list", "--json"]).await;
    let list: Value = serde_json::from_str(&out).unwrap();
    let same = list["backups"].as_array().unwrap().iter();
    let same = same.filter(|one| one["backup"]["time"] == told["outcome"]["time"]);
    assert_eq!(
        same.filter(|one| one["record"].is_object()).count(),
        2,
        "{out}"
    );
    let (code, _, err) = backup(&world, &["prune", "--dry-run"]).await;
    assert_eq!(code, Some(4), "{err}");
}
