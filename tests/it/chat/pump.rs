//! The outbox pump against a Telegram that limits, fails, vanishes, and forgets.

use super::scene::{Options, SOON, Scene};
use rei_recovery::demo::bot_api::{Fault, Figures, Network};
use rei_recovery::domain::failure::Args;
use rei_recovery::domain::post::{Owed, Post, Recipient};
use rei_recovery::ports::journal::{Outbox, PendingPost};
use std::time::{Duration, Instant};

/// Every announced entry, in order.
async fn announced(scene: &Scene) -> Vec<u64> {
    let trail = scene.trail().await;
    trail.iter().map(|entry| entry.seq).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_while_telegram_was_away_arrives_once_and_in_order() {
    let mut scene = Scene::silent(Options::default()).await;
    scene.api.set_network(Network::Refused).await;
    scene.start_blind();
    let run = scene.asked(None, Duration::from_secs(600)).await;
    scene.note(150).await;
    assert!(scene.store.backlog().await.unwrap() > 150);
    assert_eq!(scene.store.last_delivery().await.unwrap(), None);
    scene.api.set_network(Network::Up).await;
    scene.see(scene.group, "Approval needed").await;
    scene.drained().await;
    assert!(scene.store.last_delivery().await.unwrap().is_some());
    assert_eq!(scene.numbers(), announced(&scene).await);
    // Waiting lines shared messages, and the live message came once, as it stands now.
    assert!(
        scene.texts(scene.group).len() < 12,
        "{}",
        scene.texts(scene.group).len()
    );
    let live = scene.texts(scene.group).join("\n");
    assert_eq!(live.matches("step 2 of 11").count(), 1, "{}", run.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_stays_within_the_limits_of_a_group() {
    let scene = Scene::new().await;
    scene.api.limit(Some(Figures::default()));
    let run = scene.started(Some(11)).await;
    scene.talk(scene.ann);
    for nth in 0..15 {
        scene.note(20).await;
        let live = [Recipient::Team, Recipient::Chat(11)].map(|to| Owed {
            to,
            post: Post::Run { run: run.id },
        });
        scene.store.push(live.into()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20 * nth)).await;
    }
    scene.drained().await;
    assert_eq!(scene.api.too_many(), 0);
    assert_eq!(scene.numbers(), announced(&scene).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_telegram_asks_for_is_kept() {
    let scene = Scene::new().await;
    scene.api.fail_next("sendMessage", Fault::TooMany(2));
    let began = Instant::now();
    scene.note(3).await;
    scene.drained().await;
    assert!(
        began.elapsed() >= Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(scene.numbers(), announced(&scene).await);
    assert_eq!(scene.api.too_many(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_leads_to_a_repeat_that_says_so() {
    let scene = Scene::new().await;
    scene.api.fail_next("sendMessage", Fault::ResetAfter);
    scene.note(1).await;
    let repeat = scene.see(scene.group, "Possible repeat").await;
    assert!(repeat.text().contains("was verified in full"));
    scene.note(1).await;
    scene.drained().await;
    let texts = scene.texts(scene.group).join("\n");
    assert_eq!(texts.matches("Possible repeat").count(), 1, "{texts}");
    assert_eq!(scene.numbers(), [1, 1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_surely_did_not_go_out_is_no_repeat() {
    let scene = Scene::new().await;
    scene.api.set_network(Network::Refused).await;
    scene.note(1).await;
    crate::support::wait::until("a try", || async {
        let posts = scene.store.pending(10).await.unwrap();
        posts.iter().any(|post| post.attempts > 0).then_some(())
    })
    .await;
    scene.api.set_network(Network::Up).await;
    scene.drained().await;
    assert_eq!(scene.numbers(), [1]);
    assert!(
        !scene
            .texts(scene.group)
            .join("\n")
            .contains("Possible repeat")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_on_the_way_leaves_a_doubt_and_no_gap() {
    let mut scene = Scene::new().await;
    scene.api.fail_next("sendMessage", Fault::HangAfter);
    scene.note(1).await;
    scene.see(scene.group, "was verified in full").await;
    scene.kill().await;
    scene.start().await;
    scene.see(scene.group, "Possible repeat").await;
    scene.drained().await;
    assert_eq!(scene.numbers(), [1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_delivery_a_crash_cut_off_says_that_it_may_stand_twice() {
    let mut scene = Scene::new().await;
    let run = scene.started(None).await;
    scene.drained().await;
    scene.stop().await;
    let run = scene.ask_approval(run.id, Duration::from_secs(600)).await;
    let posts = scene.store.pending(100).await.unwrap();
    let request = |post: &PendingPost| matches!(post.owed.post, Post::Approval { .. });
    let request = posts.into_iter().find(request).unwrap();
    scene.store.begun(&[request.id]).await.unwrap();
    scene.start().await;
    let card = scene.see(scene.group, "Either message can be used").await;
    let answer = scene.press(scene.bob, &card, "Approve").await;
    assert!(!answer.show_alert, "{} {}", run.id, answer.text);
    let settled = scene.see(scene.group, "✓ Bob").await;
    assert!(
        !settled.text().contains("Either message"),
        "{}",
        settled.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_blocked_the_bot_holds_nobody_up() {
    let scene = Scene::new().await;
    scene.talk(scene.ann);
    scene.api.set_blocked(scene.ann, scene.bot, true).unwrap();
    scene.started(Some(11)).await;
    scene.see(scene.group, "step 1 of 11").await;
    scene.drained().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_live_message_is_written_anew() {
    let scene = Scene::new().await;
    let run = scene.started(None).await;
    let live = scene.see(scene.group, "step 1 of 11").await;
    let bot = teloxide::Bot::new("700:a-secret-of-the-test")
        .set_api_url(scene.api.url().parse().unwrap());
    use teloxide::prelude::Requester;
    let (chat, id) = (
        teloxide::types::ChatId(-500),
        teloxide::types::MessageId(live.id),
    );
    bot.delete_message(chat, id).await.unwrap();
    scene.begin(run.id, "fetch").await;
    scene
        .after(scene.group, live.id, "Now: Fetch the backup")
        .await;
    scene.drained().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_error_delays_and_loses_nothing() {
    let scene = Scene::new().await;
    scene.api.fail_next("sendMessage", Fault::Status(502));
    scene.note(2).await;
    // The library itself waits ten seconds after a server's error.
    let what = "the line after the error";
    let fits = |m: &rei_recovery::demo::bot_api::Message| m.text().contains("#2");
    let within = SOON + Duration::from_secs(15);
    scene
        .api
        .wait_for_message(scene.group, what, within, fits)
        .await
        .unwrap();
    scene.drained().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_message_of_a_check_reaches_the_group() {
    let scene = Scene::new().await;
    let args = Args::from([
        ("run".to_owned(), "R-1".into()),
        ("took".to_owned(), Duration::from_secs(9).into()),
    ]);
    let post = Post::Text {
        key: "full-check-ok".to_owned(),
        args,
    };
    let to = Recipient::Team;
    scene.store.push(vec![Owed { to, post }]).await.unwrap();
    scene
        .see(scene.group, "It found nothing wrong; it took 9\u{a0}s")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stood_in_a_group_that_migrated_is_sent_anew_and_never_edited() {
    let scene = Scene::new().await;
    let run = scene.started(None).await;
    let old = scene.see(scene.group, "step 1 of 11").await;
    scene.drained().await;
    let new = scene.api.migrate(scene.group, -1_001_000_000_777).unwrap();
    // More messages than the old group had: one of them has the live message's old number.
    for _ in 0..old.id + 3 {
        scene.api.send_text(scene.eve, new, "hello").unwrap();
    }
    scene.begin(run.id, "fetch").await;
    let live = scene.see(new, "Now: Fetch the backup").await;
    assert!(live.id > old.id, "{} is a number of the old group", live.id);
    scene.succeed(run.id, "fetch").await;
    scene.drained().await;
    let shown = scene.api.messages(new);
    let shown: Vec<_> = shown
        .iter()
        .filter(|m| m.text().contains("step "))
        .collect();
    assert_eq!(shown.len(), 1, "{shown:#?}");
    assert_eq!(shown[0].id, live.id, "from then on it is edited");
}

#[tokio::test(flavor = "multi_thread")]
async fn forgetting_a_chats_messages_forgets_no_other_chats() {
    let scene = Scene::silent(Options::default()).await;
    let run = scene.proposed(None).await.id;
    let both = [Recipient::Team, Recipient::Chat(11)];
    let owe = async || {
        let owed = both.map(|to| Owed {
            to,
            post: Post::Run { run },
        });
        scene.store.push(owed.into()).await.unwrap();
        let posts = scene.store.pending(100).await.unwrap();
        let live = |post: &PendingPost| matches!(post.owed.post, Post::Run { .. });
        posts.into_iter().filter(live).collect::<Vec<_>>()
    };
    for post in owe().await {
        let posts = std::slice::from_ref(&post);
        scene.store.delivered(posts, Some(7)).await.unwrap();
    }
    let numbers = async || {
        let posts = owe().await;
        both.map(|to| posts.iter().find(|p| p.owed.to == to).unwrap().message)
    };
    assert_eq!(numbers().await, [Some(7), Some(7)]);
    scene.store.forget(&[Recipient::Team]).await.unwrap();
    assert_eq!(numbers().await, [None, Some(7)]);
}
