//! Pictures, videos and documents: up once, by their id afterwards.

use super::courier_scene::{Scene, deliver};
use crate::bot_api::PNG;
use rei_recovery::demo::bot_api::{self, Fault};
use rei_recovery::domain::campaign::message::{Media, MediaKind, Message};
use rei_recovery::ports::bot::{Delivered, Errand};
use rei_recovery::ports::shelf::Shelf;
use std::time::Duration;

async fn message(scene: &Scene, kind: MediaKind, bytes: &[u8], caption: &str) -> Message {
    let content = scene.shelf.keep(bytes.to_vec()).await.unwrap();
    Message {
        media: Some(Media {
            kind,
            content,
            name: Some("Отчёт \"июль\".pdf".into()),
            mime: None,
            bytes: bytes.len() as u64,
        }),
        ..Message::plain(caption)
    }
}

/// Files that Telegram was given.
fn uploads(scene: &Scene) -> usize {
    scene
        .api
        .read(|world| (0..).take_while(|at| world.file(*at).is_some()).count())
}

/// To each of these people at once.
async fn to_all(scene: &Scene, people: u64, message: &Message) {
    let mut all = tokio::task::JoinSet::new();
    for person in 1..=people {
        let (courier, message) = (scene.courier.clone(), message.clone());
        all.spawn(async move {
            let chat = i64::try_from(person).unwrap();
            deliver(&courier, chat, Errand::Send(&message)).await
        });
    }
    for delivered in all.join_all().await {
        assert!(matches!(delivered, Delivered::Done { .. }), "{delivered:?}");
    }
}

fn media(scene: &Scene, person: u64) -> bot_api::Media {
    let last = scene.screen(person).pop().unwrap();
    last.body.media.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_goes_up_once_however_many_want_it() {
    let scene = Scene::new(12);
    // The one who carries it is not there: the next one does.
    scene.api.fail_next("sendPhoto", Fault::Status(500));
    let picture = message(&scene, MediaKind::Photo, PNG, "caption").await;
    let lost = scene.send(1, &picture).await;
    assert!(matches!(lost, Delivered::Unknown(_)), "{lost:?}");
    to_all(&scene, 12, &picture).await;
    assert_eq!(uploads(&scene), 1);
    let scene = scene.restarted();
    to_all(&scene, 2, &picture).await;
    assert_eq!(uploads(&scene), 1, "the id is kept");
    assert_eq!(scene.screen(12)[0].text(), "caption");
    assert_eq!(media(&scene, 12).size, PNG.len());
}

#[tokio::test]
async fn every_kind_arrives_as_what_it_is() {
    let scene = Scene::new(1);
    for (kind, shown, bytes) in [
        (MediaKind::Photo, bot_api::MediaKind::Photo, PNG),
        (
            MediaKind::Video,
            bot_api::MediaKind::Video,
            b"film".as_slice(),
        ),
        (MediaKind::Document, bot_api::MediaKind::Document, b"%PDF-"),
    ] {
        let message = message(&scene, kind, bytes, "x").await;
        for _ in 0..2 {
            scene.sent(1, &message).await;
            assert_eq!(media(&scene, 1).kind, shown);
        }
    }
    assert_eq!(uploads(&scene), 3);
    assert_eq!(media(&scene, 1).name.as_deref(), Some("Отчёт _июль_.pdf"));
}

#[tokio::test]
async fn an_id_that_telegram_no_longer_takes_is_replaced() {
    let scene = Scene::new(2);
    let picture = message(&scene, MediaKind::Photo, PNG, "").await;
    let content = &picture.media.as_ref().unwrap().content;
    let (bot, kind) = (7_000_001, MediaKind::Photo);
    scene
        .shelf
        .set_file_id(bot, content, kind, Some("AgACAgIAAxkDstale"))
        .await
        .unwrap();
    scene.sent(1, &picture).await;
    assert_eq!(uploads(&scene), 1);
    let kept = scene.shelf.file_id(bot, content, kind).await.unwrap();
    assert_ne!(kept.as_deref(), Some("AgACAgIAAxkDstale"));
    scene.sent(2, &picture).await;
    assert_eq!(uploads(&scene), 1);
}

#[tokio::test]
async fn a_correction_changes_caption_and_file() {
    let scene = Scene::new(2);
    let first = message(&scene, MediaKind::Photo, PNG, "first").await;
    let id = scene.sent(1, &first).await;
    let caption = Message {
        text: Message::plain("second").text,
        ..first.clone()
    };
    let done = Delivered::Done {
        message: id,
        moved: None,
    };
    let errand = Errand::Correct(id, &caption);
    assert_eq!(scene.deliver(1, errand).await, done);
    assert_eq!(scene.deliver(1, errand).await, done, "it is so already");
    assert_eq!(scene.screen(1)[0].text(), "second");
    let other = message(&scene, MediaKind::Document, b"%PDF-", "third").await;
    assert_eq!(scene.deliver(1, Errand::Correct(id, &other)).await, done);
    assert_eq!(media(&scene, 1).kind, bot_api::MediaKind::Document);
    assert_eq!(scene.screen(1).len(), 1);
    assert_eq!(uploads(&scene), 2);
}

#[tokio::test]
async fn a_file_that_nobody_has_is_refused_before_anything_is_sent() {
    let scene = Scene::new(1);
    let mut picture = message(&scene, MediaKind::Photo, PNG, "x").await;
    picture.media.as_mut().unwrap().content = "0".repeat(64);
    let refused = scene.send(1, &picture).await;
    assert!(matches!(refused, Delivered::Refused(_)), "{refused:?}");
    assert_eq!(scene.calls("sendPhoto"), 0);
}

/// Telegram takes fewer files: what it says about them does not slow texts down.
#[tokio::test]
async fn files_learn_a_pace_of_their_own() {
    use rei_recovery::ports::bot::Courier;
    let scene = Scene::new(1);
    let picture = message(&scene, MediaKind::Photo, PNG, "x").await;
    scene.api.fail_next("sendPhoto", Fault::TooMany(1));
    let later = scene.send(1, &picture).await;
    assert_eq!(later, Delivered::Later(Duration::from_secs(1)));
    scene.sent(1, &Message::plain("text")).await;
    assert_eq!(scene.courier.pace().per_second, 30.0);
    scene.sent(1, &picture).await;
    assert!(scene.courier.pace().per_second < 29.0);
}
