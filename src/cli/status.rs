//! `status`: what `/status` shows.

use super::terminal::{json as print_json, line};
use super::{CliError, CliResult, Console, Exit, json};
use crate::domain::failure::{Arg, Args, Failure};
use crate::ops::Status;
use serde_json::json;

pub(super) async fn show(console: &Console, as_json: bool) -> CliResult {
    let status = console.ops.status().await?;
    if as_json {
        return print_json(&json!({
            "at": status.at,
            "units": status.units,
            "database": status.database,
            "backups": {
                "newest": status.backups.catalogue.latest(status.at),
                "age_seconds": status.backups.age.map(|age| age.as_secs()),
                "within_rpo": status.backups.within_rpo,
                "unreadable": status.backups.catalogue.unreadable,
            },
            "run": status.run.as_ref().map(json::run),
            "backlog": status.backlog,
        }));
    }
    print(console, &status)?;
    Ok(Exit::Done)
}

fn print(console: &Console, status: &Status) -> Result<(), CliError> {
    for reading in &status.units {
        let state = match &reading.status {
            Ok(unit) => {
                let state = unit.state.as_str();
                console.text(
                    "unit-state",
                    &Args::from([("state".to_owned(), state.into())]),
                )
            }
            Err(failure) => why(console, failure),
        };
        line(&format!("{}: {state}", reading.unit))?;
    }
    match &status.database {
        Ok(glance) => {
            let size = glance.size.map_or_else(
                || "–".to_owned(),
                |size| console.i18n.size(console.locale, size),
            );
            let state = match &glance.readable {
                Ok(()) => console.text("status-database-readable", &Args::new()),
                Err(failure) => why(console, failure),
            };
            line(&format!(
                "{}: {size}. {state}",
                console.ops.profile().database.display()
            ))?;
        }
        Err(failure) => line(&why(console, failure))?,
    }
    backups(console, status)?;
    match &status.run {
        Some(run) => line(&format!("{} {}", run.id, run.plan.id()))?,
        None => console.say("status-run-none", &Args::new())?,
    }
    let count = Arg::Number(i64::try_from(status.backlog).unwrap_or(i64::MAX));
    console.say("status-backlog", &Args::from([("count".to_owned(), count)]))
}

fn backups(console: &Console, status: &Status) -> Result<(), CliError> {
    let rpo = Args::from([("rpo".to_owned(), console.ops.profile().rpo.into())]);
    match (
        status.backups.catalogue.latest(status.at),
        status.backups.age,
    ) {
        (Some(listed), Some(age)) => {
            let args = Args::from([
                ("time".to_owned(), listed.backup.time.to_string().into()),
                ("age".to_owned(), age.into()),
            ]);
            console.say("cli-newest-backup", &args)?;
        }
        _ => console.say("status-no-backup", &Args::new())?,
    }
    let key = match status.backups.within_rpo {
        Some(true) => "status-rpo-within",
        Some(false) => "status-rpo-missed",
        None => "status-rpo-unknown",
    };
    console.say(key, &rpo)
}

fn why(console: &Console, failure: &Failure) -> String {
    console.text(&format!("failure-{}", failure.code.as_str()), &failure.args)
}
