//! `runbook list | show`: what would be done, as Markdown.

use super::args::Runbook as Arguments;
use super::terminal::{json as print_json, line, table};
use super::{CliResult, Console, Exit};
use crate::domain::failure::Args;
use crate::domain::runbook::{OnFailure, Replay, Revision, Runbook};
use crate::ops::OpsError;
use crate::runbook::{papers, parse, runbook_files};
use serde_json::json;
use std::path::Path;

pub(super) fn run(console: &Console, args: &Arguments) -> CliResult {
    match args {
        Arguments::List(as_json) => list(console, as_json.json),
        Arguments::Show { runbook, json } => {
            let found = console.ops.runbooks().get(runbook);
            let found = found.ok_or_else(|| OpsError::UnknownRunbook(runbook.to_string()))?;
            if *json {
                print_json(found)
            } else {
                show(console, found)
            }
        }
        Arguments::Validate { dir } => validate(console, dir),
    }
}

fn list(console: &Console, as_json: bool) -> CliResult {
    let all = console.ops.runbooks().all();
    if as_json {
        let brief = |runbook: &Runbook| json!({ "id": runbook.id, "version": runbook.version, "steps": runbook.steps.len() });
        return print_json(&all.iter().map(brief).collect::<Vec<_>>());
    }
    let none = Args::new();
    let columns = ["id", "version", "title", "expected"];
    let mut rows = table(
        columns
            .iter()
            .map(|name| console.text(&format!("cli-runbook-{name}"), &none))
            .collect(),
    );
    for runbook in all {
        rows.add_row(vec![
            runbook.id.to_string(),
            runbook.version.to_string(),
            console.text(&runbook.title, &none),
            console.i18n.length(console.locale, runbook.expected),
        ]);
    }
    line(&rows.to_string())?;
    Ok(Exit::Done)
}

fn show(console: &Console, runbook: &Runbook) -> CliResult {
    let none = Args::new();
    line(&format!("# {}\n", console.text(&runbook.title, &none)))?;
    let head = Args::from([
        ("id".to_owned(), runbook.id.to_string().into()),
        ("version".to_owned(), i64::from(runbook.version).into()),
        ("expected".to_owned(), runbook.expected.into()),
    ]);
    line(&format!("{}\n", console.text("cli-runbook-head", &head)))?;
    for symptom in &runbook.symptoms {
        line(&format!("- {}", console.text(symptom, &none)))?;
    }
    line("")?;
    for (index, step) in runbook.steps.iter().enumerate() {
        let title = step
            .title
            .clone()
            .unwrap_or_else(|| format!("step-{}", step.action.kind()));
        line(&format!(
            "{}. **{}** (`{}`)",
            index + 1,
            console.text(&title, &none),
            step.id
        ))?;
        let gate = step
            .gate
            .as_ref()
            .map_or_else(|| "–".to_owned(), ToString::to_string);
        let undo = step
            .undo
            .as_ref()
            .map_or_else(|| "–".to_owned(), ToString::to_string);
        let facts = Args::from([
            ("gate".to_owned(), gate.into()),
            ("undo".to_owned(), undo.into()),
            ("timeout".to_owned(), step.timeout.into()),
            ("replay".to_owned(), replay(step.replay).into()),
            ("failure".to_owned(), on_failure(step.on_failure).into()),
        ]);
        line(&format!("   {}", console.text("cli-runbook-step", &facts)))?;
    }
    history(console, &runbook.history)
}

/// The version history, as the runbook on paper has it.
fn history(console: &Console, history: &[Revision]) -> CliResult {
    if history.is_empty() {
        return Ok(Exit::Done);
    }
    let none = Args::new();
    line(&format!("\n## {}\n", console.text("history-title", &none)))?;
    line(&console.text("history-head", &none))?;
    line("|---|---|---|---|")?;
    for entry in history {
        let changes = match console.i18n.has(&entry.changes) {
            true => console.text(&entry.changes, &none),
            false => entry.changes.clone(),
        };
        let after = entry.after.as_deref().unwrap_or("–");
        // A bar would begin another column.
        let cell = |text: &str| text.replace('|', "\\|").replace(char::is_control, " ");
        let (version, date) = (entry.version, entry.date);
        line(&format!(
            "| {version} | {date} | {} | {} |",
            cell(&changes),
            cell(after)
        ))?;
    }
    Ok(Exit::Done)
}

/// As written in the file.
fn replay(replay: Replay) -> &'static str {
    match replay {
        Replay::Again => "again",
        Replay::Verify => "verify",
        Replay::Ask => "ask",
    }
}

fn on_failure(rule: OnFailure) -> String {
    match rule {
        OnFailure::Ask => "ask".to_owned(),
        OnFailure::Retry(times) => format!("retry {times}"),
        OnFailure::Continue => "continue".to_owned(),
    }
}

/// Every file of a folder, whatever the first one's problems are.
fn validate(console: &Console, dir: &Path) -> CliResult {
    let files = match runbook_files(dir) {
        Ok(files) => files,
        Err(error) => return line(&error.to_string()).map(|()| Exit::Usage),
    };
    let knows = |key: &str| console.i18n.has(key);
    let runbooks = files.iter().map(|(name, text)| {
        let read = parse(name, text, &knows).map(|runbook| runbook.id.to_string());
        (name.as_str(), read.map_err(|error| error.to_string()))
    });
    let mut read: Vec<(&str, Result<String, String>)> = runbooks.collect();
    // Those that are not there are the built-in ones, and nobody asked about these.
    if dir.join(papers::CHECKLIST).exists() {
        let checklist = papers::checklist(Some(dir), &knows).map(|_| "checklist".to_owned());
        read.push((papers::CHECKLIST, checklist.map_err(|it| it.to_string())));
    }
    if dir.join(papers::CONTACTS).exists() {
        let contacts = papers::contacts(Some(dir), &knows).map(|_| "contacts".to_owned());
        read.push((papers::CONTACTS, contacts.map_err(|it| it.to_string())));
    }
    for (name, read) in &read {
        match read {
            Ok(id) => {
                let args = Args::from([
                    ("file".to_owned(), (*name).into()),
                    ("id".to_owned(), id.as_str().into()),
                ]);
                console.say("cli-runbook-sound", &args)?;
            }
            Err(problems) => line(problems)?,
        }
    }
    Ok(
        match (read.is_empty(), read.iter().all(|(_, read)| read.is_ok())) {
            (true, _) => Exit::NothingToDo,
            (false, true) => Exit::Done,
            (false, false) => Exit::Failed,
        },
    )
}
