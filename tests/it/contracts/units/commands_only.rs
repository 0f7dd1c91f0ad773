//! What only matters where commands are run.

use super::command_yard::CommandYard;
use super::{IMPATIENT, Manner, Yard};
use crate::support::wait::until;
use rei_recovery::adapters::command_units::{CommandUnits, CommandUnitsOptions, InvalidCommand};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::unit::{UnitName, UnitState};
use rei_recovery::ports::units::Units;
use std::fs;
use std::path::Path;

fn unit() -> UnitName {
    "rei_bot".parse().unwrap()
}

/// Units whose status command is this shell text; `$1` is the unit.
fn with_status(script: &str) -> CommandUnits {
    let mut options =
        CommandUnitsOptions::new("true {unit}", "true {unit}", "sh -c SCRIPT status {unit}");
    options.status = options.status.replace("SCRIPT", &format!("'{script}'"));
    options.withheld = vec!["HOME".into()];
    options.call = IMPATIENT;
    CommandUnits::new(options).unwrap()
}

#[tokio::test]
async fn the_exit_code_alone_is_the_state_and_the_output_is_for_people() {
    for (script, state, detail) in [
        ("exit 0", UnitState::Active, "exit code 0"),
        (
            "echo $1 is stopped; exit 3",
            UnitState::Inactive,
            "exit code 3: rei_bot is stopped",
        ),
        ("echo oh >&2; exit 1", UnitState::Unknown, "exit code 1: oh"),
        ("kill -9 $$", UnitState::Unknown, "ended by signal 9"),
    ] {
        let status = with_status(script).status(&unit()).await.unwrap();
        assert_eq!((status.state, status.detail.as_str()), (state, detail));
    }
}

#[tokio::test]
async fn a_flood_of_output_is_cut_and_does_not_stall_the_command() {
    let status = with_status("yes x | head -c 5000000; echo end")
        .status(&unit())
        .await;
    let detail = status.unwrap().detail;
    assert!(
        detail.ends_with("x end") && detail.len() < 1_100,
        "{}",
        detail.len()
    );
}

#[tokio::test]
async fn commands_do_not_see_what_is_withheld() {
    // Every test process has a HOME; it stands in for a token.
    assert!(std::env::var_os("HOME").is_some());
    let status = with_status("[ -n \"$PATH\" ] && [ -z \"$HOME\" ]")
        .status(&unit())
        .await;
    assert_eq!(status.unwrap().state, UnitState::Active);
}

#[tokio::test]
async fn a_command_that_hangs_is_killed_with_what_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let pid_file = folder.path().join("pid");
    let script = format!("sleep 1000 & echo $! > {}; wait", pid_file.display());
    let error = with_status(&script).status(&unit()).await.unwrap_err();
    assert_eq!(error.code(), FailureCode::UnitCommandFailed);
    assert!(error.transient && !error.unknown);
    let pid = fs::read_to_string(pid_file).unwrap();
    until("the grandchild's end", async || {
        ended(pid.trim()).then_some(())
    })
    .await;
}

fn ended(pid: &str) -> bool {
    let status = fs::read_to_string(Path::new("/proc").join(pid).join("status"));
    status.is_ok_and(|s| s.contains("State:\tZ")) || !Path::new("/proc").join(pid).exists()
}

#[tokio::test]
async fn a_daemon_left_with_our_pipe_goes_on_after_its_start_command_ended() {
    let yard = CommandYard::new();
    let units = yard.units(IMPATIENT);
    let unit = yard.unit(Manner::Talkative);
    units.start(&unit).await.unwrap();
    let said = yard.file(&unit, "said");
    let lines = |text: &str| text.lines().count();
    let before = lines(&fs::read_to_string(&said).unwrap());
    until("more words of the daemon", async || {
        (lines(&fs::read_to_string(&said).unwrap()) > before + 5).then_some(())
    })
    .await;
    assert_eq!(units.status(&unit).await.unwrap().state, UnitState::Active);
}

#[tokio::test]
async fn a_command_that_cannot_be_run_is_named() {
    let options =
        CommandUnitsOptions::new("true {unit}", "true {unit}", "/nonexistent/program {unit}");
    let units = CommandUnits::new(options).unwrap();
    let error = units.start(&unit()).await.unwrap_err();
    assert_eq!(error.code(), FailureCode::UnitCommandFailed);
    assert_eq!(error.failure.args["command"], "/nonexistent/program".into());
    assert!(!error.transient && !error.unknown);
}

#[test]
fn a_command_without_a_unit_is_refused() {
    let options = CommandUnitsOptions::new("start", "stop {unit}", "status {unit}");
    let refused = CommandUnits::new(options).unwrap_err();
    assert_eq!(refused, InvalidCommand::NoUnit("start".into()));
}
