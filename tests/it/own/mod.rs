//! The program's own state: copied, damaged, put back, and without room.

mod broken;
mod copies;
mod hourly;
mod leaks;
mod litestream;
mod no_room;

use rei_recovery::demo::bot_api::{Message, PersonId, Place};
use rei_recovery::demo::world::{Console, World, WorldOptions};
use std::fmt::Display;
use std::path::PathBuf;
use std::time::Duration;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

const PATIENCE: Duration = Duration::from_secs(60);

async fn built(options: WorldOptions) -> World {
    good(World::build(options).await)
}

fn good<T>(result: Result<T, impl Display>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

fn state_dir(world: &World) -> PathBuf {
    world.settings()["STATE_DIR"].clone().into()
}

async fn console(world: &World, line: &str) -> Console {
    let words: Vec<&str> = line.split(' ').collect();
    good(world.console(&words).await)
}

/// The same for a command that must go well.
async fn done(world: &World, line: &str) -> serde_json::Value {
    let console = console(world, line).await;
    assert_eq!(console.code, Some(0), "{line}: {console:?}");
    serde_json::from_str(&console.stdout).unwrap_or_default()
}

/// Waits for a message of the bot in a chat.
async fn said(world: &World, place: Place, words: &str) -> Message {
    let found = world.api.wait_for(words, PATIENCE, |telegram| {
        let mut all = telegram.messages(place);
        all.find(|message| message.text().contains(words)).cloned()
    });
    good(found.await)
}

fn asks(world: &World, who: PersonId, text: &str) {
    good(world.api.send_text(who, world.cast.private(who), text));
}
