//! `runs`: the newest runs, and answers to those that wait.

use super::args::Runs;
use super::recover::{Manner, follow};
use super::terminal::{json as print_json, table};
use super::{CliResult, Console, Exit, json};
use crate::domain::choice::Choice;
use crate::domain::failure::Args;
use crate::domain::ids::RunId;
use crate::domain::run::Phase;
use crate::ops::{Answer, OpsError};

/// How many runs a list shows.
const SHOWN: u32 = 20;

pub(super) async fn run(console: &Console, args: &Runs) -> CliResult {
    match args {
        Runs::List(as_json) => list(console, as_json.json).await,
        Runs::Answer {
            run,
            choice,
            reason,
        } => {
            let (choice, reason) = ((*choice).into(), reason.clone());
            answer(console, *run, choice, reason).await
        }
        Runs::Follow { run, yes, json } => {
            let manner = Manner {
                yes: *yes,
                json: *json,
            };
            manner.admit(console)?;
            let run = match run {
                Some(id) => console.ops.run(*id).await?,
                None => console
                    .ops
                    .current()
                    .await?
                    .ok_or(OpsError::NothingUnderWay)?,
            };
            follow(console, run, manner).await
        }
        Runs::Cancel { run } => {
            let run = console.ops.cancel(&console.actor, *run).await?;
            said(console, run.id)
        }
    }
}

async fn answer(
    console: &Console,
    run: RunId,
    choice: Choice,
    reason: Option<String>,
) -> CliResult {
    let position = match console.ops.run(run).await {
        // Such a run can only be given up, wherever it stands.
        Err(OpsError::PlanChanged(_)) if choice == Choice::Abort => 0,
        found => found?.position,
    };
    let answer = Answer {
        run,
        position,
        choice,
        reason,
    };
    match console.ops.choose(&console.actor, answer).await {
        // It was given up: that is what was asked for.
        Err(OpsError::PlanChanged(_)) if choice == Choice::Abort => said(console, run),
        answered => said(console, answered?.id),
    }
}

fn said(console: &Console, run: RunId) -> CliResult {
    console.say(
        "cli-answered",
        &Args::from([("run".to_owned(), run.to_string().into())]),
    )?;
    Ok(Exit::Done)
}

async fn list(console: &Console, as_json: bool) -> CliResult {
    let runs = console.ops.runs(SHOWN).await?;
    if as_json {
        return print_json(&runs.iter().map(json::run).collect::<Vec<_>>());
    }
    let none = Args::new();
    let columns = ["run", "when", "runbook", "state"];
    let mut rows = table(
        columns
            .iter()
            .map(|name| console.text(&format!("cli-runs-{name}"), &none))
            .collect(),
    );
    for run in &runs {
        let state = match run.phase {
            Phase::Proposed => console.text("phase-proposed", &none),
            Phase::Active => console.text("phase-active", &none),
            Phase::RollingBack(_) => console.text("phase-rolling-back", &none),
            Phase::Finished(outcome) => {
                console.text(&format!("outcome-{}.short", outcome.as_str()), &none)
            }
        };
        let when = console.i18n.minute(console.locale, run.proposed_at);
        rows.add_row(vec![
            run.id.to_string(),
            when,
            run.plan.id().to_string(),
            state,
        ]);
    }
    super::terminal::line(&rows.to_string())?;
    Ok(if runs.is_empty() {
        Exit::NothingToDo
    } else {
        Exit::Done
    })
}
