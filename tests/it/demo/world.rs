//! The world is whole, obeys, and leaves nothing behind.

use crate::support::wait::until;
use rei_recovery::demo::error::DemoError;
use rei_recovery::demo::patient::{Flaw, PatientOptions};
use rei_recovery::demo::units::{self, Unit};
use rei_recovery::demo::world::{World, WorldOptions};
use std::fs;
use std::path::Path;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");
const PATIENCE: Duration = Duration::from_secs(60);

fn is_alive(pid: u32) -> bool {
    // A process that ended and was not waited for keeps its entry, with the state Z.
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

#[tokio::test]
async fn a_world_without_the_bot_is_whole_and_leaves_nothing() {
    let options = WorldOptions::new(PROGRAM).bot_down();
    let world = World::build(options.patient(PatientOptions::rehearsal()))
        .await
        .unwrap();
    let (root, home) = (world.root().to_owned(), world.patient.home());
    let in_bucket = fs::read_dir(world.bucket()).unwrap().count();
    assert_eq!(
        in_bucket,
        fs::read_dir(world.patient.backup_dir()).unwrap().count()
    );
    assert!(in_bucket >= 6, "four backups and two checksums");
    let pids = Unit::ALL.map(|unit| units::pid(unit, &home).unwrap().unwrap());
    drop(world);
    for pid in pids {
        until("the unit's end", async || (!is_alive(pid)).then_some(())).await;
    }
    assert!(!root.exists());
}

#[tokio::test]
async fn a_full_disk_of_its_own_hurts_the_patient_alone() {
    let options = WorldOptions::new(PROGRAM).bot_down().own_disk(16 << 20);
    let world = World::build(options).await.unwrap();
    let home = world.patient.home();
    world.disk().unwrap().fill(0).unwrap();
    let log = fs::read_to_string(world.patient.log()).unwrap();
    assert!(fs::write(home.join("one-more"), [0; 8192]).is_err());
    fs::write(world.root().join("elsewhere"), [0; 8192]).unwrap();
    world
        .until("REI to give up", PATIENCE, || {
            Ok((!world.is_up(Unit::Bot)?).then_some(()))
        })
        .await
        .unwrap();
    assert!(log.contains("working"));
    world.disk().unwrap().empty().unwrap();
    world.start_units().await.unwrap();
    fs::write(home.join("one-more"), [0; 8192]).unwrap();
    drop(world);
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
    assert!(!mounts.contains(home.to_str().unwrap()), "{mounts}");
}

#[tokio::test]
async fn the_bot_starts_stops_dies_and_comes_back() {
    let world = World::build(WorldOptions::new(PROGRAM)).await.unwrap();
    let first = world.bot_pid().unwrap();
    let ended = world.stop_bot().await.unwrap().unwrap();
    assert_eq!(ended.code(), Some(0), "{}", world.bot_log());
    assert!(world.bot_pid().is_none() && !is_alive(first));
    world.start_bot().await.unwrap();
    let killed = world.kill_bot().await.unwrap().unwrap();
    assert_eq!(killed.code(), None);
    world.start_bot().await.unwrap();
    assert_eq!(
        world.console(&["audit", "verify"]).await.unwrap().code,
        Some(0)
    );
    let pid = world.bot_pid().unwrap();
    drop(world);
    until("the bot's end", async || (!is_alive(pid)).then_some(())).await;
}

#[tokio::test]
async fn a_bot_that_does_not_come_up_says_why() {
    let options = WorldOptions::new(PROGRAM)
        .units_down()
        .set("ADMIN_IDS", "anna");
    let error = World::build(options).await.unwrap_err();
    let DemoError::Ended { output, .. } = &error else {
        panic!("{error}");
    };
    assert!(output.contains("ADMIN_IDS"), "{output}");
}

#[tokio::test]
async fn a_snare_kills_the_bot_at_its_place_of_the_journal() {
    let world = World::build(WorldOptions::new(PROGRAM)).await.unwrap();
    let snare = world.snare(3).unwrap();
    let recover = ["recover", "database-corruption", "--yes"];
    // The console follows the run; it goes as soon as the bot is dead.
    let journal = tokio::select! {
        caught = snare.kill_there(PATIENCE) => caught.unwrap(),
        console = world.console(&recover) => panic!("{console:?}"),
    };
    let kinds: Vec<_> = journal.iter().map(|entry| entry.kind()).collect();
    assert_eq!(kinds, ["proposed", "started"]);
    snare.remove().unwrap();
    world.start_bot().await.unwrap();
    world
        .until("the run to go on", PATIENCE, || {
            Ok((world.state.journal(1)?.len() > 3).then_some(()))
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn flaws_reach_the_bucket() {
    let mut patient = PatientOptions::tiny();
    patient.backups[0].flaw = Some(Flaw::Empty);
    let options = WorldOptions::new(PROGRAM)
        .bot_down()
        .units_down()
        .patient(patient);
    let world = World::build(options).await.unwrap();
    let mut files = fs::read_dir(world.bucket()).unwrap().flatten();
    assert!(files.any(|file| size(&file.path()) == 0));
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}
