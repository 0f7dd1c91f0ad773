//! Flood limits over HTTP.

use std::time::Duration;

use rei_recovery::demo::bot_api::Figures;
use teloxide::{RequestError, prelude::Requester, types::ChatId};

use super::Scene;

fn wait(result: Result<teloxide::types::Message, RequestError>) -> u32 {
    match result.expect_err("too many") {
        RequestError::RetryAfter(seconds) => seconds.seconds(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_group_takes_twenty_messages_and_twenty_edits_a_minute() {
    let scene = Scene::new();
    scene.api.limit(Some(Figures::default()));
    let group = ChatId(scene.group.chat_id());
    let first = scene.bot.send_message(group, "0").await.expect("send");
    for n in 1..20 {
        scene.api.advance(Duration::from_secs(1));
        scene
            .bot
            .send_message(group, n.to_string())
            .await
            .expect("send");
        scene
            .bot
            .edit_message_text(group, first.id, format!("edit {n}"))
            .await
            .expect("edit");
    }
    scene.api.advance(Duration::from_secs(1));
    let seconds = wait(scene.bot.send_message(group, "one too many").await);
    assert!((38..=40).contains(&seconds), "{seconds}");
    assert_eq!(scene.api.too_many(), 1);
    wait(scene.bot.send_message(ChatId(11), "elsewhere").await);
    scene.api.advance(Duration::from_secs(u64::from(seconds)));
    scene.bot.send_message(group, "again").await.expect("send");
}

#[tokio::test]
async fn a_stalled_token_says_how_long() {
    let scene = Scene::new();
    scene.api.stall(scene.bot_id, Duration::from_secs(7));
    assert_eq!(wait(scene.bot.send_message(ChatId(11), "x").await), 7);
    scene.bot.get_me().await.expect("reading is free");
    scene.api.advance(Duration::from_secs(7));
    scene.bot.send_message(ChatId(11), "x").await.expect("send");
}
