//! A checklist in the chat: two people at once, a reason by dialogue, a restart in between, the end.

use crate::chat::scene::{SOON, Scene};
use rei_recovery::demo::bot_api::{Message, PersonId};
use rei_recovery::domain::checklist::{Checklist, State, Ticker};
use rei_recovery::domain::ids::ChecklistId;

const ID: ChecklistId = ChecklistId(1);

/// The checklist that Ann opened in the group, as its message.
async fn opened(scene: &Scene) -> Message {
    scene
        .api
        .send_text(scene.ann, scene.group, "/checklist")
        .unwrap();
    scene.see(scene.group, "Checklist CL-1").await
}

async fn list(scene: &Scene) -> Checklist {
    scene.ops.checklist(ID).await.unwrap()
}

/// Who ticked a line, counted from 1.
async fn ticker(scene: &Scene, number: usize) -> Option<i64> {
    match &list(scene).await.lines[number - 1].state {
        State::Ticked {
            by: Ticker::Person { actor },
            ..
        } => Some(actor.id),
        _ => None,
    }
}

/// The message once it says this.
async fn says(scene: &Scene, text: &str) -> Message {
    scene.see(scene.group, text).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_people_at_once_each_tick_counts_and_none_is_overwritten() {
    let scene = Scene::new().await;
    let card = opened(&scene).await;
    let press = |who: PersonId, label: &str| {
        let press = scene.api.press(who, card.place, card.id, label);
        press.unwrap()
    };
    // Both on one line, and each on a line of his own, all before any answer.
    let both = [press(scene.ann, "Tick 5"), press(scene.bob, "Tick 5")];
    let own = [press(scene.ann, "Tick 6"), press(scene.bob, "Tick 7")];
    let mut late = 0;
    for press in both {
        let answer = press.answer(SOON).await.unwrap();
        late += usize::from(answer.show_alert);
        let fits = match answer.show_alert {
            true => "changed meanwhile",
            false => "Ticked.",
        };
        assert!(answer.text.contains(fits), "{}", answer.text);
    }
    assert_eq!(late, 1, "one of both came second");
    for press in own {
        assert!(!press.answer(SOON).await.unwrap().show_alert);
    }
    let first = ticker(&scene, 5).await.unwrap();
    assert!([11, 12].contains(&first));
    assert_eq!(ticker(&scene, 6).await, Some(11));
    assert_eq!(ticker(&scene, 7).await, Some(12));
    assert_eq!(scene.refusals("tick-line").await, ["line-moved-on"]);
    let ticks = scene.trail().await.into_iter();
    let ticks = ticks.filter(|it| it.verb == "tick-line" && it.outcome == "ok" && it.actor.id != 0);
    assert_eq!(ticks.count(), 3);
    let now = says(&scene, "☑ 7. Monitoring dashboards updated — Bob").await;
    assert_eq!(now.id, card.id, "one message, edited");
    scene.drained().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_is_asked_for_survives_a_restart_and_closing_needs_every_line() {
    let mut scene = Scene::new().await;
    let card = opened(&scene).await;
    scene.press(scene.bob, &card, "Does not apply 10").await;
    let question = says(&scene, "does “Users notified (if applicable)” not apply").await;
    scene.stop().await;
    let reply = scene
        .api
        .reply(scene.bob, scene.group, question.id, "nobody <b>noticed</b>")
        .unwrap();
    scene.start().await;
    scene
        .after(scene.group, reply, "it does not apply this time")
        .await;
    let card = says(&scene, "does not apply: nobody <b>noticed</b> (Bob").await;
    // Somebody takes it back, and says so again in the same words.
    scene.press(scene.ann, &card, "Untick 10").await;
    assert!(!list(&scene).await.lines[9].is_settled());
    let lines = list(&scene).await.lines;
    let open = (1..).zip(&lines).filter(|(_, line)| !line.is_settled());
    for (number, _) in open {
        let label = format!("Tick {number}");
        let card = with_button(&scene, &label).await;
        let answer = scene.press(scene.ann, &card, &label).await;
        assert!(!answer.show_alert, "{label}: {}", answer.text);
    }
    let card = with_button(&scene, "Close").await;
    let answer = scene.press(scene.bob, &card, "Close").await;
    assert_eq!(answer.text, "Closed. Recorded with your name.");
    let closed = says(&scene, "Closed by Bob").await;
    assert_eq!(closed.buttons().count(), 0);
    assert!(!list(&scene).await.is_open());
    // The next one is another.
    let talk = scene.talk(scene.ann);
    scene.ask(scene.ann, talk, "/checklist", "CL-2").await;
    scene.drained().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_shown_in_private_and_the_groups_say_the_same() {
    let scene = Scene::new().await;
    let group = opened(&scene).await;
    let talk = scene.talk(scene.cid);
    let own = scene.ask(scene.cid, talk, "/checklist", "CL-1").await;
    scene.press(scene.cid, &own, "Tick 4").await;
    let both = [scene.see(talk, "☑ 4.").await, says(&scene, "☑ 4.").await];
    assert_eq!(
        both.map(|it| it.id),
        [own.id, group.id],
        "edited, not sent anew"
    );
    // A line that is open cannot be closed over.
    let early = scene
        .ops
        .close_checklist(&crate::chat::scene::ann(), ID)
        .await;
    assert!(early.is_err());
    assert_eq!(scene.refusals("close-checklist").await, ["lines-left"]);
    scene.drained().await;
}

async fn with_button(scene: &Scene, label: &str) -> Message {
    let fits = |m: &Message| m.text().contains("CL-1") && m.buttons().any(|b| b.text == label);
    let found = scene
        .api
        .wait_for_message(scene.group, label, SOON, fits)
        .await;
    found.unwrap()
}
