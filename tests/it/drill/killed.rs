//! What a kill in the middle leaves, and who clears it away.

use super::scene::{assert_cleared, processes, production, quiet_for};
use crate::support::wait::until;
use rei_recovery::demo::patient::PatientOptions;
use rei_recovery::demo::world::World;
use rusqlite::{Connection, OpenFlags};
use rustix::process::{Pid, Signal, kill_process};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// Longer than the test: the drill stands in the middle of a step.
const WATCH: Duration = Duration::from_secs(300);

/// A drill has a world of its own to build before its middle.
const PATIENCE: Duration = Duration::from_secs(120);

fn begin(world: &World) -> Child {
    Command::new(env!("CARGO_BIN_EXE_rei-recovery"))
        .args(["drill", "database-corruption", "--yes", "--json"])
        .env_clear()
        .envs(world.settings())
        .current_dir(world.root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Waits until the drill's recovery watches the units.
async fn in_the_middle(world: &World) {
    let state = world.root().join("state/drills/C-1/state/state.db");
    let middle = world.until("the middle of the drill", PATIENCE, || Ok(watches(&state)));
    middle.await.unwrap();
}

fn watches(state: &Path) -> Option<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = Connection::open_with_flags(state, flags).ok()?;
    let sql = "SELECT 1 FROM events WHERE event LIKE '%step-started%watch%'";
    db.query_row(sql, [], |_| Ok(())).ok()
}

fn phase(world: &World) -> Option<String> {
    let state = world.root().join("state/state.db");
    let db = Connection::open_with_flags(state, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    let sql = "SELECT phase FROM chores WHERE id = 1";
    db.query_row(sql, [], |row| row.get(0)).ok()
}

fn stage(world: &World) -> Pid {
    let drills = world.root().join("state/drills");
    let all = processes(&drills);
    let stage = all.iter().find(|it| it.contains("drill-stage")).unwrap();
    let number = stage.split(' ').next().unwrap().parse().unwrap();
    Pid::from_raw(number).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_whose_program_is_killed_clears_itself_away() {
    let world = quiet_for(PatientOptions::tiny(), WATCH).await;
    let before = production(&world);
    let mut program = begin(&world);
    in_the_middle(&world).await;
    program.kill().await.unwrap();
    let drills = world.root().join("state/drills");
    until("the end of the drill", || async {
        let gone = processes(&drills).is_empty() && !drills.join("C-1").exists();
        gone.then_some(())
    })
    .await;
    assert_eq!(phase(&world).as_deref(), Some("running"));
    // Whoever comes next says so, and clears away what no chore owns.
    let state = world.root().join("state");
    let strays = ["drills/C-99", "work/backup-test-99"].map(|name| state.join(name));
    for stray in &strays {
        std::fs::create_dir_all(stray).unwrap();
        std::fs::write(stray.join("bot.db"), b"users").unwrap();
    }
    world.start_bot().await.unwrap();
    until("the end of what nobody owns", || async {
        strays.iter().all(|stray| !stray.exists()).then_some(())
    })
    .await;
    until("the word that it was cut off", || async {
        phase(&world).filter(|phase| phase == "cut-off")
    })
    .await;
    assert_eq!(production(&world), before);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_when_both_are_killed_is_cleared_away_at_the_next_start() {
    let world = quiet_for(PatientOptions::tiny(), WATCH).await;
    let before = production(&world);
    let mut program = begin(&world);
    in_the_middle(&world).await;
    let stage = stage(&world);
    // Stopped first, so that it cannot see the end of its program.
    kill_process(stage, Signal::STOP).unwrap();
    program.kill().await.unwrap();
    kill_process(stage, Signal::KILL).unwrap();
    let drills = world.root().join("state/drills");
    let left = processes(&drills);
    let is_left = |name: &str| left.iter().any(|it| it.contains(name));
    assert!(is_left("recover") && is_left("demo-service"), "{left:?}");
    assert!(is_left("redis-server"), "{left:?}");
    world.start_bot().await.unwrap();
    until("the word that it was cut off", || async {
        phase(&world).filter(|phase| phase == "cut-off")
    })
    .await;
    world.stop_bot().await.unwrap();
    assert_cleared(&world);
    assert_eq!(production(&world), before);
}
