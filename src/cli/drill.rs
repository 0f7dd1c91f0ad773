//! `drill`: a recovery rehearsed on a copy.

use super::args::Drill;
use super::recover::Manner;
use super::terminal::{json as print_json, line};
use super::{CliError, CliResult, Console, Exit};
use crate::domain::chore::drill::{Drilled, Said, Wish};
use crate::domain::chore::testing::Verdict;
use crate::domain::chore::{Chore, Outcome, Phase};
use crate::domain::failure::{Arg, Args, Failure};
use crate::ops::DrillPlan;
use serde_json::json;
use std::time::Duration;

pub(super) async fn run(console: &Console, args: &Drill) -> CliResult {
    let wish = Wish {
        runbook: args.runbook.clone(),
        bad_backup: args.with_bad_backup,
    };
    let plan = console.ops.plan_drill(&wish).await?;
    if args.dry_run {
        return show(console, &plan, args.json);
    }
    let manner = Manner {
        yes: args.yes,
        json: args.json,
    };
    manner.admit(console)?;
    if !manner.json {
        show(console, &plan, false)?;
    }
    if !manner.yes && !console.confirm("cli-ask-drill", &Args::new()).await? {
        return Ok(Exit::Refused);
    }
    let asked = console.ops.ask_drill(&console.actor, wish, None).await?;
    let ended = super::chores::follow(console, asked.id).await?;
    finish(console, &ended, args.json)
}

fn show(console: &Console, plan: &DrillPlan, as_json: bool) -> CliResult {
    let backup = plan.backup.as_ref().map(|chosen| chosen.backup.time);
    if as_json {
        return print_json(&json!({
            "runbook": plan.runbook.id,
            "bad_backup": plan.wish.bad_backup,
            "backup": backup,
            "steps": plan.runbook.steps.iter().map(|step| &step.id).collect::<Vec<_>>(),
            "last": plan.last.as_ref().map(|last| json!({
                "at": last.at,
                "verdict": last.drilled.verdict,
                "took_millis": millis(last.took),
                "rto_millis": last.drilled.rto().map(millis),
            })),
        }));
    }
    line(&console.text(&plan.runbook.title, &Args::new()))?;
    let fails = [
        ("scenario", Arg::from(plan.scenario.as_str())),
        (
            "bad",
            if plan.wish.bad_backup { "yes" } else { "no" }.into(),
        ),
    ];
    console.say("drill-fails", &named(fails))?;
    match backup {
        Some(time) => console.say("drill-from", &named([("time", time.at().into())]))?,
        None => console.say("drill-from-none", &Args::new())?,
    }
    console.say("drill-untouched", &Args::new())?;
    match &plan.last {
        Some(last) => console.say(
            "drill-last",
            &named([
                ("at", last.at.into()),
                ("took", last.took.into()),
                ("verdict", last.drilled.verdict.as_str().into()),
            ]),
        )?,
        None => console.say("drill-last-none", &Args::new())?,
    }
    Ok(Exit::Done)
}

fn named<const N: usize>(pairs: [(&str, Arg); N]) -> Args {
    pairs.map(|(name, value)| (name.to_owned(), value)).into()
}

fn finish(console: &Console, chore: &Chore, as_json: bool) -> CliResult {
    let drilled = match &chore.outcome {
        Some(Outcome::Drilled(drilled)) => Some(drilled.as_ref()),
        _ => None,
    };
    if as_json {
        print_json(&outcome(chore, drilled))?;
    } else if let Some(drilled) = drilled {
        for said in drilled.debrief() {
            line(&spoken(console, &said))?;
        }
        propose(console, chore, drilled)?;
    }
    match (drilled, &chore.failure, chore.phase) {
        (Some(drilled), ..) if drilled.verdict == Verdict::Pass => Ok(Exit::Done),
        (Some(_), ..) => Ok(Exit::Failed),
        (None, Some(failure), _) => {
            if !as_json {
                line(&why(console, failure))?;
            }
            Ok(Exit::Failed)
        }
        (None, None, Phase::Cancelled) => Err(CliError::Refused(
            console.text("chore-called-off", &Args::new()),
        )),
        _ => Ok(Exit::Failed),
    }
}

/// What may be put into the runbook's file.
fn propose(console: &Console, chore: &Chore, drilled: &Drilled) -> Result<(), CliError> {
    let learned = drilled.learned();
    let words = learned.iter().map(|said| spoken(console, said));
    let words: Vec<String> = words
        .map(|text| text.trim_start_matches("• ").to_owned())
        .collect();
    let ended = chore.ended_at.unwrap_or_else(|| console.ops.now());
    let date = ended.to_zoned(console.i18n.zone().clone()).date();
    let after = chore.id.to_string();
    let Some(entry) = drilled.proposal(&words.join(" "), (date, &after)) else {
        return Ok(());
    };
    let runbook = Arg::from(drilled.seen.wish.runbook.as_str());
    line(&console.text("runbook-proposal", &named([("runbook", runbook)])))?;
    line(&entry)
}

fn outcome(chore: &Chore, drilled: Option<&Drilled>) -> serde_json::Value {
    json!({
        "chore": chore.id.to_string(),
        "phase": chore.phase,
        "failure": chore.failure,
        "verdict": drilled.map(|it| it.verdict),
        "refused": drilled.map(Drilled::was_refused),
        "rto_millis": drilled.and_then(Drilled::rto).map(millis),
        "rpo_millis": drilled.and_then(Drilled::rpo).map(millis),
        "waited_millis": drilled.map(|it| millis(it.waited())),
        "drill": drilled,
    })
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

fn why(console: &Console, failure: &Failure) -> String {
    let key = format!("failure-{}", failure.code.as_str());
    console.text(&key, &failure.args)
}

/// A text with the texts in it.
fn spoken(console: &Console, said: &Said) -> String {
    let mut args = said.args.clone();
    for (name, words) in &said.words {
        args.insert(name.clone(), spoken(console, words).into());
    }
    console.text(&said.key, &args)
}
