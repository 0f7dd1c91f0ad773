//! A recovery in the demo's world from its alert to its report, with the program killed in between.

use super::unbalanced;
use crate::bot_api::PNG;
use crate::recovery::play;
use rei_recovery::demo::bot_api::{Message, Parcel, PersonId, Place};
use rei_recovery::demo::patient::{Damage, damage};
use rei_recovery::demo::world::{World, WorldOptions};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

/// Many rounds of the monitor; the group's messages are paced, and the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// A message of the bot with this text, after another one.
async fn see(world: &World, place: Place, after: i32, text: &str) -> Message {
    let fits = |m: &Message| {
        m.id > after && m.is_from_bot(world.cast.admin_bot) && m.text().contains(text)
    };
    let seen = world
        .api
        .wait_for_message(place, text, PATIENCE, fits)
        .await;
    seen.unwrap_or_else(|error| panic!("{error}\n{}", world.bot_log_tail()))
}

async fn ask(world: &World, (who, place): (PersonId, Place), text: &str, answer: &str) -> Message {
    let asked = world.api.send_text(who, place, text).unwrap();
    see(world, place, asked, answer).await
}

async fn press(world: &World, who: PersonId, on: &Message, label: &str, answer: &str) -> Message {
    let last = world.api.messages(on.place).last().unwrap().id;
    world.api.press(who, on.place, on.id, label).unwrap();
    see(world, on.place, last, answer).await
}

async fn again(world: &World) {
    world.kill_bot().await.unwrap();
    world.start_bot().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_alert_to_the_report() {
    let options = WorldOptions::new(PROGRAM).set("MONITOR_INTERVAL", "1s");
    let world = World::build(options)
        .await
        .unwrap_or_else(|e| panic!("{e}"));
    let (anna, boris, team) = (world.cast.anna, world.cast.boris, world.cast.team);
    let private = world.cast.private(anna);
    damage(&world.patient.database(), Damage::FlippedBytes).unwrap();
    world.stop_units().await.unwrap();
    see(&world, team, 0, "Incident I-1 opened").await;
    let note = "/incident note Users write that <b>nothing</b> answers & \"pictures\" hang";
    ask(&world, (anna, private), note, "Noted in I-1").await;
    let parcel = Parcel::photo(PNG).caption("/incident note What the phone shows");
    let sent = world.api.send_file(boris, team, parcel).unwrap();
    see(&world, team, sent, "Noted in I-1").await;
    play::recover_to_the_gate(&world).await;
    again(&world).await;
    play::recover(&world).await;
    see(&world, team, 0, "the recovery is over").await;
    again(&world).await;
    written(&world, (anna, private)).await;
    exported(&world).await;
    let trail = world.console(&["audit", "export"]).await.unwrap().stdout;
    assert_eq!(trail.matches("\"verb\":\"open-incident\"").count(), 1);
    world.close().await;
}

/// Anna answers the questions and keeps what is to be done.
async fn written(world: &World, (anna, private): (PersonId, Place)) {
    let here = (anna, private);
    let card = ask(
        world,
        here,
        "/incident",
        "R-1 Corrupted database: recovered",
    )
    .await;
    press(world, anna, &card, "Fill in", "Root Cause").await;
    let answers = [
        (
            "A disk of the server returned wrong bytes:\n- SMART had warned for a week\n- nobody reads that mail",
            "Data Loss",
        ),
        (
            "Three users asked for their pictures of that night again.",
            "What Went Well",
        ),
        (
            "- The backup was good and verified\n- Approval took under a minute",
            "Needs Improvement",
        ),
        (
            "The alert came before anybody looked at the disk. We were lucky that it was no weekend.",
            "What has to be done?",
        ),
    ];
    for (answer, next) in answers {
        ask(world, here, answer, next).await;
    }
    let owner = ask(
        world,
        here,
        "Send SMART warnings to the group",
        "Who does it?",
    )
    .await;
    let due = press(world, anna, &owner, "Борис", "Until when?").await;
    press(world, anna, &due, "In a week", "What else").await;
    ask(world, here, "Replace the disk", "Who does it?").await;
    ask(world, here, "the hoster", "Until when?").await;
    let more = ask(world, here, "3d", "What else").await;
    press(
        world,
        anna,
        &more,
        "Nothing (more)",
        "The document is complete",
    )
    .await;
}

/// What the console writes is whole, and kept where somebody can look at it.
async fn exported(world: &World) {
    let data = world
        .console(&["incident", "show", "I-1", "--format", "json"])
        .await
        .unwrap();
    let data: Value = serde_json::from_str(&data.stdout).unwrap();
    // Whether it is over is for the monitor to say, and a busy machine may show it something new.
    assert_eq!(data["complete"], true);
    assert_eq!(data["runs"], serde_json::json!(["R-1"]));
    assert_eq!(data["losses"][0]["run"], "R-1");
    assert_eq!(data["notes"].as_array().unwrap().len(), 2);
    let told: Vec<&str> = data["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it["text"].as_str())
        .collect();
    for text in [
        "Alert: ",
        "started the recovery R-1",
        "approved",
        "R-1 ended: recovered",
        "rei-recovery was started",
    ] {
        assert!(
            told.iter().any(|line| line.contains(text)),
            "{text}: {told:#?}"
        );
    }
    for format in ["html", "md"] {
        let file =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("incident-document.{format}"));
        let to = file.display().to_string();
        drop(fs::remove_file(&file));
        let args = ["incident", "show", "I-1", "--format", format, "--to", &to];
        let written = world.console(&args).await.unwrap();
        assert!(
            written.stdout.contains("I-1 written"),
            "{} {}",
            written.stdout,
            written.stderr
        );
        let text = fs::read_to_string(&file).unwrap();
        // A file that is there is nobody's to overwrite.
        let again = world.console(&args).await.unwrap();
        assert!(
            again.code != Some(0) && again.stderr.contains("exists"),
            "{}",
            again.stderr
        );
        assert!(!text.contains("<b>"));
        assert!(text.contains("&lt;b&gt;nothing&lt;/b&gt; answers &amp;"));
        if format == "html" {
            assert_eq!(unbalanced(&text), None);
            assert_eq!(text.matches("data:image/png;base64,").count(), 2);
        }
    }
    let list = world.console(&["incident", "list"]).await.unwrap().stdout;
    assert!(list.contains("I-1"), "{list}");
}
