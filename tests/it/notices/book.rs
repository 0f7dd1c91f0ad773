//! The book: nobody is given twice, no end is lost, no change is written over.

use super::stage::{NOBODY, Stage, draft, persons};
use jiff::{SignedDuration, Timestamp};
use rei_recovery::domain::audit::AuditDraft;
use rei_recovery::domain::campaign::delivery::{Gone, Outcome, Standing, Tally};
use rei_recovery::domain::campaign::{Campaign, Origin, Phase};
use rei_recovery::domain::failure::Args;
use rei_recovery::domain::ids::{CampaignId, RunId};
use rei_recovery::domain::operator::Actor;
use rei_recovery::domain::post::Post;
use rei_recovery::ports::campaigns::{Campaigns, Telling};
use rei_recovery::ports::journal::StateError;
use rusqlite::Connection;

fn sent(message: i32) -> Outcome {
    Outcome::Sent {
        message,
        moved: None,
    }
}

async fn going(stage: &Stage, people: std::ops::RangeInclusive<i64>) -> CampaignId {
    stage
        .ready_as(people, |campaign| campaign.phase = Phase::Sending)
        .await
}

#[tokio::test]
async fn claims_go_by_id_and_never_give_anybody_twice() {
    let stage = Stage::new();
    let id = going(&stage, 1..=200).await;
    let claims = (0..20).map(|_| stage.store.settle_and_claim(id, &[], 9));
    let claims = futures::future::try_join_all(claims).await.unwrap();
    let mut given = Vec::new();
    for claim in claims {
        let ids: Vec<i64> = claim.iter().map(|one| one.person).collect();
        assert!(ids.is_sorted());
        given.extend(ids);
    }
    given.sort_unstable();
    assert_eq!(given, (1..=180).collect::<Vec<_>>());
    let rest = stage.store.settle_and_claim(id, &[], 100).await.unwrap();
    assert_eq!(rest.first().unwrap().person, 181);
    assert_eq!(rest.len(), 20);
    let none = stage.store.settle_and_claim(id, &[], 100).await.unwrap();
    assert!(none.is_empty());
    assert_eq!(stage.tally(id).await.sending, 200);
}

#[tokio::test]
async fn nobody_is_given_unless_the_campaign_goes_out_and_ends_are_written_all_the_same() {
    let stage = Stage::new();
    let id = going(&stage, 1..=4).await;
    let claimed = stage.store.settle_and_claim(id, &[], 2).await.unwrap();
    assert_eq!(claimed.len(), 2);
    stage.put(id, Phase::Paused).await;
    let ended = [(1, sent(11)), (2, Outcome::Unsent)];
    let none = stage.store.settle_and_claim(id, &ended, 2).await.unwrap();
    assert!(none.is_empty());
    let expected = Tally {
        sent: 1,
        pending: 3,
        ..Tally::default()
    };
    assert_eq!(stage.tally(id).await, expected);
}

#[tokio::test]
async fn an_end_is_written_once_and_only_over_what_is_on_its_way() {
    let stage = Stage::new();
    let id = going(&stage, 1..=6).await;
    stage.store.settle_and_claim(id, &[], 5).await.unwrap();
    let ended = [
        (1, sent(11)),
        (2, Outcome::Gone(Gone::Deactivated)),
        (3, Outcome::Refused("Bad Request: no".to_owned())),
        (4, Outcome::Ambiguous),
        (5, Outcome::Unsent),
        // Never claimed, and nobody on the list.
        (6, sent(16)),
        (99, sent(1)),
    ];
    stage.store.settle_and_claim(id, &ended, 0).await.unwrap();
    let before = stage.rows(id).await;
    stage.store.settle_and_claim(id, &ended, 0).await.unwrap();
    let others = [(1, Outcome::Unsent), (2, sent(2)), (4, Outcome::Unsent)];
    stage.store.settle_and_claim(id, &others, 0).await.unwrap();
    let rows = stage.rows(id).await;
    assert_eq!(rows, before);
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.standing, row.reason.as_deref(), row.message))
        .collect();
    assert_eq!(
        told,
        [
            (Standing::Sent, None, Some(11)),
            (Standing::Blocked, Some("deactivated"), None),
            (Standing::Failed, Some("Bad Request: no"), None),
            (Standing::Ambiguous, None, None),
            (Standing::Pending, None, None),
            (Standing::Pending, None, None),
        ]
    );
    assert!(rows[0].at.is_some() && rows[4].at.is_none());
}

#[tokio::test]
async fn who_is_put_off_comes_after_everybody() {
    let stage = Stage::new();
    let id = going(&stage, 1..=4).await;
    let book = &stage.store;
    book.settle_and_claim(id, &[], 2).await.unwrap();
    let ended = [(1, Outcome::PutOff), (2, Outcome::Unsent)];
    let next = book.settle_and_claim(id, &ended, 9).await.unwrap();
    let order: Vec<_> = next.iter().map(|one| one.person).collect();
    assert_eq!(order, [2, 3, 4, 1]);
}

#[tokio::test]
async fn a_chat_that_moved_is_remembered() {
    let stage = Stage::new();
    let id = going(&stage, 5..=5).await;
    stage.store.settle_and_claim(id, &[], 1).await.unwrap();
    let moved = Outcome::Sent {
        message: 9,
        moved: Some(-77),
    };
    stage
        .store
        .settle_and_claim(id, &[(5, moved)], 0)
        .await
        .unwrap();
    let next = stage
        .ready_as(NOBODY, |it| {
            it.task = rei_recovery::domain::campaign::Task::Delete { of: id };
        })
        .await;
    assert_eq!(stage.store.enlist_reached(next, id).await.unwrap(), 1);
    stage.put(next, Phase::Sending).await;
    let claimed = stage.store.settle_and_claim(next, &[], 9).await.unwrap();
    let told: Vec<_> = claimed
        .iter()
        .map(|one| (one.person, one.chat, one.message))
        .collect();
    assert_eq!(told, [(5, -77, Some(9))]);
}

