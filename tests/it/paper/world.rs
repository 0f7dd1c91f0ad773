//! The real program: a checklist opened by itself after a recovery, lines ticked and opened again by
//! probes, a team's own file, kills during presses, and the version that was carried out.

use rei_recovery::demo::bot_api::{Message, PersonId, Press};
use rei_recovery::demo::error::DemoError;
use rei_recovery::demo::units::{self, Unit};
use rei_recovery::demo::world::{World, WorldOptions};
use rei_recovery::domain::audit::AuditEntry;
use rei_recovery::domain::checklist::{Checklist, State, Ticker};
use rei_recovery::domain::ids::ChecklistId;
use rei_recovery::ports::checklists::Checklists;
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::ports::journal::AuditTrail;
use rei_recovery::store::Store;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

/// Bounds every wait; the group's messages are paced, and the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(90);

const OWN: &str = r#"
[[lines]]
id = "services"
text = "checklist-services"
probe = "services"
[[lines]]
id = "database"
text = "checklist-database"
probe = "database"
[[lines]]
id = "boss"
text = { en = "Call <the> boss", ru = "Позвонить начальнику" }
"#;

fn good<T>(result: Result<T, impl Display>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// The newest message of the group that says this.
async fn told(world: &World, text: &str) -> Message {
    let place = world.cast.team;
    let fits = |m: &Message| m.text().contains(text);
    let found = world.api.wait_for_message(place, text, PATIENCE, fits);
    let found = found.await;
    found.unwrap_or_else(|error| panic!("{error}\n{}", world.bot_log_tail()))
}

async fn press(world: &World, who: PersonId, on: &Message, label: &str) -> String {
    let press = good(world.api.press(who, on.place, on.id, label));
    good(press.answer(PATIENCE).await).text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_recovery_probes_tick_what_they_can_prove_and_take_it_back() {
    let options = WorldOptions::new(PROGRAM)
        .set("MONITOR_INTERVAL", "1s")
        .runbook("checklist.toml", OWN);
    let world = good(World::build(options).await);
    let recovered = good(
        world
            .console(&["recover", "database-corruption", "--yes"])
            .await,
    );
    assert_eq!(recovered.code, Some(0), "{recovered:?}");
    let list = told(&world, "after R-1 “Corrupted database”").await;
    let proved = told(&world, "☑ 1. All services running — Running: rei_bot").await;
    assert_eq!(proved.id, list.id);
    let proved = told(&world, "☑ 2. Database integrity verified — Checked").await;
    assert!(
        proved.text().contains("☐ 3. Call <the> boss"),
        "{}",
        proved.text()
    );
    assert_eq!(
        press(&world, world.cast.boris, &proved, "Tick 3").await,
        "Ticked. Recorded with your name."
    );

    let home = world.patient.home();
    good(units::stop(Unit::Workers, &home));
    let fallen = told(&world, "⚠ 1. All services running — open again since").await;
    assert!(
        fallen.text().contains("rei_bot_workers"),
        "{}",
        fallen.text()
    );
    assert!(
        fallen.text().contains("☑ 3. Call <the> boss — Борис"),
        "a person's tick stays"
    );
    good(units::start(Unit::Workers, &home, Path::new(PROGRAM)));
    let back = told(&world, "Settled: 3 of 3").await;
    press(&world, world.cast.anna, &back, "Close").await;
    told(&world, "Closed by Anna").await;

    let runs = good(world.console(&["runs", "list", "--json"]).await);
    let runs: serde_json::Value = serde_json::from_str(&runs.stdout).unwrap();
    assert_eq!(runs[0]["runbook_version"], 2);
    told(&world, "By version 2 of the runbook").await;
    let shown = good(
        world
            .console(&["runbook", "show", "database-corruption"])
            .await,
    );
    assert!(
        shown
            .stdout
            .contains("| 1 | 2026-02-12 | Initial version | – |"),
        "{}",
        shown.stdout
    );
    let folder = world.root().join("runbooks").display().to_string();
    let valid = good(world.console(&["runbook", "validate", &folder]).await);
    assert_eq!(valid.code, Some(0), "{valid:?}");
    assert!(valid.stdout.contains("checklist.toml"), "{}", valid.stdout);
    std::fs::write(world.root().join("runbooks/contacts.toml"), "contacts = []").unwrap();
    let broken = good(world.console(&["runbook", "validate", &folder]).await);
    assert_eq!(broken.code, Some(1), "{broken:?}");
    assert!(broken.stdout.contains("1 to 40 contacts"), "{broken:?}");
    world.close().await;
}

/// What the state holds, read beside the program.
async fn held(world: &World) -> (Checklist, Vec<AuditEntry>) {
    let state = world.root().join("state");
    let store = good(Store::open(&state, Arc::new(SystemClock)));
    let list = store.checklist(ChecklistId(1)).await.unwrap().unwrap();
    (list, AuditTrail::tail(&store, 500).await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_during_presses_no_line_is_ticked_wrongly_or_twice() {
    let world = good(World::build(WorldOptions::new(PROGRAM)).await);
    let (anna, team) = (world.cast.anna, world.cast.team);
    good(world.api.send_text(anna, team, "/checklist"));
    let list = told(&world, "Checklist CL-1").await;
    let mut pressed: Vec<(usize, Press)> = Vec::new();
    // Each time another number of presses is on its way when the program dies.
    for (round, lines) in [[1, 3, 4], [6, 7, 8], [10, 3, 1]].into_iter().enumerate() {
        for line in lines {
            let label = format!("Tick {line}");
            if let Ok(press) = world.api.press(anna, team, list.id, label.as_str()) {
                pressed.push((line, press));
            }
        }
        if let Some((_, first)) = pressed.get(round * 3 + round % 2) {
            let answered = || Ok::<_, DemoError>(first.answered().map(drop));
            good(world.until("the first answer", PATIENCE, answered).await);
        }
        good(world.kill_bot().await);
        good(world.start_bot().await);
    }
    good(world.until_delivered(PATIENCE).await);
    let (now, trail) = held(&world).await;
    let sent: BTreeSet<usize> = pressed.iter().map(|(line, _)| *line).collect();
    for (number, line) in (1..).zip(&now.lines) {
        let by_anna = matches!(&line.state,
            State::Ticked { by: Ticker::Person { actor }, .. } if actor.name == "Anna");
        let entries = trail.iter().filter(|entry| {
            let of_line = entry.verb == "tick-line" && entry.subject == line.item.id.as_str();
            of_line && entry.outcome == "ok" && entry.actor.name == "Anna"
        });
        assert_eq!(entries.count(), usize::from(by_anna), "{line:?}");
        assert!(
            !by_anna || sent.contains(&number),
            "nobody pressed {line:?}"
        );
        let promised = pressed.iter().any(|(of, press)| {
            let answer = press.answered();
            *of == number && answer.is_some_and(|it| it.text.starts_with("Ticked"))
        });
        assert!(
            !promised || by_anna,
            "said to be ticked and is not: {line:?}"
        );
        assert_eq!(line.is_settled(), line.turn == 1, "{line:?}");
    }
    assert!(
        now.lines.iter().any(|line| line.turn == 1),
        "some presses arrived"
    );
    // What stands in the group is what is held.
    let settled = now.lines.iter().filter(|line| line.is_settled()).count();
    told(&world, &format!("Settled: {settled} of 10")).await;
    world.close().await;
}
