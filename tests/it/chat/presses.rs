//! Presses that come twice, late, from the wrong one, or from nowhere.

use super::scene::{Options, Scene, ann};
use rei_recovery::demo::bot_api::Place;
use rei_recovery::domain::approval::Verdict;
use rei_recovery::domain::event::Event;
use std::time::Duration;
use teloxide::Bot;
use teloxide::payloads::SendMessageSetters;
use teloxide::prelude::Requester;
use teloxide::types::{ChatId, InlineKeyboardButton, InlineKeyboardMarkup};

const LONG: Duration = Duration::from_secs(600);

#[tokio::test(flavor = "multi_thread")]
async fn the_requester_cannot_approve_himself() {
    let scene = Scene::new().await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    let answer = scene.press(scene.ann, &card, "Approve").await;
    assert!(answer.show_alert, "{}", answer.text);
    assert_eq!(scene.refusals("approve").await, ["not-an-approver"]);
    assert_eq!(scene.ops.run(run.id).await.unwrap().position, run.position);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_press_learns_who_decided() {
    let scene = Scene::new().await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    let first = scene.press(scene.bob, &card, "Approve").await;
    assert_eq!(first.text, "Approved. Recorded with your name.");
    let settled = scene.see(scene.group, "✓ Bob").await;
    assert_eq!((settled.id, settled.labels().len()), (card.id, 0));
    let press = scene.api.press(scene.cid, card.place, card.id, 0);
    assert!(press.is_err(), "the buttons are gone");
    let run = scene.ops.run(run.id).await.unwrap();
    assert!(matches!(
        run.approvals()[0].verdict,
        Some(Verdict::Granted { .. })
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_presses_at_once_one_decides() {
    let scene = Scene::new().await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    let presses = [
        (scene.bob, "Approve"),
        (scene.cid, "Deny"),
        (scene.bob, "Approve"),
    ]
    .map(|(who, label)| scene.api.press(who, card.place, card.id, label).unwrap());
    let mut alerts = 0;
    for press in &presses {
        let answer = press.answer(super::scene::SOON).await.unwrap();
        alerts += usize::from(answer.show_alert);
        assert!(
            !answer.show_alert || answer.text.contains("Already decided by"),
            "{answer:?}"
        );
    }
    assert_eq!(alerts, 2);
    let run = scene.ops.run(run.id).await.unwrap();
    assert!(run.approvals()[0].verdict.is_some());
    let refused = scene.refusals("approve").await.len() + scene.refusals("deny").await.len();
    assert_eq!(refused, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quorum_needs_different_people() {
    let options = Options {
        required: 2,
        ..Options::default()
    };
    let scene = Scene::with(options).await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approved by 0 of 2").await;
    let first = scene.press(scene.bob, &card, "Approve").await;
    assert_eq!(first.text, "Recorded. Still needed: 1 person.");
    let card = scene.see(scene.group, "Approved by 1 of 2").await;
    let again = scene.press(scene.bob, &card, "Approve").await;
    assert!(
        again.show_alert && again.text.contains("Another person"),
        "{}",
        again.text
    );
    scene.press(scene.cid, &card, "Approve").await;
    assert!(
        scene
            .ops
            .run(run.id)
            .await
            .unwrap()
            .is_open(&"swap".parse().unwrap())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_after_its_time_is_too_late() {
    let scene = Scene::new().await;
    let run = scene.asked(None, Duration::ZERO).await;
    let card = scene.see(scene.group, "Approval needed").await;
    let answer = scene.press(scene.bob, &card, "Approve").await;
    assert!(
        answer.show_alert && answer.text.starts_with("Too late"),
        "{}",
        answer.text
    );
    assert_eq!(scene.refusals("approve").await, ["expired"]);
    let request = run.approvals()[0].request.id.clone();
    scene
        .write(run.id, Event::ApprovalExpired { request })
        .await;
    let halt = scene.see(scene.group, "nobody answered the request").await;
    assert_eq!(halt.labels(), [vec!["Retry", "Roll back"], vec!["Abort"]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_after_a_restart_counts() {
    let mut scene = Scene::new().await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    scene.stop().await;
    let press = scene
        .api
        .press(scene.bob, card.place, card.id, "Approve")
        .unwrap();
    scene.start().await;
    let answer = press.answer(super::scene::SOON).await.unwrap();
    assert!(!answer.show_alert, "{}", answer.text);
    assert!(
        scene
            .ops
            .run(run.id)
            .await
            .unwrap()
            .is_open(&"swap".parse().unwrap())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_buttons_are_written_down() {
    let scene = Scene::new().await;
    let url = scene.api.url().parse().unwrap();
    let bot = Bot::new("700:a-secret-of-the-test").set_api_url(url);
    let forged = ["1:aaaaaaaaaaaaaaaaaaaaaaaaaa", "approve", "9:x"];
    let row = forged.map(|data| InlineKeyboardButton::callback(data, data));
    let sent = bot
        .send_message(ChatId(-500), "forged")
        .reply_markup(InlineKeyboardMarkup::new([row]))
        .await
        .unwrap();
    let message = scene.api.message(scene.group, sent.id.0).unwrap();
    for label in forged {
        let answer = scene.press(scene.bob, &message, label).await;
        assert!(
            answer.show_alert && answer.text.contains("button"),
            "{}",
            answer.text
        );
    }
    assert_eq!(scene.refusals("press").await, ["unknown-button"; 3]);
    scene
        .see(
            scene.group,
            "Bob pressed a button — refused: unknown button",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_another_chat_is_refused() {
    let scene = Scene::new().await;
    scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    let data = card
        .buttons()
        .next()
        .unwrap()
        .callback_data
        .clone()
        .unwrap();
    let url = scene.api.url().parse().unwrap();
    let bot = Bot::new("700:a-secret-of-the-test").set_api_url(url);
    let talk = scene.talk(scene.bob);
    let button = InlineKeyboardButton::callback("Approve", data);
    let sent = bot
        .send_message(ChatId(12), "carried over")
        .reply_markup(InlineKeyboardMarkup::new([[button]]))
        .await
        .unwrap();
    let message = scene.api.message(talk, sent.id.0).unwrap();
    let answer = scene.press(scene.bob, &message, "Approve").await;
    assert!(
        answer.show_alert && answer.text.contains("another chat"),
        "{}",
        answer.text
    );
    assert_eq!(scene.refusals("press").await, ["other-chat"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_move_with_a_group_that_migrates() {
    let scene = Scene::new().await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    scene.drained().await;
    let new = scene.api.migrate(scene.group, -1_001_000_000_777).unwrap();
    scene.note(1).await;
    let line = scene.see(new, "was verified in full").await;
    assert_eq!(line.place, Place::Group(-1_001_000_000_777));
    let moved = scene.see(new, "Approval needed").await;
    assert_eq!(moved.text(), card.text());
    scene.see(new, "Waits for approval").await;
    let answer = scene.press(scene.bob, &moved, "Approve").await;
    assert!(!answer.show_alert, "{}", answer.text);
    assert!(
        scene
            .ops
            .run(run.id)
            .await
            .unwrap()
            .is_open(&"swap".parse().unwrap())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_requester_starts_his_run() {
    let scene = Scene::new().await;
    let run = scene.proposed(Some(-500)).await;
    let plan = scene.see(scene.group, "Plan R-1").await;
    let answer = scene.press(scene.cid, &plan, "Start").await;
    assert!(answer.show_alert && answer.text.contains("Only the person who asked"));
    let answer = scene.press(scene.ann, &plan, "Start").await;
    assert_eq!(answer.text, "Recorded: Start.");
    assert!(scene.ops.run(run.id).await.unwrap().is_under_way());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_on_a_plan_that_changed_moves_nothing() {
    let scene = Scene::new().await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    scene.write(run.id, Event::CancelAsked { by: ann() }).await;
    scene.see(scene.group, "Void since").await;
    let press = scene.api.press(scene.bob, card.place, card.id, "Approve");
    assert!(press.is_err(), "the buttons are gone");
    assert!(
        !scene
            .ops
            .run(run.id)
            .await
            .unwrap()
            .is_open(&"swap".parse().unwrap())
    );
}
