//! Arguments about the checklist and about incidents that a person opens and closes.

use super::Json;
use crate::domain::ids::CaseId;
use clap::{Args, Subcommand};

/// The checklist that is open.
#[derive(Debug, Subcommand)]
pub enum Checklist {
    /// Its lines.
    Show(Json),
    /// A line is done.
    Tick(Line),
    /// A line does not apply this time.
    Waive {
        /// Which.
        #[command(flatten)]
        line: Line,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// All is done.
    Close(Sure),
}

/// A line of the checklist.
#[derive(Debug, Clone, Copy, Args)]
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// How it is done.
    #[command(flatten)]
    pub sure: Sure,
}

/// How something is changed.
#[derive(Debug, Clone, Copy, Args)]
pub struct Sure {
    /// Show what would be done and stop.
    #[arg(long)]
    pub dry_run: bool,
    /// Without a terminal. From root or the service's own user only.
    #[arg(long)]
    pub yes: bool,
}

/// An incident that a person opens, or names while one is open.
#[derive(Debug, Args)]
pub struct IncidentOpen {
    /// Its title.
    #[arg(required = true)]
    pub title: Vec<String>,
    /// How it is done.
    #[command(flatten)]
    pub sure: Sure,
}

/// The end of an incident.
#[derive(Debug, Args)]
pub struct IncidentClose {
    /// Which, for example I-7; without it the one that is open.
    pub incident: Option<CaseId>,
    /// How it is done.
    #[command(flatten)]
    pub sure: Sure,
}
