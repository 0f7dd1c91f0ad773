//! `runbook list | show`: what would be done, as Markdown.

use super::args::Runbook as Arguments;
use super::terminal::{json as print_json, line, table};
use super::{CliResult, Console, Exit};
use crate::domain::failure::Args;
use crate::domain::runbook::{OnFailure, Replay, Revision, Runbook};
use crate::ops::OpsError;
use serde_json::json;

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
        // The program answers it before it composes itself: see `cli::validate`.
        Arguments::Validate { .. } => Ok(Exit::Usage),
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
