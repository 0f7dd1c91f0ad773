//! Units of a real systemd.

use super::{Manner, SETTLE, Yard};
use crate::support::systemd_lab::Lab;
use rei_recovery::adapters::systemd::{SystemdOptions, SystemdUnits};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::unit::UnitName;
use rei_recovery::ports::units::Units;
use std::time::Duration;

/// The shared lab.
pub struct SystemdYard {
    pub lab: &'static Lab,
}

impl SystemdYard {
    pub fn new() -> Self {
        Self { lab: Lab::shared() }
    }

    /// A new unit with this `[Service]` section.
    pub fn service(&self, section: &str) -> UnitName {
        let name = self.lab.fresh_name("patient");
        self.lab
            .write_unit(&name, &format!("[Service]\n{section}\n"));
        name.parse().unwrap()
    }
}

/// How a client outside reaches the lab.
pub fn options(lab: &Lab, job: Duration) -> SystemdOptions {
    SystemdOptions {
        bus: Some(lab.bus_address()),
        journalctl: lab.programs().join("journalctl"),
        settle: SETTLE,
        job,
        ..SystemdOptions::default()
    }
}

impl Yard for SystemdYard {
    fn units(&self, job: Duration) -> Box<dyn Units> {
        Box::new(SystemdUnits::new(options(self.lab, job)).unwrap())
    }

    fn unit(&self, manner: Manner) -> UnitName {
        self.service(match manner {
            Manner::Steady => "ExecStart=/bin/sleep infinity",
            Manner::Talkative => "ExecStart=/bin/sh -c 'while echo word; do sleep 0.05; done'",
            Manner::DiesAtOnce => "ExecStart=/bin/false",
            Manner::DiesSoon => "ExecStart=/bin/sh -c 'sleep 0.2; exit 1'",
            Manner::NeverReady => "Type=notify\nExecStart=/bin/sleep infinity",
            Manner::NeverStops => {
                "ExecStart=/bin/sleep infinity\nExecStop=/bin/sleep infinity\nTimeoutStopSec=infinity"
            }
        })
    }

    fn unknown_code(&self) -> FailureCode {
        FailureCode::UnitNotFound
    }
}
