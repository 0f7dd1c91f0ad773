//! Somebody changes the frozen plan of a run that waits for its approval.

use super::outcome::{Before, journal};
use super::{PATIENCE, good, play, world};
use rei_recovery::demo::bot_api::Message;
use rei_recovery::demo::units::Unit;
use rei_recovery::demo::world::World;
use rusqlite::Connection;

/// Comes to the gate, changes the plan, and lets Boris approve all the same.
async fn approve_another_plan(world: &World) -> i64 {
    let run = play::recover_to_the_gate(world).await;
    let (boris, team) = (world.cast.boris, world.cast.team);
    let request = good(play::offered(world, team, run, "Approve").await);
    let before = journal(world, run).len();
    let changed = Connection::open(world.state.path()).unwrap().execute(
        "UPDATE runs SET plan = replace(plan, '.staged', '.other') WHERE id = ?1",
        [run],
    );
    assert_eq!(changed.unwrap(), 1);
    let press = good(world.api.press(boris, team, request.id, "Approve"));
    let answer = good(press.answer(PATIENCE).await);
    let why = format!("The stored plan of R-{run} does not match its hash");
    assert!(
        answer.show_alert && answer.text.contains(&why),
        "{answer:?}"
    );
    assert_eq!(journal(world, run).len(), before, "nothing moved");
    run
}

async fn assert_given_up(world: &World, run: i64, before: &Before) {
    let given_up = || Ok(good(world.state.newest()).filter(|(_, phase)| phase == "finished"));
    good(world.until("the end of the run", PATIENCE, given_up).await);
    assert_eq!(journal(world, run).last().unwrap().kind(), "aborted");
    assert!(Unit::REI.iter().all(|unit| good(world.is_up(*unit))));
    assert_eq!(good(world.patient.ownership()), before.ownership);
    assert!(
        !world
            .patient
            .home()
            .join("rei-recovery-quarantine")
            .exists()
    );
    let verified = good(world.console(&["audit", "verify"]).await);
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_group_is_told_and_can_only_abort() {
    let world = world().await;
    let before = Before::of(&world);
    let run = approve_another_plan(&world).await;
    let anna = (world.cast.anna, world.cast.team);
    let told = world
        .api
        .wait_for_message(anna.1, "the refusal", PATIENCE, |m| {
            play::has(m, "Abort") && m.text().contains("does not match its hash")
        });
    let told = good(told.await);
    assert_eq!(told.labels(), [["Abort"]]);
    good(world.api.press(anna.0, anna.1, told.id, "Abort"));
    assert_given_up(&world, run, &before).await;
    // Nothing is left to press: neither on this message nor on the request.
    let settled = world
        .api
        .wait_for_message(anna.1, "the end", PATIENCE, |m| {
            m.id == told.id && m.buttons().count() == 0
        });
    let settled = good(settled.await);
    assert!(
        settled.text().contains("It was aborted"),
        "{}",
        settled.text()
    );
    good(world.until_delivered(PATIENCE).await);
    let team = super::outcome::team(&world);
    // The incident's own messages stay usable: what happened is still to be written down.
    let of_incident = |m: &&Message| m.text().starts_with("I-") || m.text().starts_with("Incident");
    let open: Vec<_> = team
        .iter()
        .filter(|m| m.buttons().count() > 0 && !of_incident(m))
        .collect();
    assert!(open.is_empty(), "{open:#?}");
    let own = world.api.messages(world.cast.private(world.cast.anna));
    let open: Vec<_> = own
        .iter()
        .filter(|m| m.text().starts_with(&format!("R-{run}")) && m.buttons().count() > 0)
        .collect();
    assert!(open.is_empty(), "{open:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_console_can_abort_it() {
    let world = world().await;
    let before = Before::of(&world);
    let run = approve_another_plan(&world).await;
    let answer = ["runs", "answer", &format!("R-{run}"), "retry", "--yes"];
    let retried = good(world.console(&answer).await);
    assert_eq!(retried.code, Some(1), "{retried:?}");
    assert!(retried.stderr.contains("does not match its hash"));
    let answer = ["runs", "answer", &format!("R-{run}"), "abort", "--yes"];
    let aborted = good(world.console(&answer).await);
    assert_eq!(aborted.code, Some(0), "{aborted:?}");
    assert_given_up(&world, run, &before).await;
}
