//! The courier against the demo's Telegram: every way a message can go, and the pace it goes at.

use super::courier_scene::{Scene, TOKEN, deliver};
use rei_recovery::adapters::rei_bot::TelegramReiBot;
use rei_recovery::demo::bot_api::{
    EntityKind as Shown, Fault, Figures, Group, Network, PersonId, Role, Weather,
};
use rei_recovery::domain::campaign::delivery::Gone;
use rei_recovery::domain::campaign::message::{Entity, EntityKind, LinkButton, Message, Rich};
use rei_recovery::ports::bot::{Courier, Delivered, Errand, Parcel, ReiBot};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn text(words: &str) -> Message {
    Message::plain(words)
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test]
async fn text_entities_and_button_arrive_exactly() {
    let scene = Scene::new(1);
    // 4096 units, of which emoji take two each, with text from right to left.
    let head = "😀 شكرا bold link ";
    let fill = "я".repeat(4096 - head.encode_utf16().count());
    let entity = |kind, offset, length| Entity {
        kind,
        offset,
        length,
    };
    let url = "https://example.org/a?b=1&c=<x>".to_owned();
    let emoji = EntityKind::CustomEmoji {
        custom_emoji_id: "5368324170671202286".into(),
    };
    let message = Message {
        text: Rich {
            text: format!("{head}{fill}"),
            entities: vec![
                entity(emoji, 0, 2),
                entity(EntityKind::Italic, 3, 4),
                entity(EntityKind::Bold, 8, 4),
                entity(EntityKind::TextLink { url: url.clone() }, 13, 4),
            ],
        },
        media: None,
        button: Some(LinkButton {
            label: "News".into(),
            url: url.clone(),
        }),
    };
    let id = scene.sent(1, &message).await;
    let got = scene.api.message(scene.place(1), id).unwrap();
    assert_eq!(got.text(), message.text.text);
    let (expected, shown) = (
        serde_json::to_value(&message.text.entities).unwrap(),
        serde_json::to_value(&got.body.text.entities).unwrap(),
    );
    assert_eq!(shown, expected);
    assert_eq!(got.body.text.pieces(&Shown::Italic), ["شكرا"]);
    let button = got.buttons().next().unwrap();
    assert_eq!((button.text.as_str(), &button.url), ("News", &Some(url)));
}

#[tokio::test]
async fn who_is_not_there_is_told_by_kind() {
    let scene = Scene::new(3);
    let api = &scene.api;
    api.set_blocked(PersonId(1), scene.bot, true).unwrap();
    api.deactivate(PersonId(2)).unwrap();
    let stranger = rei_recovery::demo::bot_api::Person::new(9, "Stranger");
    api.add_person(stranger).unwrap();
    for (chat, gone) in [
        (1, Gone::Blocked),
        (2, Gone::Deactivated),
        (9, Gone::NeverStarted),
        (404, Gone::NeverStarted),
    ] {
        assert_eq!(scene.send(chat, &text("x")).await, Delivered::Gone(gone));
    }
}

#[tokio::test]
async fn a_refusal_gives_telegrams_words() {
    let scene = Scene::new(1);
    let long = scene.send(1, &text(&"x".repeat(4097))).await;
    let words = "Bad Request: message is too long";
    assert_eq!(long, Delivered::Refused(words.into()));
    let wrong = "7000001:AAF7-wrong".into();
    let stranger = TelegramReiBot::new(&wrong, &scene.api.url()).unwrap();
    let refused = deliver(&stranger, 1, Errand::Send(&text("x"))).await;
    assert_eq!(refused, Delivered::TokenRefused);
}

#[tokio::test]
async fn what_is_surely_not_sent_is_told_from_what_is_not_known() {
    let scene = Scene::new(1);
    let message = text("x");
    for (fault, arrives) in [
        (Fault::Status(500), false),
        (Fault::Status(502), false),
        (Fault::ResetBefore, false),
        (Fault::ResetAfter, true),
    ] {
        scene.api.fail_next("sendMessage", fault);
        let before = scene.screen(1).len();
        let delivered = scene.send(1, &message).await;
        assert!(matches!(delivered, Delivered::Unknown(_)), "{delivered:?}");
        let after = scene.screen(1).len();
        assert_eq!(after - before, usize::from(arrives), "{fault:?}");
    }
    assert_eq!(scene.calls("sendMessage"), 4, "each was sent once");
    scene.api.set_network(Network::Refused).await;
    let delivered = scene.send(1, &message).await;
    assert!(matches!(delivered, Delivered::NotSent(_)), "{delivered:?}");
    scene.api.set_network(Network::Up).await;
    scene.sent(1, &message).await;
}

