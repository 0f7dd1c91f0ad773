//! What only systemd knows or does.

use super::systemd_yard::{SystemdYard, options};
use super::{Manner, PATIENT, Yard, state_of};
use crate::support::program;
use crate::support::systemd_lab::Lab;
use crate::support::wait::until;
use rei_recovery::adapters::systemd::{SystemdOptions, SystemdUnits};
use rei_recovery::domain::Timestamp;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::unit::{UnitName, UnitState};
use rei_recovery::ports::units::Units;
use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

#[tokio::test]
async fn a_restart_loop_is_no_start_and_its_restarts_are_counted() {
    let yard = SystemdYard::new();
    let units = yard.units(PATIENT);
    let unit = yard.service("ExecStart=/bin/false\nRestart=always\nStartLimitIntervalSec=0");
    let error = units.start(&unit).await.unwrap_err();
    assert_eq!(error.code(), FailureCode::UnitDidNotStart);
    assert!(error.failure.detail.unwrap().contains("exit-code"));
    until("three restarts", async || {
        let restarts = units.status(&unit).await.unwrap().restarts;
        restarts.filter(|n| *n >= 3)
    })
    .await;
    assert!(units.stop(&unit).await.unwrap().is_down());
}

#[tokio::test]
async fn a_unit_that_had_to_be_killed_is_stopped_and_says_so() {
    let yard = SystemdYard::new();
    let units = yard.units(PATIENT);
    let unit = yard.service(
        "ExecStart=/bin/sh -c 'trap \"\" TERM; while :; do sleep 1; done'\nTimeoutStopSec=300ms",
    );
    units.start(&unit).await.unwrap();
    let stopped = units.stop(&unit).await.unwrap();
    assert_eq!(stopped.state, UnitState::Failed);
    assert!(stopped.detail.contains("timeout"), "{}", stopped.detail);
}

#[tokio::test]
async fn a_unit_whose_dependency_fails_names_the_job() {
    let yard = SystemdYard::new();
    let broken = yard.service("Type=oneshot\nExecStart=/bin/false");
    let name = yard.lab.fresh_name("patient");
    yard.lab.write_unit(
        &name,
        &format!(
            "[Unit]\nRequires={broken}.service\nAfter={broken}.service\n[Service]\nExecStart=/bin/sleep infinity\n"
        ),
    );
    let error = yard
        .units(PATIENT)
        .start(&name.parse().unwrap())
        .await
        .unwrap_err();
    assert_eq!(error.code(), FailureCode::UnitDidNotStart);
    assert!(error.failure.detail.unwrap().contains("job dependency"));
}

#[tokio::test]
async fn a_masked_unit_does_not_start() {
    let yard = SystemdYard::new();
    let unit = yard.unit(Manner::Steady);
    let file = yard.lab.folder().join(format!("etc/{unit}.service"));
    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("/dev/null", &file).unwrap();
    yard.lab.daemon_reload();
    let error = yard.units(PATIENT).start(&unit).await.unwrap_err();
    assert_eq!(error.code(), FailureCode::UnitDidNotStart);
    assert!(error.failure.detail.unwrap().contains("masked"));
}

#[tokio::test]
async fn a_running_unit_whose_file_was_deleted_can_be_stopped() {
    let yard = SystemdYard::new();
    let (units, unit) = (yard.units(PATIENT), yard.unit(Manner::Steady));
    units.start(&unit).await.unwrap();
    fs::remove_file(yard.lab.folder().join(format!("etc/{unit}.service"))).unwrap();
    yard.lab.daemon_reload();
    assert!(units.stop(&unit).await.unwrap().is_down());
    let error = units.status(&unit).await.unwrap_err();
    assert_eq!(error.code(), FailureCode::UnitNotFound);
}

