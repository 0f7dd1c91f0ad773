//! The network and Telegram itself failing.

use std::time::Duration;

use rei_recovery::demo::bot_api::{Fault, Network, Outcome, Weather, World};
use teloxide::{
    RequestError,
    payloads::GetUpdatesSetters,
    prelude::Requester,
    types::{ChatId, Message},
};

use super::{SOON, Scene, client};

fn network(result: Result<Message, RequestError>) -> std::sync::Arc<teloxide::RequestError> {
    match result.expect_err("no network") {
        error @ RequestError::Network(_) => error.into(),
        other => panic!("{other:?}"),
    }
}

fn is_connect(error: &RequestError) -> bool {
    matches!(error, RequestError::Network(e) if e.is_connect())
}

fn texts(scene: &Scene) -> Vec<String> {
    scene
        .api
        .messages(scene.talk)
        .iter()
        .map(|m| m.text().to_owned())
        .collect()
}

#[tokio::test]
async fn nobody_listens_and_then_the_same_port_works_again() {
    let scene = Scene::new();
    let url = scene.api.url();
    let send = |text: &str| scene.bot.send_message(ChatId(11), text);
    send("before").await.expect("send");
    scene.api.set_network(Network::Refused).await;
    let fresh = client(&scene.api, "700:secret");
    let error = network(fresh.send_message(ChatId(11), "x").await);
    assert!(
        is_connect(&error),
        "refused before anything was sent: {error:?}"
    );
    network(send("y").await);
    scene.api.set_network(Network::Up).await;
    send("after").await.expect("send");
    assert_eq!(scene.api.url(), url);
    assert_eq!(texts(&scene), ["/start", "before", "after"]);
}

#[tokio::test]
async fn every_connection_is_reset() {
    let scene = Scene::new();
    scene
        .bot
        .get_updates()
        .offset(i32::MAX)
        .await
        .expect("acknowledged");
    let bot = scene.bot.clone();
    let poll = tokio::spawn(async move { bot.get_updates().timeout(30).await });
    scene.polled(2).await;
    scene.api.set_network(Network::Reset).await;
    assert!(
        matches!(poll.await.expect("task"), Err(RequestError::Network(_))),
        "a poll is cut off"
    );
    network(scene.bot.send_message(ChatId(11), "x").await);
    scene.api.set_network(Network::Up).await;
    scene.bot.send_message(ChatId(11), "y").await.expect("send");
    assert_eq!(texts(&scene), ["/start", "y"]);
}

#[tokio::test]
async fn requests_hang_and_are_not_handled() {
    let scene = Scene::new();
    scene.api.set_network(Network::Hanging).await;
    let bot = scene.bot.clone();
    let hanging = tokio::spawn(async move { bot.send_message(ChatId(11), "x").await });
    let waited = tokio::time::timeout(Duration::from_millis(300), hanging).await;
    assert!(waited.is_err(), "no answer");
    scene.api.set_network(Network::Up).await;
    scene.bot.send_message(ChatId(11), "y").await.expect("send");
    assert_eq!(texts(&scene), ["/start", "y"]);
    assert_eq!(scene.api.count("sendMessage"), 1);
}

#[tokio::test]
async fn a_reset_before_and_a_reset_after_look_the_same_and_are_not() {
    let scene = Scene::new();
    let send = |text: &str| scene.bot.send_message(ChatId(11), text);
    scene.api.fail_next("sendMessage", Fault::ResetBefore);
    scene.api.fail_next("sendMessage", Fault::ResetAfter);
    network(send("lost").await);
    let error = network(send("arrived").await);
    assert!(!is_connect(&error), "the caller cannot know");
    send("plain").await.expect("send");
    assert_eq!(texts(&scene), ["/start", "arrived", "plain"]);
    let outcomes = scene
        .api
        .read(|w| w.calls().map(|c| c.outcome.clone()).collect::<Vec<_>>());
    assert_eq!(
        outcomes,
        [Outcome::ResetBefore, Outcome::ResetAfter, Outcome::Done]
    );
    assert_eq!(scene.api.planned_faults(), 0);
}

