//! Arguments about copies of the program's own state.

use crate::domain::backup::{BackupTime, Place};
use clap::ValueEnum;
use std::str::FromStr;

/// `latest` (nothing), or a timestamp.
#[derive(Debug, Clone, Copy)]
pub struct Taken(pub Option<BackupTime>);

impl FromStr for Taken {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "latest" {
            return Ok(Self(None));
        }
        let time = text.parse::<BackupTime>();
        time.map(|time| Self(Some(time)))
            .map_err(|error| format!("{error}, or `latest`"))
    }
}

/// Where copies lie.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum OwnPlace {
    /// Beside the backups in BACKUP_DIR.
    Folder,
    /// Beside the backups in the bucket.
    S3,
}

impl OwnPlace {
    /// The place.
    #[must_use]
    pub fn place(self) -> Place {
        match self {
            Self::Folder => Place::Folder,
            Self::S3 => Place::S3,
        }
    }
}
