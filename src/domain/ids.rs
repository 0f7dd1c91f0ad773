//! Identifiers. Each is its own type, so that a gate can never be passed where a step is meant.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A run's number, written `R-7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub i64);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R-{}", self.0)
    }
}

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not {expected}")]
pub struct InvalidId {
    given: String,
    expected: &'static str,
}

impl FromStr for RunId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim_start_matches("R-")
            .parse()
            .map(RunId)
            .map_err(|_| InvalidId {
                given: text.to_owned(),
                expected: "a run number such as R-7",
            })
    }
}

/// An incident's number, written `A-7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IncidentId(pub u64);

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A-{}", self.0)
    }
}

/// A campaign's number, written `N-7`: a notice that goes to many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CampaignId(pub i64);

impl fmt::Display for CampaignId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "N-{}", self.0)
    }
}

impl FromStr for CampaignId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim_start_matches("N-")
            .parse()
            .map(CampaignId)
            .map_err(|_| InvalidId {
                given: text.to_owned(),
                expected: "a notice's number such as N-7",
            })
    }
}

/// A chore's number, written `C-7`: work that is neither a recovery nor a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChoreId(pub i64);

impl fmt::Display for ChoreId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "C-{}", self.0)
    }
}

/// A checklist's number, written `CL-7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChecklistId(pub i64);

impl fmt::Display for ChecklistId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CL-{}", self.0)
    }
}

/// The number of an incident's file, written `I-7`: what the team keeps of it, beside the monitor's alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub i64);

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "I-{}", self.0)
    }
}

impl FromStr for CaseId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = text.to_ascii_uppercase();
        upper
            .trim_start_matches("I-")
            .parse()
            .map(CaseId)
            .map_err(|_| InvalidId {
                given: text.to_owned(),
                expected: "an incident's number such as I-7",
            })
    }
}

macro_rules! slug {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The identifier as written in runbooks, on the command line and in the journal.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                if is_slug(&text) {
                    Ok(Self(text))
                } else {
                    Err(InvalidId { given: text, expected: SLUG })
                }
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

slug!(
    /// A runbook, for example `database-corruption`.
    RunbookId
);
slug!(
    /// A step of a runbook, unique within it.
    StepId
);
slug!(
    /// A gate: the steps that name it share one approval.
    GateId
);
slug!(
    /// One request for approval; a gate that is asked again gets another.
    RequestId
);

slug!(
    /// A line of a checklist, unique within it.
    LineId
);
slug!(
    /// A role among the contacts, for example `database-admin`.
    RoleId
);

const SLUG: &str = "a name of 1 to 64 lower-case letters, digits and hyphens";

fn is_slug(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_reads_with_and_without_its_prefix() {
        assert_eq!("R-7".parse(), Ok(RunId(7)));
        assert_eq!("7".parse(), Ok(RunId(7)));
        assert!("R-x".parse::<RunId>().is_err());
        assert_eq!("N-7".parse(), Ok(CampaignId(7)));
    }

    #[test]
    fn a_slug_refuses_what_could_be_a_path_or_markup() {
        for bad in ["", "a/b", "..", "A", "a b", "<b>", &"a".repeat(65)] {
            assert!(bad.parse::<StepId>().is_err(), "{bad}");
        }
    }
}
