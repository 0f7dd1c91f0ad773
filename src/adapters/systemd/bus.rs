//! The connection to the bus and the few calls that are made over it.

use super::observation::Observation;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::Mutex;
use zbus::{Address, Connection, connection, fdo};
use zbus::{OwnedObjectPath, OwnedVariant};

pub(super) const SYSTEMD: &str = "org.freedesktop.systemd1";
pub(super) const MANAGER_PATH: &str = "/org/freedesktop/systemd1";
pub(super) const MANAGER: &str = "org.freedesktop.systemd1.Manager";

/// Why a text cannot be the bus's address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{address}` is not a D-Bus address: {reason}")]
pub struct InvalidBusAddress {
    address: String,
    reason: String,
}

/// What went wrong on the bus.
#[derive(Debug, thiserror::Error)]
pub(super) enum BusError {
    #[error("cannot connect: {0}")]
    Connect(zbus::Error),
    #[error("no answer within {} s", .0.as_secs_f32())]
    Silent(Duration),
    #[error(transparent)]
    Call(#[from] zbus::Error),
}

/// What an error means for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// systemd does not know the unit.
    NoSuchUnit,
    /// We are not allowed to.
    Denied,
    /// systemd was never asked.
    NotAsked,
    /// systemd was asked, its answer is not known.
    NoAnswer,
    /// systemd said no.
    Refused,
}

impl BusError {
    /// Whether systemd or the bus answered with an error of one of these names.
    pub(super) fn is_one_of(&self, names: &[&str]) -> bool {
        use zbus::DBusError;
        match self {
            Self::Call(zbus::Error::MethodError(name, ..)) => names.contains(&name.as_str()),
            Self::Call(zbus::Error::FDO(error)) => names.contains(&error.name().as_str()),
            _ => false,
        }
    }

    pub(super) fn trouble(&self) -> Trouble {
        match self {
            Self::Connect(_) => Trouble::NotAsked,
            Self::Silent(_) => Trouble::NoAnswer,
            Self::Call(zbus::Error::MethodError(name, ..)) => match name.as_str() {
                "org.freedesktop.systemd1.NoSuchUnit" => Trouble::NoSuchUnit,
                _ => Trouble::Refused,
            },
            Self::Call(zbus::Error::FDO(error)) => standard_trouble(error),
            Self::Call(_) => Trouble::NoAnswer,
        }
    }
}

fn standard_trouble(error: &fdo::Error) -> Trouble {
    use fdo::Error as E;
    match error {
        E::AccessDenied(_) | E::AuthFailed(_) | E::InteractiveAuthorizationRequired(_) => {
            Trouble::Denied
        }
        // What systemd says to a name that no unit can have, such as a template without instance.
        E::InvalidArgs(_) => Trouble::NoSuchUnit,
        E::ServiceUnknown(_) | E::NameHasNoOwner(_) => Trouble::NotAsked,
        E::NoReply(_) | E::Timeout(_) | E::TimedOut(_) | E::Disconnected(_) | E::ZBus(_) => {
            Trouble::NoAnswer
        }
        _ => Trouble::Refused,
    }
}

/// Keeps one connection and makes another when it broke.
#[derive(Debug)]
pub(super) struct Bus {
    address: Option<Address>,
    limit: Duration,
    connection: Mutex<Option<Connection>>,
}

impl Bus {
    pub(super) fn new(address: Option<&str>, limit: Duration) -> Result<Self, InvalidBusAddress> {
        let parse = |text: &str| {
            text.parse()
                .map_err(|error: zbus::Error| InvalidBusAddress {
                    address: text.to_owned(),
                    reason: error.to_string(),
                })
        };
        Ok(Self {
            address: address.map(parse).transpose()?,
            limit,
            connection: Mutex::new(None),
        })
    }

    /// A connection that was alive a moment ago.
    pub(super) async fn link(&self) -> Result<Link, BusError> {
        let mut kept = self.connection.lock().await;
        if let Some(connection) = kept.as_ref().filter(|connection| !connection.is_closed()) {
            return Ok(Link::new(connection, self.limit));
        }
        let connection = within(self.limit, self.connect())
            .await
            .map_err(|error| match error {
                BusError::Call(error) => BusError::Connect(error),
                other => other,
            })?;
        let link = Link::new(&connection, self.limit);
        // systemd sends signals only while somebody has subscribed; the subscription ends with
        // the connection.
        link.call::<_, ()>(MANAGER_PATH, MANAGER, "Subscribe", &())
            .await?;
        *kept = Some(connection);
        Ok(link)
    }

    async fn connect(&self) -> zbus::Result<Connection> {
        let builder = match &self.address {
            Some(address) => connection::Builder::address(address.clone()),
            None => connection::Builder::system(),
        };
        builder.build().await
    }
}

/// One connection with the longest wait for an answer over it.
#[derive(Debug, Clone)]
pub(super) struct Link {
    connection: Connection,
    limit: Duration,
}

impl Link {
    fn new(connection: &Connection, limit: Duration) -> Self {
        Self {
            connection: connection.clone(),
            limit,
        }
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The unit's object; systemd gives one to unknown units too.
    pub(super) async fn load_unit(&self, name: &str) -> Result<String, BusError> {
        let path: OwnedObjectPath = self.call(MANAGER_PATH, MANAGER, "LoadUnit", &name).await?;
        Ok(path.to_string())
    }

    /// Puts a job into systemd's queue, in place of an opposite one; gives the job's object.
    pub(super) async fn queue(&self, method: &str, name: &str) -> Result<String, BusError> {
        let path: OwnedObjectPath = self
            .call(MANAGER_PATH, MANAGER, method, &(name, "replace"))
            .await?;
        Ok(path.to_string())
    }

    /// All properties of the unit in one answer, so that they fit each other.
    pub(super) async fn observe(&self, path: &str) -> Result<Observation, BusError> {
        let properties: HashMap<String, OwnedVariant> = self
            .call(path, "org.freedesktop.DBus.Properties", "GetAll", &"")
            .await?;
        Ok(Observation::read(&properties))
    }

    /// Whether the unit may be started in isolation.
    pub(super) async fn can_isolate(&self, path: &str) -> Result<bool, BusError> {
        let property = ("org.freedesktop.systemd1.Unit", "CanIsolate");
        let value: OwnedVariant = self
            .call(path, "org.freedesktop.DBus.Properties", "Get", &property)
            .await?;
        // Unreadable counts as yes: then it is not tried.
        Ok(bool::try_from(value).unwrap_or(true))
    }

    pub(super) async fn call<B, R>(
        &self,
        path: &str,
        interface: &str,
        method: &str,
        body: &B,
    ) -> Result<R, BusError>
    where
        B: serde::Serialize + zbus::DynamicType,
        R: serde::de::DeserializeOwned + zbus::Type,
    {
        let call = self
            .connection
            .call_method(Some(SYSTEMD), path, Some(interface), method, body);
        let reply = within(self.limit, call).await?;
        Ok(reply.body().deserialize()?)
    }
}

/// Waits for an answer of the bus, but not for ever.
pub(super) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = zbus::Result<T>>,
) -> Result<T, BusError> {
    match tokio::time::timeout(limit, work).await {
        Ok(outcome) => outcome.map_err(BusError::Call),
        Err(_) => Err(BusError::Silent(limit)),
    }
}
