//! `broadcast` at a terminal's place: the real program, beside a running one and alone.

use rei_recovery::demo::bot_api::{Message, Place};
use rei_recovery::demo::world::{World, WorldOptions};
use serde_json::Value;
use std::fs;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

/// Bounds every wait; the group's messages are paced, and the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

async fn world(options: WorldOptions) -> World {
    let built = World::build(options).await;
    built.unwrap_or_else(|error| panic!("{error}"))
}

async fn broadcast(world: &World, args: &[&str]) -> (Option<i32>, String, String) {
    let all: Vec<&str> = ["broadcast"].iter().chain(args).copied().collect();
    let done = world.console(&all).await.unwrap();
    (done.code, done.stdout, done.stderr)
}

/// A file beside the world with this text.
fn file(world: &World, name: &str, text: &str) -> String {
    let path = world.root().join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

async fn list(world: &World) -> Value {
    let (code, out, err) = broadcast(world, &["list", "--json"]).await;
    assert_eq!(code, Some(0), "{err}");
    serde_json::from_str(&out).unwrap()
}

#[tokio::test]
async fn a_dry_run_says_what_would_go_to_how_many_and_writes_nothing() {
    let world = world(WorldOptions::new(PROGRAM).bot_down()).await;
    let text = file(&world, "ru.txt", "Привет <b>всем</b>\n");
    let english = file(&world, "en.txt", "Hello\n");
    let (code, out, err) = broadcast(
        &world,
        &[
            "send",
            "--text",
            &text,
            "--language",
            "ru",
            "--text-en",
            &english,
            "--dry-run",
        ],
    )
    .await;
    assert_eq!(code, Some(0), "{err}");
    for said in [
        "[Russian] Привет <b>всем</b>",
        "[English] Hello",
        "list of REI's database",
    ] {
        assert!(out.contains(said), "{said}: {out}");
    }
    let json = [
        "send",
        "--ready",
        "recovered",
        "--to",
        "active:365d",
        "--dry-run",
        "--json",
    ];
    let (code, out, err) = broadcast(&world, &json).await;
    assert_eq!(code, Some(0), "{err}");
    let would: Value = serde_json::from_str(&out).unwrap();
    assert!(would["listed"]["count"].as_u64().unwrap() > 0, "{would}");
    let messages = would["notice"]["messages"].as_object().unwrap();
    assert_eq!(messages.keys().collect::<Vec<_>>(), ["en", "ru"]);
    assert_eq!(list(&world).await, Value::Array(Vec::new()));
}

#[tokio::test]
async fn what_cannot_go_out_is_said_with_the_contracts_exit_codes() {
    let world = world(WorldOptions::new(PROGRAM).bot_down()).await;
    let long = file(&world, "long.txt", &"😀".repeat(2_049));
    let (code, _, err) = broadcast(&world, &["send", "--text", &long, "--yes"]).await;
    assert_eq!(code, Some(2));
    assert!(
        err.contains("It has 4,098 characters and Telegram takes 4,096"),
        "{err}"
    );
    let (code, _, err) = broadcast(&world, &["send", "--ready", "maintenance", "--yes"]).await;
    assert_eq!(code, Some(2));
    assert!(err.contains("Blanks: from, until"), "{err}");
    let text = file(&world, "text.txt", "Hello");
    let (code, _, err) = broadcast(&world, &["send", "--text", &text, "--to", "all"]).await;
    assert_eq!(code, Some(2));
    assert!(err.contains("active:30d"), "{err}");
    // Nobody sits at this terminal, and nobody said --yes.
    let (code, _, _) = broadcast(&world, &["send", "--text", &text]).await;
    assert_eq!(code, Some(3));
    let strangers = file(&world, "ids.txt", "999999999\n");
    let to = format!("file:{strangers}");
    let (code, _, _) = broadcast(&world, &["send", "--text", &text, "--to", &to, "--yes"]).await;
    assert_eq!(code, Some(4));
    let (code, _, err) = broadcast(&world, &["status", "N-77"]).await;
    assert_eq!(code, Some(2), "{err}");
    // To more than the limit another person is needed, and there is nobody who could ask one.
    let limited = WorldOptions::new(PROGRAM)
        .bot_down()
        .set("NOTICE_LIMIT", "3");
    let limited = self::world(limited).await;
    let text = file(&limited, "text.txt", "Hello");
    let (code, _, err) = broadcast(&limited, &["send", "--text", &text, "--yes"]).await;
    assert_eq!(code, Some(3));
    assert!(err.contains("another person has to approve it"), "{err}");
    assert_eq!(list(&limited).await[0]["phase"], "dropped");
}

#[tokio::test]
async fn beside_a_running_instance_another_person_approves_in_the_chat() {
    let world = world(WorldOptions::new(PROGRAM).set("NOTICE_LIMIT", "3")).await;
    let text = file(&world, "text.txt", "Hello");
    let args = ["send", "--text", &text, "--yes", "--json"];
    let sending = broadcast(&world, &args);
    let deciding = async {
        let team = world.cast.team;
        let request = see(&world, team, "Approval needed").await;
        assert!(
            request.text().contains("root (console)"),
            "{}",
            request.text()
        );
        world
            .api
            .press(world.cast.boris, team, request.id, "Deny")
            .unwrap();
    };
    let ((code, out, err), ()) = tokio::join!(sending, deciding);
    assert_eq!(code, Some(3), "{err}");
    let phases: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["phase"].clone())
        .collect();
    assert_eq!(phases, ["asked", "dropped"]);
}

