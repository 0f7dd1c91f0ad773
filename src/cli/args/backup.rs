//! Arguments about backups.

use super::{Json, Manner};
use crate::domain::backup::BackupTime;
use crate::ops::Which;
use clap::Subcommand;
use std::path::PathBuf;
use std::str::FromStr;

/// `latest`, or a timestamp.
#[derive(Debug, Clone, Copy)]
pub struct Backups(pub Which);

impl FromStr for Backups {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "latest" {
            return Ok(Self(Which::Latest));
        }
        let time = text.parse::<BackupTime>();
        time.map(|time| Self(Which::At(time)))
            .map_err(|error| format!("{error}, or `latest`"))
    }
}

/// Backups.
#[derive(Debug, Subcommand)]
pub enum Backup {
    /// All places as one list, newest first.
    List(Json),
    /// Takes one now, into the folder and the bucket, and reads it back from there. REI goes on.
    Create(Manner),
    /// Removes backups that this program took and that are older than BACKUP_RETENTION. REI's own, the
    /// newest verified one and the last one of a place always stay.
    Prune(Manner),
    /// The weekly test, now: restores into a folder of its own, checks in every way, removes it again.
    Verify {
        /// Which: its timestamp; else, and with `latest`, the newest of each place.
        #[arg(value_name = "TIMESTAMP|latest")]
        backup: Option<Backups>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Restores beside REI, without touching it, and checks in full.
    Restore {
        /// Which: `latest` or its timestamp.
        #[arg(value_name = "TIMESTAMP|latest")]
        backup: Backups,
        /// An empty folder.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        /// Show which backup it would be and stop.
        #[arg(long)]
        dry_run: bool,
        /// Do not ask. From root or the service's own user only.
        #[arg(long)]
        yes: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}
