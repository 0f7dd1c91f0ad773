//! `incident list|show|note|open|close`: the incidents and their documents from a terminal.

use super::args::{
    DocumentFormat, Incident, IncidentClose, IncidentNote, IncidentOpen, IncidentShow,
};
use super::papers::admitted;
use super::recover::Manner;
use super::terminal::{json as print_json, line, table};
use super::{CliError, CliResult, Console, Exit};
use crate::document::{self, Words};
use crate::domain::case::{Case, Dossier, Lost};
use crate::domain::failure::Args;
use crate::domain::run::Run;
use crate::ops::{OpsError, Written};
use serde_json::{Value, json};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

/// Incidents in the list.
const RECENT: u32 = 20;

pub(super) async fn run(console: &Console, command: &Incident) -> CliResult {
    match command {
        Incident::List(args) => list(console, args.json).await,
        Incident::Show(args) => show(console, args).await,
        Incident::Note(args) => note(console, args).await,
        Incident::Open(args) => open(console, args).await,
        Incident::Close(args) => close(console, args).await,
    }
}

async fn list(console: &Console, as_json: bool) -> CliResult {
    let mut found = Vec::new();
    for case in console.ops.recent_cases(RECENT).await? {
        found.push(console.ops.dossier(case.id).await?);
    }
    if as_json {
        return print_json(
            &found
                .iter()
                .map(|it| headline(console, it))
                .collect::<Vec<_>>(),
        );
    }
    let none = Args::new();
    let columns = ["incident", "since", "title", "state"];
    let mut rows = table(
        columns
            .iter()
            .map(|name| console.text(&format!("cli-incident-{name}"), &none))
            .collect(),
    );
    for dossier in &found {
        let case = &dossier.case;
        rows.add_row(vec![
            case.id.to_string(),
            console.i18n.minute(console.locale, case.since),
            console
                .i18n
                .foreign(&document::title(&words(console), dossier)),
            console.text(&format!("cli-incident-{}", state(case)), &none),
        ]);
    }
    line(&rows.to_string())?;
    Ok(if found.is_empty() {
        Exit::NothingToDo
    } else {
        Exit::Done
    })
}

fn words(console: &Console) -> Words<'_> {
    Words {
        i18n: &console.i18n,
        locale: console.locale,
    }
}

fn state(case: &Case) -> &'static str {
    match (case.is_open(), case.until()) {
        (false, _) => "closed",
        (true, Some(_)) => "over",
        (true, None) => "open",
    }
}

async fn show(console: &Console, args: &IncidentShow) -> CliResult {
    let dressed = console.ops.dressed_dossier(args.incident).await?;
    let text = match args.format {
        DocumentFormat::Json => serde_json::to_string_pretty(&data(console, &dressed.dossier))?,
        DocumentFormat::Md => {
            document::markdown(&document::write(&words(console), &dressed.dossier))
        }
        DocumentFormat::Html => {
            let (i18n, locale) = (Arc::clone(&console.i18n), console.locale);
            let made = tokio::task::spawn_blocking(move || {
                document::page(&i18n, locale, &dressed.dossier, &dressed.pictures)
            });
            let made = made.await.map_err(io::Error::other)?;
            made.map_err(io::Error::other)?
        }
    };
    let Some(path) = &args.to else {
        line(text.trim_end())?;
        return Ok(Exit::Done);
    };
    keep(path, text.as_bytes())?;
    let told = [
        ("incident".to_owned(), args.incident.to_string().into()),
        ("file".to_owned(), path.display().to_string().into()),
    ];
    console.say("cli-incident-written", &Args::from(told))?;
    Ok(Exit::Done)
}

/// A new file for its owner alone: what went wrong is not everybody's business. One that is there stays as
/// it is; it may be somebody's work, and readable to others.
fn keep(path: &Path, text: &[u8]) -> Result<(), CliError> {
    let named =
        |error: io::Error| CliError::Ops(OpsError::Target(format!("{}: {error}", path.display())));
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(named)?;
    file.write_all(text).map_err(named)?;
    file.sync_all().map_err(named)
}

