//! What people write for an incident at the same time, late, in the wrong place, or by a slip of the finger.

use crate::bot_api::PNG;
use crate::chat::scene::{Scene, ann};
use rei_recovery::demo::bot_api::{Message, Parcel, PersonId};
use rei_recovery::domain::case::Question;
use rei_recovery::domain::ids::CaseId;
use rei_recovery::ports::people::People;
use serde_json::Value;

const ID: CaseId = CaseId(1);

/// The first question, asked of this person in private.
async fn filling(scene: &Scene, who: PersonId) -> Message {
    let talk = scene.talk(who);
    let card = scene.ask(who, talk, "/incident", "I-1 · Slow").await;
    scene.press(who, &card, "Fill in").await;
    scene.after(talk, card.id, "I-1 · Root Cause").await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_answers_at_once_the_second_is_told_of_the_first() {
    let scene = Scene::new().await;
    scene.ops.open_case(&ann(), "Slow").await.unwrap();
    filling(&scene, scene.ann).await;
    filling(&scene, scene.bob).await;
    let (hers, his) = (scene.talk(scene.ann), scene.talk(scene.bob));
    scene
        .ask(scene.ann, hers, "A leak", "I-1 · Data Loss")
        .await;
    let root = async || scene.ops.case(ID).await.unwrap().answers[&Question::RootCause].clone();
    let told = scene
        .ask(scene.bob, his, "The disk", "Somebody else has answered")
        .await;
    assert_eq!(root().await.text, "A leak");
    // What stands there is shown, and he decides.
    let anew = scene.after(his, told.id, "I-1 · Root Cause").await;
    assert!(anew.text().contains("A leak"), "{}", anew.text());
    scene
        .ask(scene.bob, his, "The disk", "I-1 · Data Loss")
        .await;
    assert_eq!(root().await.text, "The disk");
    let case = scene.ops.case(ID).await.unwrap();
    let (question, before) = &case.replaced[0];
    assert_eq!(*question, Question::RootCause);
    assert_eq!(
        (before.text.as_str(), before.by.name.as_str()),
        ("A leak", "Ann")
    );
    scene.drained().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_in_time_and_in_its_place() {
    let scene = Scene::new().await;
    scene.ops.open_case(&ann(), "Slow").await.unwrap();
    let card = scene.see(scene.group, "Incident I-1").await;
    scene.press(scene.bob, &card, "Add a note").await;
    let question = scene.see(scene.group, "A note.").await;
    // Which message asks is known only after it went out.
    let bob = i64::try_from(scene.bob.0).unwrap();
    crate::support::wait::until("a question with its message", || async {
        let open = scene.store.dialogue(-500, bob).await.unwrap();
        open.filter(|open| open.contains("asked"))
    })
    .await;
    // People reply to other messages of this bot too; that is talk.
    let reply = |on: i32, text: &str| scene.api.reply(scene.bob, scene.group, on, text).unwrap();
    let sent = reply(card.id, "Who is awake?");
    scene
        .after(scene.group, sent, "That message asks nothing")
        .await;
    let sent = reply(question.id, "Pictures hang");
    scene.after(scene.group, sent, "Noted in I-1").await;
    let case = scene.ops.case(ID).await.unwrap();
    assert_eq!(case.notes.len(), 1);
    assert_eq!(case.notes[0].text, "Pictures hang");
    // What somebody types hours later is meant for something else.
    filling(&scene, scene.ann).await;
    let talk = scene.talk(scene.ann);
    let person = ann().id;
    let kept = scene.store.dialogue(person, person).await.unwrap().unwrap();
    let mut kept: Value = serde_json::from_str(&kept).unwrap();
    kept["begun"] = "2020-01-01T00:00:00Z".into();
    let kept = kept.to_string();
    scene
        .store
        .set_dialogue(person, person, Some(&kept))
        .await
        .unwrap();
    scene
        .ask(scene.ann, talk, "good night", "more than an hour ago")
        .await;
    assert!(scene.ops.case(ID).await.unwrap().answers.is_empty());
    scene.drained().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_picture_of_an_album_is_noted_and_none_is_taken_for_an_answer() {
    let scene = Scene::new().await;
    scene.ops.open_case(&ann(), "Slow").await.unwrap();
    let talk = scene.talk(scene.ann);
    let picture = |album: &str| Parcel::photo(PNG).album(album);
    let first = picture("1").caption("/incident note the screens");
    let sent = scene.api.send_file(scene.ann, talk, first).unwrap();
    scene.after(talk, sent, "Noted in I-1").await;
    for _ in 0..2 {
        scene.api.send_file(scene.ann, talk, picture("1")).unwrap();
    }
    // Another album is none of it.
    let sent = scene.api.send_file(scene.ann, talk, picture("2")).unwrap();
    scene.after(talk, sent, "").await;
    assert_eq!(scene.ops.case(ID).await.unwrap().pictures(), 3);
    // A question for words takes no picture, and stays open.
    filling(&scene, scene.ann).await;
    let parcel = Parcel::photo(PNG).caption("The disk");
    let sent = scene.api.send_file(scene.ann, talk, parcel).unwrap();
    scene.after(talk, sent, "Words are needed").await;
    scene
        .ask(scene.ann, talk, "The disk", "I-1 · Data Loss")
        .await;
    let case = scene.ops.case(ID).await.unwrap();
    assert_eq!(case.answers[&Question::RootCause].text, "The disk");
    // A note that could not be taken is asked for still.
    let card = scene.ask(scene.ann, talk, "/incident", "I-1 · Slow").await;
    scene.press(scene.ann, &card, "Add a note").await;
    scene.after(talk, card.id, "A note.").await;
    let log = Parcel::document("app.log", "lines").caption("look");
    let sent = scene.api.send_file(scene.ann, talk, log).unwrap();
    scene.after(talk, sent, "takes photos").await;
    scene
        .ask(scene.ann, talk, "In words then", "Noted in I-1")
        .await;
    scene.drained().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_of_the_finger_neither_names_nor_opens_nor_closes() {
    let scene = Scene::new().await;
    let talk = scene.talk(scene.ann);
    let ask = async |text: &str, answer: &str| scene.ask(scene.ann, talk, text, answer).await;
    let meant = ask("/incident ntoe Users wait", "nothing was changed").await;
    assert!(meant.text().contains("/incident note"), "{}", meant.text());
    let meant = ask("/incident Closd", "“Closd” was not understood").await;
    assert!(meant.text().contains("/incident close"), "{}", meant.text());
    ask("/incident", "No incident is open").await;
    ask("/incident open List of orders is empty", "I-1 is open").await;
    ask("/incident I-1 note Users wait", "Noted in I-1").await;
    ask("/incident I-1 Payments hang", "was not understood").await;
    ask("/incident close all of it", "was not understood").await;
    let named = ask("/incident Payments hang", "it has this title now").await;
    assert!(named.text().contains("List of orders is empty"));
    let case = scene.ops.case(ID).await.unwrap();
    assert_eq!(case.title.as_deref(), Some("Payments hang"));
    assert_eq!((case.notes.len(), case.is_open()), (1, true));
    let trail = scene.trail().await;
    let renamed = trail
        .iter()
        .find(|entry| entry.verb == "name-incident")
        .unwrap();
    assert_eq!(renamed.detail["was"], "List of orders is empty".into());
    ask("/incident close i-1", "Close I-1").await;
    scene.drained().await;
}