#[tokio::test]
async fn an_alias_is_the_unit_and_its_lines_are_found() {
    let yard = SystemdYard::new();
    let units = yard.units(PATIENT);
    let unit = yard.service("ExecStart=/bin/sh -c 'echo the real one; exec sleep infinity'");
    let alias = yard.lab.fresh_name("alias");
    let link = yard.lab.folder().join(format!("etc/{alias}.service"));
    std::os::unix::fs::symlink(format!("{unit}.service"), link).unwrap();
    yard.lab.daemon_reload();
    let alias: UnitName = alias.parse().unwrap();
    let since = Timestamp::now();
    units.start(&alias).await.unwrap();
    assert_eq!(units.status(&unit).await.unwrap().state, UnitState::Active);
    until("the alias's line", async || {
        let lines = units.recent_lines(&alias, since, 10).await.unwrap();
        lines.iter().any(|l| l == "the real one").then_some(())
    })
    .await;
    units.stop(&alias).await.unwrap();
}

#[tokio::test]
async fn the_lines_of_a_failing_unit_are_its_newest_since_a_moment() {
    let yard = SystemdYard::new();
    let units = yard.units(PATIENT);
    let unit =
        yard.service("ExecStart=/bin/sh -c 'for n in 1 2 3 4 5; do echo line $$n; done; exit 3'");
    let before = Timestamp::now();
    assert!(units.start(&unit).await.is_err());
    let lines = until("the fifth line", async || {
        let lines = units.recent_lines(&unit, before, 100).await.unwrap();
        lines.iter().any(|line| line == "line 5").then_some(lines)
    })
    .await;
    let told: Vec<_> = lines.iter().filter(|l| l.starts_with("line")).collect();
    assert_eq!(told, ["line 1", "line 2", "line 3", "line 4", "line 5"]);
    let newest = units.recent_lines(&unit, before, 2).await.unwrap();
    assert_eq!(newest, lines[lines.len() - 2..]);
    let later = units
        .recent_lines(&unit, Timestamp::now(), 9)
        .await
        .unwrap();
    assert!(later.is_empty(), "{later:?}");
}

#[tokio::test]
async fn without_a_journal_there_are_no_lines() {
    let unit = "rei_bot".parse().unwrap();
    let empty = tempfile::tempdir().unwrap();
    let real = empty.path().join("journalctl");
    let script = format!(
        "#!/bin/sh\nexec journalctl --directory={} \"$@\"\n",
        empty.path().display()
    );
    program::write(&real, &script);
    for journalctl in [real, "no-such-journalctl".into()] {
        let options = SystemdOptions {
            journalctl,
            ..options(Lab::shared(), PATIENT)
        };
        let units = SystemdUnits::new(options).unwrap();
        let lines = units.recent_lines(&unit, Timestamp::UNIX_EPOCH, 9).await;
        assert_eq!(lines, Ok(vec![]));
    }
}

#[tokio::test]
async fn a_journal_that_cannot_be_read_is_an_error() {
    let options = SystemdOptions {
        journalctl: "false".into(),
        ..options(Lab::shared(), PATIENT)
    };
    let units = SystemdUnits::new(options).unwrap();
    let unit = "rei_bot".parse().unwrap();
    let error = units
        .recent_lines(&unit, Timestamp::now(), 9)
        .await
        .unwrap_err();
    assert_eq!(error.code(), FailureCode::UnitManagerUnreachable);
}

#[tokio::test]
async fn a_bus_that_is_not_there_is_told_as_such() {
    let options = SystemdOptions {
        bus: Some("unix:path=/nonexistent/bus".into()),
        ..SystemdOptions::default()
    };
    let units = SystemdUnits::new(options).unwrap();
    let error = units.start(&"rei_bot".parse().unwrap()).await.unwrap_err();
    assert_eq!(error.code(), FailureCode::UnitManagerUnreachable);
    assert!(error.transient && !error.unknown);
    let wrong = SystemdOptions {
        bus: Some("nonsense".into()),
        ..SystemdOptions::default()
    };
    assert!(SystemdUnits::new(wrong).is_err());
}

