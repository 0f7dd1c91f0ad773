//! The whole recovery through the chat: Anna asks, Boris approves.

use super::outcome::{self, Before};
use super::{PATIENCE, built, good, options, play};
use rei_recovery::demo::bot_api::Message;
use rei_recovery::demo::patient::{Damage, PatientOptions, damage};
use rei_recovery::demo::world::World;
use rei_recovery::domain::money::Money;
use rei_recovery::domain::payment::PaymentStatus;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;

/// The row of a payment that is in no backup.
const LOST: &str = "paid-after-the-backup";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recovery_through_the_chat() {
    let mut patient = PatientOptions::tiny();
    let me = std::fs::metadata("/proc/self").unwrap();
    // Only root may give files away; anybody may give them to oneself.
    patient.owner = Some(match (me.uid(), me.gid()) {
        (0, _) => (1_234, 2_345),
        own => own,
    });
    let world = built(options().patient(patient)).await;
    let before = Before::of(&world);
    good(damage(&world.patient.database(), Damage::FlippedBytes));
    let named = BTreeMap::from([("payment_id".to_owned(), LOST.to_owned())]);
    let paid = world
        .yookassa
        .begin(Money::parse("199.00", "RUB").unwrap(), named);
    world.yookassa.turn(&paid, PaymentStatus::Succeeded);
    let run = play::recover(&world).await;
    outcome::assert_recovered(&world, run);
    outcome::assert_restored(&world, &before, run);
    // It opened where it was in spite of its damage, and does so still.
    let copy = outcome::copied(&outcome::quarantine(&world, run));
    let tables: i64 = Connection::open(copy.path().join("bot.db"))
        .unwrap()
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
        .unwrap();
    assert!(tables > 0);
    assert_eq!(play::test_messages(&world), 1);
    outcome::assert_delivered(&world).await;
    let told = outcome::assert_trail(&world).await;
    assert!(told.is_sorted() && told.len() as u64 == outcome::entries(world.state.path()));
    good(
        world
            .until("an answer to every press", PATIENCE, || {
                Ok(world.api.unanswered().is_empty().then_some(()))
            })
            .await,
    );
    paid_and_lost(&world).await;
}

/// Payments of after the backup stand first in the report, and are to be had as a file.
async fn paid_and_lost(world: &World) {
    let (api, anna) = (&world.api, world.cast.anna);
    let place = world.cast.private(anna);
    let told = "paid, and REI has no such payment";
    let report = |m: &Message| m.text().contains("Left for a person") && m.text().contains(told);
    let team = world.cast.team;
    let report = api.wait_for_message(team, "the report", PATIENCE, report);
    good(report.await);
    let asked = good(api.send_text(anna, place, "/payments"));
    let menu = |m: &Message| m.id > asked && play::has(m, "Differences");
    let menu = good(
        api.wait_for_message(place, "/payments", PATIENCE, menu)
            .await,
    );
    assert!(menu.text().contains(told), "{}", menu.text());
    good(api.press(anna, place, menu.id, "Differences (CSV)"));
    let file = |m: &Message| m.id > asked && m.body.media.is_some();
    let file = good(
        api.wait_for_message(place, "the file", PATIENCE, file)
            .await,
    );
    let index = file.body.media.unwrap().file;
    let bytes = api.read(|telegram| telegram.file(index).unwrap().bytes.to_vec());
    let csv = String::from_utf8(bytes).unwrap();
    let row = format!("{LOST},");
    let orphan = |line: &&str| line.starts_with(&row) && line.contains(",orphan,");
    let found = csv.lines().filter(orphan).count();
    assert!(
        found == 1 && csv.starts_with("payment,provider_payment,"),
        "{csv}"
    );
    let listed = good(world.console(&["payments", "list"]).await);
    assert_eq!(listed.stdout.lines().count(), csv.lines().count());
}
