//! The command line as a whole.

use super::deploy::Deploy;
use super::own::State;
use crate::cli::args::{
    Audit, Backup, Broadcast, Checklist, Drill, Incident, Jobs, Json, Payments, Recover, Runbook,
    Runs, Totp,
};
#[cfg(feature = "demo")]
use crate::demo::cli as demo;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Carries out REI Bot's disaster recovery runbook from a chat or from this console.
///
/// Settings come from the environment or from a `.env` file in the current folder.
/// Exit codes: 0 done, 1 failed, 2 bad configuration or usage, 3 refused, 4 nothing to do.
#[derive(Debug, Parser)]
#[command(name = "rei-recovery", version)]
pub struct Cli {
    /// Read this file instead of `.env` in the current folder.
    #[arg(long, global = true, value_name = "FILE")]
    pub env_file: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The bot and the worker, until SIGTERM or SIGINT.
    Run,
    /// Reads the configuration, tries connections and permissions, and says how to mend each failure.
    Check(Json),
    /// What /status shows.
    Status(Json),
    /// The same recovery as in the chat, for when Telegram itself is down.
    Recover(Recover),
    /// What the folder and the bucket hold; a restore beside REI.
    #[command(subcommand)]
    Backup(Backup),
    /// Failed jobs, and the queue from the database.
    #[command(subcommand)]
    Jobs(Jobs),
    /// Payments against YooKassa.
    #[command(subcommand)]
    Payments(Payments),
    /// Notices to REI's users.
    #[command(subcommand)]
    Broadcast(Broadcast),
    /// Incidents and their documents.
    #[command(subcommand)]
    Incident(Incident),
    /// Emergency contacts, and who is on call.
    Contacts(Json),
    /// The checklist that is open.
    #[command(subcommand)]
    Checklist(Checklist),
    /// Runs, and answers to those that wait for a person.
    #[command(subcommand)]
    Runs(Runs),
    /// A recovery rehearsed on a copy of REI; production stays untouched.
    Drill(Drill),
    /// The second factor of approvals.
    #[command(subcommand)]
    Totp(Totp),
    /// This program's own state: its copies, and the way back to one.
    #[command(subcommand)]
    State(State),
    /// The audit trail, and the proof that nobody changed it.
    #[command(subcommand)]
    Audit(Audit),
    /// What would be done.
    #[command(subcommand)]
    Runbook(Runbook),
    /// What an administrator puts into the system so that the service can do its work.
    #[command(subcommand)]
    Deploy(Deploy),
    /// A whole rehearsal on this machine: no token and no network needed.
    #[cfg(feature = "demo")]
    Demo(demo::DemoArgs),
    /// The rehearsal's patient: its processes and their manager.
    #[cfg(feature = "demo")]
    #[command(flatten)]
    Hidden(demo::HiddenCommand),
}
