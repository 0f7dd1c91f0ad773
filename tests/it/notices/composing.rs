//! Writing a notice in the chat.

use super::writer::Writer;
use crate::chat::scene::{Options, SOON};
use rei_recovery::demo::bot_api::{Entity, EntityKind, Parcel, RichText};
use rei_recovery::domain::campaign::Phase;
use rei_recovery::domain::campaign::audience::{ListSource, Who};
use rei_recovery::ports::clock::{Clock, SystemClock};
use rei_recovery::ports::records::Records;
use rei_recovery::tasks::recipients;

fn piece(kind: EntityKind, offset: usize, length: usize) -> Entity {
    Entity {
        kind,
        offset,
        length,
    }
}

/// Emoji of two units, Hebrew, a link behind words and a quotation.
fn formatted() -> RichText {
    RichText {
        text: "😀👍🏽 שלום לכולם\nWork <b>tonight</b> & details\nquoted".into(),
        entities: vec![
            piece(EntityKind::Bold, 7, 4),
            piece(
                EntityKind::CustomEmoji {
                    custom_emoji_id: "5368324170671202286".into(),
                },
                0,
                2,
            ),
            piece(
                EntityKind::TextLink {
                    url: "https://example.org/a?b=1&c=2".into(),
                },
                40,
                7,
            ),
            piece(EntityKind::Blockquote, 48, 6),
        ],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_exactly_what_was_written() {
    let writer = Writer::new(Options::default()).await;
    let (scene, ann) = (&writer.scene, writer.scene.ann);
    let (talk, card) = writer.begin(ann).await;
    writer.asked(ann, &card, "Text: English").await;
    let written = scene.api.send_rich(ann, talk, formatted()).unwrap();
    let taken = scene
        .after(talk, written, "Taken as the text in English")
        .await;
    assert!(taken.text().contains(" characters"), "{}", taken.text());
    let card = writer.shows(talk, "Work <b>tonight</b> & details").await;
    assert_eq!(
        card.id,
        card.id.min(taken.id),
        "the card is edited in place"
    );
    // REI's bot may not write to her yet; she is told what to do.
    scene.press(ann, &card, "Preview").await;
    let told = writer.shows(talk, "press Start, then press Preview").await;
    scene.api.start_chat(ann, writer.rei).unwrap();
    scene.press(ann, &told, "Preview").await;
    let arrived = writer.arrives_from_rei(ann, "שלום").await;
    let sent = scene.api.message(talk, written).unwrap();
    assert_eq!(arrived.body.text, sent.body.text);
    assert_eq!(arrived.body.text.entities.len(), 4);
    writer
        .shows(talk, "The preview is in your chat with REI's bot")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_or_too_long_is_told_while_it_is_written() {
    let writer = Writer::new(Options::default()).await;
    let (scene, ann) = (&writer.scene, writer.scene.ann);
    let (talk, card) = writer.begin(ann).await;
    assert!(card.text().contains("Nothing is written yet"));
    scene.press(ann, &card, "Send").await;
    writer.shows(talk, "nothing is written. Press Text").await;
    writer
        .write(ann, &card, "Text: English", &"long ".repeat(300))
        .await;
    let card = writer.shows(talk, "(1,499 of 4,096)").await;
    // A picture leaves its caption much less room than a text has.
    writer.asked(ann, &card, "Text: English ✓").await;
    let picture = Parcel::photo(include_bytes!("pixel.png").to_vec());
    let sent = scene.api.send_file(ann, talk, picture).unwrap();
    let told = scene.after(talk, sent, "English: too long").await;
    assert!(
        told.text().contains("Telegram takes 1,024 here"),
        "{}",
        told.text()
    );
    scene.press(ann, &card, "Send").await;
    assert_eq!(writer.campaign().await.phase, Phase::Draft);
    // The question is open still: a shorter one with its caption takes the place of both.
    let picture = Parcel::photo(include_bytes!("pixel.png").to_vec()).caption("Short");
    let sent = scene.api.send_file(ann, talk, picture).unwrap();
    scene
        .after(talk, sent, "Taken as the text in English, 5 characters")
        .await;
    let campaign = writer.campaign().await;
    let message = &campaign.task.notice().unwrap().messages["en"];
    assert_eq!(message.text.text, "Short");
    let media = message.media.as_ref().unwrap();
    assert_eq!(media.bytes, include_bytes!("pixel.png").len() as u64);
    let refused = scene.refusals("ask-notice").await;
    assert!(
        refused.is_empty(),
        "a text too long is a mistake: {refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ready_notices_languages_and_the_button() {
    let writer = Writer::new(Options::default()).await;
    let (scene, ann) = (&writer.scene, writer.scene.ann);
    let (talk, card) = writer.begin(ann).await;
    scene.press(ann, &card, "Ready notice").await;
    let list = writer.shows(talk, "Ready notices").await;
    assert_eq!(list.id, card.id);
    let wrong = writer
        .write(ann, &list, "Maintenance window", "only one line")
        .await;
    assert!(wrong.text().contains("Two lines are needed"));
    let again = scene
        .api
        .send_text(ann, talk, "28.11 02:00\n28.11 <03:30>")
        .unwrap();
    scene.after(talk, again, "Taken").await;
    let card = writer
        .shows(talk, "from 28.11 02:00 until 28.11 <03:30>")
        .await;
    let question = writer.asked(ann, &card, "Other language").await;
    assert!(question.text().contains("Which language?"));
    let tag = scene.api.send_text(ann, talk, "UZ").unwrap();
    scene.after(talk, tag, "Send the text in uz").await;
    let text = scene.api.send_text(ann, talk, "Salom").unwrap();
    scene.after(talk, text, "Taken as the text in uz").await;
    let bad = writer
        .write(ann, &card, "Button", "News\njavascript:alert(1)")
        .await;
    assert!(bad.text().contains("must begin with https://"));
    let good = scene
        .api
        .send_text(ann, talk, "More news\nhttps://example.org/n")
        .unwrap();
    scene.after(talk, good, "Taken").await;
    let notice = writer.campaign().await.task.notice().unwrap().clone();
    let tags: Vec<&str> = notice.messages.keys().map(String::as_str).collect();
    assert_eq!(
        (tags, notice.fallback.as_str()),
        (vec!["en", "ru", "uz"], "en")
    );
    assert!(
        notice.messages["ru"]
            .text
            .text
            .contains("с 28.11 02:00 до 28.11 <03:30>")
    );
    for message in notice.messages.values() {
        let button = message.button.as_ref().unwrap();
        assert_eq!(button.label, "More news");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_by_rule_and_by_file() {
    let writer = Writer::new(Options::default()).await;
    let (scene, ann) = (&writer.scene, writer.scene.ann);
    let (talk, card) = writer.begin(ann).await;
    let everybody = writer.campaign().await.listed.unwrap();
    assert_eq!(everybody.source, ListSource::Database);
    scene.press(ann, &card, "Audience").await;
    let menu = writer.shows(talk, "For whom?").await;
    scene.press(ann, &menu, "Russian").await;
    let card = writer.shows(talk, "language Russian").await;
    let found =
        crate::support::wait::until("the count", || async { writer.campaign().await.listed }).await;
    assert!((1..everybody.count).contains(&found.count), "{found:?}");
    scene.press(ann, &card, "Audience").await;
    let menu = writer.shows(talk, "For whom?").await;
    let said = writer.write(ann, &menu, "Other…", "active:x").await;
    assert!(said.text().contains("That names nobody"));
    let ok = scene.api.send_text(ann, talk, "active:365d").unwrap();
    scene.after(talk, ok, "active in the last 365 days").await;
    scene
        .press(ann, &writer.shows(talk, "draft").await, "Audience")
        .await;
    let menu = writer.shows(talk, "For whom?").await;
    writer.asked(ann, &menu, "List of ids").await;
    let users = scene.ops.count_audience(&Default::default()).await.unwrap();
    assert!(users.count > 0);
    let records = crate::support::services::nowhere(scene.database()).records;
    let people = records.users(None, 2);
    let people = people.await.unwrap();
    let ids = format!("id\n{}\n{};x\n\n999999999\n", people[0].id, people[1].id);
    let file = Parcel::document("who.csv", ids.into_bytes());
    let sent = scene.api.send_file(ann, talk, file).unwrap();
    scene.after(talk, sent, "1 line held no id").await;
    let campaign = writer.campaign().await;
    assert!(matches!(
        campaign.audience.who,
        Who::Listed { count: 3, .. }
    ));
    let listed = campaign.listed.unwrap();
    assert_eq!(listed.unknown, 1, "{listed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_reis_database_the_own_copy_serves_and_says_how_old_it_is() {
    let writer = Writer::new(Options::default()).await;
    let (scene, ann) = (&writer.scene, writer.scene.ann);
    let records = crate::support::services::nowhere(scene.database()).records;
    let now = SystemClock.now();
    let copied = recipients::copy(&*records, &scene.store, now)
        .await
        .unwrap();
    std::fs::remove_file(scene.database()).unwrap();
    let talk = scene.talk(ann);
    scene.api.send_text(ann, talk, "/broadcast").unwrap();
    let card = writer.shows(talk, "own copy of the list, as of").await;
    scene.press(ann, &card, "Audience").await;
    let menu = writer.shows(talk, "For whom?").await;
    scene.press(ann, &menu, "Open payments 24 h").await;
    writer.shows(talk, "Only REI's").await;
    scene
        .press(ann, &writer.shows(talk, "draft").await, "Audience")
        .await;
    scene
        .press(ann, &writer.shows(talk, "For whom?").await, "Everyone")
        .await;
    writer.shows(talk, "For: everyone").await;
    let listed =
        crate::support::wait::until("the count", || async { writer.campaign().await.listed }).await;
    assert!(listed.count > 0 && listed.count <= copied.count);
    assert_eq!(listed.source, ListSource::OwnCopy);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_survives_a_restart_and_cancel_leaves_it() {
    let mut writer = Writer::new(Options::default()).await;
    let ann = writer.scene.ann;
    let (talk, card) = writer.begin(ann).await;
    writer.asked(ann, &card, "Text: Russian").await;
    writer.scene.stop().await;
    let sent = writer
        .scene
        .api
        .send_text(ann, talk, "После перезапуска")
        .unwrap();
    writer.scene.start().await;
    writer
        .scene
        .after(talk, sent, "Taken as the text in Russian")
        .await;
    writer.asked(ann, &card, "Text: English").await;
    let left = writer.scene.api.send_text(ann, talk, "/cancel").unwrap();
    writer.scene.after(talk, left, "left unanswered").await;
    let notice = writer.campaign().await.task.notice().unwrap().clone();
    assert_eq!(notice.messages.len(), 1);
    writer.scene.press(ann, &card, "Cancel").await;
    writer.shows(talk, "not sent").await;
    assert_eq!(writer.campaign().await.phase, Phase::Dropped);
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_are_private_and_their_owners_alone() {
    let writer = Writer::new(Options::default()).await;
    let scene = &writer.scene;
    scene
        .ask(scene.ann, scene.group, "/broadcast", "written in private")
        .await;
    // Bob may approve and not request.
    let bobs = scene.talk(scene.bob);
    scene
        .ask(scene.bob, bobs, "/broadcast", "You may not")
        .await;
    let (talk, _) = writer.begin(scene.ann).await;
    scene.ask(scene.ann, talk, "/broadcast list", "draft").await;
    // Cid may request, but this is Ann's: a verb that is called for him is refused.
    let id = rei_recovery::domain::ids::CampaignId(1);
    let cid = rei_recovery::domain::operator::Actor::telegram(13, "Cid");
    assert!(scene.ops.set_urgent(&cid, id, true).await.is_err());
    assert_eq!(scene.refusals("write-notice").await, ["not-your-notice"]);
    assert!(tokio::time::timeout(SOON, scene.drained()).await.is_ok());
}
