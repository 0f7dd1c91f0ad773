//! Lists of people: who is on them, who already has something.

use super::stage::{NOBODY, Stage, notice, persons};
use jiff::{SignedDuration, Timestamp};
use rei_recovery::domain::campaign::delivery::{Outcome, Standing};
use rei_recovery::domain::campaign::{Campaign, Phase, Task};
use rei_recovery::domain::ids::CampaignId;
use rei_recovery::ports::campaigns::Campaigns;
use rei_recovery::ports::journal::StateError;

/// A campaign that everybody has whose id is even; the others are in doubt.
async fn half_reached(stage: &Stage, edit: impl FnOnce(&mut Campaign)) -> CampaignId {
    let id = stage.ready_as(1..=4, edit).await;
    stage.put(id, Phase::Sending).await;
    reach(stage, id).await;
    id
}

async fn reach(stage: &Stage, id: CampaignId) {
    let claimed = stage.store.settle_and_claim(id, &[], 100).await.unwrap();
    let end = |person: i64| match person % 2 {
        0 => Outcome::Sent {
            message: i32::try_from(person).unwrap() * 10,
            moved: None,
        },
        _ => Outcome::Ambiguous,
    };
    let ended: Vec<_> = claimed
        .iter()
        .map(|one| (one.person, end(one.person)))
        .collect();
    stage.store.settle_and_claim(id, &ended, 0).await.unwrap();
}

#[tokio::test]
async fn pieces_of_a_list_may_overlap_and_a_list_that_has_begun_is_not_emptied() {
    let stage = Stage::new();
    let id = stage.ready(1..=3).await;
    let book = &stage.store;
    book.enlist(id, &persons(2..=5)).await.unwrap();
    assert_eq!(stage.tally(id).await.pending, 5);
    book.clear_list(id).await.unwrap();
    assert_eq!(stage.tally(id).await.total(), 0);
    book.enlist(id, &persons(8..=9)).await.unwrap();
    stage.put(id, Phase::Sending).await;
    book.settle_and_claim(id, &[], 1).await.unwrap();
    let refused = book.clear_list(id).await;
    assert!(matches!(refused, Err(StateError::Conflict)), "{refused:?}");
    assert_eq!(stage.tally(id).await.total(), 2);
}

#[tokio::test]
async fn corrections_are_for_those_who_surely_have_the_message() {
    let stage = Stage::new();
    let first = half_reached(&stage, |_| {}).await;
    let correct = |campaign: &mut Campaign| {
        campaign.task = Task::Correct {
            of: first,
            notice: notice("Mended."),
        };
    };
    let second = stage.ready_as(NOBODY, correct).await;
    let book = &stage.store;
    assert_eq!(book.enlist_reached(second, first).await.unwrap(), 2);
    assert_eq!(book.enlist_reached(second, first).await.unwrap(), 0);
    let rows = stage.rows(second).await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.person, row.standing, row.message))
        .collect();
    let pending = Standing::Pending;
    assert_eq!(told, [(2, pending, Some(20)), (4, pending, Some(40))]);
    // An end without a number keeps the one that is known.
    stage.put(second, Phase::Sending).await;
    book.settle_and_claim(second, &[], 9).await.unwrap();
    let ended = [(2, Outcome::Ambiguous), (4, Outcome::Unsent)];
    book.settle_and_claim(second, &ended, 0).await.unwrap();
    let messages = stage.rows(second).await;
    let messages: Vec<_> = messages.iter().map(|row| row.message).collect();
    assert_eq!(messages, [Some(20), Some(40)]);
}

#[tokio::test]
async fn whose_message_was_taken_away_does_not_have_it_any_more() {
    let stage = Stage::new();
    let first = half_reached(&stage, |_| {}).await;
    let away = |campaign: &mut Campaign| campaign.task = Task::Delete { of: first };
    let book = &stage.store;
    let second = stage.ready_as(NOBODY, away).await;
    book.enlist_reached(second, first).await.unwrap();
    stage.put(second, Phase::Sending).await;
    book.settle_and_claim(second, &[], 1).await.unwrap();
    let gone = Outcome::Sent {
        message: 20,
        moved: None,
    };
    let ended = [(2, gone)];
    book.settle_and_claim(second, &ended, 0).await.unwrap();
    let third = stage.ready_as(NOBODY, away).await;
    assert_eq!(book.enlist_reached(third, first).await.unwrap(), 1);
    assert_eq!(stage.rows(third).await[0].person, 4);
}

#[tokio::test]
async fn noticed_is_who_got_or_may_have_got_a_new_message_lately() {
    let stage = Stage::new();
    let first = half_reached(&stage, |_| {}).await;
    let away = |campaign: &mut Campaign| campaign.task = Task::Delete { of: first };
    let deleted = stage.ready_as(NOBODY, away).await;
    let book = &stage.store;
    book.enlist(deleted, &persons(7..=8)).await.unwrap();
    stage.put(deleted, Phase::Sending).await;
    reach(&stage, deleted).await;
    let pending = stage.ready(9..=9).await;
    assert_eq!(stage.tally(pending).await.pending, 1);
    let now = Timestamp::now();
    let ago = now - SignedDuration::from_secs(60);
    let everybody: Vec<i64> = (1..=9).collect();
    let noticed = book.noticed_since(&everybody, ago).await.unwrap();
    assert_eq!(noticed, [1, 2, 3, 4]);
    let ahead = now + SignedDuration::from_secs(60);
    assert!(
        book.noticed_since(&everybody, ahead)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn rows_come_in_pages_and_by_standing() {
    let stage = Stage::new();
    let id = half_reached(&stage, |_| {}).await;
    let book = &stage.store;
    let mut seen = Vec::new();
    loop {
        let after = seen.last().copied();
        let page = book.rows(id, after, None, 3).await.unwrap();
        if page.is_empty() {
            break;
        }
        seen.extend(page.iter().map(|row| row.person));
    }
    assert_eq!(seen, [1, 2, 3, 4]);
    let doubtful = book.rows(id, Some(1), Some(Standing::Ambiguous), 9).await;
    let doubtful: Vec<i64> = doubtful.unwrap().iter().map(|row| row.person).collect();
    assert_eq!(doubtful, [3]);
}
