//! A scenario, played through the chat by two people, and then proved from outside.

mod play;
mod players;
mod proof;
mod scenes;
mod transcript;

use super::cli::Scenario;
use super::error::{DemoError, DemoResult};
use super::terminal::say;
use super::world::{World, WorldOptions};
use std::process::ExitCode;
use std::time::Duration;
use transcript::Teller;

/// The whole play must be over by then.
const DEADLINE: Duration = Duration::from_secs(300);

/// Plays and proves; success only if everything holds.
pub(super) async fn run(options: WorldOptions, scenario: Scenario) -> DemoResult<ExitCode> {
    say("Building REI with its past, its backups, a bucket and a Telegram of our own …");
    let world = World::build(options).await?;
    let teller = Teller::new(world.api.clone(), world.cast);
    let played = tokio::select! {
        played = tokio::time::timeout(DEADLINE, play::play(&world, scenario, &teller)) => played,
        never = teller.tell() => never,
    };
    teller.catch_up();
    let held = match played {
        Ok(Ok(checks)) => verdict(&checks),
        Ok(Err(error)) => failed(&world, &error),
        Err(_) => failed(&world, &overdue(&world)),
    };
    world.close().await;
    Ok(if held {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn verdict(checks: &[proof::Check]) -> bool {
    say("\nWhat was checked, from outside the bot:");
    for check in checks {
        let mark = if check.holds { "  ok    " } else { "  FAILED" };
        say(&format!("{mark}  {}: {}", check.what, check.seen));
    }
    let held = checks.iter().all(|check| check.holds);
    say(if held {
        "\nEverything holds."
    } else {
        "\nNot everything holds."
    });
    held
}

fn failed(world: &World, error: &DemoError) -> bool {
    say(&format!("\nThe play stopped: {error}"));
    say(&format!(
        "\nThe bot's last lines:\n{}",
        world.bot_log_tail()
    ));
    false
}

fn overdue(world: &World) -> DemoError {
    let newest = world.state.newest().ok().flatten();
    DemoError::Waited {
        what: "the end of the play".to_owned(),
        within: DEADLINE,
        seen: format!("newest run and its phase: {newest:?}"),
    }
}
