//! Break-glass: when it is offered, what it decides, who hears of it.

use super::codes::{listed, shown, types};
use crate::chat::full_check::patient;
use crate::chat::scene::{Options, Scene, ann};
use crate::support::services::no_hands;
use rei_recovery::domain::approval::{Consent, Policy, Refusal, Verdict};
use rei_recovery::domain::event::Event;
use rei_recovery::domain::ids::RequestId;
use rei_recovery::domain::run::Run;
use rei_recovery::engine::{Parts, Worker};
use rei_recovery::ops::OpsError;
use rei_recovery::ports::backups::LiveProgress;
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::ports::journal::{Guard, Journal, StateError};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LONG: Duration = Duration::from_secs(600);
const AFTER: Duration = Duration::from_secs(300);

fn glass() -> Options {
    Options {
        required: 2,
        break_glass: Some(AFTER),
        ..Options::default()
    }
}

fn request(run: &Run) -> RequestId {
    run.approvals()[0].request.id.clone()
}

/// What the worker writes when the waiting time is over.
async fn offered(scene: &Scene, run: &Run) {
    let (request, from) = (request(run), scene.ops.now());
    scene
        .write(run.id, Event::GlassOffered { request, from })
        .await;
}

async fn worker(scene: &Scene, after: Option<Duration>) -> Worker {
    let store = Arc::new(scene.store.clone());
    let parts = Parts {
        journal: store.clone(),
        full_checks: store.clone(),
        outbox: store.clone(),
        recipients: store,
        chores: no_hands(&scene.store),
        patient: patient(scene),
        policy: Policy {
            required: 2,
            ttl: LONG,
            break_glass: after,
            ..scene.ops.profile().policy.clone()
        },
        clock: Arc::new(SystemClock),
        live: Arc::new(LiveProgress::default()),
    };
    let worker = Worker::take_over(parts, "test", CancellationToken::new());
    worker.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_goes_on_alone_when_it_is_due_and_everybody_hears_of_it() {
    let scene = Scene::with(glass()).await;
    let run = scene.asked(None, LONG).await;
    let card = scene.see(scene.group, "Approval needed").await;
    assert_eq!(card.labels(), [vec!["Approve", "Deny"]]);
    offered(&scene, &run).await;
    let card = scene.see(scene.group, "Nobody has decided for long").await;
    assert_eq!(
        card.labels(),
        [vec!["Approve", "Deny"], vec!["🚨 Go on alone"]]
    );
    let refused = scene.press(scene.eve, &card, "Go on alone").await;
    assert!(refused.show_alert && refused.text.contains("You may not"));
    scene.press(scene.ann, &card, "Go on alone").await;
    let question = scene.see(scene.group, "why do you go on alone").await;
    let said = "the others are on a plane <b>";
    let reply = scene.api.reply(scene.ann, scene.group, question.id, said);
    scene
        .after(scene.group, reply.unwrap(), "You went on alone")
        .await;
    let shout = scene.see(scene.group, "BREAK-GLASS · R-1").await;
    assert!(
        shout.text().contains(said) && shout.text().contains("0 of 2"),
        "{}",
        shout.text()
    );
    scene
        .see(scene.group, "BREAK-GLASS: Ann went on alone")
        .await;
    let settled = scene
        .see(scene.group, "Break-glass: Ann went on alone")
        .await;
    assert_eq!((settled.id, settled.labels().len()), (card.id, 0));
    let run = scene.ops.run(run.id).await.unwrap();
    assert!(run.is_open(&"swap".parse().unwrap()));
    let broken = run.approvals()[0].glass.clone().unwrap();
    assert_eq!((broken.by.id, broken.reason.as_str()), (11, said));
    let trail = scene.trail().await;
    let entry = trail
        .iter()
        .find(|entry| entry.verb == "break-glass")
        .unwrap();
    assert_eq!((entry.actor.id, entry.outcome.as_str()), (11, "ok"));
    // The report of the run's end says so as well.
    let outcome = rei_recovery::domain::event::Outcome::Aborted;
    scene.write(run.id, Event::Finished { outcome }).await;
    scene.see(scene.group, "break-glass, Ann alone").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_listed_gives_a_code_before_he_goes_on_alone() {
    let options = Options {
        codes: listed(&[11]).codes,
        ..glass()
    };
    let scene = Scene::with(options).await;
    let talk = scene.talk(scene.ann);
    let run = scene.asked(None, LONG).await;
    offered(&scene, &run).await;
    let card = scene.see(scene.group, "Nobody has decided for long").await;
    scene.press(scene.ann, &card, "Go on alone").await;
    let question = scene.see(scene.group, "why do you go on alone").await;
    let reply = scene
        .api
        .reply(scene.ann, scene.group, question.id, "alone");
    scene
        .after(scene.group, reply.unwrap(), "Type the code")
        .await;
    scene.see(talk, "Your code to go on alone · R-1").await;
    let still = scene.ops.run(run.id).await.unwrap();
    assert_eq!(still.approvals()[0].verdict, None, "the reason alone");
    types(&scene, scene.ann, &shown(11), "The code is right").await;
    let run = scene.ops.run(run.id).await.unwrap();
    assert!(run.approvals()[0].glass.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_offers_it_once_and_only_when_it_is_due() {
    let scene = Scene::with(glass()).await;
    let run = scene.asked(None, LONG).await;
    let before = run.position;
    let wait = async |after| {
        let mut worker = worker(&scene, after).await;
        worker.advance_until_wait(run.id).await.unwrap()
    };
    assert_eq!(wait(None).await.position, before, "it is off");
    assert_eq!(wait(Some(AFTER)).await.position, before, "it is not due");
    let due = wait(Some(Duration::from_nanos(1))).await;
    assert_eq!(due.position, before + 1);
    assert!(due.approvals()[0].glass_due(scene.ops.now()));
    let again = wait(Some(Duration::from_nanos(1))).await;
    assert_eq!(again.position, before + 1);
    // Another request for the same thing begins the wait anew: nobody had that long to answer it.
    let (first, gate) = (request(&run), "swap".parse().unwrap());
    let expired = Event::ApprovalExpired { request: first };
    scene.write(run.id, expired).await;
    let mut second = run.approvals()[0].request.clone();
    scene
        .write(run.id, Event::AskedAgain { gate, by: ann() })
        .await;
    second.id = "request-again".parse().unwrap();
    second.asked_at = scene.ops.now();
    second.expires_at = second.asked_at + LONG;
    let asked = Event::ApprovalAsked { request: second };
    let asked = scene.write(run.id, asked).await;
    assert_eq!(wait(Some(AFTER)).await.position, asked.position);
    let offered = wait(Some(Duration::from_nanos(1))).await;
    assert_eq!(offered.position, asked.position + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_looks_again_and_a_no_is_never_overruled() {
    let scene = Scene::with(glass()).await;
    let run = scene.asked(None, LONG).await;
    let alone = || Event::GlassBroken {
        request: request(&run),
        by: ann(),
        reason: "alone".to_owned(),
    };
    let forced = async || {
        let at = scene.store.load(run.id).await.unwrap().position;
        scene.store.append(run.id, alone(), Guard::At(at)).await
    };
    let asked = async || {
        let given = ("alone", Consent::Pressed);
        scene.ops.break_glass(&ann(), &request(&run), given).await
    };
    assert!(
        matches!(forced().await, Err(StateError::Conflict)),
        "not offered"
    );
    assert!(matches!(
        asked().await,
        Err(OpsError::Refused(Refusal::NotDue))
    ));
    let from = scene.ops.now() + AFTER;
    let early = Event::GlassOffered {
        request: request(&run),
        from,
    };
    scene.write(run.id, early).await;
    assert!(
        matches!(forced().await, Err(StateError::Conflict)),
        "not due"
    );
    assert!(matches!(
        asked().await,
        Err(OpsError::Refused(Refusal::NotDue))
    ));
    offered(&scene, &run).await;
    let cid = rei_recovery::domain::operator::Actor::telegram(13, "Cid");
    scene.ops.deny(&cid, &request(&run)).await.unwrap();
    assert!(
        matches!(forced().await, Err(StateError::Conflict)),
        "denied"
    );
    assert!(matches!(
        asked().await,
        Err(OpsError::Refused(Refusal::Decided { .. }))
    ));
    let run = scene.ops.run(run.id).await.unwrap();
    assert!(matches!(
        run.approvals()[0].verdict,
        Some(Verdict::Denied { .. })
    ));
    assert_eq!(
        scene.refusals("break-glass").await,
        ["not-due", "not-due", "decided"]
    );
}