#[tokio::test]
async fn a_slow_answer_is_waited_for_and_a_missing_one_not_for_ever() {
    let scene = Scene::new(1);
    scene.api.set_weather(Weather {
        latency: ms(1500)..ms(1600),
        ..Weather::default()
    });
    scene.sent(1, &text("slow")).await;
    scene.api.set_weather(Weather::default());
    scene.api.fail_next("sendMessage", Fault::HangAfter);
    let start = Instant::now();
    let delivered = scene.send(1, &text("lost")).await;
    assert!(matches!(delivered, Delivered::Unknown(_)), "{delivered:?}");
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_chat_that_moved_is_followed() {
    let scene = Scene::new(1);
    let group = Group::new(-500, "Old")
        .bot(scene.bot, Role::Member)
        .member(PersonId(1), Role::Owner);
    let old = scene.api.add_group(group).unwrap();
    let new = -1_001_000_000_777;
    let place = scene.api.migrate(old, new).unwrap();
    let delivered = scene.send(-500, &text("x")).await;
    let message = scene.api.messages(place).last().unwrap().id;
    let moved = Some(new);
    assert_eq!(delivered, Delivered::Done { message, moved });
    assert_eq!(scene.api.messages(place).last().unwrap().text(), "x");
}

#[tokio::test]
async fn a_correction_is_repeated_until_it_is_known() {
    let scene = Scene::new(1);
    let id = scene.sent(1, &text("first")).await;
    let done = Delivered::Done {
        message: id,
        moved: None,
    };
    for fault in [Fault::ResetAfter, Fault::Status(500), Fault::ResetBefore] {
        scene.api.fail_next("editMessageText", fault);
        let second = text(&format!("after {fault:?}"));
        let errand = Errand::Correct(id, &second);
        assert_eq!(scene.deliver(1, errand).await, done, "{fault:?}");
        assert_eq!(scene.screen(1)[0].text(), second.text.text);
    }
    let same = scene.screen(1)[0].text().to_owned();
    let again = scene.deliver(1, Errand::Correct(id, &text(&same))).await;
    assert_eq!(again, done, "it says so already");
    let missing = scene.deliver(1, Errand::Correct(id + 50, &text("x"))).await;
    let words = "Bad Request: message to edit not found";
    assert_eq!(missing, Delivered::Refused(words.into()));
}

#[tokio::test]
async fn a_message_is_deleted_once_and_for_all_within_two_days() {
    let scene = Scene::new(1);
    let (first, second) = (
        scene.sent(1, &text("1")).await,
        scene.sent(1, &text("2")).await,
    );
    scene.api.fail_next("deleteMessage", Fault::ResetAfter);
    for _ in 0..2 {
        let done = Delivered::Done {
            message: first,
            moved: None,
        };
        assert_eq!(scene.deliver(1, Errand::Delete(first)).await, done);
    }
    assert_eq!(scene.screen(1).len(), 1);
    scene.api.advance(Duration::from_secs(49 * 3600));
    let late = scene.deliver(1, Errand::Delete(second)).await;
    let words = "Bad Request: message can't be deleted for everyone";
    assert_eq!(late, Delivered::Refused(words.into()));
}

/// A server that answers one request on each connection and closes it without having said so.
async fn closing_server() -> (String, tokio::sync::mpsc::UnboundedReceiver<&'static str>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
            // The body is JSON: its end is the end of the request.
            while !request.ends_with(b"}") {
                let read = socket.read(&mut chunk).await.unwrap();
                request.extend_from_slice(&chunk[..read]);
            }
            tell.send("answered").unwrap();
            let body = r#"{"ok":true,"result":{"message_id":5}}"#;
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
            let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
            socket.write_all(answer.as_bytes()).await.unwrap();
            drop(socket);
            tell.send("closed").unwrap();
        }
    });
    (url, told)
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_makes_nothing_unknown() {
    let (url, mut told) = closing_server().await;
    let courier = TelegramReiBot::new(&TOKEN.into(), &url).unwrap();
    let done = Delivered::Done {
        message: 5,
        moved: None,
    };
    for round in 0..20 {
        let delivered = deliver(&courier, 1, Errand::Send(&text("x"))).await;
        assert_eq!(delivered, done, "round {round}");
        assert_eq!(told.recv().await, Some("answered"));
        assert_eq!(told.recv().await, Some("closed"));
    }
    assert!(told.try_recv().is_err(), "one request each");
}

