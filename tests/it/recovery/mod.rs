//! Whole recoveries: the real program, driven through the chat or the console.

mod crash;
mod crash_back;
mod happy;
mod held;
mod holder;
mod killing;
mod lock;
mod matrix;
mod outcome;
mod plan_changed;
pub mod play;
mod tamper;
mod telegram_down;

use rei_recovery::demo::world::{World, WorldOptions};
use std::fmt::Display;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");

/// Bounds every wait; the group's messages are paced, and the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

fn options() -> WorldOptions {
    WorldOptions::new(PROGRAM)
}

async fn world() -> World {
    built(options()).await
}

async fn built(options: WorldOptions) -> World {
    good(World::build(options).await)
}

/// What is there, or the error in its own words, which show the chats and the program's last lines.
fn good<T>(result: Result<T, impl Display>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}
