//! A drill, held in a process of its own: a copy of REI with stand-ins for all that it talks to, a
//! failure, and this program's own recovery as another process that knows nothing else.
//!
//! Whoever started it holds its standard input. When that closes, he is gone: everything is ended and
//! the folder removed.

mod breaking;
mod environment;
mod ground;
mod halt;
mod looking;
mod recovering;

pub use halt::Halt;

use super::error::{DemoResult, at};
use super::units::{self, Unit};
use crate::adapters::enclosure::{Enclosure, sweep};
use crate::domain::Timestamp;
use crate::domain::chore::drill::{Now, Scenario, Seen};
use crate::domain::event::Outcome;
use crate::domain::failure::{Failure, FailureCode};
use crate::ports::drill::{Line, SCRIPT, Script};
use ground::Ground;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

/// REI's folder in the drill's.
const HOME: &str = "rei_bot";

/// Holds the drill that the folder's script describes, and prints how it goes.
///
/// # Errors
/// The script cannot be read, or nothing be printed. What goes wrong with the drill is printed.
pub async fn play(folder: &Path) -> DemoResult<ExitCode> {
    let path = folder.join(SCRIPT);
    let text = fs::read(&path).map_err(at(&path))?;
    let script: Script = serde_json::from_slice(&text).map_err(|e| at(&path)(e.into()))?;
    let held = tokio::select! {
        seen = hold(folder, &script) => Some(seen),
        () = abandoned() => None,
    };
    end(folder).await;
    match held {
        Some(seen) => {
            print(&Line::Seen {
                seen: Box::new(seen),
            })?;
            Ok(ExitCode::SUCCESS)
        }
        None => {
            // Nobody is left who would do it.
            fs::remove_dir_all(folder).map_err(at(folder))?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Ends when the other side of standard input is gone.
async fn abandoned() {
    let (gone, told) = tokio::sync::oneshot::channel();
    // A thread of its own: a read of the terminal cannot be called off, and ends with the process.
    std::thread::spawn(move || {
        let mut bytes = [0; 64];
        while std::io::stdin().read(&mut bytes).is_ok_and(|read| read > 0) {}
        gone.send(())
    });
    drop(told.await);
}

/// Ends every process of the drill but this one.
async fn end(folder: &Path) {
    if let Err(error) = sweep(folder).await {
        tracing::warn!(%error, "processes of the drill cannot be ended");
    }
    end_units(folder).await;
}

/// Ends the units of a drill, and waits until they are gone: Redis writes over the mark by which the
/// other processes are known. Nothing starts one any more.
pub async fn end_units(folder: &Path) {
    let home = folder.join(HOME);
    let ended = ground::blocking(move || {
        breaking::until("the end of the units", || {
            units::kill_all(&home);
            let mut up = Unit::ALL.into_iter().map(|unit| units::is_up(unit, &home));
            Ok(!up.any(|up| up.unwrap_or(false)))
        })
    });
    if let Err(error) = ended.await {
        tracing::warn!(%error, "units of the drill do not go");
    }
}

fn print(line: &Line) -> DemoResult<()> {
    let stdout = Path::new("/dev/stdout");
    let text = serde_json::to_string(line).map_err(|e| at(stdout)(e.into()))?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(at(stdout))
}

/// Tells how far it is. Who listens no more will close the input.
fn tell(now: Now) {
    drop(print(&Line::Now { now }));
}

async fn hold(folder: &Path, script: &Script) -> Seen {
    let mut seen = Seen {
        wish: script.wish.clone(),
        backup: Some(script.backup),
        newest_row: None,
        begun_at: None,
        prepared: 0,
        broken_at: None,
        recovery: None,
        looks: Vec::new(),
        verified_at: None,
        hindrance: None,
    };
    if let Err(halt) = go_through(folder, script, &mut seen).await {
        seen.hindrance = Some(halt.into());
    }
    seen
}

/// The four phases; what was seen until it stops is kept.
async fn go_through(folder: &Path, script: &Script, seen: &mut Seen) -> Result<(), Halt> {
    let Some(scenario) = Scenario::of(&script.wish.runbook) else {
        return Err(Failure::new(FailureCode::DrillBroken)
            .because("no failure for this runbook")
            .into());
    };
    let enclosure = Enclosure::around(folder, &script.program, &script.production)?;
    tell(Now::Preparing);
    let begun = Instant::now();
    let mut ground = Ground::set(enclosure, script, scenario).await?;
    seen.newest_row = ground.saved.as_ref().and_then(|it| it.newest_row);
    seen.prepared = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tell(Now::Breaking);
    breaking::strike(&mut ground, script, scenario).await?;
    seen.broken_at = Some(Timestamp::now());
    let recovery = recovering::follow(&ground, scenario).await?;
    let Some(recovery) = recovery else {
        return Err(ground.spoilt.take().map_or_else(
            || Halt::told("the recovery did not begin; its output is in the log"),
            Halt::from,
        ));
    };
    let recovered = recovery.outcome == Some(Outcome::Recovered);
    seen.recovery = Some(recovery);
    if recovered {
        tell(Now::Verifying);
        seen.looks = looking::look(&ground, scenario).await;
        seen.verified_at = Some(Timestamp::now());
    }
    Ok(())
}