#[tokio::test]
async fn a_bus_that_never_answers_is_not_waited_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("bus");
    let _silent = tokio::net::UnixListener::bind(&socket).unwrap();
    let options = SystemdOptions {
        bus: Some(format!("unix:path={}", socket.display())),
        call: Duration::from_millis(300),
        ..SystemdOptions::default()
    };
    let units = SystemdUnits::new(options).unwrap();
    let status = units.status(&"rei_bot".parse().unwrap()).await;
    assert_eq!(
        status.unwrap_err().code(),
        FailureCode::UnitManagerUnreachable
    );
}

/// A lab of its own: the bus goes away under it.
#[tokio::test]
async fn a_bus_that_went_away_and_came_back_is_connected_anew() {
    let lab = Lab::up();
    lab.write_unit("patient", "[Service]\nExecStart=/bin/sleep infinity\n");
    let units = SystemdUnits::new(options(&lab, PATIENT)).unwrap();
    let unit = "patient".parse().unwrap();
    units.start(&unit).await.unwrap();
    lab.systemctl(&["restart", "dbus.service"]);
    let status = until("the bus", async || units.status(&unit).await.ok()).await;
    assert_eq!(status.state, UnitState::Active);
    assert!(units.stop(&unit).await.unwrap().is_down());
}

const AS_NOBODY: &str = "UNITS_TEST_AS_NOBODY";

/// Runs itself again as `nobody`, whom systemd lets look and not touch.
#[tokio::test]
async fn a_caller_without_rights_may_look_and_not_touch() {
    if let Ok(unit) = std::env::var(AS_NOBODY) {
        return be_refused(&unit.parse().unwrap()).await;
    }
    let yard = SystemdYard::new();
    let unit = yard.unit(Manner::Steady);
    let program = yard.lab.folder().join("tests-as-nobody");
    program::copy(&std::env::current_exe().unwrap(), &program);
    let name = "contracts::units::systemd_only::a_caller_without_rights_may_look_and_not_touch";
    let output = Command::new(program)
        .args(["--exact", name, "--nocapture"])
        .env(AS_NOBODY, unit.as_str())
        .env("DBUS_SYSTEM_BUS_ADDRESS", yard.lab.bus_address())
        .current_dir("/")
        .uid(65_534)
        .gid(65_534)
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && words.contains("1 passed"),
        "{words}"
    );
    assert_eq!(
        yard.units(PATIENT).status(&unit).await.unwrap().state,
        UnitState::Inactive
    );
}

/// Finds the bus by `DBUS_SYSTEM_BUS_ADDRESS`, as the program does by default.
async fn be_refused(unit: &UnitName) {
    let units = SystemdUnits::new(SystemdOptions::default()).unwrap();
    assert_eq!(units.status(unit).await.unwrap().state, UnitState::Inactive);
    let error = units.start(unit).await.unwrap_err();
    assert_eq!(error.code(), FailureCode::UnitAccessDenied, "{error:?}");
    assert!(!error.unknown && !error.transient);
}

#[tokio::test]
async fn starts_of_many_units_at_once_do_not_disturb_each_other() {
    let yard = SystemdYard::new();
    let units = yard.units(PATIENT);
    let names: Vec<_> = (0..12).map(|_| yard.unit(Manner::Steady)).collect();
    let started = futures::future::join_all(names.iter().map(|unit| units.start(unit))).await;
    assert!(
        started
            .iter()
            .all(|s| s.as_ref().is_ok_and(|s| s.pid.is_some()))
    );
    let stopped = futures::future::join_all(names.iter().map(|unit| units.stop(unit))).await;
    assert!(
        stopped
            .iter()
            .all(|s| s.as_ref().is_ok_and(|s| s.is_down()))
    );
    let failed = units
        .start(&yard.unit(Manner::DiesAtOnce))
        .await
        .unwrap_err();
    assert_eq!(state_of(&failed), "failed");
}
