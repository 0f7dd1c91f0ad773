//! The people's part, in private and in the group.

use super::unbalanced;
use crate::bot_api::PNG;
use crate::chat::scene::{Scene, ann};
use rei_recovery::demo::bot_api::{Message, Parcel, PersonId, Place, World};
use rei_recovery::domain::case::{Case, Question};
use rei_recovery::domain::ids::CaseId;
use rei_recovery::ports::cases::Cases;

impl Scene {
    async fn incident(&self) -> Case {
        self.ops.case(CaseId(1)).await.unwrap()
    }

    /// Presses and waits for the next message of the bot with this text.
    async fn press_to(&self, who: PersonId, on: &Message, label: &str, text: &str) -> Message {
        let last = self.api.messages(on.place).last().unwrap().id;
        self.press(who, on, label).await;
        self.after(on.place, last, text).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_opened_by_hand_takes_notes_pictures_and_a_title() {
    let scene = Scene::new().await;
    let talk = scene.talk(scene.ann);
    let ask = async |place: Place, text: &str, answer: &str| {
        scene.ask(scene.ann, place, text, answer).await
    };
    ask(talk, "/incident", "No incident is open").await;
    ask(talk, "/incident note too early", "No incident is open").await;
    ask(talk, "/incident Nothing <answers>", "I-1 is open").await;
    let card = scene
        .see(scene.group, "Incident I-1 · Nothing <answers>")
        .await;
    assert_eq!(card.labels().len(), 4);
    ask(
        talk,
        "/incident note Users write: <b>help</b>",
        "Noted in I-1",
    )
    .await;
    ask(talk, "/incident note", "Nothing was written").await;
    // A picture in the group with the command below it; any other caption commands nothing.
    let parcel = Parcel::photo(PNG).caption("/incident note the error");
    let sent = scene.api.send_file(scene.bob, scene.group, parcel).unwrap();
    scene.after(scene.group, sent, "Noted in I-1").await;
    let parcel = Parcel::photo(PNG).caption("/incident@rei_admin_bot note");
    let sent = scene.api.send_file(scene.bob, scene.group, parcel).unwrap();
    scene.after(scene.group, sent, "Noted in I-1").await;
    let parcel = Parcel::photo(PNG).caption("/incident close");
    scene.api.send_file(scene.eve, scene.group, parcel).unwrap();
    let case = scene.incident().await;
    let texts: Vec<&str> = case.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(texts, ["Users write: <b>help</b>", "the error", ""]);
    assert_eq!(case.pictures(), 2);
    assert!(case.is_open());
    // A second title is a new name, and /recover below a picture starts nothing.
    ask(talk, "/incident Payments hang", "it has this title now").await;
    let parcel = Parcel::photo(PNG).caption("/recover database-corruption");
    scene.api.send_file(scene.ann, scene.group, parcel).unwrap();
    ask(talk, "/incident 1", "I-1 · Payments hang").await;
    assert!(scene.ops.runs(10).await.unwrap().is_empty());
    ask(talk, "/incident list", "I-1").await;
    ask(talk, "/incident I-9", "There is no incident I-9").await;
    scene.drained().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_filled_in_question_by_question() {
    let mut scene = Scene::new().await;
    scene.ops.open_case(&ann(), "Slow").await.unwrap();
    let talk = scene.talk(scene.ann);
    let card = scene.ask(scene.ann, talk, "/incident", "I-1 · Slow").await;
    let first = scene
        .press_to(scene.ann, &card, "Fill in", "I-1 · Root Cause")
        .await;
    assert_eq!(first.labels(), [["Skip", "Stop here"]]);
    // The question is kept over a crash, and so is what was answered.
    scene.kill().await;
    scene.start().await;
    let answer = "The disk was full:\n- nobody looked";
    let lost = scene.ask(scene.ann, talk, answer, "I-1 · Data Loss").await;
    let well = scene
        .press_to(scene.ann, &lost, "Skip", "I-1 · What Went Well")
        .await;
    assert!(well.text().contains("want to keep"), "{}", well.text());
    scene
        .ask(scene.ann, talk, "<i>Backup</i>", "Needs Improvement")
        .await;
    let what = scene
        .ask(scene.ann, talk, "Alerts", "What has to be done?")
        .await;
    assert_eq!(what.labels(), [["Nothing (more)"]]);
    scene
        .ask(scene.ann, talk, "Rotate logs", "Who does it?")
        .await;
    let due = scene.ask(scene.ann, talk, "@stores", "Until when?").await;
    scene.ask(scene.ann, talk, "soon", "That is no day").await;
    let more = scene
        .press_to(scene.ann, &due, "In a week", "What else")
        .await;
    let pressed = scene.press(scene.ann, &due, "In a week").await;
    assert!(pressed.text.contains("answered or was left"));
    scene
        .press_to(
            scene.ann,
            &more,
            "Nothing (more)",
            "The document is complete",
        )
        .await;
    let case = scene.incident().await;
    assert_eq!(case.answers[&Question::RootCause].text, answer);
    assert!(case.is_complete() && !case.answers.contains_key(&Question::DataLoss));
    assert_eq!(case.items[0].owner.as_ref().unwrap().name(), "@stores");
    // An answer can be written anew, by somebody else and in the group: as a reply.
    let card = scene.see(scene.group, "Incident I-1").await;
    scene.press(scene.bob, &card, "Fill in").await;
    let answers = scene.see(scene.group, "what was written").await;
    let anew = scene
        .press_to(scene.bob, &answers, "✓ Root Cause", "reply to this message")
        .await;
    scene.api.send_text(scene.bob, scene.group, "talk").unwrap();
    let reply = scene.api.reply(scene.bob, scene.group, anew.id, "A leak");
    scene
        .after(scene.group, reply.unwrap(), "I-1 · Data Loss")
        .await;
    let case = scene.incident().await;
    let root = &case.answers[&Question::RootCause];
    assert_eq!(
        (root.text.as_str(), root.by.name.as_str()),
        ("A leak", "Bob")
    );
    scene.drained().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_exported_and_closed_and_its_items_are_ticked() {
    let scene = Scene::new().await;
    scene.ops.open_case(&ann(), "<u>Slow</u>").await.unwrap();
    let item = ("Order <a> disk", None, None);
    scene.ops.add_action(&ann(), CaseId(1), item).await.unwrap();
    let talk = scene.talk(scene.ann);
    let card = scene
        .ask(scene.ann, talk, "/incident", "Action items: 1")
        .await;
    let file = scene
        .press_to(scene.ann, &card, "HTML", "I-1: the document")
        .await;
    let html = String::from_utf8(scene.content(&file)).unwrap();
    assert_eq!(unbalanced(&html), None);
    assert!(html.contains("&lt;u&gt;Slow&lt;/u&gt;") && !html.contains("<u>"));
    let file = scene
        .press_to(scene.ann, &card, "Markdown", "I-1: the document")
        .await;
    let text = String::from_utf8(scene.content(&file)).unwrap();
    assert!(text.starts_with("# Incident I-1: &lt;u&gt;Slow"), "{text}");
    assert!(text.contains("## Root Cause") && text.contains("**Data Loss:**"));
    // Done, not done after all, done.
    scene.press(scene.ann, &card, "Action items").await;
    let items = scene.see(talk, "• 1. Order <a> disk").await;
    for (label, seen) in [
        ("Done: 1", "✓ 1."),
        ("Reopen 1", "• 1."),
        ("Done: 1", "✓ 1."),
    ] {
        scene.press(scene.ann, &items, label).await;
        scene.see(talk, &format!("{seen} Order")).await;
    }
    // Closing asks first: the document is not complete.
    let ask = scene
        .ask(scene.ann, talk, "/incident close", "Close I-1")
        .await;
    scene.press(scene.ann, &ask, "Close").await;
    scene.see(talk, "Closed by Ann").await;
    scene
        .ask(scene.ann, talk, "/incident close", "No incident is open")
        .await;
    assert!(scene.store.open().await.unwrap().is_empty());
    let trail = scene.trail().await;
    let verbs: Vec<&str> = trail.iter().map(|entry| entry.verb.as_str()).collect();
    for verb in [
        "open-incident",
        "add-action",
        "reopen-action",
        "close-incident",
    ] {
        assert!(verbs.contains(&verb), "{verb}");
    }
    scene.drained().await;
}

impl Scene {
    fn content(&self, message: &Message) -> Vec<u8> {
        let media = message.body.media.as_ref().unwrap();
        let kept = |world: &World| world.file(media.file).unwrap().bytes.to_vec();
        self.api.read(kept)
    }
}