#[tokio::test]
async fn who_was_on_his_way_is_in_doubt_after_a_crash_until_a_person_decides() {
    let stage = Stage::new();
    let (id, other) = (going(&stage, 1..=5).await, going(&stage, 1..=5).await);
    stage.store.settle_and_claim(id, &[], 3).await.unwrap();
    stage
        .store
        .settle_and_claim(id, &[(1, sent(1))], 0)
        .await
        .unwrap();
    assert_eq!(stage.store.under_way().await.unwrap(), [id]);
    assert_eq!(stage.store.settle_doubts(other).await.unwrap(), 0);
    assert_eq!(stage.store.settle_doubts(id).await.unwrap(), 2);
    assert_eq!(stage.store.settle_doubts(id).await.unwrap(), 0);
    assert!(stage.store.under_way().await.unwrap().is_empty());
    let claimed = stage.store.settle_and_claim(id, &[], 9).await.unwrap();
    let people: Vec<i64> = claimed.iter().map(|one| one.person).collect();
    assert_eq!(people, [4, 5], "those in doubt are not given");
    assert_eq!(stage.store.take_up_doubts(id).await.unwrap(), 2);
    let claimed = stage.store.settle_and_claim(id, &[], 9).await.unwrap();
    let people: Vec<i64> = claimed.iter().map(|one| one.person).collect();
    assert_eq!(people, [2, 3]);
}

#[tokio::test]
async fn urgent_ones_wait_first_and_others_as_they_were_approved() {
    let stage = Stage::new();
    let at: Timestamp = "2026-11-23T04:00:00Z".parse().unwrap();
    let later = at + SignedDuration::from_millis(500);
    let mut ids = Vec::new();
    for (urgent, approved_at, phase) in [
        (false, later, Phase::Ready),
        (false, at, Phase::Paused),
        (true, later, Phase::Ready),
        (false, at, Phase::Asked),
        (true, at, Phase::Done),
        (false, at, Phase::Sending),
    ] {
        let edit = |campaign: &mut Campaign| {
            campaign.urgent = urgent;
            campaign.approved_at = Some(approved_at);
            campaign.phase = phase;
        };
        ids.push(stage.ready_as(1..=1, edit).await);
    }
    let of = |all: Vec<Campaign>| all.iter().map(|it| it.id).collect::<Vec<_>>();
    let waiting = of(stage.store.waiting().await.unwrap());
    assert_eq!(waiting, [ids[2], ids[1], ids[5], ids[0]]);
    assert_eq!(of(stage.store.asked().await.unwrap()), [ids[3]]);
    assert_eq!(of(stage.store.recent(2).await.unwrap()), [ids[5], ids[4]]);
}

#[tokio::test]
async fn a_change_of_what_has_changed_since_is_refused_whole() {
    let stage = Stage::new();
    let id = stage.ready(1..=1).await;
    let mine = stage.campaign(id).await;
    stage.put(id, Phase::Paused).await;
    let telling = Telling {
        audit: vec![AuditDraft {
            actor: Actor::system(),
            verb: "begin-campaign".to_owned(),
            subject: id.to_string(),
            run: None,
            outcome: "ok".to_owned(),
            detail: Args::new(),
            announce: true,
        }],
        posts: mine.told(&Post::Campaign { campaign: id }),
    };
    let refused = stage.store.change(mine, telling.clone()).await;
    assert!(matches!(refused, Err(StateError::Conflict)), "{refused:?}");
    assert!(stage.trail().await.is_empty() && stage.owed().await.is_empty());
    let read = stage.campaign(id).await;
    assert_eq!(read.phase, Phase::Paused);
    let written = stage.store.change(read.clone(), telling).await.unwrap();
    assert_eq!(written.revision, read.revision + 1);
    assert_eq!(stage.campaign(id).await, written);
    assert_eq!(stage.trail().await.len(), 1);
    assert_eq!(stage.owed().await.len(), 3, "the line, the team, the asker");
}

#[tokio::test]
async fn a_step_has_one_campaign() {
    let stage = Stage::new();
    Connection::open(stage.dir.path().join("state.db"))
        .unwrap()
        .execute_batch(
            "INSERT INTO runs (id, runbook, plan, plan_hash, requester, phase)
             VALUES (4, 'x', '{}', '', '{}', 'proposed')",
        )
        .unwrap();
    let step: rei_recovery::domain::ids::StepId = "tell".parse().unwrap();
    let mut campaign = draft(0);
    campaign.origin = Origin::Run {
        run: RunId(4),
        step: step.clone(),
    };
    let book = &stage.store;
    assert_eq!(book.of_step(RunId(4), &step).await.unwrap(), None);
    let first = book.create(campaign.clone(), Telling::default()).await;
    let first = first.unwrap();
    let second = book.create(campaign, Telling::default()).await;
    assert!(matches!(second, Err(StateError::Conflict)), "{second:?}");
    let found = book.of_step(RunId(4), &step).await.unwrap();
    assert_eq!(found, Some(first.clone()));
    let other = "other".parse().unwrap();
    assert_eq!(book.of_step(RunId(4), &other).await.unwrap(), None);
    assert_eq!(book.of_step(RunId(5), &step).await.unwrap(), None);
    assert_eq!(book.campaign(first.id).await.unwrap(), Some(first));
    book.enlist(CampaignId(1), &persons(1..=3)).await.unwrap();
    assert_eq!(stage.tally(CampaignId(1)).await.pending, 3);
}
