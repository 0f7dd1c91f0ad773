//! The chat page, over HTTP as a browser uses it.

use rei_recovery::demo::bot_api::{Action, Fact, Network, Parcel, Tone, Words};
use serde_json::{Value, json};
use teloxide::{
    payloads::{AnswerCallbackQuerySetters, SendMessageSetters, SetMyCommandsSetters},
    prelude::Requester,
    types::{BotCommand, ChatId, InlineKeyboardButton, InlineKeyboardMarkup, UpdateKind},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines},
    net::TcpStream,
};

use super::{PNG, SOON, Scene};

/// A browser without a screen.
struct Browser {
    address: String,
}

/// What came back.
struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("json")
    }
}

impl Browser {
    async fn open(scene: &Scene) -> Self {
        let url = scene
            .api
            .open_page(([127, 0, 0, 1], 0))
            .await
            .expect("page");
        let address = url
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned();
        Self { address }
    }

    async fn send(&self, head: &str, body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).await.expect("connect");
        let head = format!("{head}\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await.expect("write");
        stream.write_all(body).await.expect("write");
        stream
    }

    async fn ask(&self, line: &str, headers: &str, body: &[u8]) -> Answer {
        let head = format!("{line} HTTP/1.1\r\nConnection: close\r\n{headers}");
        let mut bytes = Vec::new();
        self.send(&head, body)
            .await
            .read_to_end(&mut bytes)
            .await
            .expect("read");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (headers, body) = text.split_once("\r\n\r\n").expect("head");
        let status = headers[9..12].parse().expect("status");
        Answer {
            status,
            headers: headers.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(
            &format!("GET {path}"),
            &format!("Host: {}", self.address),
            b"",
        )
        .await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        let headers = format!(
            "Host: {0}\r\nOrigin: http://{0}\r\nContent-Type: application/json",
            self.address
        );
        self.ask(
            &format!("POST {path}"),
            &headers,
            body.to_string().as_bytes(),
        )
        .await
    }

    /// Listens as somebody; each line of data is an event.
    async fn events(&self, person: u64) -> Lines<BufReader<TcpStream>> {
        let head = format!(
            "GET /demo/events?as={person} HTTP/1.1\r\nHost: {}",
            self.address
        );
        BufReader::new(self.send(&head, b"").await).lines()
    }
}

async fn event(lines: &mut Lines<BufReader<TcpStream>>) -> Value {
    let found = async {
        loop {
            let line = lines.next_line().await.expect("read").expect("open");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).expect("json");
            }
        }
    };
    tokio::time::timeout(SOON, found)
        .await
        .expect("an event in time")
}

/// The first event that carries messages.
async fn messages(lines: &mut Lines<BufReader<TcpStream>>) -> Vec<Value> {
    loop {
        if let Some(messages) = event(lines).await["messages"].as_array() {
            return messages.clone();
        }
    }
}

#[tokio::test]
async fn the_page_and_its_parts_come_from_here_alone() {
    let scene = Scene::new();
    let browser = Browser::open(&scene).await;
    let page = browser.get("/").await;
    assert_eq!(page.status, 200);
    assert!(
        page.headers
            .contains("content-security-policy: default-src 'none'; script-src 'self'")
    );
    let mut parts = vec!["/style.css".to_owned()];
    for script in ["app", "chat", "composer", "panel", "words"] {
        parts.push(format!("/js/{script}.js"));
    }
    for part in parts {
        let part = browser.get(&part).await;
        assert_eq!(part.status, 200);
        assert!(!part.body.contains("innerHTML") && !part.body.contains("//cdn"));
        assert!(part.headers.contains("x-content-type-options: nosniff"));
    }
    assert_eq!(browser.get("/js/nothing.js").await.status, 404);
}

#[tokio::test]
async fn one_plays_a_person_and_the_bot_notices() {
    let scene = Scene::new();
    scene
        .bot
        .set_my_commands([BotCommand::new("status", "Zustand")])
        .language_code("ru")
        .await
        .expect("set");
    let browser = Browser::open(&scene).await;
    let mut events = browser.events(11).await;
    let first = event(&mut events).await;
    assert_eq!(first["first"], true);
    let chats = first["frame"]["chats"].as_array().expect("chats");
    let keys: Vec<_> = chats
        .iter()
        .map(|c| c["key"].as_str().expect("key"))
        .collect();
    assert_eq!(keys, ["g.-1001000000001", "p.700.11"]);
    assert_eq!(
        chats[1]["commands"][0]["command"], "status",
        "in Anna's language"
    );

    let sent = browser
        .post(
            "/demo/send",
            &json!({ "as": 11, "chat": "p.700.11", "text": "<b>hi</b>" }),
        )
        .await;
    assert_eq!(sent.status, 200);
    let shown = messages(&mut events).await;
    assert_eq!(
        (&shown[0]["text"], &shown[0]["out"]),
        (&json!("<b>hi</b>"), &json!(true))
    );
    let heard = scene.bot.get_updates().await.expect("updates");
    assert!(
        matches!(&heard.last().expect("one").kind, UpdateKind::Message(m) if m.text() == Some("<b>hi</b>"))
    );

    let wrong = browser
        .post(
            "/demo/send",
            &json!({ "as": 12, "chat": "p.700.11", "text": "x" }),
        )
        .await;
    assert_eq!(
        (wrong.status, wrong.json()["code"].clone()),
        (409, json!("outside"))
    );
}