#[tokio::test]
async fn a_chat_with_the_real_program_writes_asks_and_approves() {
    let world = world(WorldOptions::new(PROGRAM)).await;
    let (anna, talk) = (world.cast.anna, world.cast.private(world.cast.anna));
    world.api.start_chat(anna, world.cast.admin_bot).unwrap();
    world.api.send_text(anna, talk, "/broadcast").unwrap();
    let card = see(&world, talk, "people · list of REI's database").await;
    world
        .api
        .press(anna, talk, card.id, "Ready notice")
        .unwrap();
    let menu = see(&world, talk, "Ready notices").await;
    world
        .api
        .press(anna, talk, menu.id, "Payments delayed")
        .unwrap();
    let card = see(&world, talk, "· draft").await;
    world.api.press(anna, talk, card.id, "Send").unwrap();
    let team = world.cast.team;
    let request = see(&world, team, "Approval needed").await;
    world
        .api
        .press(world.cast.boris, team, request.id, "Approve")
        .unwrap();
    see(&world, team, "Approved").await;
    let (code, out, err) = broadcast(&world, &["status", "--json"]).await;
    assert_eq!(code, Some(0), "{err}");
    let status: Value = serde_json::from_str(&out).unwrap();
    // Without a sender it waits for its turn; with one it goes out at once.
    let phase = status["phase"].as_str().unwrap();
    assert!(["ready", "sending", "done"].contains(&phase), "{status}");
    let tally = status["tally"].as_object().unwrap();
    let people: u64 = tally.values().filter_map(Value::as_u64).sum();
    assert_eq!(status["listed"]["count"], people);
    let (code, csv, err) = broadcast(&world, &["status", "--csv"]).await;
    assert_eq!(code, Some(0), "{err}");
    let mut lines = csv.lines();
    assert_eq!(
        lines.next(),
        Some("person,language,standing,reason,message,at")
    );
    assert_eq!(lines.count() as u64, people);
    let (code, _, err) = broadcast(&world, &["abort", "--yes"]).await;
    if code != Some(0) {
        // It reached everybody before.
        let (_, out, _) = broadcast(&world, &["status", "--json"]).await;
        let status: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(status["phase"], "done", "{err}");
    }
}

async fn see(world: &World, place: Place, text: &str) -> Message {
    let fits = |m: &Message| m.is_from_bot(world.cast.admin_bot) && m.text().contains(text);
    let seen = world
        .api
        .wait_for_message(place, text, PATIENCE, fits)
        .await;
    seen.unwrap_or_else(|error| panic!("{error}"))
}
