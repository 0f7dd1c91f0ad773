//! Who lets a notice go, and what becomes of requests that nobody answers or that are overtaken.

use super::writer::Writer;
use crate::chat::scene::Options;
use rei_recovery::domain::approval::Verdict;
use rei_recovery::domain::campaign::Phase;
use std::time::Duration;

fn own(limit: u64) -> Options {
    Options {
        allow_self: true,
        notice_limit: limit,
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_person_approves_and_the_list_stands() {
    let writer = Writer::new(Options::default()).await;
    let scene = &writer.scene;
    let request = writer.ask(scene.cid, "Hello all").await;
    assert_eq!(request.labels(), [vec!["Approve", "Deny"], vec!["Preview"]]);
    for said in [
        "Cid asks to send this",
        "Hello all",
        "For: everyone",
        "at 25 a second",
        "0 of 1",
    ] {
        assert!(request.text().contains(said), "{said}: {}", request.text());
    }
    let asked = writer.campaign().await;
    assert_eq!(asked.phase, Phase::Asked);
    let count = asked.listed.as_ref().unwrap().count;
    assert_eq!(writer.listed().await, count);
    let answer = scene.press(scene.cid, &request, "Approve").await;
    assert!(answer.show_alert, "{}", answer.text);
    let answer = scene.press(scene.bob, &request, "Approve").await;
    assert_eq!(answer.text, "Approved. Recorded with your name.");
    let ready = writer.campaign().await;
    assert_eq!(ready.phase, Phase::Ready);
    assert_eq!(ready.approval.unwrap().request.plan, asked.digest());
    assert_eq!(writer.listed().await, count);
    // The request says who decided; a message of its own shows how far the notice is.
    let decided = scene.see(scene.group, "✓ Bob").await;
    assert_eq!((decided.id, decided.labels().len()), (request.id, 0));
    let live = scene.see(scene.group, "waits for its turn").await;
    assert_eq!(live.labels(), [["Pause", "Abort"]]);
    scene.press(scene.bob, &live, "Pause").await;
    let paused = scene.see(scene.group, "· paused").await;
    assert_eq!(paused.id, live.id);
    scene.press(scene.ann, &paused, "Resume").await;
    scene.see(scene.group, "waits for its turn").await;
    let late = scene
        .press(scene.cid, &request_again(&writer).await, "Abort")
        .await;
    assert!(!late.show_alert);
    let question = scene.see(scene.group, "It cannot be taken up again").await;
    scene.press(scene.cid, &question, "Abort").await;
    let report = scene.see(scene.group, "Report N-1").await;
    assert!(report.text().contains("aborted") && report.text().contains("left out"));
    assert_eq!(scene.refusals("approve-notice").await, ["own-request"]);
    let verbs: Vec<String> = scene
        .trail()
        .await
        .into_iter()
        .map(|one| one.verb)
        .collect();
    for verb in [
        "begin-notice",
        "ask-notice",
        "approve-notice",
        "pause-notice",
        "abort-notice",
    ] {
        assert!(verbs.iter().any(|it| it == verb), "{verb}: {verbs:?}");
    }
}

async fn request_again(writer: &Writer) -> rei_recovery::demo::bot_api::Message {
    writer
        .scene
        .see(writer.scene.group, "waits for its turn")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_denial_ends_it() {
    let writer = Writer::new(Options::default()).await;
    let scene = &writer.scene;
    let request = writer.ask(scene.ann, "Hello all").await;
    scene.press(scene.cid, &request, "Deny").await;
    scene.see(scene.group, "Denied by Cid").await;
    writer.shows(scene.talk(scene.ann), "not sent").await;
    assert_eq!(writer.campaign().await.phase, Phase::Dropped);
    // A press on what stood there before learns who decided.
    let late = writer.press_before(scene.bob, &request, "Approve").await;
    assert!(
        late.text.contains("Already decided by Cid"),
        "{}",
        late.text
    );
    assert_eq!(scene.refusals("approve-notice").await, ["decided"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unanswered_request_expires() {
    let writer = Writer::new(Options {
        ttl: Duration::from_secs(2),
        ..Options::default()
    })
    .await;
    let scene = &writer.scene;
    let request = writer.ask(scene.ann, "Hello all").await;
    let expired = scene.see(scene.group, "Expired").await;
    assert_eq!((expired.id, expired.labels().len()), (request.id, 0));
    assert_eq!(writer.campaign().await.phase, Phase::Dropped);
    let late = writer.press_before(scene.bob, &request, "Approve").await;
    assert!(
        late.show_alert && late.text.contains("Too late"),
        "{}",
        late.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_makes_the_request_void_and_the_next_one_rings_again() {
    let writer = Writer::new(Options::default()).await;
    let scene = &writer.scene;
    let first = writer.ask(scene.ann, "Hello all").await;
    let talk = scene.talk(scene.ann);
    let card = writer.shows(talk, "waits for approval").await;
    assert!(card.text().contains("A change now makes this request void"));
    writer
        .write(scene.ann, &card, "Text: English ✓", "Hello again")
        .await;
    let void = scene.see(scene.group, "Void").await;
    assert_eq!((void.id, void.labels().len()), (first.id, 0));
    let stale = writer.press_before(scene.bob, &first, "Approve").await;
    assert!(stale.show_alert, "{}", stale.text);
    let changed = writer.campaign().await;
    assert_eq!(changed.phase, Phase::Draft);
    let verdict = changed.approval.unwrap().verdict;
    assert!(
        matches!(verdict, Some(Verdict::Voided { .. })),
        "{verdict:?}"
    );
    let card = writer.shows(talk, "Hello again").await;
    scene.press(scene.ann, &card, "Send").await;
    let second = scene.after(scene.group, first.id, "Hello again").await;
    assert!(second.id > first.id && second.text().contains("Approval needed"));
    let stale = writer.press_before(scene.bob, &first, "Approve").await;
    assert!(stale.show_alert, "{}", stale.text);
    scene.press(scene.bob, &second, "Approve").await;
    assert_eq!(writer.campaign().await.phase, Phase::Ready);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_word_approves_ones_own_notice_to_few() {
    let writer = Writer::new(own(1_000)).await;
    let scene = &writer.scene;
    let request = writer.ask(scene.ann, "Hello all").await;
    scene.press(scene.ann, &request, "Approve").await;
    let question = scene
        .see(scene.group, "you asked for this notice yourself")
        .await;
    let approval = writer.campaign().await.approval.unwrap();
    let api = &scene.api;
    let wrong = api
        .reply(scene.ann, scene.group, question.id, "no")
        .unwrap();
    scene
        .after(scene.group, wrong, "That is not the word")
        .await;
    assert_eq!(writer.campaign().await.phase, Phase::Asked);
    scene.press(scene.ann, &request, "Approve").await;
    let question = scene.after(scene.group, wrong, "with the word").await;
    let right = api
        .reply(scene.ann, scene.group, question.id, &approval.request.word)
        .unwrap();
    scene
        .after(scene.group, right, "Approved. It is recorded")
        .await;
    assert_eq!(writer.campaign().await.phase, Phase::Ready);
}

#[tokio::test(flavor = "multi_thread")]
async fn to_more_than_the_limit_another_person_is_needed_whatever_else_is_allowed() {
    let writer = Writer::new(own(5)).await;
    let scene = &writer.scene;
    let request = writer.ask(scene.ann, "Hello all").await;
    assert!(
        request
            .text()
            .contains("To more than 5 people: another person has to approve it.")
    );
    let refused = scene.press(scene.ann, &request, "Approve").await;
    assert!(
        refused.show_alert && refused.text.contains("Another approver"),
        "{}",
        refused.text
    );
    assert_eq!(writer.campaign().await.phase, Phase::Asked);
    scene.press(scene.bob, &request, "Approve").await;
    assert_eq!(writer.campaign().await.phase, Phase::Ready);
}
