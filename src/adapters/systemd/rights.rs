//! Whether systemd would let us start and stop a unit, found out without doing either.
//!
//! polkit cannot be asked in systemd's stead: it takes the details that rules go by, unit and verb, from
//! root and from an action's owner alone. So systemd is asked for a job that it looks at our right for and
//! then refuses, whoever asks: to start a unit in isolation that may not be isolated, and to stop one in
//! isolation, which there is not (`manager_add_job` of systemd's source; the right is looked at before).

use super::bus::{BusError, MANAGER, MANAGER_PATH};
use super::{SystemdUnits, file_name};
use crate::domain::failure::FailureCode;
use crate::domain::unit::UnitName;
use crate::ports::{PortError, PortResult};
use zbus::OwnedObjectPath;

/// A job mode that is refused after the right was looked at.
const REFUSED_MODE: &str = "isolate";

/// How systemd refuses the job, our right being there.
const REFUSED: [&str; 2] = [
    "org.freedesktop.systemd1.NoIsolation",
    "org.freedesktop.DBus.Error.InvalidArgs",
];

/// What is done to a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitVerb {
    /// Start it.
    Start,
    /// Stop it.
    Stop,
}

impl UnitVerb {
    /// systemd's method.
    fn method(self) -> &'static str {
        match self {
            Self::Start => "StartUnit",
            Self::Stop => "StopUnit",
        }
    }
}

impl SystemdUnits {
    /// The unit's own name with its suffix: rules go by it, and never by an alias such as Debian's
    /// `redis` for `redis-server`.
    ///
    /// # Errors
    /// `unit-not-found`; `unit-manager-unreachable`.
    pub async fn real_name(&self, unit: &UnitName) -> PortResult<String> {
        let link = self.link(unit).await?;
        Ok(self.look(&link, unit).await?.1.id)
    }

    /// Whether we may do this to the unit. Nothing is done to it.
    ///
    /// A unit with `AllowIsolate=yes` is not asked to start, since it would: there the answer for
    /// stopping stands for both.
    ///
    /// # Errors
    /// `unit-access-denied` where we may not; `unit-not-found`; `unit-manager-unreachable`.
    pub async fn may(&self, unit: &UnitName, verb: UnitVerb) -> PortResult<()> {
        let link = self.link(unit).await?;
        let (path, _) = self.look(&link, unit).await?;
        let isolates = link.can_isolate(&path).await;
        if verb == UnitVerb::Start && isolates.map_err(|error| error.into_port(unit))? {
            return Ok(());
        }
        let job = (file_name(unit), REFUSED_MODE);
        let asked = link.call::<_, OwnedObjectPath>(MANAGER_PATH, MANAGER, verb.method(), &job);
        match asked.await {
            Ok(_) => Ok(()),
            Err(error) if error.is_one_of(&REFUSED) => Ok(()),
            Err(error) if error.is_one_of(&["org.freedesktop.systemd1.OnlyByDependency"]) => {
                Err(PortError::new(FailureCode::UnitAccessDenied)
                    .with("unit", unit.as_str())
                    .because(error))
            }
            Err(error) => Err(denied_or(error, unit)),
        }
    }
}

fn denied_or(error: BusError, unit: &UnitName) -> PortError {
    let denied = [
        "org.freedesktop.DBus.Error.AccessDenied",
        "org.freedesktop.DBus.Error.AuthFailed",
        "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired",
    ];
    if error.is_one_of(&denied) {
        return PortError::new(FailureCode::UnitAccessDenied)
            .with("unit", unit.as_str())
            .because(error);
    }
    error.into_port(unit)
}
