//! Updates as only a broken or hostile Bot API server sends them: the bot takes the next sound one.

use crate::resist::play::{SOON, build, options};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock};
use tokio::net::TcpListener;

/// Passes everything on to the world's server, and puts its own answers before those to `getUpdates`.
#[derive(Clone, Default)]
struct Between {
    real: Arc<OnceLock<String>>,
    planned: Arc<Mutex<VecDeque<String>>>,
}

impl Between {
    async fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let this = self.clone();
        let app = Router::new()
            .fallback(move |request: Request| async move { this.answer(request).await });
        let app = app.layer(axum::extract::DefaultBodyLimit::disable());
        tokio::spawn(async move { axum::serve(listener, app).await });
        format!("http://{address}")
    }

    async fn answer(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        if parts
            .uri
            .path()
            .to_ascii_lowercase()
            .ends_with("getupdates")
        {
            let planned = self.planned.lock().unwrap().pop_front();
            if let Some(text) = planned {
                return json_answer(text);
            }
        }
        let body: Bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let real = self
            .real
            .get()
            .expect("the world's server")
            .trim_end_matches('/');
        let mut passed =
            reqwest::Client::new().request(parts.method, format!("{real}{}", parts.uri));
        for name in ["content-type", "accept"] {
            if let Some(value) = parts.headers.get(name) {
                passed = passed.header(name, value.clone());
            }
        }
        let answer = passed.body(body).send().await.unwrap();
        let mut out = Response::new(Body::empty());
        *out.status_mut() = answer.status();
        let kind = "application/json".parse().unwrap();
        out.headers_mut().insert("content-type", kind);
        *out.body_mut() = Body::from(answer.bytes().await.unwrap());
        out
    }
}

fn json_answer(text: String) -> Response {
    let mut answer = Response::new(Body::from(text));
    let kind = "application/json".parse().unwrap();
    answer.headers_mut().insert("content-type", kind);
    answer
}

fn batch(updates: Value) -> String {
    json!({"ok": true, "result": updates}).to_string()
}

/// A message of this person in his private chat.
fn message(id: i64, from: Value, text: &str) -> Value {
    let chat = json!({"id": from["id"], "type": "private", "first_name": "x"});
    json!({"update_id": id, "message": {
        "message_id": 1, "date": 1, "from": from, "chat": chat, "text": text}})
}

/// Much of everything that an update may be.
fn planned(anna: u64) -> Vec<String> {
    let person = |id: Value| json!({"id": id, "is_bot": false, "first_name": "\u{202e}<b>\n"});
    let anna = person(json!(anna));
    let astral = "\u{1f9e8}".repeat(4096);
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    vec![
        // Ids of every kind, unknown kinds and fields, and fields of a wrong type.
        batch(json!([
            message(-5, person(json!(-7)), "/status"),
            message(1, person(json!(u64::MAX)), "/status"),
            message(2, person(json!(1e30)), "/status"),
            message(3, person(json!("7")), "/status"),
            {"update_id": 4, "something_new": {"a": [1, {"b": null}]}},
            {"update_id": 5, "message": {"message_id": "x"}},
            {"update_id": 6, "callback_query": {"id": "1", "from": anna, "chat_instance": "1",
                "data": "x".repeat(1 << 20)}},
            {"update_id": 7, "callback_query": {"id": "2", "from": anna, "chat_instance": "1"}},
        ])),
        // Texts of all sizes.
        batch(json!([
            message(8, anna.clone(), &astral),
            message(9, anna.clone(), &format!("/cancel {}", "9".repeat(4000))),
            message(10, anna.clone(), &"я".repeat(4 << 20)),
            message(
                11,
                person(json!(9_007_199_254_740_993_u64)),
                &"x".repeat(8 << 20)
            ),
        ])),
        format!(
            "{{\"ok\":true,\"result\":[{{\"update_id\":12,\"x\":{}}}]}}",
            nested(100)
        ),
        format!("{{\"ok\":true,\"result\":{}}}", nested(200_000)),
        // After a success the next failure is tried again soon.
        batch(json!([])),
        "\0\u{1}no json".to_owned(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn no_update_keeps_the_bot_from_the_next_one() {
    let between = Between::default();
    let address = between.listen().await;
    let world = build(options().set("TELEGRAM_API_URL", address).bot_down()).await;
    between.real.set(world.api.url()).unwrap();
    between
        .planned
        .lock()
        .unwrap()
        .extend(planned(world.cast.anna.0));
    world.start_bot().await.unwrap();
    let pid = world.bot_pid();
    world
        .until("all planned answers to be taken", SOON, || {
            Ok(between.planned.lock().unwrap().is_empty().then_some(()))
        })
        .await
        .unwrap();
    let (anna, talk) = (world.cast.anna, world.cast.private(world.cast.anna));
    let asked = world.api.send_text(anna, talk, "/help").unwrap();
    let help = world
        .api
        .wait_for_message(talk, "the help", SOON, |message| {
            message.id > asked && message.text().contains("/recover")
        });
    help.await.unwrap();
    assert_eq!(world.bot_pid(), pid, "{}", world.bot_log_tail());
    let log = world.bot_log();
    assert!(!log.contains("panicked"), "{log}");
}
