//! Answers that are typed: the reason of a skip, the word of a self-approval.

use super::scene::{Options, Scene};
use rei_recovery::domain::run::StepState;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(600);

fn own() -> Options {
    Options {
        allow_self: true,
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skip_asks_for_its_reason_and_takes_it_as_a_reply() {
    let scene = Scene::new().await;
    let run = scene.failed(None).await;
    let halt = scene
        .see(scene.group, "R-1 stopped: “Stop REI” failed")
        .await;
    assert_eq!(halt.labels(), [["Retry", "Skip"], ["Roll back", "Abort"]]);
    scene.press(scene.ann, &halt, "Skip").await;
    let question = scene.see(scene.group, "why is “Stop REI” skipped?").await;
    // Talk that answers nobody is no reason.
    scene
        .api
        .send_text(scene.ann, scene.group, "just talking")
        .unwrap();
    let reply = scene
        .api
        .reply(scene.ann, scene.group, question.id, "they are down");
    scene
        .after(scene.group, reply.unwrap(), "The reason is recorded")
        .await;
    let run = scene.ops.run(run.id).await.unwrap();
    match run.state_of(&"stop".parse().unwrap()) {
        StepState::Skipped { reason, by } => {
            assert_eq!(
                (reason.as_str(), by.name.as_str()),
                ("they are down", "Ann")
            );
        }
        other => panic!("{other:?}"),
    }
    let answered = scene.see(scene.group, "Skipped: Ann").await;
    assert_eq!((answered.id, answered.labels().len()), (halt.id, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_survives_a_restart() {
    let mut scene = Scene::new().await;
    let run = scene.failed(None).await;
    let halt = scene
        .see(scene.group, "R-1 stopped: “Stop REI” failed")
        .await;
    scene.press(scene.cid, &halt, "Skip").await;
    let question = scene.see(scene.group, "skipped?").await;
    scene.stop().await;
    let reply = scene
        .api
        .reply(scene.cid, scene.group, question.id, "known");
    scene.start().await;
    scene
        .after(scene.group, reply.unwrap(), "The reason is recorded")
        .await;
    let run = scene.ops.run(run.id).await.unwrap();
    let state = run.state_of(&"stop".parse().unwrap());
    assert!(matches!(state, StepState::Skipped { .. }), "{state:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_skip_is_not_even_asked() {
    let scene = Scene::new().await;
    scene.failed(None).await;
    let halt = scene
        .see(scene.group, "R-1 stopped: “Stop REI” failed")
        .await;
    let answer = scene.press(scene.bob, &halt, "Skip").await;
    assert!(
        answer.show_alert && answer.text.contains("You may not"),
        "{}",
        answer.text
    );
    assert_eq!(scene.refusals("skip").await, ["not-allowed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_word_approves_ones_own_request() {
    let scene = Scene::with(own()).await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    scene.press(scene.ann, &card, "Approve").await;
    let question = scene.see(scene.group, "with the word amber").await;
    let reply = scene
        .api
        .reply(scene.ann, scene.group, question.id, " Amber ");
    scene
        .after(scene.group, reply.unwrap(), "Approved. It is recorded")
        .await;
    assert!(
        scene
            .ops
            .run(run.id)
            .await
            .unwrap()
            .is_open(&"swap".parse().unwrap())
    );
    assert!(scene.refusals("approve").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_word_approves_nothing() {
    let scene = Scene::with(own()).await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    scene.press(scene.ann, &card, "Approve").await;
    let question = scene.see(scene.group, "with the word amber").await;
    let reply = scene
        .api
        .reply(scene.ann, scene.group, question.id, "ember")
        .unwrap();
    scene
        .after(scene.group, reply, "That is not the word")
        .await;
    // The question is over: typing the right word now answers nothing.
    let late = scene
        .api
        .reply(scene.ann, scene.group, question.id, "amber")
        .unwrap();
    scene.ask(scene.ann, scene.group, "/help", "/recover").await;
    assert!(
        !scene
            .texts(scene.group)
            .iter()
            .any(|text| text.contains("It is recorded"))
    );
    assert_eq!(scene.refusals("approve").await, ["word-needed"]);
    let run = scene.ops.run(run.id).await.unwrap();
    assert!(
        !run.is_open(&"swap".parse().unwrap()),
        "after message {late}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_leaves_a_question_and_only_that() {
    let scene = Scene::with(own()).await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    scene.press(scene.ann, &card, "Approve").await;
    scene.see(scene.group, "with the word amber").await;
    scene
        .ask(scene.ann, scene.group, "/cancel", "left unanswered")
        .await;
    let run = scene.ops.run(run.id).await.unwrap();
    assert!(!run.cancel_requested);
    scene
        .ask(scene.ann, scene.group, "/cancel", "Cancel is noted")
        .await;
}
