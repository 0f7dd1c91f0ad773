//! Every component taken down for real: the alert comes, leads to its scenario, and ends by itself.

use crate::support::wait::until;
use rei_recovery::demo::bot_api::{Message, Network};
use rei_recovery::demo::providers::{Mood, Service};
use rei_recovery::demo::s3::Fault;
use rei_recovery::demo::units::{self, Unit};
use rei_recovery::demo::world::{World, WorldOptions};
use rei_recovery::demo::yookassa::Outage;
use rustix::process::Signal;
use std::fs;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

/// Many intervals: the machine may be busy, and the group's messages are paced.
const PATIENCE: Duration = Duration::from_secs(90);

async fn watched() -> World {
    let options = WorldOptions::new(PROGRAM).set("MONITOR_INTERVAL", "1s");
    World::build(options)
        .await
        .unwrap_or_else(|e| panic!("{e}"))
}

/// The one message about this cause, in this state.
async fn told(world: &World, title: &str) -> Message {
    let place = world.cast.team;
    let found = world
        .api
        .wait_for_message(place, title, PATIENCE, |m| m.text().starts_with(title))
        .await;
    found.unwrap_or_else(|error| panic!("{error}\n{}", world.bot_log_tail()))
}

fn labels(message: &Message) -> Vec<String> {
    message
        .buttons()
        .map(|button| button.text.clone())
        .collect()
}

fn alerts(world: &World, cause: &str) -> usize {
    let about = |m: &&Message| m.text().contains(cause) && is_alert(m);
    world
        .api
        .read(|telegram| telegram.messages(world.cast.team).filter(about).count())
}

fn is_alert(message: &Message) -> bool {
    ["Alert: ", "Alert, muted: ", "Over: "]
        .iter()
        .any(|title| message.text().starts_with(title))
}

