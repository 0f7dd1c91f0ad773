//! A backup whose content is not what was verified under its name: a person learns of it, and may go
//! on with the full check.

use super::play::*;
use rei_recovery::demo::bot_api::{Message, Place};
use rei_recovery::demo::units::{self, Unit};
use rei_recovery::demo::world::World;
use rusqlite::Connection;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::process::Command;

const OTHER: &[&str] = &[
    "is not what was verified before",
    "не то, что было проверено",
];
const FLAW: &[&str] = &[
    "failed its verification: its content is not what was verified",
    "не прошла проверку: содержимое не то, что проверялось",
];

/// One backup in the folder, verified by a first recovery and then replaced by another database.
async fn replaced(locale: &str) -> World {
    let world = build(options().set("DEFAULT_LOCALE", locale)).await;
    let taken = &world.patient.backups()[0];
    for file in fs::read_dir(world.bucket()).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    let recover = ["recover", "database-corruption", "--yes"];
    let first = world.console(&recover).await.unwrap();
    assert_eq!(first.code, Some(0), "{first:?}");
    let plain = world.root().join("other.db");
    gunzip(&taken.file, &plain);
    let db = Connection::open(&plain).unwrap();
    db.execute("UPDATE users SET username = 'mallory'", [])
        .unwrap();
    db.close().unwrap();
    let packed = File::create(&taken.file).unwrap();
    let mut gzip = Command::new("gzip");
    let done = gzip.arg("-c").arg(&plain).stdout(packed).status();
    assert!(done.unwrap().success());
    world
}

fn says(message: &Message, words: &[&str]) {
    let text = message.text();
    assert!(words.iter().any(|word| text.contains(word)), "{text}");
}

/// Comes to the halt with the second run; REI runs on as it was.
async fn halted(world: &World) -> Message {
    let inode = || fs::metadata(world.patient.database()).unwrap().ino();
    let (before, pids) = (inode(), pids(world));
    plan(world).await;
    start(world).await;
    let hold = shown(world, world.cast.team, ABORT).await;
    says(&hold, OTHER);
    assert_eq!((inode(), self::pids(world)), (before, pids));
    hold
}

fn pids(world: &World) -> Vec<Option<u32>> {
    let pid = |unit| units::pid(unit, &world.patient.home()).unwrap();
    Unit::ALL.map(pid).to_vec()
}

async fn approved(world: &World, run: i64) {
    let boris = (world.cast.boris, world.cast.team);
    press(world, boris.0, boris.1, APPROVE).await;
    world.until_finished(SOON).await.unwrap();
    let journal = world.state.journal(run).unwrap();
    assert_eq!(journal.last().unwrap().event["outcome"], "recovered");
    let staged = journal.iter().rev().find_map(|entry| {
        let facts = &entry.event["facts"];
        (facts["kind"] == "staged").then(|| facts.clone())
    });
    assert_eq!(staged.unwrap()["proof"]["by"], "full");
    let db = Connection::open(world.patient.database()).unwrap();
    let sql = "SELECT count(*) FROM users WHERE username = 'mallory'";
    let others: i64 = db.query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(others > 0, "the other database stands in place");
}

/// The mark in the list of the chat and of the console.
async fn is_marked(world: &World, talk: Place, yes: bool) {
    let (anna, api) = (world.cast.anna, &world.api);
    let asked = api.send_text(anna, talk, "/backups").unwrap();
    let fits = |m: &Message| m.id > asked && m.text().contains("1. ");
    let list = api
        .wait_for_message(talk, "the list", SOON, fits)
        .await
        .unwrap();
    let marked = FLAW.iter().any(|words| list.text().contains(words));
    assert_eq!(marked, yes, "{}", list.text());
    let list = world.console(&["backup", "list"]).await.unwrap();
    let words = ["failed: its content is not", "не прошла: содержимое не то"];
    let marked = words.iter().any(|words| list.stdout.contains(words));
    assert_eq!(marked, yes, "{}", list.stdout);
    let list = world.console(&["backup", "list", "--json"]).await.unwrap();
    let list: serde_json::Value = serde_json::from_str(&list.stdout).unwrap();
    let mark = &list["backups"][0]["mark"];
    assert_eq!(mark.as_str(), yes.then_some("failed"), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn retry_checks_in_full_what_is_not_what_was_verified() {
    let world = replaced("en").await;
    let hold = halted(&world).await;
    says(
        &hold,
        &["press Retry: it is fetched once more and then checked in full"],
    );
    let talk = world.cast.private(world.cast.anna);
    is_marked(&world, talk, true).await;
    press(&world, world.cast.anna, world.cast.team, RETRY).await;
    approved(&world, 2).await;
    is_marked(&world, talk, false).await;
    // Now these bytes are the verified ones, and the former ones are still.
    let recover = ["recover", "database-corruption", "--yes"];
    let third = world.console(&recover).await.unwrap();
    assert_eq!(third.code, Some(0), "{third:?}");
    trail_holds(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_chooses_a_marked_backup_is_told_and_gets_the_full_check() {
    let world = replaced("ru").await;
    halted(&world).await;
    let anna = world.cast.anna;
    press(&world, anna, world.cast.team, ROLL_BACK).await;
    world.until_finished(SOON).await.unwrap();
    let latest = ["recover", "database-corruption", "--yes"];
    let latest = world.console(&latest).await.unwrap();
    assert_eq!(latest.code, Some(1), "no good one is left: {latest:?}");
    let talk = choose_scenario(&world).await;
    let fits = |menu: &Message| {
        let mut buttons = menu.buttons();
        buttons.any(|button| button.text.ends_with("не прошла проверку"))
    };
    let menu = world.api.wait_for_message(talk, "the mark", SOON, fits);
    let menu = menu.await.unwrap();
    world.api.press(anna, talk, menu.id, 0).unwrap();
    let plan = shown(&world, talk, START).await;
    says(&plan, &["Внимание: она не прошла проверку"]);
    says(&plan, &["Полной проверки ещё не было"]);
    start(&world).await;
    let request = shown(&world, world.cast.team, APPROVE).await;
    says(&request, &["Внимание: она не прошла проверку"]);
    approved(&world, 3).await;
}