async fn note(console: &Console, args: &IncidentNote) -> CliResult {
    let text = args.text.join(" ");
    if args.dry_run {
        line(text.trim())?;
        return Ok(Exit::Done);
    }
    let manner = Manner {
        yes: args.yes,
        json: false,
    };
    manner.admit(console)?;
    let written = Written {
        text,
        ..Written::default()
    };
    let case = console
        .ops
        .note_case(&console.actor, args.incident, &written)
        .await?;
    let named = Args::from([("incident".to_owned(), case.id.to_string().into())]);
    console.say("cli-incident-noted", &named)?;
    Ok(Exit::Done)
}

async fn open(console: &Console, args: &IncidentOpen) -> CliResult {
    let title = args.title.join(" ");
    if !admitted(console, args.sure)? {
        line(title.trim())?;
        return Ok(Exit::Done);
    }
    let case = console.ops.open_case(&console.actor, &title).await?;
    let named = Args::from([("incident".to_owned(), case.id.to_string().into())]);
    console.say("cli-incident-opened", &named)?;
    Ok(Exit::Done)
}

async fn close(console: &Console, args: &IncidentClose) -> CliResult {
    let id = match args.incident {
        Some(id) => id,
        None => {
            console
                .ops
                .present_case()
                .await?
                .ok_or(OpsError::NoCase)?
                .id
        }
    };
    if !admitted(console, args.sure)? {
        line(&id.to_string())?;
        return Ok(Exit::Done);
    }
    let case = console.ops.close_case(&console.actor, id).await?;
    let named = Args::from([("incident".to_owned(), case.id.to_string().into())]);
    console.say("incident-closed", &named)?;
    Ok(Exit::Done)
}

fn headline(console: &Console, dossier: &Dossier) -> Value {
    let case = &dossier.case;
    json!({
        "incident": case.id.to_string(),
        "title": document::title(&words(console), dossier),
        "state": state(case),
        "since": case.since,
        "until": case.until(),
        "alerts": case.alerts.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "runs": case.runs.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "complete": case.is_complete(),
    })
}

/// Everything of the document as plain data under stable names.
fn data(console: &Console, dossier: &Dossier) -> Value {
    let case = &dossier.case;
    let seconds = |length: std::time::Duration| length.as_secs();
    let mut data = headline(console, dossier);
    data["recovery_seconds"] = json!(dossier.recovery().map(|took| json!({
        "whole": seconds(took.whole),
        "before": seconds(took.before),
        "work": seconds(took.work),
        "waits": seconds(took.waits),
    })));
    data["rto_seconds"] = json!(seconds(dossier.rto));
    data["rpo_seconds"] = json!(seconds(dossier.rpo));
    let losses = dossier.losses().map(|(run, lost)| loss(run, &lost));
    data["losses"] = json!(losses.collect::<Vec<_>>());
    let suspected = dossier.suspected();
    data["suspected"] = json!(suspected);
    data["answers"] = json!(case.answers);
    data["replaced_answers"] = json!(case.replaced);
    data["action_items"] = json!(case.items);
    data["notes"] = json!(case.notes);
    let words = words(console);
    let lines = document::lines(&words, dossier).into_iter();
    let lines = lines.map(|line| json!({ "at": line.at, "until": line.until, "text": line.text }));
    data["timeline"] = json!(lines.collect::<Vec<_>>());
    data
}

fn loss(run: &Run, lost: &Lost) -> Value {
    let seconds = lost.length().map(|length| length.as_secs());
    match lost {
        Lost::Nothing => json!({ "run": run.id.to_string(), "seconds": 0 }),
        Lost::Redis { keys, jobs } => {
            json!({ "run": run.id.to_string(), "redis_keys": keys, "redis_jobs": jobs })
        }
        Lost::AfterBackup { span, rows, .. } => json!({
            "run": run.id.to_string(),
            "seconds": seconds,
            "exact": span.is_some(),
            "rows": rows,
        }),
    }
}
