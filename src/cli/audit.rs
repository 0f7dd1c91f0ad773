//! `audit list | export | verify`.

use super::args::{Audit, Format};
use super::terminal::{json as print_json, line, table};
use super::{CliError, CliResult, Console, Exit};
use crate::domain::audit::AuditEntry;
use crate::domain::failure::{Arg, Args};
use crate::ops::csv_record;
use serde_json::json;

/// Entries read at once; an export holds no more of them in memory.
const PAGE: u32 = 500;

pub(super) async fn run(console: &Console, args: &Audit) -> CliResult {
    match args {
        Audit::List { number, json } => list(console, *number, *json).await,
        Audit::Export { format } => export(console, *format).await,
        Audit::Verify(as_json) => verify(console, as_json.json).await,
    }
}

async fn list(console: &Console, number: u32, as_json: bool) -> CliResult {
    let entries = console.ops.audit_tail(number).await?;
    if as_json {
        return print_json(&entries);
    }
    let none = Args::new();
    let columns = ["seq", "at", "actor", "verb", "subject", "run", "outcome"];
    let mut rows = table(
        columns
            .iter()
            .map(|name| console.text(&format!("cli-audit-{name}"), &none))
            .collect(),
    );
    for entry in &entries {
        let run = entry.run.map(|run| run.to_string()).unwrap_or_default();
        rows.add_row(vec![
            entry.seq.to_string(),
            console.i18n.moment(console.locale, entry.at),
            console.i18n.foreign(&entry.actor.name),
            entry.verb.clone(),
            console.i18n.foreign(&entry.subject),
            run,
            entry.outcome.clone(),
        ]);
    }
    line(&rows.to_string())?;
    Ok(if entries.is_empty() {
        Exit::NothingToDo
    } else {
        Exit::Done
    })
}

async fn export(console: &Console, format: Format) -> CliResult {
    if format == Format::Csv {
        line("seq,at,actor_kind,actor_id,actor_name,verb,subject,run,outcome,detail,prev,hash")?;
    }
    let mut from = 1;
    loop {
        let page = console.ops.audit_from(from, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(Exit::Done);
        };
        from = last.seq + 1;
        for entry in &page {
            line(&match format {
                Format::Jsonl => serde_json::to_string(entry)?,
                Format::Csv => csv(entry)?,
            })?;
        }
    }
}

fn csv(entry: &AuditEntry) -> Result<String, CliError> {
    let fields = [
        entry.seq.to_string(),
        entry.at.to_string(),
        serde_json::to_value(entry.actor.kind)?
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        entry.actor.id.to_string(),
        entry.actor.name.clone(),
        entry.verb.clone(),
        entry.subject.clone(),
        entry.run.map(|run| run.to_string()).unwrap_or_default(),
        entry.outcome.clone(),
        serde_json::to_string(&entry.detail)?,
        entry.prev.clone(),
        entry.hash.clone(),
    ];
    Ok(csv_record(&fields.each_ref().map(String::as_str)))
}

async fn verify(console: &Console, as_json: bool) -> CliResult {
    let verdict = console.ops.audit_verify().await?;
    if as_json {
        print_json(&match &verdict {
            Ok(entries) => json!({ "ok": true, "entries": entries }),
            Err(problem) => {
                json!({ "ok": false, "problem": problem, "message": problem.to_string() })
            }
        })?;
    }
    match verdict {
        Ok(entries) if !as_json => {
            let count = Arg::Number(i64::try_from(entries).unwrap_or(i64::MAX));
            console.say("cli-audit-ok", &Args::from([("count".to_owned(), count)]))?;
        }
        Err(ref problem) if !as_json => {
            let why = console.text(&format!("audit-break-{}", problem.code()), &problem.args());
            console.say(
                "cli-audit-broken",
                &Args::from([("why".to_owned(), why.into())]),
            )?;
        }
        _ => {}
    }
    Ok(if verdict.is_ok() {
        Exit::Done
    } else {
        Exit::Failed
    })
}
