//! REI's bot against a Bot API server of a few lines, and against networks that fail.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use rei_recovery::adapters::rei_bot::TelegramReiBot;
use rei_recovery::domain::failure::{Arg, FailureCode};
use rei_recovery::ports::PortError;
use rei_recovery::ports::bot::ReiBot;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

const TOKEN: &str = "7000001:AAF7-g0gYncWnm5IyfZlpPRqRRv6kNAGlao";

type Asked = Arc<Mutex<Vec<(String, Value)>>>;

/// Answers every call alike and keeps what it was asked.
struct Api {
    url: String,
    asked: Asked,
}

impl Api {
    async fn answering(status: u16, answer: Value) -> Self {
        let asked = Asked::default();
        let answer = move |Path(path): Path<String>,
                           State(asked): State<Asked>,
                           body: Json<Value>| async move {
            asked.lock().unwrap().push((path, body.0));
            (StatusCode::from_u16(status).unwrap(), Json(answer))
        };
        let router = Router::new()
            .route("/{*path}", post(answer))
            .with_state(asked.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, asked }
    }

    async fn refusing(status: u16, words: &str) -> Self {
        let answer = json!({"ok": false, "error_code": status, "description": words});
        Self::answering(status, answer).await
    }

    fn bot(&self) -> TelegramReiBot {
        bot(&self.url)
    }
}

fn bot(url: &str) -> TelegramReiBot {
    TelegramReiBot::new(&TOKEN.into(), url).unwrap()
}

/// Whatever goes wrong, the token's secret half is nowhere in the error.
fn checked(error: PortError) -> PortError {
    let words = format!("{error:?} {error}");
    assert!(!words.contains("AAF7"), "{words}");
    error
}

fn message() -> Value {
    json!({"ok": true, "result": {
        "message_id": 5, "date": 1_700_000_000, "text": "hello",
        "chat": {"id": 42, "type": "private", "first_name": "Ann"}
    }})
}

#[tokio::test]
async fn the_name_behind_the_token_is_asked_for() {
    let me = json!({
        "id": 7_000_001, "is_bot": true, "first_name": "REI", "username": "rei_bot",
        "can_join_groups": true, "can_read_all_group_messages": false,
        "supports_inline_queries": false, "has_main_web_app": false,
        "can_connect_to_business": false
    });
    let api = Api::answering(200, json!({"ok": true, "result": me})).await;
    assert_eq!(api.bot().username().await.unwrap(), "rei_bot");
    assert_eq!(api.asked.lock().unwrap()[0].0, format!("bot{TOKEN}/getMe"));
}

#[tokio::test]
async fn a_message_is_sent_as_it_is_and_once() {
    let api = Api::answering(200, message()).await;
    api.bot().send(42, "a <b>*text*</b>").await.unwrap();
    let asked = api.asked.lock().unwrap();
    assert_eq!(asked.len(), 1);
    let (path, body) = &asked[0];
    assert!(path.ends_with("/sendMessage"), "{path}");
    assert_eq!(
        (&body["chat_id"], &body["text"]),
        (&json!(42), &json!("a <b>*text*</b>"))
    );
    assert!(body.get("parse_mode").is_none());
}

#[tokio::test]
async fn a_refused_token_is_told_as_such() {
    for (status, words) in [(401, "Unauthorized"), (404, "Not Found")] {
        let bot = Api::refusing(status, words).await.bot();
        for error in [
            bot.username().await.unwrap_err(),
            bot.send(42, "x").await.unwrap_err(),
        ] {
            let error = checked(error);
            assert_eq!(error.code(), FailureCode::BotTokenRefused);
            assert!(!error.transient && !error.unknown);
        }
    }
}

#[tokio::test]
async fn a_refused_message_gives_telegram_s_reason() {
    for (status, words) in [
        (403, "Forbidden: bot was blocked by the user"),
        (
            403,
            "Forbidden: bot can't initiate conversation with a user",
        ),
        (400, "Bad Request: chat not found"),
    ] {
        let error = Api::refusing(status, words).await.bot().send(42, "x").await;
        let error = checked(error.unwrap_err());
        assert_eq!(error.code(), FailureCode::MessageRefused);
        assert_eq!(error.failure.args["reason"], Arg::Text(words.into()));
        assert!(!error.transient && !error.unknown);
    }
}

#[tokio::test]
async fn a_reason_that_repeats_the_token_is_masked() {
    let words = format!("Bad Request: no method at /bot{TOKEN}/SendMessage");
    let error = Api::refusing(400, &words).await.bot().send(42, "x").await;
    let error = checked(error.unwrap_err());
    let masked = "Bad Request: no method at /bot7000001:***/SendMessage";
    assert_eq!(error.failure.args["reason"], masked.into());
}

#[tokio::test]
async fn too_many_requests_is_surely_not_sent() {
    let flood = json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7}});
    let error = Api::answering(429, flood).await.bot().send(42, "x").await;
    let error = checked(error.unwrap_err());
    assert_eq!(error.code(), FailureCode::MessageRefused);
    assert!(error.transient && !error.unknown);
}

#[tokio::test]
async fn a_server_that_is_not_there_got_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = checked(bot(&url).send(42, "x").await.unwrap_err());
    assert_eq!(error.code(), FailureCode::BotUnreachable);
    assert!(error.transient && !error.unknown);
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_the_outcome_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 4096]).await;
        }
    });
    let sent = checked(bot(&url).send(42, "x").await.unwrap_err());
    assert_eq!(sent.code(), FailureCode::BotUnreachable);
    assert!(sent.unknown && !sent.transient);
    let asked = checked(bot(&url).username().await.unwrap_err());
    assert!(
        asked.transient && !asked.unknown,
        "a question may be asked again"
    );
}

#[tokio::test]
async fn a_server_that_breaks_down_leaves_the_outcome_unknown() {
    let words = Api::refusing(500, "Internal Server Error").await;
    let page = Api::answering(502, json!("<html>Bad Gateway</html>")).await;
    let (words, page) = (words.bot(), page.bot());
    let (told, shown) = tokio::join!(words.send(42, "x"), page.send(42, "x"));
    for error in [told, shown] {
        let error = checked(error.unwrap_err());
        assert_eq!(error.code(), FailureCode::BotUnreachable);
        assert!(error.unknown && !error.transient, "{error:?}");
    }
}

#[test]
fn an_address_that_is_none_is_refused_and_the_token_is_never_shown() {
    for url in ["", "api.telegram.org", "mailto:bot@example.org"] {
        assert!(TelegramReiBot::new(&TOKEN.into(), url).is_err(), "{url}");
    }
    let shown = format!("{:?}", bot("https://api.telegram.org"));
    assert!(!shown.contains("AAF7"), "{shown}");
}
