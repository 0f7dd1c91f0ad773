//! The plan, as lines.

use super::{CliError, Console, terminal};
use crate::domain::catalogue::is_future;
use crate::domain::failure::Args;
use crate::domain::plan::{ChosenBackup, Plan};

/// Prints what would be done, from which backup, and what is lost.
pub(super) fn show(console: &Console, plan: &Plan) -> Result<(), CliError> {
    let none = Args::new();
    terminal::line(&console.text(&plan.runbook.title, &none))?;
    for (index, step) in plan.runbook.steps.iter().enumerate() {
        let title = step
            .title
            .clone()
            .unwrap_or_else(|| format!("step-{}", step.action.kind()));
        let gate = if step.gate.is_some() {
            console.text("cli-gated", &none)
        } else {
            String::new()
        };
        terminal::line(&format!(
            "  {}. {} {gate}",
            index + 1,
            console.text(&title, &none)
        ))?;
    }
    if let Some(chosen) = &plan.backup {
        let age = plan.made_at.duration_since(chosen.backup.time.at());
        console.say(
            "cli-plan-backup",
            &Args::from([
                ("time".into(), chosen.backup.time.to_string().into()),
                (
                    "age".into(),
                    std::time::Duration::try_from(age)
                        .unwrap_or_default()
                        .into(),
                ),
                (
                    "size".into(),
                    crate::domain::failure::Arg::Bytes(chosen.backup.size),
                ),
                ("name".into(), chosen.backup.name.as_str().into()),
            ]),
        )?;
        warn(console, plan, chosen)?;
        let proof = if chosen.record.is_some() {
            "cli-plan-record"
        } else {
            "cli-plan-full"
        };
        console.say(proof, &none)?;
    }
    loss(console, plan)?;
    console.say(
        "cli-plan-expected",
        &Args::from([("expected".into(), plan.expected.into())]),
    )
}

/// What speaks against the backup that somebody chose all the same.
fn warn(console: &Console, plan: &Plan, chosen: &ChosenBackup) -> Result<(), CliError> {
    if let Some(failed) = &chosen.failed {
        let code = Args::from([("code".into(), failed.code.as_str().into())]);
        let why = console.text("backup-flaw", &code);
        let args = Args::from([("at".into(), failed.at.into()), ("why".into(), why.into())]);
        console.say("plan-backup-failed", &args)?;
    }
    if is_future(chosen.backup.time, plan.made_at) {
        console.say("plan-backup-future", &Args::new())?;
    }
    Ok(())
}

fn loss(console: &Console, plan: &Plan) -> Result<(), CliError> {
    let Some(loss) = &plan.loss else {
        return Ok(());
    };
    match loss.span {
        Some(span) => console.say("loss-span", &Args::from([("span".into(), span.into())]))?,
        None => {
            let most = plan.longest_loss().unwrap_or_default();
            console.say(
                "loss-span-unknown",
                &Args::from([("span".into(), most.into())]),
            )?;
        }
    }
    let Some(rows) = &loss.rows else {
        return console.say("loss-rows-unknown", &Args::new());
    };
    let list: Vec<String> = rows
        .iter()
        .map(|(table, count)| format!("{table} {count}"))
        .collect();
    console.say(
        "loss-rows",
        &Args::from([("rows".into(), list.join(", ").into())]),
    )
}