#[tokio::test]
async fn too_fast_stalls_every_use_of_the_token_and_passes() {
    let scene = Scene::new(2);
    scene.api.fail_next("sendMessage", Fault::TooMany(2));
    let full = scene.courier.pace().per_second;
    let first = scene.send(1, &text("x")).await;
    assert_eq!(first, Delivered::Later(Duration::from_secs(2)));
    let pace = scene.courier.pace();
    assert!(pace.per_second < full, "{pace:?}");
    assert!(pace.stalled.is_some_and(|left| left > ms(1500)), "{pace:?}");
    let start = Instant::now();
    // The test message of a health check too.
    scene.courier.send(2, "test").await.unwrap();
    assert!(start.elapsed() > ms(1500));
    scene.sent(1, &text("x")).await;
    assert_eq!(scene.api.too_many(), 1, "nobody asked during the stall");
}

/// A turn may have been given out before Telegram asked for silence.
#[tokio::test]
async fn a_turn_from_before_a_stall_is_not_used_in_it() {
    let scene = Scene::new(2);
    let early = scene.courier.turn(false, false).await;
    scene.api.fail_next("sendMessage", Fault::TooMany(3));
    scene.send(1, &text("x")).await;
    let message = text("x");
    let parcel = Parcel {
        chat: 2,
        errand: Errand::Send(&message),
        paid: false,
    };
    let delivered = scene.courier.deliver(early, parcel).await;
    assert!(matches!(delivered, Delivered::Later(_)), "{delivered:?}");
    assert_eq!(scene.calls("sendMessage"), 1);
}

/// Sends to everybody at once, as fast as turns come.
async fn broadcast(scene: &Scene, people: u64, paid: bool) -> Duration {
    let start = Instant::now();
    let mut on_their_way = tokio::task::JoinSet::new();
    for person in 1..=people {
        let turn = scene.courier.turn(false, paid).await;
        let courier = scene.courier.clone();
        on_their_way.spawn(async move {
            let message = text("hello");
            let parcel = Parcel {
                chat: i64::try_from(person).unwrap(),
                errand: Errand::Send(&message),
                paid,
            };
            courier.deliver(turn, parcel).await
        });
    }
    let spent = start.elapsed();
    for delivered in on_their_way.join_all().await {
        assert!(matches!(delivered, Delivered::Done { .. }), "{delivered:?}");
    }
    spent
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_allowance_is_never_exceeded() {
    let scene = Scene::new(100);
    scene.api.limit(Some(Figures::default()));
    scene.api.set_weather(Weather {
        latency: ms(30)..ms(150),
        ..Weather::default()
    });
    let spent = broadcast(&scene, 100, false).await;
    assert_eq!(scene.api.too_many(), 0);
    let rate = 99.0 / spent.as_secs_f64();
    // How much of it is used is for the benchmark to say.
    assert!(rate <= 30.0, "{rate}");
    let reached = scene.api.read(|world| world.deliveries(scene.bot));
    assert_eq!(reached.len(), 100);
    assert!(reached.values().all(|count| *count == 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_pays_goes_faster() {
    let scene = Scene::new(200);
    scene.api.limit(Some(Figures::default()));
    let spent = broadcast(&scene, 200, true).await;
    assert!(spent < Duration::from_secs(3), "{spent:?}");
    assert_eq!(scene.api.too_many(), 0);
    assert_eq!(scene.api.read(|world| world.paid()), 200);
}
