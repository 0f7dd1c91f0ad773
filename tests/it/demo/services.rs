//! REI's processes hold the database, write to it, and suffer with it.

use crate::support::wait::until;
use rei_recovery::demo::patient::{Damage, Patient, PatientOptions, balances_hold, damage, rows};
use rei_recovery::demo::units::{self, Unit};
use std::fs;
use std::path::Path;
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

/// A patient whose processes end with the test.
struct Alive {
    patient: Patient,
    _dir: tempfile::TempDir,
}

impl Alive {
    fn build() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let patient = Patient::build(dir.path(), &PatientOptions::tiny()).unwrap();
        Self { patient, _dir: dir }
    }

    fn unit(&self, verb: &str, unit: &str) -> Option<i32> {
        let mut command = Command::new(PROGRAM);
        command
            .args(["demo-unit", verb, unit, "--home"])
            .arg(self.patient.home());
        command.output().unwrap().status.code()
    }

    fn start(&self) {
        for unit in Unit::ALL {
            assert_eq!(self.unit("start", unit.name()), Some(0), "{unit:?}");
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.patient.log()).unwrap()
    }

    fn jobs(&self) -> u64 {
        rows(&self.patient.database()).unwrap()["jobs"]
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        units::kill_all(&self.patient.home());
    }
}

fn holds(pid: u32, file: &Path) -> bool {
    let open = fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
    open.flatten()
        .any(|fd| fs::read_link(fd.path()).is_ok_and(|target| target == file))
}

#[tokio::test]
async fn the_services_hold_the_database_and_write_to_it() {
    let world = Alive::build();
    let before = world.jobs();
    world.start();
    // A worker holds it while it is at a job, in a process of that job's own.
    let bot = units::pid(Unit::Bot, &world.patient.home())
        .unwrap()
        .unwrap();
    until("an open handle", async || {
        holds(bot, &world.patient.database()).then_some(())
    })
    .await;
    until("new jobs", async || {
        (world.jobs() > before + 2).then_some(())
    })
    .await;
    until("finished jobs", async || {
        world.log().contains(" completed").then_some(())
    })
    .await;
    assert!(balances_hold(&world.patient.database()).unwrap());
}

#[tokio::test]
async fn the_manager_starts_stops_and_tells() {
    let world = Alive::build();
    assert_eq!(world.unit("status", "rei_bot"), Some(3));
    assert_eq!(world.unit("start", "rei_bot"), Some(0));
    let pid = units::pid(Unit::Bot, &world.patient.home()).unwrap();
    assert_eq!(world.unit("start", "rei_bot"), Some(0));
    assert_eq!(
        units::pid(Unit::Bot, &world.patient.home()).unwrap(),
        pid,
        "one process only"
    );
    assert_eq!(world.unit("status", "rei_bot.service"), Some(0));
    assert_eq!(world.unit("status", "rei_bot_workers"), Some(3));
    assert_eq!(world.unit("stop", "rei_bot"), Some(0));
    assert_eq!(world.unit("stop", "rei_bot"), Some(0));
    assert_eq!(world.unit("status", "rei_bot"), Some(3));
    assert_eq!(world.unit("status", "nginx"), Some(4));
    assert_eq!(world.unit("start", "nginx"), Some(1));
}

#[tokio::test]
async fn a_stopped_service_leaves_its_last_rows_in_the_wal() {
    let world = Alive::build();
    let before = world.jobs();
    world.start();
    until("new jobs", async || (world.jobs() > before).then_some(())).await;
    for unit in Unit::REI {
        assert_eq!(world.unit("stop", unit.name()), Some(0));
    }
    assert!(fs::metadata(world.patient.sidecar("-wal")).unwrap().len() > 0);
    assert!(world.jobs() > before);
}

#[tokio::test]
async fn services_notice_damage_say_so_and_give_up() {
    let world = Alive::build();
    world.start();
    until("work", async || {
        world.log().contains(" queued for").then_some(())
    })
    .await;
    damage(&world.patient.database(), Damage::FlippedBytes).unwrap();
    until("the end of the bot", async || {
        (world.unit("status", "rei_bot") == Some(3)).then_some(())
    })
    .await;
    let log = world.log();
    assert!(
        log.contains("rei_bot - ERROR - Unhandled exception"),
        "{log}"
    );
    assert!(
        log.contains("sqlite3.DatabaseError: database disk image is malformed"),
        "{log}"
    );
}

#[tokio::test]
async fn a_service_does_not_come_up_without_its_database() {
    let world = Alive::build();
    damage(&world.patient.database(), Damage::Deleted).unwrap();
    let code = world.unit("start", "rei_bot");
    // It may be seen alive for the blink in which it looks for its database.
    until("its end", async || {
        (world.unit("status", "rei_bot") == Some(3)).then_some(())
    })
    .await;
    assert!(matches!(code, Some(0 | 1)), "{code:?}");
    assert!(
        world
            .log()
            .contains("sqlite3.OperationalError: unable to open database file")
    );
    assert!(
        !world.patient.database().exists(),
        "nobody makes an empty one"
    );
}
