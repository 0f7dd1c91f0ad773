//! Killing the bot in the middle of a step.

use crate::demo::error::DemoResult;
use crate::demo::world::World;
use std::sync::Weak;
use std::time::Duration;

/// How long a strike waits for a step to begin.
const PATIENCE: Duration = Duration::from_secs(600);

/// Waits until the run on the patient is in the middle of a step, and kills the bot there.
pub(super) async fn in_mid_step(world: Weak<World>) {
    let Some(world) = world.upgrade() else { return };
    let step = world.until("a step to begin", PATIENCE, || open_step(&world));
    match step.await {
        Ok(step) => match world.kill_bot().await {
            Ok(_) => tracing::info!(step, "killed the bot in the middle of a step"),
            Err(error) => tracing::error!(%error, "the bot could not be killed"),
        },
        Err(error) => tracing::info!(%error, "no step to kill the bot in"),
    }
}

/// The step that has begun and has no outcome yet. Before the bot's first run there is none.
pub(super) fn open_step(world: &World) -> DemoResult<Option<String>> {
    let Ok(Some(run)) = world.state.under_way() else {
        return Ok(None);
    };
    let journal = world.state.journal(run)?;
    Ok(journal
        .last()
        .filter(|last| matches!(last.kind(), "step-started" | "undo-started"))
        .and_then(|last| last.step().map(str::to_owned)))
}
