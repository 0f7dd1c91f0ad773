//! Units, as the real systemd and commands tell of them.

use super::ground::{Ground, of, only, units};
use crate::support::systemd_lab::Lab;
use crate::support::wait::until;
use rei_recovery::adapters::systemd::{SystemdOptions, SystemdUnits};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::health::{Condition, Measure, Part, SignCode};
use std::sync::Arc;

fn on(lab: &Lab, names: &[&str]) -> Ground {
    let mut ground = Ground::new();
    let options = SystemdOptions {
        bus: Some(lab.bus_address()),
        ..SystemdOptions::default()
    };
    ground.ports.units = Arc::new(SystemdUnits::new(options).unwrap());
    ground.profile.units = names.iter().map(|name| name.parse().unwrap()).collect();
    ground
}

#[tokio::test]
async fn a_unit_is_seen_and_told_when_it_goes() {
    let lab = Lab::shared();
    let name = lab.fresh_name("watched");
    lab.write_unit(&name, "[Service]\nExecStart=/bin/sleep 1000\n");
    lab.systemctl(&["start", &name]);
    let ground = on(lab, &[&name]);
    let up = of(&ground.round().await, Part::Unit, &name);
    assert_eq!(up.condition, Condition::Up, "{up:?}");
    assert!(up.measures[&Measure::UptimeSeconds] >= 0);
    lab.systemctl(&["stop", &name]);
    let down = of(&ground.round().await, Part::Unit, &name);
    assert!(down.shows(SignCode::UnitDown) && down.condition == Condition::Down);
}

#[tokio::test]
async fn a_unit_that_is_restarted_again_and_again_is_told() {
    let lab = Lab::shared();
    let name = lab.fresh_name("restless");
    let text = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nRestart=always\nRestartSec=50ms\n\
                ExecStart=/bin/sleep 0.2\n";
    lab.write_unit(&name, text);
    lab.systemctl(&["start", &name]);
    let observer = on(lab, &[&name]).observer();
    let found = until("restarts", async || {
        let found = of(&observer.round().await, Part::Unit, &name);
        found.shows(SignCode::UnitRestarting).then_some(found)
    })
    .await;
    lab.systemctl(&["stop", &name]);
    assert_ne!(found.condition, Condition::Up);
    assert!(found.measures[&Measure::Restarts] > 0);
}

#[tokio::test]
async fn a_unit_nobody_knows_is_down_where_it_is_reis_and_unknown_where_it_is_not() {
    let ground = on(Lab::shared(), &["no-such-unit"]);
    let round = ground.round().await;
    let rei = of(&round, Part::Unit, "no-such-unit");
    assert_eq!(rei.condition, Condition::Down);
    let redis = of(&round, Part::Unit, "redis");
    assert_eq!(redis.condition, Condition::Unknown);
    assert_eq!(redis.failure.unwrap().code, FailureCode::UnitNotFound);
}

#[tokio::test]
async fn commands_tell_by_their_exit_code() {
    for (status, condition) in [
        ("sh -c 'exit 0' {unit}", Condition::Up),
        ("sh -c 'exit 3' {unit}", Condition::Down),
        ("sh -c 'exit 9' {unit}", Condition::Unknown),
    ] {
        let mut ground = Ground::new();
        ground.ports.units = Arc::new(units(status));
        ground.profile.redis_unit = ground.profile.units[0].clone();
        let found = only(&ground.round().await, Part::Unit);
        assert_eq!(found.condition, condition);
        assert_eq!(found.failure.is_some(), condition == Condition::Unknown);
    }
}
