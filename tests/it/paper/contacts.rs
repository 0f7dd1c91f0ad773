//! Contacts in the chat: shown, changed by admins alone, paged at most once in five minutes.

use crate::chat::scene::Scene;
use rei_recovery::demo::bot_api::Message;

async fn contacts(scene: &Scene) -> Message {
    scene
        .ask(scene.ann, scene.group, "/contacts", "Emergency contacts")
        .await
}

/// Ann asks to change something of the on-call engineer; the question.
async fn asked(scene: &Scene, field: &str, question: &str) -> Message {
    let card = contacts(scene).await;
    scene.press(scene.ann, &card, "Edit").await;
    let roles = scene.see(scene.group, "Whose contact").await;
    scene.press(scene.ann, &roles, "On-Call Engineer").await;
    let role = scene
        .after(scene.group, card.id - 1, "On-Call Engineer:")
        .await;
    assert_eq!(role.id, card.id, "one message, edited");
    scene.press(scene.ann, &role, field).await;
    scene.after(scene.group, card.id, question).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_fills_a_role_in_and_nobody_else() {
    let mut scene = Scene::new().await;
    let card = contacts(&scene).await;
    assert!(
        card.text()
            .contains("YooKassa Support: support@yookassa.ru")
    );
    assert!(card.text().contains("On-Call Engineer: not filled in"));
    let answer = scene.press(scene.bob, &card, "Edit").await;
    assert!(answer.show_alert, "an approver is no admin");
    let question = asked(
        &scene,
        "Phone",
        "what is the phone number of On-Call Engineer",
    )
    .await;
    let wrong = scene.api.reply(scene.ann, scene.group, question.id, "112");
    scene
        .after(
            scene.group,
            wrong.unwrap(),
            "no phone number with its country",
        )
        .await;
    // The question stays open, also over a restart.
    scene.stop().await;
    let right = scene
        .api
        .reply(scene.ann, scene.group, question.id, "+7 (912) 345-67-89");
    scene.start().await;
    let saved = scene
        .after(scene.group, right.unwrap(), "+79123456789")
        .await;
    assert!(
        saved.text().contains("On-Call Engineer:"),
        "{}",
        saved.text()
    );
    let edited: Vec<String> = scene
        .trail()
        .await
        .into_iter()
        .filter(|it| it.verb == "edit-contact")
        .map(|it| format!("{} {} {:?}", it.actor.name, it.subject, it.detail))
        .collect();
    assert_eq!(edited.len(), 1, "{edited:?}");
    assert!(edited[0].starts_with("Ann on-call-engineer") && !edited[0].contains("7912"));
    scene.drained().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_call_is_mentioned_once_and_loudly() {
    let scene = Scene::new().await;
    let card = contacts(&scene).await;
    let answer = scene.press(scene.bob, &card, "Page on-call").await;
    assert!(
        answer.text.contains("no Telegram account"),
        "{}",
        answer.text
    );
    let question = asked(&scene, "Telegram", "Telegram account of On-Call Engineer").await;
    let reply = scene
        .api
        .reply(scene.ann, scene.group, question.id, "oncall_rei");
    scene
        .after(scene.group, reply.unwrap(), "@oncall_rei")
        .await;
    let card = contacts(&scene).await;
    assert!(
        card.text()
            .contains("On call this week: On-Call Engineer — @oncall_rei")
    );
    let answer = scene.press(scene.bob, &card, "Page on-call").await;
    assert!(
        answer.text.contains("mentioned in the group"),
        "{}",
        answer.text
    );
    let page = scene
        .see(scene.group, "you are wanted. Bob pages on-call")
        .await;
    assert!(page.text().starts_with("@oncall_rei") && !page.silent);
    let mentioned = page.body.text.entities.iter();
    let mentioned: Vec<String> = mentioned.map(|it| page.body.text.piece(it)).collect();
    assert!(
        mentioned.contains(&"@oncall_rei".to_owned()),
        "{mentioned:?}"
    );
    let again = scene.press(scene.cid, &card, "Page on-call").await;
    assert!(
        again.show_alert && again.text.contains("Bob paged on-call"),
        "{}",
        again.text
    );
    scene.drained().await;
    let pages = scene.texts(scene.group).into_iter();
    assert_eq!(
        pages.filter(|text| text.contains("you are wanted")).count(),
        1
    );
    assert_eq!(scene.refusals("page-on-call").await, ["paged-lately"]);
}
