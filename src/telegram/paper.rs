//! What buttons of checklists and contacts mean.

use crate::domain::contacts::Field;
use crate::domain::ids::{LineId, RoleId};
use serde::{Deserialize, Serialize};

/// What a button of a checklist does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum ListAct {
    /// Something about a line that was shown as of this turn.
    Line {
        /// Which.
        line: LineId,
        /// Its turn.
        turn: u32,
        /// What.
        deed: Deed,
    },
    /// The probes look again.
    Refresh,
    /// All is done.
    Close,
    /// The same in a new message.
    Show,
}

/// What is done to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// It is done.
    Tick,
    /// It is not settled after all.
    Untick,
    /// It does not matter this time; asks why.
    Waive,
}

/// What a button of the contacts does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum ContactAct {
    /// All contacts.
    List,
    /// The roles to choose from.
    Roles,
    /// One role.
    Role {
        /// Which.
        role: RoleId,
    },
    /// Asks for something of a role.
    Field {
        /// Which role.
        role: RoleId,
        /// What.
        field: Field,
    },
    /// Takes back whatever was changed of a role.
    Reset {
        /// Which role.
        role: RoleId,
    },
    /// Mentions whoever is on call.
    Page,
}
