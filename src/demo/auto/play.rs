//! Something breaks, Anna asks, Boris approves, everybody watches.

use super::players::{ANSWER, Players};
use super::proof::{self, Check, Played};
use super::scenes::Scene;
use super::transcript::Teller;
use crate::demo::cli::Scenario;
use crate::demo::error::{DemoError, DemoResult};
use crate::demo::world::{Entry, World};
use std::time::{Duration, Instant};

/// How long a recovery may take here.
const RECOVERY: Duration = Duration::from_secs(240);

/// A step that failed and stays so for this long waits for a person, whom this play has not.
const STUCK: Duration = Duration::from_secs(10);

/// How often the run is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The whole scenario.
pub(super) async fn play(
    world: &World,
    scenario: Scenario,
    teller: &Teller,
) -> DemoResult<Vec<Check>> {
    let mut scene = Scene::set(world, scenario).await?;
    let mut players = Players::new(world, teller);
    players.boris_chooses_russian().await?;
    let began = Instant::now();
    players.ask_for(scenario.runbook()).await?;
    let run = watch(world, &mut scene, &mut players).await?;
    world.until_delivered(ANSWER).await?;
    players.all_answered().await?;
    let played = Played {
        run,
        took: began.elapsed(),
    };
    let mut checks = proof::common(world, &played).await?;
    let own = checks.len().min(2);
    let scenes = scene.check(world, &played).await?;
    checks.splice(own..own, scenes);
    Ok(checks)
}

/// Follows the run to its end; what it asks is answered.
async fn watch(world: &World, scene: &mut Scene, players: &mut Players<'_>) -> DemoResult<i64> {
    let deadline = Instant::now() + RECOVERY;
    let mut read = 0;
    let mut gates = 0;
    let mut since = Instant::now();
    loop {
        let newest = world.state.newest()?;
        let journal = match &newest {
            Some((run, _)) => world.state.journal(*run)?,
            None => Vec::new(),
        };
        for entry in journal.iter().skip(read) {
            since = Instant::now();
            scene.meanwhile(world, entry)?;
            match entry.kind() {
                "approval-asked" => {
                    players.boris_approves(gates == 0).await?;
                    gates += 1;
                }
                "step-failed" if scene.mends(world, entry)? => players.anna_retries().await?,
                _ => {}
            }
        }
        read = journal.len();
        match newest {
            Some((run, phase)) if phase == "finished" => return Ok(run),
            Some((run, _)) => is_stuck(run, journal.last(), since)?,
            None => {}
        }
        if Instant::now() >= deadline {
            return Err(overdue(journal.last(), world));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn is_stuck(run: i64, last: Option<&Entry>, since: Instant) -> DemoResult<()> {
    match last {
        Some(last) if last.kind().ends_with("-failed") && since.elapsed() > STUCK => Err(
            DemoError::NotHere(format!("R-{run} waits for a person: {}", last.event)),
        ),
        _ => Ok(()),
    }
}

fn overdue(last: Option<&Entry>, world: &World) -> DemoError {
    let last = last.map(|last| last.event.to_string()).unwrap_or_default();
    DemoError::Waited {
        what: "the end of the recovery".to_owned(),
        within: RECOVERY,
        seen: format!("{last}\n{}", world.bot_log_tail()),
    }
}
