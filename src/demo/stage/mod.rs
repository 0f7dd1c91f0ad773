//! The rehearsal as people see it: the chat page, the buttons that break and mend, the facts.

mod actions;
mod facts;
mod outages;
mod partners;
mod strike;

use super::bot_api::{Fact, Tone, Words};
use super::error::DemoResult;
use super::world::World;
use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::task::JoinSet;

/// A killed bot comes back after this, as under a service manager with `RestartSec=3`.
const RESTART_AFTER: Duration = Duration::from_secs(3);

/// How often the bot is looked after.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How often the facts are told anew.
const FACTS_EVERY: Duration = Duration::from_secs(1);

/// What goes on beside the chat; ends with its handle.
#[derive(Debug)]
pub(super) struct Stage {
    /// Where the page is.
    pub(super) url: String,
    _tasks: JoinSet<()>,
}

/// Opens the page on this port of the loopback, puts the buttons on it, and looks after bot and facts.
pub(super) async fn open(world: &Arc<World>, port: u16) -> DemoResult<Stage> {
    let url = world
        .api
        .open_page(SocketAddr::from(([127, 0, 0, 1], port)))
        .await?;
    actions::register(world);
    let mut tasks = JoinSet::new();
    tasks.spawn(look_after_bot(Arc::downgrade(world)));
    tasks.spawn(tell_facts(Arc::downgrade(world)));
    Ok(Stage { url, _tasks: tasks })
}

/// Starts the bot again whenever it is gone.
async fn look_after_bot(world: Weak<World>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(world) = world.upgrade() else { return };
        if world.bot_pid().is_some() {
            continue;
        }
        tokio::time::sleep(RESTART_AFTER).await;
        if let Err(error) = world.spawn_bot() {
            tracing::error!(%error, "the bot does not start");
        }
    }
}

async fn tell_facts(world: Weak<World>) {
    let mut health = facts::Health::default();
    loop {
        let Some(world) = world.upgrade() else { return };
        match facts::gather(&world, &mut health).await {
            Ok(facts) => world.api.set_facts(facts),
            Err(error) => world.api.set_facts(vec![unknown(&error.to_string())]),
        }
        drop(world);
        tokio::time::sleep(FACTS_EVERY).await;
    }
}

fn unknown(why: &str) -> Fact {
    Fact::new(Words::new("Facts", "Факты"), why).tone(Tone::Warn)
}
