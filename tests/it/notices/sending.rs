//! The sender as it should be: in order, evenly, and as people and other campaigns want it.

use super::post::{PostOffice, done, well};
use super::stage::{AtWork, NOBODY, Stage, notice};
use crate::support::wait::until;
use rei_recovery::domain::campaign::delivery::{Standing, Tally};
use rei_recovery::domain::campaign::{Campaign, Phase, Task};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::ids::CampaignId;
use rei_recovery::domain::post::{Post, Recipient};
use rei_recovery::ports::bot::Delivered;
use rei_recovery::ports::campaigns::Campaigns;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

const LATENCY: Duration = Duration::from_millis(60);

async fn tried(office: &PostOffice, count: usize) {
    until("messages", || async {
        (office.tried().len() >= count).then_some(())
    })
    .await;
}

#[tokio::test]
async fn everybody_gets_it_once_in_order_and_the_team_is_told() {
    let stage = Stage::new();
    let office = PostOffice::new(200.0, LATENCY, well());
    let id = stage.ready(1..=300).await;
    let at_work = stage.start(&office);
    tried(&office, 150).await;
    assert!(stage.rates.of(id).is_some_and(|rate| rate > 20.0));
    stage.comes_to(id, Phase::Done).await;
    at_work.stop().await;
    assert_eq!(office.chats(), (1..=300).collect::<Vec<_>>());
    assert_eq!(stage.rates.of(id), None);
    let campaign = stage.campaign(id).await;
    assert!(campaign.begun_at.is_some() && campaign.begun_at <= campaign.ended_at);
    let rows = stage.rows(id).await;
    assert!(rows.iter().all(|row| row.standing == Standing::Sent));
    assert_eq!(rows[0].message, Some(1001));
    let trail = stage.trail().await;
    let verbs: Vec<&str> = trail.iter().map(|entry| entry.verb.as_str()).collect();
    assert_eq!(verbs, ["begin-campaign", "finish-campaign"]);
    let owed = stage.owed().await;
    for to in [Recipient::Team, Recipient::Chat(7)] {
        for post in [
            Post::Campaign { campaign: id },
            Post::CampaignReport { campaign: id },
        ] {
            let times = owed.iter().filter(|it| it.to == to && it.post == post);
            assert_eq!(times.count(), 1, "{to:?} {post:?}");
        }
    }
}

#[tokio::test]
async fn the_turns_set_the_pace_and_none_is_lost() {
    let stage = Stage::new();
    let office = PostOffice::new(40.0, Duration::from_millis(150), well());
    let id = stage.ready(1..=120).await;
    let at_work = stage.start(&office);
    stage.comes_to(id, Phase::Done).await;
    at_work.stop().await;
    let tried = office.tried();
    let span = tried[119].at.duration_since(tried[0].at).as_secs_f64();
    assert!(
        (2.9..3.6).contains(&span),
        "119 turns at 40/s took {span} s"
    );
    let shortest = tried
        .windows(2)
        .map(|two| two[1].at.duration_since(two[0].at))
        .min()
        .unwrap();
    assert!(shortest > Duration::from_millis(5), "a burst: {shortest:?}");
}

