//! systemd over D-Bus.
//!
//! systemd's own answer to a start or a stop is not trusted: `Type=simple` reports a start before
//! the process survived its first instruction, and a stop that had to kill reports success. What
//! counts is what the unit's properties say afterwards.

mod bus;
mod job;
mod journal;
mod observation;
mod rights;
mod signals;
mod watch;

use crate::domain::failure::FailureCode;
use crate::domain::unit::{UnitName, UnitStatus};
use crate::ports::units::Units;
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use bus::{Bus, BusError, Link};
use jiff::Timestamp;
use observation::Observation;
use std::path::PathBuf;
use std::time::Duration;
use watch::Goal;

pub use bus::InvalidBusAddress;
pub use rights::UnitVerb;

/// How systemd is reached and how long it is waited for.
#[derive(Debug, Clone)]
pub struct SystemdOptions {
    /// D-Bus address; without one the system bus (`DBUS_SYSTEM_BUS_ADDRESS`, or its usual socket).
    pub bus: Option<String>,
    /// The program that reads the journal, looked up in `PATH` if it is a bare name.
    pub journalctl: PathBuf,
    /// Longest wait for one answer of the bus or of `journalctl`.
    pub call: Duration,
    /// Longest wait for a start or a stop to end. systemd's own limit for either is 90 s by default.
    pub job: Duration,
    /// How long a started unit must stay up before it counts as started.
    pub settle: Duration,
}

impl Default for SystemdOptions {
    fn default() -> Self {
        Self {
            bus: None,
            journalctl: PathBuf::from("journalctl"),
            call: Duration::from_secs(10),
            job: Duration::from_secs(180),
            settle: Duration::from_secs(2),
        }
    }
}

/// The units of this machine's systemd.
#[derive(Debug)]
pub struct SystemdUnits {
    bus: Bus,
    options: SystemdOptions,
}

impl SystemdUnits {
    /// Connects on first use, so that a bus which is down now does not keep the program from
    /// starting.
    ///
    /// # Errors
    /// The configured address is no D-Bus address.
    pub fn new(options: SystemdOptions) -> Result<Self, InvalidBusAddress> {
        let bus = Bus::new(options.bus.as_deref(), options.call)?;
        Ok(Self { bus, options })
    }

    /// The unit as it is now. A name that systemd cannot load counts as unknown, unless something
    /// of it still runs (its file was deleted under it): that can be stopped all the same.
    async fn look(&self, link: &Link, unit: &UnitName) -> PortResult<(String, Observation)> {
        let path = link
            .load_unit(&file_name(unit))
            .await
            .map_err(|error| error.into_port(unit))?;
        let seen = link
            .observe(&path)
            .await
            .map_err(|error| error.into_port(unit))?;
        if seen.is_missing() {
            return Err(PortError::new(FailureCode::UnitNotFound).with("unit", unit.as_str()));
        }
        Ok((path, seen))
    }

    async fn link(&self, unit: &UnitName) -> PortResult<Link> {
        self.bus.link().await.map_err(|error| error.into_port(unit))
    }

    /// Asks for the goal unless it is reached already, then watches until it is seen.
    async fn bring(&self, unit: &UnitName, goal: Goal) -> PortResult<UnitStatus> {
        let link = self.link(unit).await?;
        let (path, seen) = self.look(&link, unit).await?;
        if goal.is_reached(&seen, self.options.settle, Timestamp::now()) {
            return Ok(seen.status(unit));
        }
        job::run(job::Order {
            link: &link,
            unit,
            path: &path,
            goal,
            options: &self.options,
        })
        .await
    }
}

#[async_trait]
impl Units for SystemdUnits {
    async fn status(&self, unit: &UnitName) -> PortResult<UnitStatus> {
        let link = self.link(unit).await?;
        let (_, seen) = self.look(&link, unit).await?;
        Ok(seen.status(unit))
    }

    async fn start(&self, unit: &UnitName) -> PortResult<UnitStatus> {
        self.bring(unit, Goal::Up).await
    }

    async fn stop(&self, unit: &UnitName) -> PortResult<UnitStatus> {
        self.bring(unit, Goal::Down).await
    }

    async fn recent_lines(
        &self,
        unit: &UnitName,
        since: Timestamp,
        limit: usize,
    ) -> PortResult<Vec<String>> {
        // The journal files its entries under the unit's real name, not under an alias such as
        // Debian's `redis` for `redis-server`; the journal can be read even when the bus is down.
        let real_name = match self.bus.link().await {
            Ok(link) => self.look(&link, unit).await.map(|(_, seen)| seen.id).ok(),
            Err(_) => None,
        };
        let name = real_name.unwrap_or_else(|| file_name(unit));
        journal::recent(&self.options, &name, since, limit).await
    }
}

fn file_name(unit: &UnitName) -> String {
    format!("{unit}.service")
}

impl BusError {
    /// As an error of the port, for a call that changes nothing.
    fn into_port(self, unit: &UnitName) -> PortError {
        use bus::Trouble;
        let error = match self.trouble() {
            Trouble::NoSuchUnit => {
                PortError::new(FailureCode::UnitNotFound).with("unit", unit.as_str())
            }
            Trouble::Denied => {
                PortError::new(FailureCode::UnitAccessDenied).with("unit", unit.as_str())
            }
            Trouble::NotAsked | Trouble::NoAnswer | Trouble::Refused => {
                PortError::new(FailureCode::UnitManagerUnreachable)
                    .with("manager", "systemd")
                    .transient()
            }
        };
        error.because(self)
    }
}