/// Breaks, waits for the alert with its button, mends, and waits for the same message to say so.
async fn falls_and_rises(
    world: &World,
    (cause, button): (&str, Option<&str>),
    breaks: impl AsyncFnOnce(),
    mends: impl AsyncFnOnce(),
) {
    breaks().await;
    let alert = told(world, &format!("Alert: {cause}")).await;
    let labels = labels(&alert);
    match button {
        Some(title) => assert!(labels.contains(&format!("Recover: {title}")), "{labels:?}"),
        None => assert!(
            !labels.iter().any(|l| l.starts_with("Recover")),
            "{labels:?}"
        ),
    }
    assert!(labels.contains(&"Mute 1h".to_owned()), "{labels:?}");
    mends().await;
    let over = told(world, &format!("Over: {cause}")).await;
    assert_eq!(over.id, alert.id, "one message, edited");
    assert_eq!(over.buttons().count(), 0);
    assert_eq!(alerts(world, cause), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_falls_is_told_with_what_answers_it_and_ends_when_it_is_back() {
    let world = watched().await;
    let home = world.patient.home();
    let program = std::path::Path::new(PROGRAM);
    let start = |unit| units::start(unit, &home, program).unwrap();

    falls_and_rises(
        &world,
        ("Redis failure", Some("Redis failure")),
        async || units::send(Unit::Redis, &home, Signal::KILL).unwrap(),
        async || start(Unit::Redis),
    )
    .await;
    falls_and_rises(
        &world,
        ("Payment outage", Some("Payment provider outage")),
        async || world.yookassa.set_outage(Some(Outage::Unavailable)),
        async || world.yookassa.set_outage(None),
    )
    .await;
    let aside = world.patient.database().with_extension("aside");
    falls_and_rises(
        &world,
        ("Data lost", Some("Server or data lost")),
        async || {
            world.stop_units().await.unwrap();
            fs::rename(world.patient.database(), &aside).unwrap();
        },
        async || {
            fs::rename(&aside, world.patient.database()).unwrap();
            world.start_units().await.unwrap();
        },
    )
    .await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn units_the_disk_and_places_of_backups_are_told_too() {
    let options = WorldOptions::new(PROGRAM)
        .own_disk(16 << 20)
        .set("MONITOR_INTERVAL", "1s");
    let world = World::build(options)
        .await
        .unwrap_or_else(|e| panic!("{e}"));
    let home = world.patient.home();
    let program = std::path::Path::new(PROGRAM);
    for unit in [Unit::Bot, Unit::Workers] {
        falls_and_rises(
            &world,
            ("Units do not run", None),
            async || units::send(unit, &home, Signal::KILL).unwrap(),
            async || units::start(unit, &home, program).unwrap(),
        )
        .await;
    }
    falls_and_rises(
        &world,
        ("Disk full", None),
        async || world.disk().unwrap().fill(0).unwrap(),
        async || world.disk().unwrap().empty().unwrap(),
    )
    .await;
    falls_and_rises(
        &world,
        ("Backup place unreachable", None),
        async || world.s3.set_fault(Some(Fault::Status(503))),
        async || world.s3.set_fault(None),
    )
    .await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_hangs_is_told_like_who_is_down() {
    let world = watched().await;
    let home = world.patient.home();
    falls_and_rises(
        &world,
        ("Redis failure", Some("Redis failure")),
        async || units::send(Unit::Redis, &home, Signal::STOP).unwrap(),
        async || units::send(Unit::Redis, &home, Signal::CONT).unwrap(),
    )
    .await;
    falls_and_rises(
        &world,
        ("Payment outage", Some("Payment provider outage")),
        async || world.yookassa.set_outage(Some(Outage::Silence)),
        async || world.yookassa.set_outage(None),
    )
    .await;
    let (kling, hangs) = (Service::Kling, Mood::Hangs);
    falls_and_rises(
        &world,
        ("AI provider outage", Some("AI provider outage")),
        async || world.providers.set_mood(kling, hangs),
        async || world.providers.set_mood(kling, Mood::Healthy),
    )
    .await;
    world.close().await;
}

/// Nobody can be told while Telegram is away; the one message waits, and says how it is by then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_telegram_itself_is_told_once_when_it_is_over() {
    let world = watched().await;
    world.api.set_network(Network::Refused).await;
    until("the alert in the trail", async || {
        let audit = world.console(&["audit", "list", "--json"]).await.unwrap();
        audit.stdout.contains("open-alert").then_some(())
    })
    .await;
    let status = world.console(&["status", "--json"]).await.unwrap().stdout;
    assert!(status.contains("telegram-outage"), "{status}");
    world.api.set_network(Network::Up).await;
    let over = told(&world, "Over: Telegram cannot be reached").await;
    assert_eq!(over.buttons().count(), 0);
    assert_eq!(alerts(&world, "Telegram cannot be reached"), 1);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_fails_is_named_and_status_says_so_too() {
    let world = watched().await;
    let sick = Mood::Unavailable;
    world.providers.set_mood(Service::NanoBanana, sick);
    let alert = told(&world, "Alert: ").await;
    assert!(alert.text().contains("nano_banana"), "{}", alert.text());
    let (anna, private) = (world.cast.anna, world.cast.private(world.cast.anna));
    world.api.send_text(anna, private, "/status").unwrap();
    let status = world
        .api
        .wait_for_message(private, "the status", PATIENCE, |m| {
            m.text().contains("Diagnosis: ")
        })
        .await
        .unwrap();
    assert!(status.text().contains("nano_banana"), "{}", status.text());
    assert!(labels(&status).contains(&"Recover: AI provider outage".to_owned()));
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_muted_alert_says_so_in_the_group_and_in_the_trail() {
    let world = watched().await;
    world.yookassa.set_outage(Some(Outage::Unavailable));
    let alert = told(&world, "Alert: ").await;
    let (boris, team) = (world.cast.boris, world.cast.team);
    world.api.press(boris, team, alert.id, "Mute 1h").unwrap();
    let muted = told(&world, "Alert, muted: ").await;
    assert_eq!(muted.id, alert.id);
    assert!(labels(&muted).contains(&"Unmute".to_owned()));
    let trail = until("the trail", async || {
        let audit = world.console(&["audit", "list", "--json"]).await.unwrap();
        audit.stdout.contains("mute-alert").then_some(audit.stdout)
    })
    .await;
    assert!(trail.contains("open-alert"));
    world.close().await;
}