#[tokio::test]
async fn a_pause_takes_effect_within_a_second_and_leaves_nobody_on_his_way() {
    let stage = Stage::new();
    let office = PostOffice::new(50.0, LATENCY, well());
    let id = stage.ready(1..=200).await;
    let at_work = stage.start(&office);
    tried(&office, 20).await;
    stage.put(id, Phase::Paused).await;
    let told = Instant::now();
    until("an empty sky", || async {
        (stage.tally(id).await.sending == 0 && office.aloft() == 0).then_some(())
    })
    .await;
    assert!(
        told.elapsed() < Duration::from_secs(1),
        "{:?}",
        told.elapsed()
    );
    let before = office.tried().len();
    assert_eq!(stage.tally(id).await.sent, before as u64);
    // A later one is not held up by it, and it goes on where it was.
    let other = stage.ready(301..=310).await;
    stage.comes_to(other, Phase::Done).await;
    assert_eq!(office.tried().len(), before + 10);
    stage.put(id, Phase::Ready).await;
    stage.comes_to(id, Phase::Done).await;
    at_work.stop().await;
    let mut chats = office.chats();
    chats.retain(|chat| *chat < 300);
    assert_eq!(chats, (1..=200).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_abort_ends_it_for_good() {
    let stage = Stage::new();
    let office = PostOffice::new(100.0, LATENCY, well());
    let id = stage.ready(1..=500).await;
    let at_work = stage.start(&office);
    tried(&office, 30).await;
    stage.put(id, Phase::Aborted).await;
    until("an empty sky", || async {
        (stage.tally(id).await.sending == 0).then_some(())
    })
    .await;
    let other = stage.ready(601..=605).await;
    stage.comes_to(other, Phase::Done).await;
    at_work.stop().await;
    assert_eq!(stage.campaign(id).await.phase, Phase::Aborted);
    let tally = stage.tally(id).await;
    assert_eq!(tally.sent + 5, office.tried().len() as u64);
    assert_eq!(tally.sent + tally.pending, 500);
}

#[tokio::test]
async fn an_urgent_one_overtakes_and_the_other_goes_on_after_it() {
    let stage = Stage::new();
    let office = PostOffice::new(100.0, LATENCY, well());
    let slow = stage.ready(1..=150).await;
    let queued = stage.ready(201..=210).await;
    let at_work = stage.start(&office);
    tried(&office, 20).await;
    let urgent = stage.ready_as(301..=320, |it| it.urgent = true).await;
    for id in [urgent, slow, queued] {
        stage.comes_to(id, Phase::Done).await;
    }
    at_work.stop().await;
    let chats = office.chats();
    let first = chats.iter().position(|chat| *chat == 301).unwrap();
    assert!((20..120).contains(&first), "{first}");
    let mut expected: Vec<i64> = (1..=first as i64).collect();
    expected.extend(301..=320);
    expected.extend(first as i64 + 1..=150);
    expected.extend(201..=210);
    assert_eq!(chats, expected);
    let trail = stage.trail().await;
    let postponed = trail.iter().filter(|it| it.verb == "postpone-campaign");
    assert_eq!(postponed.count(), 1);
}

#[tokio::test]
async fn two_urgent_ones_do_not_overtake_each_other() {
    let stage = Stage::new();
    let office = PostOffice::new(100.0, LATENCY, well());
    let urgent = |it: &mut Campaign| it.urgent = true;
    let first = stage.ready_as(1..=60, urgent).await;
    let at_work = stage.start(&office);
    tried(&office, 10).await;
    let second = stage.ready_as(101..=110, urgent).await;
    stage.comes_to(second, Phase::Done).await;
    at_work.stop().await;
    assert_eq!(stage.campaign(first).await.phase, Phase::Done);
    let expected: Vec<i64> = (1..=60).chain(101..=110).collect();
    assert_eq!(office.chats(), expected);
}

#[tokio::test]
async fn clones_of_a_sender_are_one() {
    let stage = Stage::new();
    let office = PostOffice::new(200.0, LATENCY, well());
    let id = stage.ready(1..=100).await;
    let sender = stage.sender(Some(&office));
    let hands: Vec<AtWork> = (0..3)
        .map(|_| AtWork::begin(sender.clone(), &stage.store))
        .collect();
    stage.comes_to(id, Phase::Done).await;
    for hand in hands {
        hand.stop().await;
    }
    assert_eq!(office.chats(), (1..=100).collect::<Vec<_>>());
    let tally = stage.tally(id).await;
    assert_eq!(tally.sent, 100, "{tally:?}");
}

#[tokio::test]
async fn corrections_and_deletions_name_the_message_that_each_has() {
    let stage = Stage::new();
    let office = PostOffice::new(200.0, Duration::ZERO, well());
    let at_work = stage.start(&office);
    let first = stage.ready(1..=3).await;
    stage.comes_to(first, Phase::Done).await;
    for task in [
        Task::Correct {
            of: first,
            notice: notice("Mended."),
        },
        Task::Delete { of: first },
    ] {
        let edit = |campaign: &mut Campaign| {
            campaign.task = task;
            campaign.phase = Phase::Draft;
        };
        let id = stage.ready_as(NOBODY, edit).await;
        stage.store.enlist_reached(id, first).await.unwrap();
        stage.put(id, Phase::Ready).await;
        stage.comes_to(id, Phase::Done).await;
    }
    at_work.stop().await;
    let what: Vec<_> = office.tried().into_iter().map(|it| it.what).collect();
    let [words, mended, away] = ["We are back.", "Mended.", "away"];
    assert_eq!(&what[..3], [words, words, words]);
    let expected = |id: i32| [format!("{id}: {mended}"), format!("{id} {away}")];
    for (place, id) in [1001, 1002, 1003].into_iter().enumerate() {
        assert_eq!(
            [what[3 + place].clone(), what[6 + place].clone()],
            expected(id)
        );
    }
}

#[tokio::test]
async fn without_a_token_it_waits_with_a_reason() {
    let stage = Stage::new();
    let id = stage.ready(1..=3).await;
    let at_work = AtWork::begin(stage.sender(None), &stage.store);
    stage.comes_to(id, Phase::Paused).await;
    at_work.stop().await;
    let failure = stage.campaign(id).await.failure.unwrap();
    assert_eq!(failure.code, FailureCode::BotTokenMissing);
    assert_eq!(stage.tally(id).await.pending, 3);
    assert_eq!(stage.trail().await[0].verb, "pause-campaign");
}

#[tokio::test]
async fn a_stop_lets_what_is_on_its_way_arrive_and_the_next_start_goes_on_by_itself() {
    let stage = Stage::new();
    let office = PostOffice::new(100.0, LATENCY, well());
    let id = stage.ready(1..=100).await;
    let at_work = stage.start(&office);
    tried(&office, 20).await;
    office.answering.send_replace(false);
    until("some on their way", || async {
        (office.aloft() > 3).then_some(())
    })
    .await;
    at_work.tell();
    until("the stock to be given back", || async {
        (stage.tally(id).await.sending == office.aloft() as u64).then_some(())
    })
    .await;
    assert!(!at_work.has_ended(), "it waits for the answers");
    office.answering.send_replace(true);
    at_work.stop().await;
    let tally = stage.tally(id).await;
    assert_eq!(stage.campaign(id).await.phase, Phase::Sending);
    assert_eq!((tally.sending, tally.ambiguous), (0, 0), "{tally:?}");
    assert_eq!(tally.sent, office.tried().len() as u64);
    let again = stage.start(&office);
    stage.comes_to(id, Phase::Done).await;
    again.stop().await;
    assert_eq!(office.chats(), (1..=100).collect::<Vec<_>>());
}

/// Kills the sender with answers outstanding, and gives how many were on their way.
async fn killed(stage: &Stage, office: &Arc<PostOffice>, id: CampaignId) -> Tally {
    let at_work = stage.start(office);
    tried(office, 20).await;
    office.answering.send_replace(false);
    until("some on their way", || async {
        (office.aloft() > 5).then_some(())
    })
    .await;
    at_work.kill().await;
    office.answering.send_replace(true);
    stage.tally(id).await
}

#[tokio::test]
async fn a_crash_leaves_in_doubt_who_was_on_his_way_and_nobody_else() {
    let stage = Stage::new();
    let office = PostOffice::new(100.0, LATENCY, well());
    let id = stage.ready(1..=150).await;
    let tally = killed(&stage, &office, id).await;
    let left = tally.sending;
    assert!((5..=30).contains(&left), "{tally:?}");
    let again = stage.start(&office);
    stage.comes_to(id, Phase::Done).await;
    again.stop().await;
    let tally = stage.tally(id).await;
    assert_eq!(tally.ambiguous, left);
    assert_eq!(tally.sent + tally.ambiguous, 150);
    let mut chats = office.chats();
    chats.sort_unstable();
    chats.dedup();
    assert_eq!(chats.len(), office.chats().len(), "nobody was tried twice");
}

#[tokio::test]
async fn what_a_crash_left_of_an_aborted_one_is_settled_too() {
    let stage = Stage::new();
    let office = PostOffice::new(100.0, LATENCY, well());
    let id = stage.ready(1..=150).await;
    let left = killed(&stage, &office, id).await.sending;
    stage.put(id, Phase::Aborted).await;
    let again = stage.start(&office);
    until("the doubts", || async {
        (stage.tally(id).await.ambiguous == left).then_some(())
    })
    .await;
    again.stop().await;
    assert_eq!(stage.tally(id).await.sending, 0);
}

#[tokio::test]
async fn those_in_doubt_go_out_again_when_a_person_says_so() {
    let stage = Stage::new();
    let lost = |chat, nth| match (chat, nth) {
        (2 | 4, 1) => Delivered::Unknown("reset".to_owned()),
        _ => done(chat),
    };
    let office = PostOffice::new(200.0, Duration::ZERO, Box::new(lost));
    let at_work = stage.start(&office);
    let id = stage.ready(1..=5).await;
    stage.comes_to(id, Phase::Done).await;
    assert_eq!(stage.tally(id).await.ambiguous, 2);
    assert_eq!(office.chats(), [1, 2, 3, 4, 5]);
    stage.store.take_up_doubts(id).await.unwrap();
    stage.put(id, Phase::Ready).await;
    until("all five", || async {
        (stage.tally(id).await.sent == 5).then_some(())
    })
    .await;
    at_work.stop().await;
    assert_eq!(office.chats()[5..], [2, 4]);
}

#[tokio::test]
async fn one_that_is_told_to_stop_before_it_began_sends_nothing() {
    let stage = Stage::new();
    let office = PostOffice::new(200.0, Duration::ZERO, well());
    let id = stage.ready(1..=5).await;
    let stop = CancellationToken::new();
    stop.cancel();
    let changes = stage.store.changes();
    stage.sender(Some(&office)).run(changes, stop).await;
    assert!(office.tried().is_empty());
    assert_eq!(stage.campaign(id).await.phase, Phase::Ready);
}
