//! Telegram cannot be reached for the length of a whole recovery.

use super::outcome::{self, Before};
use super::{PATIENCE, good, world};
use rei_recovery::demo::bot_api::Network;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recovery_without_telegram_completes_and_the_group_reads_it_afterwards() {
    let world = world().await;
    let before = Before::of(&world);
    good(world.until_delivered(PATIENCE).await);
    world.api.set_network(Network::Refused).await;
    let recover = ["recover", "database-corruption", "--yes"];
    let console = good(world.console(&recover).await);
    assert_eq!(console.code, Some(0), "{console:?}\n{}", world.bot_log());
    let (run, phase) = good(world.state.newest()).unwrap();
    assert_eq!(phase, "finished");
    outcome::assert_recovered(&world, run);
    outcome::assert_restored(&world, &before, run);
    outcome::assert_kept(&world, &before, run);
    assert!(good(world.state.backlog()) > 0, "the group cannot know yet");

    world.api.set_network(Network::Up).await;
    outcome::assert_delivered(&world).await;
    let told = outcome::assert_trail(&world).await;
    let written = outcome::entries(world.state.path());
    assert_eq!(told, (1..=written).collect::<Vec<_>>(), "once and in order");
}
