//! What Telegram may answer, and what becomes of those it was about.

use super::post::{PostOffice, done, well};
use super::stage::Stage;
use crate::support::wait::until;
use rei_recovery::domain::campaign::Phase;
use rei_recovery::domain::campaign::delivery::{Gone, Standing};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::bot::Delivered;
use std::time::{Duration, Instant};

const LATENCY: Duration = Duration::from_millis(40);

#[tokio::test]
async fn every_answer_has_its_standing_and_only_the_unsent_go_again() {
    let stage = Stage::new();
    let answers = |chat, nth| match (chat, nth) {
        (2, _) => Delivered::Gone(Gone::Blocked),
        (3, _) => Delivered::Refused("Bad Request: odd".to_owned()),
        (4, _) => Delivered::Unknown("reset".to_owned()),
        (5, 1 | 2) => Delivered::Later(Duration::from_millis(20)),
        (6, 1) => Delivered::NotSent("refused".to_owned()),
        (7, _) => Delivered::Done {
            message: 3,
            moved: Some(-7),
        },
        _ => done(chat),
    };
    let office = PostOffice::new(100.0, LATENCY, Box::new(answers));
    let id = stage.ready(1..=8).await;
    let at_work = stage.start(&office);
    stage.comes_to(id, Phase::Done).await;
    at_work.stop().await;
    let rows = stage.rows(id).await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.standing, row.reason.as_deref()))
        .collect();
    let sent = (Standing::Sent, None);
    assert_eq!(
        told,
        [
            sent,
            (Standing::Blocked, Some("blocked")),
            (Standing::Failed, Some("Bad Request: odd")),
            (Standing::Ambiguous, None),
            sent,
            sent,
            sent,
            sent,
        ]
    );
    let tries = |chat| office.chats().iter().filter(|it| **it == chat).count();
    assert_eq!([4, 5, 6, 7].map(tries), [1, 3, 2, 1]);
}

