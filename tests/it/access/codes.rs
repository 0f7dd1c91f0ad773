//! Codes, as approvers meet them.

use crate::chat::scene::{Options, Scene};
use crate::notices::writer::Writer;
use rei_recovery::demo::bot_api::{Message, PersonId, Place};
use rei_recovery::domain::approval::{Consent, Refusal, Verdict};
use rei_recovery::domain::campaign::Phase;
use rei_recovery::domain::operator::Actor;
use rei_recovery::domain::run::Run;
use rei_recovery::domain::second_factor::{Secrets, code};
use rei_recovery::ops::OpsError;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(600);

pub fn secret(person: i64) -> Vec<u8> {
    vec![u8::try_from(person).unwrap(); 20]
}

/// What this person's app shows now.
pub fn shown(person: i64) -> String {
    let step = u64::try_from(jiff::Timestamp::now().as_second() / 30).unwrap();
    format!("{:06}", code(&secret(person), step))
}

/// What it shows neither now nor in the next minutes.
pub fn wrong(person: i64) -> String {
    let step = u64::try_from(jiff::Timestamp::now().as_second() / 30).unwrap();
    let taken: Vec<u32> = (step - 2..step + 9)
        .map(|step| code(&secret(person), step))
        .collect();
    let free = (0..).find(|code| !taken.contains(code)).unwrap();
    format!("{free:06}")
}

pub fn listed(people: &[i64]) -> Options {
    let pairs = people
        .iter()
        .map(|person| (*person, secret(*person).into()));
    Options {
        codes: Secrets::new(pairs),
        ..Options::default()
    }
}

async fn is_open(scene: &Scene, run: &Run) -> bool {
    let run = scene.ops.run(run.id).await.unwrap();
    run.is_open(&"swap".parse().unwrap())
}

