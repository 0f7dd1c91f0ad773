//! The arguments of the commands; `app` puts them together.

mod backup;
mod own;
mod papers;

pub use backup::{Backup, Backups};
pub use own::{OwnPlace, Taken};
pub use papers::{Checklist, IncidentClose, IncidentOpen, Line, Sure};

use crate::domain::campaign::audience::Who;
use crate::domain::choice::Choice;
use crate::domain::ids::{CampaignId, CaseId, RunId, RunbookId};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Output for programs.
#[derive(Debug, Clone, Copy, Args)]
pub struct Json {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// A recovery from the console.
#[derive(Debug, Args)]
pub struct Recover {
    /// Which runbook; `runbook list` shows them.
    pub runbook: RunbookId,
    /// From which backup: `latest` or its timestamp.
    #[arg(long, default_value = "latest", value_name = "TIMESTAMP|latest")]
    pub backup: Backups,
    /// Show the plan and stop.
    #[arg(long)]
    pub dry_run: bool,
    /// Approve every gate without asking. From root or the service's own user only.
    #[arg(long)]
    pub yes: bool,
    /// Print JSON: the plan with --dry-run, otherwise one object per event.
    #[arg(long)]
    pub json: bool,
}

/// A drill.
#[derive(Debug, Args)]
pub struct Drill {
    /// Which runbook: database-corruption, data-loss, redis-failure, payment-outage or ai-outage.
    pub runbook: RunbookId,
    /// Damage the copy of the backup: the recovery must refuse it.
    #[arg(long)]
    pub with_bad_backup: bool,
    /// Show what would be done and stop.
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask. From root or the service's own user only.
    #[arg(long)]
    pub yes: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// The second factor.
#[derive(Debug, Subcommand)]
pub enum Totp {
    /// Makes a secret for an approver's authenticator app. It is printed and kept nowhere.
    New {
        /// The approver's numeric Telegram id.
        #[arg(value_parser = clap::value_parser!(i64).range(1..))]
        user: i64,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Failed jobs and the queue.
#[derive(Debug, Subcommand)]
pub enum Jobs {
    /// Puts failed jobs back into the queue.
    Retry {
        /// Those that failed within this time, for example 1h; without it all of them.
        #[arg(long, value_name = "TIME")]
        last: Option<Last>,
        /// Only this provider's.
        #[arg(long)]
        provider: Option<String>,
        /// Only with this class of error, as the dry run names it.
        #[arg(long)]
        error: Option<String>,
        /// How it is carried out.
        #[command(flatten)]
        manner: Manner,
    },
    /// Makes a job of each unfinished row of the database that the queue does not know.
    Rebuild(Manner),
}

/// Payments.
#[derive(Debug, Subcommand)]
pub enum Payments {
    /// Brings REI's payments in line with YooKassa.
    Sync(Manner),
    /// Every payment on which REI and YooKassa do not agree now, as CSV. Changes nothing.
    List,
}

/// Notices to REI's users.
#[derive(Debug, Subcommand)]
pub enum Broadcast {
    /// Sends one; asks for the approval where another person has to give it.
    Send(Box<BroadcastSend>),
    /// How far one is.
    Status {
        /// Which, for example N-7; without it the present or the last one.
        notice: Option<CampaignId>,
        /// Print everybody's row as CSV.
        #[arg(long, conflicts_with = "json")]
        csv: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// The latest ones.
    List(Json),
    /// Holds one back.
    Pause(Chosen),
    /// Lets a paused one go on, and watches it.
    Resume(Chosen),
    /// Ends one before everybody has it.
    Abort(Chosen),
}

/// A notice that goes out.
#[derive(Debug, Clone, Copy, Args)]
pub struct Chosen {
    /// Which, for example N-7; without it the present one.
    pub notice: Option<CampaignId>,
    /// Show how it stands and stop.
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask. From root or the service's own user only.
    #[arg(long)]
    pub yes: bool,
}

/// What is sent, and to whom.
#[derive(Debug, Args)]
pub struct BroadcastSend {
    /// The text: a file, or - for standard input. It is sent as it is; markup is no markup here.
    #[arg(long, value_name = "FILE|-", required_unless_present = "ready")]
    pub text: Option<String>,
    /// The language of --text, which everybody gets whose own is not given; without it
    /// DEFAULT_LOCALE.
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// The English text.
    #[arg(long, value_name = "FILE|-")]
    pub text_en: Option<String>,
    /// The Russian text.
    #[arg(long, value_name = "FILE|-")]
    pub text_ru: Option<String>,
    /// A ready notice in every language: jobs-delayed, payments-delayed, payments-settled, recovered
    /// or maintenance.
    #[arg(long, value_name = "KEY", conflicts_with_all = ["text", "text_en", "text_ru"])]
    pub ready: Option<String>,
    /// Fills a blank of a ready notice in.
    #[arg(long, value_name = "NAME=VALUE", requires = "ready")]
    pub set: Vec<String>,
    /// For whom: everyone, active:30d, open-payments:24h, troubled-jobs:24h or troubled-jobs:24h:kling,
    /// or a file with one id a line as file:PATH.
    #[arg(long, value_name = "AUDIENCE", default_value = "everyone")]
    pub to: To,
    /// Only those with this language.
    #[arg(long, value_name = "TAG")]
    pub only_language: Option<String>,
    /// Not those who had a notice within this time, for example 24h.
    #[arg(long, value_name = "TIME")]
    pub spare: Option<Last>,
    /// Before notices that are not urgent.
    #[arg(long)]
    pub urgent: bool,
    /// Show what would be sent and to how many, and stop.
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask. From root or the service's own user only. To more than NOTICE_LIMIT people another
    /// person approves it in the chat all the same.
    #[arg(long)]
    pub yes: bool,
    /// Print JSON, one object per change.
    #[arg(long)]
    pub json: bool,
}

/// For whom.
#[derive(Debug, Clone)]
pub enum To {
    /// By a rule.
    Who(Who),
    /// The ids of a file.
    File(PathBuf),
}

impl FromStr for To {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("file:") {
            return Ok(Self::File(path.into()));
        }
        let who = text.parse::<Who>();
        who.map(Self::Who)
            .map_err(|error| format!("{error}, or file:PATH"))
    }
}

/// How a command that changes something is carried out.
#[derive(Debug, Clone, Copy, Args)]
pub struct Manner {
    /// Show what would be done and stop.
    #[arg(long)]
    pub dry_run: bool,
    /// Approve every gate without asking. From root or the service's own user only.
    #[arg(long)]
    pub yes: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// A length of time as settings write it.
#[derive(Debug, Clone, Copy)]
pub struct Last(pub Duration);

impl FromStr for Last {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        crate::domain::period::parse(text)
            .map(Self)
            .map_err(|error| format!("`{text}`: {error}; write for example 90s, 10m, 1h, 7d"))
    }
}

/// Incidents.
#[derive(Debug, Subcommand)]
pub enum Incident {
    /// The latest ones.
    List(Json),
    /// The document of one.
    Show(IncidentShow),
    /// Writes a note into one.
    Note(IncidentNote),
    /// Opens one, or gives the one that is open this title.
    Open(IncidentOpen),
    /// Closes one.
    Close(IncidentClose),
}

/// The document of an incident.
#[derive(Debug, Args)]
pub struct IncidentShow {
    /// Which, for example I-7.
    pub incident: CaseId,
    /// Markdown, one HTML file that prints well, or data.
    #[arg(long, value_enum, default_value_t = DocumentFormat::Md)]
    pub format: DocumentFormat,
    /// Into this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
}

/// A note.
#[derive(Debug, Args)]
pub struct IncidentNote {
    /// What happened.
    #[arg(required = true)]
    pub text: Vec<String>,
    /// In which incident, for example I-7; without it the one that is open.
    #[arg(long, value_name = "INCIDENT")]
    pub incident: Option<CaseId>,
    /// Show what would be written and stop.
    #[arg(long)]
    pub dry_run: bool,
    /// Without a terminal. From root or the service's own user only.
    #[arg(long)]
    pub yes: bool,
}

/// Formats of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DocumentFormat {
    /// Markdown.
    Md,
    /// HTML with its pictures in it.
    Html,
    /// JSON.
    Json,
}

/// Runs.
#[derive(Debug, Subcommand)]
pub enum Runs {
    /// The newest runs.
    List(Json),
    /// Answers a run that waits for a person.
    Answer {
        /// Which run, for example R-7.
        run: RunId,
        /// What.
        choice: ChoiceArg,
        /// Why; needed for `skip`.
        #[arg(long)]
        reason: Option<String>,
        /// Do not ask. From root or the service's own user only.
        #[arg(long)]
        yes: bool,
        /// Show what is offered and stop.
        #[arg(long)]
        dry_run: bool,
    },
    /// Takes a run up again where a console or the program left it, until it has ended.
    Follow {
        /// Which; without it the one on the patient.
        run: Option<RunId>,
        /// Approve every gate without asking. From root or the service's own user only.
        #[arg(long)]
        yes: bool,
        /// Print JSON, one object per change.
        #[arg(long)]
        json: bool,
    },
    /// Stops a run at its next safe point.
    Cancel {
        /// Which; without it the one on the patient.
        run: Option<RunId>,
        /// Do not ask. From root or the service's own user only.
        #[arg(long)]
        yes: bool,
    },
}

/// A choice as written on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChoiceArg {
    /// Try again.
    Retry,
    /// Go on without this step.
    Skip,
    /// Take back what was done.
    RollBack,
    /// Leave everything as it is.
    Abort,
    /// Go on after a cancel.
    Resume,
    /// The step in doubt happened.
    Happened,
    /// It did not; do it again.
    NotHappened,
}

impl From<ChoiceArg> for Choice {
    fn from(arg: ChoiceArg) -> Self {
        match arg {
            ChoiceArg::Retry => Self::Retry,
            ChoiceArg::Skip => Self::Skip,
            ChoiceArg::RollBack => Self::RollBack,
            ChoiceArg::Abort => Self::Abort,
            ChoiceArg::Resume => Self::Resume,
            ChoiceArg::Happened => Self::Happened,
            ChoiceArg::NotHappened => Self::NotHappened,
        }
    }
}

/// The audit trail.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// The newest entries.
    List {
        /// How many.
        #[arg(long, short = 'n', default_value_t = 20)]
        number: u32,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// All entries, in order.
    Export {
        /// One JSON object a line, or CSV with a header.
        #[arg(long, value_enum, default_value_t = Format::Jsonl)]
        format: Format,
    },
    /// Proves the chain from the first entry to the last.
    Verify(Json),
}

/// Export formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated, RFC 4180.
    Csv,
}

/// Runbooks.
#[derive(Debug, Subcommand)]
pub enum Runbook {
    /// All in force.
    List(Json),
    /// One, as Markdown.
    Show {
        /// Which.
        runbook: RunbookId,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Says everything that is wrong with the files of a folder.
    Validate {
        /// The folder.
        dir: PathBuf,
    },
}
