//! Units: the patient's processes, as systemd or another manager knows them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A unit's name without a suffix, for example `rei_bot`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitName(String);

/// Why a text cannot be a unit's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a unit name: letters, digits and . _ - @ : only, not starting with - or .")]
pub struct InvalidUnitName(String);

impl UnitName {
    /// As configured.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for UnitName {
    type Error = InvalidUnitName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let plain = text.strip_suffix(".service").unwrap_or(&text);
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"._-@:".contains(&b);
        // A leading hyphen would read as an option where a command gets the name.
        if (1..=200).contains(&plain.len())
            && plain.bytes().all(fits)
            && !plain.starts_with(['-', '.'])
        {
            Ok(Self(plain.to_owned()))
        } else {
            Err(InvalidUnitName(text))
        }
    }
}

impl std::str::FromStr for UnitName {
    type Err = InvalidUnitName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

impl From<UnitName> for String {
    fn from(unit: UnitName) -> Self {
        unit.0
    }
}

impl fmt::Display for UnitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a unit was observed to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitState {
    /// Runs.
    Active,
    /// On its way up (also systemd's wait between two automatic restarts).
    Activating,
    /// On its way down.
    Deactivating,
    /// Stopped as asked.
    Inactive,
    /// Stopped by an error.
    Failed,
    /// The manager did not say.
    Unknown,
}

impl UnitState {
    /// As written in the journal and in the messages' argument `state`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Activating => "activating",
            Self::Deactivating => "deactivating",
            Self::Inactive => "inactive",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// One observation of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitStatus {
    /// Which unit.
    pub unit: UnitName,
    /// What it is.
    pub state: UnitState,
    /// systemd's `SubState` and `Result`, or the exit code of the status command; for people.
    pub detail: String,
    /// systemd's `NRestarts`; absent where the manager does not count.
    pub restarts: Option<u32>,
    /// Since when it is in this state, where the manager knows.
    pub since: Option<jiff::Timestamp>,
    /// Its main process, where the manager knows.
    pub pid: Option<u32>,
    /// Bytes of memory that all its processes use, where the manager counts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
}

impl UnitStatus {
    /// Whether nothing of it runs or is about to.
    #[must_use]
    pub fn is_down(&self) -> bool {
        matches!(self.state, UnitState::Inactive | UnitState::Failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_suffix_is_dropped() {
        assert_eq!(
            "rei_bot.service".parse::<UnitName>().map(String::from),
            Ok("rei_bot".into())
        );
    }

    #[test]
    fn options_paths_and_spaces_are_refused() {
        for bad in ["", "-H", "../x", "a b", "a/b", "a;b", ".service"] {
            assert!(bad.parse::<UnitName>().is_err(), "{bad}");
        }
    }
}