#[tokio::test]
async fn a_press_brings_back_what_the_bot_says() {
    let scene = Scene::new();
    let browser = Browser::open(&scene).await;
    let keys = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Go", "go")]]);
    let asked = scene
        .bot
        .send_message(ChatId(11), "?")
        .reply_markup(keys)
        .await
        .expect("send");
    let body = json!({ "as": 11, "chat": "p.700.11", "message": asked.id.0, "index": 0 });
    let answering = async {
        let query = scene.api.wait_for("a press", SOON, |w| {
            w.unanswered().next().map(|q| q.id.clone())
        });
        let query = teloxide::types::CallbackQueryId(query.await.expect("press"));
        scene
            .bot
            .answer_callback_query(query)
            .text("Gone")
            .show_alert(true)
            .await
            .expect("answer");
    };
    let (answer, ()) = tokio::join!(browser.post("/demo/press", &body), answering);
    assert_eq!(answer.json(), json!({ "text": "Gone", "show_alert": true }));
}

#[tokio::test]
async fn a_bot_is_blocked_and_started_again_and_files_go_up() {
    let scene = Scene::new();
    let browser = Browser::open(&scene).await;
    let chat = json!({ "as": 11, "chat": "p.700.11", "blocked": true });
    assert_eq!(browser.post("/demo/block", &chat).await.status, 200);
    assert!(scene.bot.send_message(ChatId(11), "x").await.is_err());
    assert_eq!(browser.post("/demo/start", &chat).await.status, 200);
    scene.bot.send_message(ChatId(11), "x").await.expect("send");

    let headers = format!("Host: {}", browser.address);
    let line = "POST /demo/upload?as=11&chat=p.700.11&name=t.png&caption=see%20it&photo=true";
    assert_eq!(browser.ask(line, &headers, PNG).await.status, 200);
    let last = scene
        .api
        .read(|w| w.last(scene.talk).cloned())
        .expect("photo");
    assert_eq!(
        (last.text(), last.body.media.as_ref().map(|m| m.size)),
        ("see it", Some(PNG.len()))
    );
    let line = "POST /demo/upload?as=11&chat=p.700.11&name=t.png&photo=true";
    assert_eq!(
        browser.ask(line, &headers, b"no picture").await.json()["code"],
        "refused"
    );
}

#[tokio::test]
async fn only_pictures_are_shown_and_all_else_is_saved() {
    let scene = Scene::new();
    let browser = Browser::open(&scene).await;
    let svg = Parcel::document("x.svg", "<svg onload='alert(1)'/>");
    scene
        .api
        .send_file(scene.anna, scene.talk, svg)
        .expect("send");
    scene
        .api
        .send_file(scene.anna, scene.talk, Parcel::photo(PNG))
        .expect("send");
    let svg = browser.get("/demo/files/0").await;
    assert!(
        svg.headers
            .contains("content-type: application/octet-stream"),
        "{}",
        svg.headers
    );
    assert!(svg.headers.contains("content-disposition: attachment"));
    assert!(
        browser
            .get("/demo/files/1")
            .await
            .headers
            .contains("content-type: image/png")
    );
    assert_eq!(browser.get("/demo/files/2").await.status, 404);
}

#[tokio::test]
async fn other_sites_are_kept_out() {
    let scene = Scene::new();
    let browser = Browser::open(&scene).await;
    let body = br#"{"as":11,"chat":"p.700.11","text":"x"}"#;
    for headers in [
        format!("Host: {}\r\nOrigin: http://evil.example", browser.address),
        "Host: evil.example\r\nOrigin: http://evil.example".to_owned(),
        "Host: evil.example".to_owned(),
    ] {
        let headers = format!("{headers}\r\nContent-Type: application/json");
        assert_eq!(
            browser.ask("POST /demo/send", &headers, body).await.status,
            403,
            "{headers}"
        );
    }
    assert_eq!(scene.api.messages(scene.talk).len(), 1, "the start alone");
}

#[tokio::test]
async fn the_panel_acts_and_shows_how_things_stand() {
    let scene = Scene::new();
    scene
        .api
        .add_action(Action::new("fail", "Fail".into(), "".into(), || async {
            Err("no".into())
        }));
    scene.api.add_network_actions();
    let browser = Browser::open(&scene).await;
    let listed = browser.get("/demo/actions").await.json();
    assert_eq!(listed[0]["id"], "fail");
    assert_eq!(listed[1]["label"]["ru"], "Отключить Telegram");
    let failed = browser.post("/demo/actions/fail", &json!({})).await;
    assert_eq!(
        (failed.status, failed.json()["failed"]["en"].clone()),
        (409, json!("no"))
    );
    assert_eq!(
        browser
            .post("/demo/actions/nothing", &json!({}))
            .await
            .status,
        404
    );

    assert_eq!(
        browser
            .post("/demo/actions/telegram-off", &json!({}))
            .await
            .status,
        200
    );
    assert_eq!(scene.api.network(), Network::Refused);
    let mut events = browser.events(11).await;
    assert_eq!(event(&mut events).await["frame"]["network"], "refused");
    assert_eq!(
        browser
            .post("/demo/actions/telegram-on", &json!({}))
            .await
            .status,
        200
    );
    scene.bot.get_me().await.expect("back");

    let fact = Fact::new(Words::new("Database", "База"), "ok").tone(Tone::Good);
    scene.api.set_facts(vec![fact]);
    let facts = browser.get("/demo/facts").await.json();
    assert_eq!(
        (&facts[0]["label"]["ru"], &facts[0]["tone"]),
        (&json!("База"), &json!("good"))
    );
    let told = async {
        loop {
            let news = event(&mut events).await;
            if news["facts"][0]["value"]["en"] == "ok" {
                break;
            }
        }
    };
    tokio::time::timeout(SOON, told)
        .await
        .expect("facts are pushed");
    tokio::time::timeout(SOON, scene.api.stop())
        .await
        .expect("an open page does not hold the end up");
}
