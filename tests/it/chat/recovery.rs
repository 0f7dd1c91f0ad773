//! From the alarm to the approval, as a person at a phone goes.

use super::scene::{Scene, ann};
use rei_recovery::domain::event::{Event, Outcome};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(600);

#[tokio::test(flavor = "multi_thread")]
async fn three_taps_lead_to_the_start() {
    let scene = Scene::new().await;
    let talk = scene.talk(scene.ann);
    let menu = scene
        .ask(scene.ann, talk, "/recover", "What happened?")
        .await;
    scene.press(scene.ann, &menu, "Corrupted database").await;
    let list = scene.see(talk, "From which backup?").await;
    assert_eq!(list.id, menu.id);
    assert!(
        list.labels()[0][0].starts_with("Latest good: "),
        "{:?}",
        list.labels()
    );
    scene.press(scene.ann, &list, "Latest good").await;
    let plan = scene.see(talk, "Plan R-1").await;
    for part in [
        "What will be lost",
        "Stop REI — waits for approval",
        "Not checked in full yet",
    ] {
        assert!(plan.text().contains(part), "{part} in {}", plan.text());
    }
    assert_eq!(plan.labels(), [["Start", "Cancel"]]);
    assert!(
        scene
            .see(talk, "The plan is in the next message")
            .await
            .labels()
            .is_empty()
    );
    // A proposal concerns nobody else yet, but for the trail.
    assert!(
        !scene
            .texts(scene.group)
            .iter()
            .any(|text| text.contains("Plan R-1"))
    );
    scene.press(scene.ann, &plan, "Start").await;
    let live = scene.see(talk, "step 1 of 11").await;
    assert_eq!((live.id, live.labels().len()), (plan.id, 0));
    scene.see(scene.group, "step 1 of 11").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scenario_can_be_named() {
    let scene = Scene::new().await;
    let talk = scene.talk(scene.ann);
    scene
        .ask(
            scene.ann,
            talk,
            "/recover database-corruption",
            "From which backup?",
        )
        .await;
    scene
        .ask(scene.ann, talk, "/recover flood", "no scenario “flood”")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_asked_for_in_the_group_has_one_live_message_there() {
    let scene = Scene::new().await;
    let run = scene.started(Some(-500)).await;
    scene.see(scene.group, "step 1 of 11").await;
    scene.begin(run.id, "fetch").await;
    scene.see(scene.group, "Now: Fetch the backup").await;
    scene.drained().await;
    let live = scene.texts(scene.group);
    let live = live.iter().filter(|text| text.contains("step 1 of 11"));
    assert_eq!(live.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_requester_and_the_group_each_follow_one_message_to_the_report() {
    let scene = Scene::new().await;
    let talk = scene.talk(scene.ann);
    let run = scene.asked(Some(11), LONG).await;
    scene.see(talk, "Waits for approval (0 of 1)").await;
    let card = scene.see(scene.group, "Approval needed").await;
    scene.press(scene.bob, &card, "Approve").await;
    for step in ["stop", "closed"] {
        scene.begin(run.id, step).await;
        scene.succeed(run.id, step).await;
    }
    scene.see(talk, "step 4 of 11").await;
    scene
        .write(run.id, Event::RollbackAsked { by: ann() })
        .await;
    let outcome = Outcome::RolledBack;
    scene.write(run.id, Event::Finished { outcome }).await;
    scene.see(talk, "Report R-1").await;
    scene.see(scene.group, "Report R-1").await;
    scene.drained().await;
    for place in [talk, scene.group] {
        let texts = scene.texts(place);
        let lives = texts
            .iter()
            .filter(|text| text.starts_with("R-1 · Corrupted"))
            .count();
        assert_eq!(lives, 1, "{texts:#?}");
        assert!(texts.iter().any(|text| text.contains("Rolled back.")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_group_is_told_what_was_cut_off() {
    let scene = Scene::new().await;
    let run = scene.started(None).await;
    scene.begin(run.id, "fetch").await;
    let failure = rei_recovery::domain::failure::Failure::new(
        rei_recovery::domain::failure::FailureCode::CutOff,
    );
    let step = "fetch".parse().unwrap();
    scene
        .write(
            run.id,
            Event::StepInDoubt {
                step,
                attempt: 1,
                failure,
            },
        )
        .await;
    let notice = scene
        .see(scene.group, "The program was stopped in the middle of it.")
        .await;
    assert!(
        notice.text().contains("It is done again."),
        "{}",
        notice.text()
    );
}
