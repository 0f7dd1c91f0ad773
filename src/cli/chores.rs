//! Chores from the console: done by a running `run`, or by the worker of this process.

use super::{CliError, Console};
use crate::domain::chore::{Chore, Task};
use crate::domain::ids::ChoreId;
use std::time::Duration;

/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(200);

/// Asks for a chore and waits for its end. A console that is ended meanwhile leaves it to the next `run`,
/// where it is one that is taken up again.
pub(super) async fn carry_out(console: &Console, task: Task) -> Result<Chore, CliError> {
    let asked = console.ops.ask_chore(&console.actor, task, None).await?;
    follow(console, asked.id).await
}

/// Waits for the end of a chore that was asked for.
pub(super) async fn follow(console: &Console, chore: ChoreId) -> Result<Chore, CliError> {
    console.wanted.cancel();
    loop {
        let now = console.ops.chore(chore).await?;
        match now.filter(|chore| chore.phase.is_over()) {
            Some(ended) => return Ok(ended),
            None => tokio::time::sleep(LOOK).await,
        }
    }
}
