//! Whatever Telegram answers and whenever the sender is killed: everybody ends in one state, and nobody
//! who is known to have it gets it again.

use super::post::{Answers, PostOffice, done};
use super::stage::Stage;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rei_recovery::domain::campaign::Phase;
use rei_recovery::domain::campaign::delivery::{Gone, Standing};
use rei_recovery::ports::bot::Delivered;
use std::collections::BTreeMap;
use std::time::Duration;

const PEOPLE: i64 = 40;

/// One life of the sender.
#[derive(Debug, Clone, Copy)]
enum End {
    Killed,
    Stopped,
    Paused,
}

#[derive(Debug, Clone)]
struct Story {
    /// What the first tries of each person bring; afterwards all goes well.
    answers: Vec<u8>,
    /// After so many tries each life ends.
    lives: Vec<(usize, End)>,
}

fn story() -> impl Strategy<Value = Story> {
    let end = prop_oneof![
        3 => Just(End::Killed),
        1 => Just(End::Stopped),
        1 => Just(End::Paused),
    ];
    let answers = proptest::collection::vec(0..14u8, (PEOPLE * 2) as usize);
    let lives = proptest::collection::vec((0..15usize, end), 0..4);
    (answers, lives).prop_map(|(answers, lives)| Story { answers, lives })
}

fn answers(story: &Story) -> Answers {
    let script = story.answers.clone();
    Box::new(move |chat, nth| {
        let place = usize::try_from(chat - 1).unwrap() * 2 + nth - 1;
        match (nth, script.get(place)) {
            (1 | 2, Some(0)) => Delivered::Gone(Gone::Blocked),
            (1 | 2, Some(1)) => Delivered::Refused("no".to_owned()),
            (1 | 2, Some(2)) => Delivered::Unknown("reset".to_owned()),
            (1 | 2, Some(3)) => Delivered::Later(Duration::from_millis(1)),
            (1 | 2, Some(4)) => Delivered::NotSent("refused".to_owned()),
            _ => done(chat),
        }
    })
}

async fn plays(story: &Story) {
    let stage = Stage::new();
    let office = PostOffice::new(1000.0, Duration::from_millis(3), answers(story));
    let id = stage.ready(1..=PEOPLE).await;
    let mut known: BTreeMap<i64, Standing> = BTreeMap::new();
    for (tries, end) in &story.lives {
        let at_work = stage.start(&office);
        let target = office.tried().len() + tries;
        while office.tried().len() < target && stage.campaign(id).await.phase != Phase::Done {
            tokio::task::yield_now().await;
        }
        match end {
            End::Killed => at_work.kill().await,
            End::Stopped => at_work.stop().await,
            End::Paused => {
                if stage.campaign(id).await.phase == Phase::Sending {
                    // Its end may come first; then there is nothing to pause.
                    let mut campaign = stage.campaign(id).await;
                    campaign.phase = Phase::Paused;
                    let book: &dyn rei_recovery::ports::campaigns::Campaigns = &stage.store;
                    let paused = book.change(campaign, Default::default()).await.is_ok();
                    at_work.stop().await;
                    if paused {
                        stage.put(id, Phase::Ready).await;
                    }
                } else {
                    at_work.stop().await;
                }
            }
        }
        let standings = stage.standings(id).await;
        for (person, standing) in &known {
            assert_eq!(
                standings[person], *standing,
                "what is final stays: {story:?}"
            );
        }
        known = standings;
        known.retain(|_, it| !matches!(it, Standing::Pending | Standing::Sending));
    }
    let at_work = stage.start(&office);
    stage.comes_to(id, Phase::Done).await;
    at_work.stop().await;
    let tally = stage.tally(id).await;
    assert_eq!(
        (tally.left(), tally.total()),
        (0, PEOPLE as u64),
        "{story:?}"
    );
    let arrived = office.arrived();
    for (person, standing) in stage.standings(id).await {
        let times = arrived.iter().filter(|it| **it == person).count();
        let fits = match standing {
            Standing::Sent => times == 1,
            Standing::Ambiguous => times <= 1,
            Standing::Blocked | Standing::Failed => times == 0,
            Standing::Pending | Standing::Sending => false,
        };
        assert!(
            fits,
            "{person} {standing:?} got it {times} times: {story:?}"
        );
    }
}

#[test]
fn everybody_ends_in_one_state_and_nobody_who_has_it_gets_it_again() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let config = Config {
        cases: 40,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&story(), |story| {
            runtime.block_on(plays(&story));
            Ok(())
        })
        .unwrap();
}