#[tokio::test]
async fn an_answer_that_never_leaves_hides_what_was_done() {
    let scene = Scene::new();
    scene.api.fail_next("sendMessage", Fault::HangAfter);
    let bot = scene.bot.clone();
    let waiting = tokio::spawn(async move { bot.send_message(ChatId(11), "x").await });
    let hung = |w: &World| w.calls().find(|c| c.outcome == Outcome::Hung).map(|_| ());
    scene
        .api
        .wait_for("the call to hang", SOON, hung)
        .await
        .expect("hung");
    assert!(!waiting.is_finished());
    assert_eq!(texts(&scene), ["/start", "x"]);
    waiting.abort();
}

#[tokio::test]
async fn errors_of_telegram_itself_change_nothing() {
    let scene = Scene::new();
    scene.api.fail_next("sendMessage", Fault::TooMany(3));
    let error = scene
        .bot
        .send_message(ChatId(11), "x")
        .await
        .expect_err("too many");
    assert!(matches!(error, RequestError::RetryAfter(s) if s.seconds() == 3));
    let again = scene
        .bot
        .send_message(ChatId(11), "x")
        .await
        .expect_err("stalled");
    assert!(matches!(again, RequestError::RetryAfter(_)));
    scene.api.advance(Duration::from_secs(3));
    scene.api.fail_next("*", Fault::Status(502));
    // teloxide sleeps ten seconds on any 5xx, so this one goes by hand.
    let status = raw_status(&scene, "getMe").await;
    assert!(status.starts_with("HTTP/1.1 502"), "{status}");
    assert_eq!(texts(&scene), ["/start"]);
}

/// The status line of a call without a client.
async fn raw_status(scene: &Scene, method: &str) -> String {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    let address = scene.api.url().trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address)
        .await
        .expect("connect");
    let request = format!("GET /bot700:secret/{method} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("write");
    let mut line = String::new();
    BufReader::new(stream)
        .read_line(&mut line)
        .await
        .expect("read");
    line
}

#[tokio::test]
async fn calls_take_as_long_as_the_weather_says() {
    let scene = Scene::new();
    let slow = Duration::from_millis(120);
    scene.api.set_weather(Weather {
        latency: slow..slow,
        ..Weather::default()
    });
    let before = std::time::Instant::now();
    scene.bot.get_me().await.expect("me");
    assert!(before.elapsed() >= slow);
}

#[tokio::test]
async fn the_log_tells_every_call_without_the_token() {
    let scene = Scene::new();
    scene
        .bot
        .send_message(ChatId(11), "first\nsecond")
        .await
        .expect("send");
    let _ = scene.bot.send_message(ChatId(999), "x").await;
    let calls = scene.api.read(|w| w.calls().cloned().collect::<Vec<_>>());
    assert_eq!(
        (calls[0].method.as_str(), calls[0].chat),
        ("sendMessage", Some(11))
    );
    assert_eq!(calls[0].summary, "first ⏎ second");
    assert_eq!(calls[0].bot, "rei_admin_bot");
    assert!(matches!(
        &calls[1].outcome,
        Outcome::Refused { code: 400, .. }
    ));
    assert!(!format!("{calls:?}").contains("secret"));
}

#[tokio::test]
async fn a_vain_wait_shows_what_there_was_instead() {
    let scene = Scene::new();
    scene
        .bot
        .send_message(ChatId(11), "something else")
        .await
        .expect("send");
    let error = scene
        .api
        .wait_for_message(scene.talk, "a plan", Duration::from_millis(50), |m| {
            m.text() == "plan"
        })
        .await
        .expect_err("in vain");
    let text = error.to_string();
    assert!(
        text.contains("a plan") && text.contains("rei_admin_bot: something else"),
        "{text}"
    );
}

#[tokio::test]
async fn stopping_ends_everything() {
    let scene = Scene::new();
    let url = scene.api.url();
    let bot = scene.bot.clone();
    let poll = tokio::spawn(async move { bot.get_updates().offset(i32::MAX).timeout(30).await });
    scene.polled(1).await;
    tokio::time::timeout(SOON, scene.api.stop())
        .await
        .expect("in time");
    let _ = poll.await.expect("task");
    let address = url.trim_start_matches("http://").to_owned();
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
