//! What passes between this program and the process of its own in which a drill is held.

use crate::domain::backup::BackupTime;
use crate::domain::chore::drill::{Now, Seen, Wish};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The file in a drill's folder that says what is to be done there.
pub const SCRIPT: &str = "script.json";
/// The folder beside it with the backup.
pub const BACKUPS: &str = "backups";
/// The folder beside it with the team's runbooks.
pub const RUNBOOKS: &str = "runbooks";

/// What is production's, without any secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Production {
    /// Folders and files.
    pub paths: Vec<PathBuf>,
    /// `host:port` of everything that production talks to.
    pub addresses: Vec<String>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// Which drill.
    pub wish: Wish,
    /// This program.
    pub program: PathBuf,
    /// What must not be touched.
    pub production: Production,
    /// The backup that lies in [`BACKUPS`].
    pub backup: BackupTime,
    /// Whether REI's tables are named as the contract names them: stand-ins of REI know no others.
    pub usual_tables: bool,
}

/// A line that the drill's process prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub enum Line {
    /// How far it is.
    Now {
        /// At what.
        now: Now,
    },
    /// It is over.
    Seen {
        /// What was seen.
        seen: Box<Seen>,
    },
}
