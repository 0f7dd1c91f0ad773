//! A run that waits for a provider holds REI: whoever needs another one reads why, and can end it.

use super::{built, good, options, outcome, play};
use rei_recovery::demo::bot_api::Message;
use rei_recovery::demo::world::World;
use rei_recovery::demo::yookassa::Outage;
use std::time::Duration;

const ANSWER: Duration = Duration::from_secs(60);

async fn until_at(world: &World, step: &str) {
    let there = |last: &rei_recovery::demo::world::Entry| {
        (last.kind(), last.step()) == ("step-started", Some(step))
    };
    play::until_last(world, "the wait", there).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_needs_another_run_is_told_who_holds_rei_and_can_end_it_there() {
    let world = built(options().pace(Duration::from_secs(24 * 3600))).await;
    let (api, cast) = (&world.api, &world.cast);
    world.yookassa.set_outage(Some(Outage::Unavailable));
    tokio::select! {
        ended = world.console(&["recover", "payment-outage", "--yes"]) => panic!("{ended:?}"),
        () = until_at(&world, "back") => {}
    }
    let place = cast.private(cast.anna);
    good(api.send_text(cast.anna, place, "/recover redis-flush"));
    let plan = good(play::offered(&world, place, 2, "Start").await);
    good(api.press(cast.anna, place, plan.id, "Start"));
    let is_told = |message: &Message| play::has(message, "Abort R-1");
    let told = api.wait_for_message(place, "the way out", ANSWER, is_told);
    let told = good(told.await);
    for words in ["R-1", "Wait until YooKassa is back", "R-2 was not started"] {
        assert!(told.text().contains(words), "{}", told.text());
    }
    good(api.press(cast.anna, place, told.id, "Abort R-1"));
    let over = || {
        let last = world.state.journal(1)?.pop();
        Ok(last.filter(|last| last.kind() == "aborted"))
    };
    good(world.until("the end of R-1", ANSWER, over).await);
    let is_free = |message: &Message| message.text().contains("R-1 has ended");
    good(
        api.wait_for_message(place, "the word of it", ANSWER, is_free)
            .await,
    );
    good(api.press(cast.anna, place, plan.id, "Start"));
    let begun = || Ok(world.state.under_way()?.filter(|run| *run == 2));
    good(world.until("the start of R-2", ANSWER, begun).await);
    assert!(
        outcome::journal(&world, 2)
            .iter()
            .any(|it| it.kind() == "started")
    );
}
