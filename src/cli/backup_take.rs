//! `backup create` and `backup prune`.

use super::args::Manner as Arguments;
use super::chores::carry_out;
use super::recover::Manner;
use super::terminal::{json as print_json, line};
use super::{CliError, CliResult, Console, Exit};
use crate::domain::chore::taking::{Pruned, Stored, Taken};
use crate::domain::chore::{Chore, Outcome, Task};
use crate::domain::failure::{Arg, Args, Failure};
use crate::domain::retention::Spent;
use crate::ops::OpsError;
use serde_json::json;

pub(super) async fn create(console: &Console, args: Arguments) -> CliResult {
    let places = console.ops.depots();
    if args.dry_run {
        let database = &console.ops.profile().database;
        if args.json {
            return print_json(&json!({ "database": database, "places": places }));
        }
        line(&format!("{} → {}", database.display(), places.join(", ")))?;
        return Ok(Exit::Done);
    }
    let manner = admit(console, args)?;
    let asked = Args::from([("places".to_owned(), places.join(", ").into())]);
    if !manner.yes && !console.confirm("cli-ask-create", &asked).await? {
        return refused(console);
    }
    let ended = carry_out(console, Task::TakeBackup).await?;
    if manner.json {
        print_json(&told(&ended))?;
    } else if let Some(Outcome::Taken(taken)) = &ended.outcome {
        show_taken(console, taken)?;
    }
    finish(&ended)
}

pub(super) async fn prune(console: &Console, args: Arguments) -> CliResult {
    let found = console.ops.spendable().await;
    let idle = found.spent.is_empty();
    if args.dry_run && args.json {
        let silent: Vec<_> = found.silent.iter().map(|(place, _)| place).collect();
        return print_json(&json!({ "backups": found.spent, "silent": silent }));
    }
    if !args.json {
        show_spent(console, &found.spent)?;
    }
    if !args.json {
        for (place, failure) in &found.silent {
            line(&format!(
                "{}: {}",
                place.as_str(),
                because(console, failure)
            ))?;
        }
    }
    match (idle, found.silent.is_empty()) {
        (true, true) => return Ok(Exit::NothingToDo),
        (true, false) => return Ok(Exit::Failed),
        _ if args.dry_run => return Ok(Exit::Done),
        _ => {}
    }
    let manner = admit(console, args)?;
    if !manner.yes && !console.confirm("cli-ask-prune", &Args::new()).await? {
        return refused(console);
    }
    let shown = found.spent;
    let ended = carry_out(console, Task::Prune { shown }).await?;
    if manner.json {
        print_json(&told(&ended))?;
    } else if let Some(Outcome::Pruned(pruned)) = &ended.outcome {
        show_pruned(console, pruned)?;
    }
    finish(&ended)
}

fn admit(console: &Console, args: Arguments) -> Result<Manner, CliError> {
    let manner = Manner {
        yes: args.yes,
        json: args.json,
    };
    manner.admit(console).map(|()| manner)
}

fn refused(console: &Console) -> CliResult {
    Err(CliError::Refused(
        console.text("cli-chore-refused", &Args::new()),
    ))
}

fn told(ended: &Chore) -> serde_json::Value {
    json!({
        "chore": ended.id.to_string(),
        "phase": ended.phase,
        "good": ended.is_good(),
        "outcome": ended.outcome,
        "failure": ended.failure,
        "begun_at": ended.begun_at,
        "ended_at": ended.ended_at,
    })
}

/// Why it could not be done goes to standard error, as every failure does.
fn finish(ended: &Chore) -> CliResult {
    if let Some(failure) = &ended.failure {
        return Err(CliError::Ops(OpsError::Failure(failure.clone())));
    }
    Ok(if ended.is_good() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn show_taken(console: &Console, taken: &Taken) -> Result<(), CliError> {
    let args = Args::from([
        ("backup".to_owned(), taken.time.to_string().into()),
        ("bytes".to_owned(), Arg::Bytes(taken.bytes)),
        ("size".to_owned(), Arg::Bytes(taken.size)),
    ]);
    console.say("cli-created", &args)?;
    if !taken.missing.is_empty() {
        let missing = taken.missing.join(", ");
        console.say(
            "taken-missing",
            &Args::from([("missing".to_owned(), missing.into())]),
        )?;
    }
    for stored in &taken.places {
        line(&place(console, stored))?;
    }
    Ok(())
}

fn place(console: &Console, stored: &Stored) -> String {
    let state = match (&stored.failure, stored.there) {
        (None, _) => "proved",
        (Some(_), true) => "unproved",
        (Some(_), false) => "missing",
    };
    let args = Args::from([
        ("place".to_owned(), stored.name.as_str().into()),
        ("state".to_owned(), state.into()),
    ]);
    let text = console.text("taken-place", &args);
    match &stored.failure {
        Some(failure) => format!("{text} {}", because(console, failure)),
        None => text,
    }
}

fn show_spent(console: &Console, spent: &[Spent]) -> Result<(), CliError> {
    if spent.is_empty() {
        return console.say("spendable-none", &Args::new());
    }
    spent.iter().try_for_each(|spent| named(console, spent))
}

fn named(console: &Console, spent: &Spent) -> Result<(), CliError> {
    let size = console.i18n.size(console.locale, spent.size);
    line(&format!("{}  {}  {size}", spent.time, spent.place.as_str()))
}

fn show_pruned(console: &Console, pruned: &Pruned) -> Result<(), CliError> {
    let count = i64::try_from(pruned.removed.len()).unwrap_or(i64::MAX);
    let args = Args::from([("count".to_owned(), count.into())]);
    console.say("pruned-count", &args)?;
    for (spent, failure) in &pruned.kept {
        named(console, spent)?;
        line(&because(console, failure))?;
    }
    Ok(())
}

fn because(console: &Console, failure: &Failure) -> String {
    console.text(&format!("failure-{}", failure.code.as_str()), &failure.args)
}
