//! `status`: what `/status` shows.

use super::terminal::{json as print_json, line};
use super::{CliError, CliResult, Console, Exit, json};
use crate::domain::failure::{Arg, Args, Failure};
use crate::domain::health::{Condition, Finding, Sign};
use crate::ops::Status;
use serde_json::json;

pub(super) async fn show(console: &Console, as_json: bool) -> CliResult {
    let status = console.ops.status().await?;
    if as_json {
        return print_json(&json!({
            "at": status.round.at,
            "took_millis": u64::try_from(status.round.took.as_millis()).unwrap_or(u64::MAX),
            "findings": status.round.findings,
            "diagnosis": status.diagnosis,
            "incidents": status.incidents,
            "run": status.run.as_ref().map(json::run),
            "backlog": status.backlog,
        }));
    }
    print(console, &status)?;
    Ok(Exit::Done)
}

fn print(console: &Console, status: &Status) -> Result<(), CliError> {
    for candidate in &status.diagnosis.candidates {
        let cause = console.text(&format!("cause-{}", candidate.cause.as_str()), &Args::new());
        let certainty = format!("certainty-{}", candidate.certainty.as_str());
        let certainty = console.text(&certainty, &Args::new());
        let of = candidate
            .subject
            .as_deref()
            .map_or(String::new(), |of| format!(" ({of})"));
        let answer = candidate.cause.runbook();
        let answer = answer.map_or(String::new(), |id| format!(" → rei-recovery recover {id}"));
        line(&format!("! {cause}{of}, {certainty}{answer}"))?;
    }
    for found in &status.round.findings {
        finding(console, found)?;
    }
    match &status.run {
        Some(run) => line(&format!("{} {}", run.id, run.plan.id()))?,
        None => console.say("status-run-none", &Args::new())?,
    }
    let count = Arg::Number(i64::try_from(status.backlog).unwrap_or(i64::MAX));
    console.say("status-backlog", &Args::from([("count".to_owned(), count)]))
}

fn finding(console: &Console, found: &Finding) -> Result<(), CliError> {
    let part = console.text(&format!("part-{}", found.part.as_str()), &Args::new());
    let of = found
        .subject
        .as_deref()
        .map_or(String::new(), |of| format!(" {of}"));
    let condition = format!("condition-{}", found.condition.as_str());
    let condition = console.text(&condition, &Args::new());
    line(&format!("{condition}  {part}{of}"))?;
    for sign in &found.signs {
        line(&format!("    {}", said(console, sign)))?;
    }
    match &found.failure {
        Some(failure) if found.condition != Condition::Up => {
            line(&format!("    {}", why(console, failure)))
        }
        _ => Ok(()),
    }
}

fn said(console: &Console, sign: &Sign) -> String {
    console.text(&format!("sign-{}", sign.code.as_str()), &sign.args)
}

fn why(console: &Console, failure: &Failure) -> String {
    console.text(&format!("failure-{}", failure.code.as_str()), &failure.args)
}
