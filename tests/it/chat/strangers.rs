//! Those who may not: none moves anything, each attempt is written down, the right one is told.

use super::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_refused_once_in_private_and_every_attempt_is_kept() {
    let mut scene = Scene::new().await;
    let talk = scene.talk(scene.eve);
    scene.see(talk, "not on the list").await;
    for text in ["/recover", "/status", "let me in"] {
        scene.api.send_text(scene.eve, talk, text).unwrap();
    }
    crate::support::wait::until("four attempts", || async {
        (scene.refusals("command").await.len() == 4).then_some(())
    })
    .await;
    // Also after a restart the one refusal is remembered.
    scene.stop().await;
    scene.start().await;
    scene.api.send_text(scene.eve, talk, "/recover").unwrap();
    crate::support::wait::until("five attempts", || async {
        (scene.refusals("command").await.len() == 5).then_some(())
    })
    .await;
    scene.drained().await;
    assert_eq!(scene.texts(talk).len(), 1);
    let shouted = scene.texts(scene.group).join("\n");
    assert_eq!(shouted.matches("Eve sent").count(), 1, "{shouted}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_in_the_group_meets_silence() {
    let scene = Scene::new().await;
    scene
        .api
        .send_text(scene.eve, scene.group, "/recover")
        .unwrap();
    scene
        .api
        .send_text(scene.eve, scene.group, "good night")
        .unwrap();
    scene
        .api
        .send_text(scene.eve, scene.group, "/unknown")
        .unwrap();
    let line = scene.see(scene.group, "Eve sent /recover — refused").await;
    scene.ask(scene.ann, scene.group, "/help", "/recover").await;
    assert_eq!(scene.refusals("command").await, ["not-allowed"]);
    let own = scene.texts(scene.group);
    assert_eq!(
        own.len(),
        2,
        "the audit line {} and the help: {own:?}",
        line.id
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_press_moves_nothing() {
    let scene = Scene::new().await;
    let run = scene.asked(None, std::time::Duration::from_secs(600)).await;
    let card = scene.see(scene.group, "Approval needed").await;
    let answer = scene.press(scene.eve, &card, "Approve").await;
    assert!(answer.show_alert && answer.text.contains("You may not do this"));
    let again = scene.press(scene.eve, &card, "Deny").await;
    assert!(again.show_alert);
    assert_eq!(
        scene.refusals("press").await,
        ["not-allowed", "not-allowed"]
    );
    assert_eq!(scene.ops.run(run.id).await.unwrap().position, run.position);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anonymous_administrator_is_told_once_how_to_show_himself() {
    let scene = Scene::new().await;
    let told = scene
        .ask(scene.max, scene.group, "/recover", "Remain anonymous")
        .await;
    scene
        .api
        .send_text(scene.max, scene.group, "/status")
        .unwrap();
    crate::support::wait::until("two attempts", || async {
        (scene.refusals("command").await == ["anonymous", "anonymous"]).then_some(())
    })
    .await;
    scene.ask(scene.ann, scene.group, "/help", "/runs").await;
    let hints = scene.texts(scene.group);
    let hints = hints
        .iter()
        .filter(|text| text.contains("Remain anonymous"));
    assert_eq!(hints.count(), 1, "told in message {}", told.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approver_cannot_request() {
    let scene = Scene::new().await;
    let talk = scene.talk(scene.bob);
    scene
        .ask(scene.bob, talk, "/recover", "You may not do this")
        .await;
    assert_eq!(scene.refusals("command").await, ["not-allowed"]);
    let menu = scene
        .ask(scene.ann, scene.group, "/recover", "What happened?")
        .await;
    let answer = scene.press(scene.bob, &menu, "Corrupted database").await;
    assert!(answer.show_alert, "{}", answer.text);
    assert_eq!(scene.refusals("press").await, ["not-allowed"]);
}
