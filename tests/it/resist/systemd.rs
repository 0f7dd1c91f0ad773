//! The whole program against a real systemd.

use super::play::*;
use crate::support::systemd_lab::Lab;
use rei_recovery::demo::patient::{Damage, balances_hold, damage, fingerprint, integrity};
use rei_recovery::demo::units::Unit;
use rei_recovery::demo::world::World;
use std::path::Path;
use std::process::Command;

/// REI's two units under the lab's systemd; they end with this handle.
struct Services {
    lab: &'static Lab,
    names: [String; 2],
}

impl Services {
    fn new() -> Self {
        let lab = Lab::shared();
        let names = Unit::REI.map(|unit| lab.fresh_name(unit.name()));
        Self { lab, names }
    }

    /// Writes the units. What comes back is dropped before the world that was built in between.
    fn installed(self, world: &World) -> Self {
        for (unit, name) in Unit::REI.iter().zip(&self.names) {
            let text = format!(
                "[Service]\nExecStart={PROGRAM} demo-service {} --home {}\n",
                unit.name(),
                world.patient.home().display()
            );
            self.lab.write_unit(name, &text);
        }
        self
    }

    fn start(&self) {
        for name in &self.names {
            self.lab.systemctl(&["start", name]);
        }
    }

    fn stop(&self) {
        for name in &self.names {
            self.lab.systemctl(&["stop", name]);
        }
    }

    fn property(&self, name: &str, property: &str) -> String {
        let shown = self
            .lab
            .systemctl(&["show", "--value", "--property", property, name]);
        shown.trim().to_owned()
    }

    fn pids(&self) -> [String; 2] {
        self.names
            .each_ref()
            .map(|name| self.property(name, "MainPID"))
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        // A world ends its patient by the process numbers that it finds; those in here are others'.
        let systemctl = self.lab.programs().join("systemctl");
        for verb in [&["kill", "--signal=KILL"][..], &["stop"]] {
            let mut command = Command::new(&systemctl);
            // What is down already is complained of, and that is well.
            let _ = command.args(verb).args(&self.names).output();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_from_the_console_stops_and_starts_real_units() {
    let services = Services::new();
    let path = format!("{}:/usr/bin:/bin", services.lab.programs().display());
    let world = options()
        .units_down()
        .set("UNIT_MANAGER", "systemd")
        .set("DBUS_SYSTEM_BUS_ADDRESS", services.lab.bus_address())
        .set("PATH", path)
        .set("REI_UNITS", services.names.join(","));
    let world = build(world).await;
    let services = services.installed(&world);
    services.start();
    let before = services.pids();
    let database = world.patient.database();
    damage(&database, Damage::FlippedBytes).unwrap();

    let args = ["recover", "database-corruption", "--yes"];
    let console = world.console(&args).await.unwrap();
    assert_eq!(console.code, Some(0), "{console:?}\n{}", world.bot_log());
    assert_eq!(outcome(&world).await, "recovered");
    let events = journal(&world);
    let done = |step: &str| {
        let mut events = events.iter();
        let event = events.find(|e| e.kind() == "step-succeeded" && e.step() == Some(step));
        event.expect("the step").event["facts"].to_string()
    };
    let after = services.pids();
    for (unit, name) in services.names.iter().enumerate() {
        assert_eq!(services.property(name, "ActiveState"), "active");
        assert_eq!(services.property(name, "NRestarts"), "0");
        assert_ne!(before[unit], after[unit], "{name} is a new process");
        // The observed state, as systemd words it.
        assert!(done("stop").contains(name.as_str()), "{}", done("stop"));
        assert!(done("start").contains(name.as_str()), "{}", done("start"));
    }
    services.stop();
    assert!(integrity(&database).unwrap().is_empty());
    assert!(balances_hold(&database).unwrap());
    let taken = world.patient.latest_good().unwrap();
    let unpacked = world.root().join("unpacked.db");
    gunzip(&taken.file, &unpacked);
    let cut = taken.time.at().strftime("%Y-%m-%d %H:%M:%S").to_string();
    let print = |path: &Path| fingerprint(path, &cut).unwrap();
    assert_eq!(print(&database), print(&unpacked));
    trail_holds(&world).await;
}
