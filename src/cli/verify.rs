//! `backup verify`: the weekly test, now.

use super::terminal::{json as print_json, line};
use super::{CliResult, Console, Exit, chores};
use crate::domain::backup::BackupTime;
use crate::domain::chore::testing::{Tested, Verdict};
use crate::domain::chore::{Chore, Outcome, Task};
use crate::domain::failure::Args;
use serde_json::json;

/// Tests this backup, or the newest of each place, and tells what was found.
pub(super) async fn run(console: &Console, backup: Option<BackupTime>, as_json: bool) -> CliResult {
    let chore = chores::carry_out(console, Task::TestBackups { backup }).await?;
    let verdict = match &chore.outcome {
        Some(Outcome::Tested(tested)) => Some(tested.verdict()),
        _ => None,
    };
    if as_json {
        print_json(&json!({
            "chore": chore.id.to_string(),
            "phase": chore.phase.as_str(),
            "verdict": verdict.map(Verdict::as_str),
            "tested": chore.outcome,
            "failure": chore.failure,
        }))?;
    } else {
        tell(console, &chore)?;
    }
    Ok(match verdict {
        Some(Verdict::Pass) => Exit::Done,
        _ => Exit::Failed,
    })
}

fn tell(console: &Console, chore: &Chore) -> CliResult {
    let mut args = Args::from([
        ("chore".to_owned(), chore.id.to_string().into()),
        ("phase".to_owned(), chore.phase.as_str().into()),
    ]);
    if let Some(Outcome::Tested(tested)) = &chore.outcome {
        report(console, tested)?;
        args.insert("verdict".to_owned(), tested.verdict().as_str().into());
        console.say("backup-test-ended", &args)?;
        return Ok(Exit::Done);
    }
    console.say("backup-test-not-ended", &args)?;
    if let Some(failure) = &chore.failure {
        let key = format!("failure-{}", failure.code.as_str());
        console.say(&key, &failure.args)?;
    }
    Ok(Exit::Done)
}

fn report(console: &Console, tested: &Tested) -> CliResult {
    for told in tested.lines() {
        let text = console.text(&told.key, &told.args);
        let indent = match (told.key.as_str(), told.against) {
            ("backup-test-place" | "backup-test-untested", _) => "",
            (_, true) => "  • ",
            (_, false) => "  ",
        };
        line(&format!("{indent}{text}"))?;
    }
    Ok(Exit::Done)
}