#[tokio::test]
async fn while_no_turn_comes_nobody_stands_on_his_way() {
    let stage = Stage::new();
    let office = PostOffice::new(100.0, LATENCY, well());
    let id = stage.ready(1..=60).await;
    let at_work = stage.start(&office);
    until("some", || async {
        (office.tried().len() > 10).then_some(())
    })
    .await;
    office.turning.send_replace(false);
    until("an empty sky", || async {
        let tally = stage.tally(id).await;
        (tally.sending == 0 && tally.pending > 0).then_some(())
    })
    .await;
    let tried = office.tried().len();
    // A pause is heard while it waits.
    stage.put(id, Phase::Paused).await;
    stage.put(id, Phase::Ready).await;
    office.turning.send_replace(true);
    stage.comes_to(id, Phase::Done).await;
    at_work.stop().await;
    assert!(tried < 60);
    assert_eq!(office.chats(), (1..=60).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_unreachable_telegram_is_tried_seldom_told_of_and_come_back_to() {
    let stage = Stage::new();
    let office = PostOffice::new(100.0, LATENCY, well());
    let id = stage.ready(1..=300).await;
    let at_work = stage.start(&office);
    until("some", || async {
        (office.tried().len() > 10).then_some(())
    })
    .await;
    office.answer(Box::new(|_, _| Delivered::NotSent("no route".to_owned())));
    let (before, began) = (office.tried().len(), Instant::now());
    let failure = until("the trouble to be told", || async {
        stage.campaign(id).await.failure
    })
    .await;
    assert_eq!(failure.code, FailureCode::BotUnreachable);
    assert!(began.elapsed() > Duration::from_secs(6), "after a while");
    assert_eq!(stage.campaign(id).await.phase, Phase::Sending);
    let tries = office.tried().len() - before;
    assert!(tries < 40, "{tries} tries while it was away");
    let tally = stage.tally(id).await;
    assert_eq!((tally.ambiguous, tally.failed), (0, 0), "{tally:?}");
    office.answer(well());
    stage.comes_to(id, Phase::Done).await;
    at_work.stop().await;
    let campaign = stage.campaign(id).await;
    assert_eq!(campaign.failure, None);
    assert_eq!(stage.tally(id).await.sent, 300);
}

#[tokio::test]
async fn answers_that_are_lost_one_after_another_cost_few_their_certainty() {
    let stage = Stage::new();
    let lost = |_, _| Delivered::Unknown("502".to_owned());
    let office = PostOffice::new(100.0, LATENCY, Box::new(lost));
    let id = stage.ready(1..=300).await;
    let at_work = stage.start(&office);
    until("a scout", || async {
        let gap = office
            .tried()
            .windows(2)
            .any(|two| two[1].at.duration_since(two[0].at) > Duration::from_millis(900));
        gap.then_some(())
    })
    .await;
    let doubts = stage.tally(id).await.ambiguous;
    assert!((1..40).contains(&doubts), "{doubts}");
    office.answer(well());
    stage.comes_to(id, Phase::Done).await;
    at_work.stop().await;
    let tally = stage.tally(id).await;
    assert_eq!(tally.sent + tally.ambiguous, 300);
    assert!(tally.ambiguous <= doubts + 2, "{tally:?}");
}

#[tokio::test]
async fn a_token_that_is_refused_stops_it_and_costs_nobody() {
    let stage = Stage::new();
    let refused = |chat, _| match chat {
        1..=10 => done(chat),
        _ => Delivered::TokenRefused,
    };
    let office = PostOffice::new(100.0, LATENCY, Box::new(refused));
    let id = stage.ready(1..=50).await;
    let at_work = stage.start(&office);
    stage.comes_to(id, Phase::Paused).await;
    let campaign = stage.campaign(id).await;
    assert_eq!(campaign.failure.unwrap().code, FailureCode::BotTokenRefused);
    let tally = stage.tally(id).await;
    assert_eq!((tally.sent, tally.pending), (10, 40), "{tally:?}");
    office.answer(well());
    stage.put(id, Phase::Ready).await;
    stage.comes_to(id, Phase::Done).await;
    at_work.stop().await;
    assert_eq!(stage.campaign(id).await.failure, None);
    assert_eq!(stage.tally(id).await.sent, 50);
}

#[tokio::test]
async fn a_panic_on_the_way_is_a_doubt_about_one() {
    let stage = Stage::new();
    let answers = |chat, _| {
        assert_ne!(chat, 3, "a defect");
        done(chat)
    };
    let office = PostOffice::new(100.0, LATENCY, Box::new(answers));
    let id = stage.ready(1..=2).await;
    let at_work = stage.start(&office);
    stage.comes_to(id, Phase::Done).await;
    let id = stage.ready(3..=3).await;
    stage.comes_to(id, Phase::Done).await;
    at_work.stop().await;
    assert_eq!(stage.standings(id).await[&3], Standing::Ambiguous);
}

#[tokio::test]
async fn a_chat_with_a_limit_of_its_own_waits_behind_everybody_and_is_given_up() {
    let stage = Stage::new();
    let answers = |chat, _| match chat {
        3 => Delivered::Later(Duration::from_millis(20)),
        _ => done(chat),
    };
    let office = PostOffice::new(200.0, LATENCY, Box::new(answers));
    let id = stage.ready(1..=40).await;
    let at_work = stage.start(&office);
    stage.comes_to(id, Phase::Done).await;
    at_work.stop().await;
    let chats = office.chats();
    let his: Vec<usize> = (0..chats.len()).filter(|nth| chats[*nth] == 3).collect();
    assert_eq!((his.len(), chats.len()), (4, 43), "{chats:?}");
    assert!(his[1] >= 40, "{chats:?}");
    let rows = stage.rows(id).await;
    assert_eq!(rows[2].standing, Standing::Failed);
    let why = rows[2].reason.as_deref().unwrap_or_default();
    assert!(why.contains("this chat alone"), "{why}");
    assert_eq!(stage.tally(id).await.sent, 39);
}
