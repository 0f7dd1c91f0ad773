//! Strangers by the thousand, and a hand of the team that is stuck on a button.

use crate::chat::scene::{Options, Scene};
use crate::support::wait::until;
use rei_recovery::demo::bot_api::{Person, PersonId, Place};
use rei_recovery::domain::failure::Arg;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(600);
const CROWD: u64 = 40;
const EACH: usize = 25;

/// People whom nobody knows.
fn crowd(scene: &Scene) -> Vec<PersonId> {
    let person = |nth| Person::new(5_000 + nth, format!("Stranger {nth}"));
    let enter = |nth| scene.api.add_person(person(nth)).unwrap();
    (0..CROWD).map(enter).collect()
}

fn flood(scene: &Scene, crowd: &[PersonId]) {
    for _ in 0..EACH {
        for who in crowd {
            let talk = Place::private(scene.bot, *who);
            scene.api.send_text(*who, talk, "/recover").unwrap();
        }
        scene
            .api
            .send_text(scene.eve, scene.group, "have you seen this?")
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_strangers_costs_little_and_delays_nobody() {
    let mut scene = Scene::silent(Options::default()).await;
    let run = scene.asked(None, LONG).await;
    scene.start().await;
    let card = scene.see(scene.group, "Approval needed").await;
    scene.drained().await;
    scene.stop().await;
    let (entries, sent) = (scene.trail().await.len(), scene.api.count("sendMessage"));
    let crowd = crowd(&scene);
    // Before the press and after it, all of it waiting when the program comes back.
    flood(&scene, &crowd);
    let press = scene.api.press(scene.bob, card.place, card.id, "Approve");
    flood(&scene, &crowd);
    scene.start().await;
    let answer = press
        .unwrap()
        .answer(crate::chat::scene::SOON)
        .await
        .unwrap();
    assert_eq!(answer.text, "Approved. Recorded with your name.");
    let run = scene.ops.run(run.id).await.unwrap();
    assert!(run.is_open(&"swap".parse().unwrap()));
    until("the end of the queue", || async {
        let waiting = scene.api.read(|world| world.waiting_updates(scene.bot));
        (waiting == 0).then_some(())
    })
    .await;
    scene.drained().await;
    scene.stop().await;
    let trail = scene.trail().await;
    let away = trail.iter().filter(|entry| entry.verb == "turn-away");
    let away: Vec<_> = away
        .map(|entry| entry.detail.get("count").cloned())
        .collect();
    let strange = scene.refusals("command").await.len();
    let came = 2 * EACH * crowd.len();
    let counted = i64::try_from(came - strange).unwrap();
    assert_eq!(away, [Some(Arg::Number(counted))]);
    assert!(strange <= 25, "of {came} were looked at: {strange}");
    // Theirs, the approval and the program's own.
    assert!(
        trail.len() - entries <= strange + 4,
        "{}",
        trail.len() - entries
    );
    let sent = scene.api.count("sendMessage") - sent;
    assert!(sent <= 60, "messages for {came} updates: {sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_hand_is_told_once_and_the_others_go_on() {
    let scene = Scene::new().await;
    scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    let talk = scene.talk(scene.ann);
    scene.see(talk, "/recover").await;
    let first = scene.api.messages(talk).len();
    for _ in 0..120 {
        scene.api.send_text(scene.ann, talk, "what now?").unwrap();
    }
    scene.see(talk, "too many messages at once").await;
    let answer = scene.press(scene.bob, &card, "Approve").await;
    assert_eq!(answer.text, "Approved. Recorded with your name.");
    let texts = scene.texts(talk);
    let told = texts
        .iter()
        .filter(|text| text.contains("too many messages"));
    assert_eq!(told.count(), 1, "after {first}: {texts:?}");
}