/// Types into the private chat and reads the answer; what was typed must be gone then.
pub async fn types(scene: &Scene, who: PersonId, text: &str, answer: &str) -> Message {
    let talk = Place::private(scene.bot, who);
    let typed = scene.api.send_text(who, talk, text).unwrap();
    let answer = scene.after(talk, typed, answer).await;
    let left = scene.api.messages(talk);
    assert!(left.iter().all(|message| message.id != typed), "{left:?}");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_counts_with_the_code_that_was_asked_for_in_private() {
    let scene = Scene::with(listed(&[12])).await;
    let talk = scene.talk(scene.bob);
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    let answer = scene.press(scene.bob, &card, "Approve").await;
    assert!(answer.show_alert && answer.text.contains("private chat with me"));
    scene.see(talk, "Your code · R-1").await;
    assert!(!is_open(&scene, &run).await, "the press alone");
    let (wrong, right) = (wrong(12), shown(12));
    scene.ask(scene.bob, talk, "a code", "six digits").await;
    types(&scene, scene.bob, &wrong, "Tries left: 4").await;
    assert!(!is_open(&scene, &run).await, "a wrong code");
    types(&scene, scene.bob, &right, "The code is right").await;
    assert!(is_open(&scene, &run).await);
    scene.see(scene.group, "✓ Bob").await;
    assert_eq!(scene.refusals("give-code").await, ["wrong-code"]);
    scene.drained().await;
    let mut told = scene.texts(scene.group);
    told.extend(scene.texts(talk));
    let trail = scene.trail().await;
    told.extend(
        trail
            .iter()
            .map(|entry| serde_json::to_string(entry).unwrap()),
    );
    for code in [wrong, right] {
        let shown = told.iter().find(|text| text.contains(&code));
        // Numbers of the trail's hashes may hold six such digits by chance; sentences do not.
        let shown = shown.filter(|text| !text.contains("\"hash\""));
        assert_eq!(shown, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_written_to_is_told_to_press_start() {
    let scene = Scene::with(listed(&[12])).await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    let answer = scene.press(scene.bob, &card, "Approve").await;
    assert!(
        answer.show_alert && answer.text.contains("press Start"),
        "{}",
        answer.text
    );
    let talk = scene.talk(scene.bob);
    scene.see(talk, "Your code · R-1").await;
    types(&scene, scene.bob, &shown(12), "The code is right").await;
    assert!(is_open(&scene, &run).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_decides_nothing_that_was_decided_meanwhile() {
    let mut scene = Scene::with(listed(&[12])).await;
    let talk = scene.talk(scene.bob);
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    scene.press(scene.bob, &card, "Approve").await;
    scene.see(talk, "Your code").await;
    // The question outlives a restart; so does the no of somebody else.
    scene.stop().await;
    scene.start().await;
    scene.press(scene.cid, &card, "Deny").await;
    types(&scene, scene.bob, &shown(12), "Already decided by Cid").await;
    let run = scene.ops.run(run.id).await.unwrap();
    assert!(matches!(
        run.approvals()[0].verdict,
        Some(Verdict::Denied { .. })
    ));
    assert_eq!(scene.refusals("approve").await, ["decided"]);
    assert_eq!(
        scene.refusals("give-code").await,
        [""; 0],
        "no try is spent"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_s_own_request_takes_the_word_and_then_the_code() {
    let options = Options {
        allow_self: true,
        ..listed(&[11])
    };
    let scene = Scene::with(options).await;
    let talk = scene.talk(scene.ann);
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    scene.press(scene.ann, &card, "Approve").await;
    let question = scene.see(scene.group, "with the word").await;
    let reply = scene
        .api
        .reply(scene.ann, scene.group, question.id, "amber");
    scene
        .after(scene.group, reply.unwrap(), "Type the code")
        .await;
    scene.see(talk, "Your code").await;
    assert!(!is_open(&scene, &run).await, "the word alone");
    types(&scene, scene.ann, &shown(11), "The code is right").await;
    assert!(is_open(&scene, &run).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_takes_a_code_too() {
    let writer = Writer::new(listed(&[12])).await;
    let scene = &writer.scene;
    let talk = scene.talk(scene.bob);
    let request = writer.ask(scene.cid, "Hello all").await;
    scene.press(scene.bob, &request, "Approve").await;
    scene.see(talk, "Your code · notice N-1").await;
    assert_eq!(writer.campaign().await.phase, Phase::Asked);
    types(scene, scene.bob, &shown(12), "The code is right").await;
    assert_eq!(writer.campaign().await.phase, Phase::Ready);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_interrupts_what_somebody_is_writing_and_no_more() {
    let writer = Writer::new(listed(&[13])).await;
    let scene = &writer.scene;
    let (talk, draft) = writer.begin(scene.cid).await;
    writer.asked(scene.cid, &draft, "Text: English").await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    // Twice: the second question must not put the first one in the place of the notice.
    scene.press(scene.cid, &card, "Approve").await;
    scene.see(talk, "Your code · R-1").await;
    scene.press(scene.cid, &card, "Approve").await;
    types(scene, scene.cid, &shown(13), "The code is right").await;
    assert!(is_open(scene, &run).await);
    scene.api.send_text(scene.cid, talk, "We are back").unwrap();
    writer.shows(talk, "We are back").await;
    let texts = writer.campaign().await.task;
    assert!(format!("{texts:?}").contains("We are back"), "{texts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_wrong_codes_lock_and_the_console_still_approves() {
    let scene = Scene::with(listed(&[12])).await;
    let run = scene.asked(None, LONG).await;
    let request = run.approvals()[0].request.id.clone();
    let bob = Actor::telegram(12, "Bob");
    let give = async |code: String| {
        let given = (Consent::Pressed, code.as_str());
        let given = scene.ops.approve_with_code(&bob, &request, given);
        given.await.unwrap_err()
    };
    for left in (1..5).rev() {
        let told = give(wrong(12)).await;
        assert!(matches!(told, OpsError::Refused(Refusal::WrongCode { left: it }) if it == left));
    }
    for code in [wrong(12), shown(12)] {
        let told = give(code).await;
        assert!(
            matches!(told, OpsError::Refused(Refusal::CodesLocked { .. })),
            "{told}"
        );
    }
    scene.see(scene.group, "locked for 15 minutes").await;
    assert_eq!(
        scene.refusals("give-code").await.len(),
        5,
        "and nothing while locked"
    );
    // Without a code nothing goes through the verb either.
    let bare = scene.ops.approve(&bob, &request, Consent::Pressed).await;
    assert!(matches!(bare, Err(OpsError::Refused(Refusal::CodeNeeded))));
    assert!(!is_open(&scene, &run).await);
    let root = Actor::console(0, "root");
    scene
        .ops
        .approve(&root, &request, Consent::Pressed)
        .await
        .unwrap();
    assert!(is_open(&scene, &run).await);
}
