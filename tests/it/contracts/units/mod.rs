//! The units' manager: one suite over systemd and over commands, then what only systemd can do.

mod command_yard;
mod commands_only;
mod systemd_only;
mod systemd_yard;

use crate::support::wait::until;
use rei_recovery::domain::failure::{Arg, FailureCode};
use rei_recovery::domain::unit::{UnitName, UnitState};
use rei_recovery::ports::PortError;
use rei_recovery::ports::units::Units;
use std::time::Duration;

/// Short enough for a test, long enough for a process to die in on a busy machine.
pub const SETTLE: Duration = Duration::from_millis(1_500);

/// How a unit under test behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Runs until it is stopped.
    Steady,
    /// Runs until it is stopped and prints all the while.
    Talkative,
    /// Ends with an error as soon as it runs.
    DiesAtOnce,
    /// Runs for 200 ms and then ends with an error.
    DiesSoon,
    /// Takes longer to start than anybody waits.
    NeverReady,
    /// Takes longer to stop than anybody waits.
    NeverStops,
}

/// A manager with units of any manner.
pub trait Yard {
    /// The manager, which waits this long for a start or stop.
    fn units(&self, job: Duration) -> Box<dyn Units>;

    /// A new unit.
    fn unit(&self, manner: Manner) -> UnitName;

    /// What this manager says of a unit that it does not know.
    fn unknown_code(&self) -> FailureCode;
}

const PATIENT: Duration = Duration::from_secs(20);
const IMPATIENT: Duration = Duration::from_secs(4);

pub fn state_of(error: &PortError) -> &str {
    match error.failure.args.get("state") {
        Some(Arg::Text(state)) => state,
        other => panic!("no state in {other:?}"),
    }
}

async fn a_started_unit_is_active_and_starting_it_again_changes_nothing(yard: impl Yard) {
    let (units, unit) = (yard.units(PATIENT), yard.unit(Manner::Steady));
    assert_eq!(
        units.status(&unit).await.unwrap().state,
        UnitState::Inactive
    );
    let first = units.start(&unit).await.unwrap();
    assert_eq!(first.state, UnitState::Active);
    let again = units.start(&unit).await.unwrap();
    assert_eq!((again.state, again.pid), (UnitState::Active, first.pid));
    assert_eq!(again.since, first.since);
    units.stop(&unit).await.unwrap();
}

async fn a_stopped_unit_is_down_and_stopping_it_again_changes_nothing(yard: impl Yard) {
    let (units, unit) = (yard.units(PATIENT), yard.unit(Manner::Steady));
    assert!(units.stop(&unit).await.unwrap().is_down());
    units.start(&unit).await.unwrap();
    let stopped = units.stop(&unit).await.unwrap();
    assert!(stopped.is_down());
    assert_eq!(units.status(&unit).await.unwrap().state, stopped.state);
    assert!(units.stop(&unit).await.unwrap().is_down());
}

async fn an_unknown_unit_is_never_success(yard: impl Yard) {
    let units = yard.units(PATIENT);
    let unit: UnitName = "no-such-unit".parse().unwrap();
    let error = units.start(&unit).await.unwrap_err();
    assert_eq!(error.code(), yard.unknown_code());
    assert!(!error.unknown && !error.transient, "{error:?}");
    assert!(units.stop(&unit).await.is_err());
}

async fn a_unit_that_dies_in_its_first_moments_did_not_start(yard: impl Yard) {
    let units = yard.units(PATIENT);
    for manner in [Manner::DiesAtOnce, Manner::DiesSoon] {
        let unit = yard.unit(manner);
        let error = units.start(&unit).await.unwrap_err();
        assert_eq!(error.code(), FailureCode::UnitDidNotStart, "{error:?}");
        assert!(!error.unknown, "{error:?}");
        assert!(["failed", "inactive"].contains(&state_of(&error)));
        assert!(error.failure.detail.is_some());
    }
}

async fn a_start_that_does_not_end_is_an_unknown_outcome(yard: impl Yard) {
    let (units, unit) = (yard.units(IMPATIENT), yard.unit(Manner::NeverReady));
    let error = units.start(&unit).await.unwrap_err();
    assert_eq!(error.code(), FailureCode::UnitDidNotStart, "{error:?}");
    assert!(error.unknown);
    let _ = units.stop(&unit).await;
}

async fn a_stop_that_does_not_end_is_an_unknown_outcome(yard: impl Yard) {
    let (units, unit) = (yard.units(IMPATIENT), yard.unit(Manner::NeverStops));
    units.start(&unit).await.unwrap();
    let error = units.stop(&unit).await.unwrap_err();
    assert_eq!(error.code(), FailureCode::UnitDidNotStop, "{error:?}");
    assert!(error.unknown);
    assert!(!units.status(&unit).await.unwrap().is_down());
}

async fn a_unit_that_goes_down_by_itself_is_seen_down(yard: impl Yard) {
    let (units, unit) = (yard.units(PATIENT), yard.unit(Manner::DiesSoon));
    assert!(units.start(&unit).await.is_err());
    until("the unit to be down", async || {
        let status = units.status(&unit).await.unwrap();
        status.is_down().then_some(())
    })
    .await;
}

macro_rules! suite {
    ($($name:ident),* $(,)?) => {
        mod systemd {
            $(#[tokio::test] async fn $name() { super::$name(super::systemd_yard::SystemdYard::new()).await; })*
        }
        mod commands {
            $(#[tokio::test] async fn $name() { super::$name(super::command_yard::CommandYard::new()).await; })*
        }
    };
}

suite! {
    a_started_unit_is_active_and_starting_it_again_changes_nothing,
    a_stopped_unit_is_down_and_stopping_it_again_changes_nothing,
    an_unknown_unit_is_never_success,
    a_unit_that_dies_in_its_first_moments_did_not_start,
    a_start_that_does_not_end_is_an_unknown_outcome,
    a_stop_that_does_not_end_is_an_unknown_outcome,
    a_unit_that_goes_down_by_itself_is_seen_down,
}
