//! Telling REI who cannot be reached, while a recovery works on REI's database.

use super::stage::draft;
use crate::chat::scene::{Scene, ann};
use rei_recovery::domain::campaign::Phase;
use rei_recovery::domain::campaign::delivery::{Gone, Outcome};
use rei_recovery::domain::event::{Event, Outcome as End};
use rei_recovery::domain::ids::CampaignId;
use rei_recovery::ops::OpsError;
use rei_recovery::ports::campaigns::{Campaigns, Enlisted, Telling};
use rusqlite::Connection;

/// A campaign that is over, and found this person gone.
async fn found_gone(scene: &Scene, person: i64) -> CampaignId {
    let book = &scene.store;
    let mut campaign = book.create(draft(1), Telling::default()).await.unwrap();
    let id = campaign.id;
    let language = "en".to_owned();
    let people = [Enlisted { person, language }];
    book.enlist(id, &people).await.unwrap();
    campaign.phase = Phase::Sending;
    let mut campaign = book.change(campaign, Telling::default()).await.unwrap();
    assert_eq!(book.settle_and_claim(id, &[], 1).await.unwrap().len(), 1);
    let gone = [(person, Outcome::Gone(Gone::Blocked))];
    book.settle_and_claim(id, &gone, 0).await.unwrap();
    campaign.phase = Phase::Done;
    book.change(campaign, Telling::default()).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_into_a_database_that_is_being_replaced() {
    let scene = Scene::new().await;
    let database = Connection::open(scene.database()).unwrap();
    let sql = "SELECT id FROM users WHERE is_blocked = 0 LIMIT 1";
    let person: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
    let is_blocked = || -> bool {
        let sql = "SELECT is_blocked FROM users WHERE id = ?1";
        database.query_row(sql, [person], |row| row.get(0)).unwrap()
    };
    let notice = found_gone(&scene, person).await;

    let run = scene.started(Some(-500)).await;
    let refused = scene.ops.mark_unreachable(&ann(), notice).await;
    assert!(matches!(refused, Err(OpsError::Busy(busy)) if busy == run.id));
    assert!(!is_blocked());
    let trail = scene.trail().await;
    let noted = trail.iter().find(|entry| entry.verb == "mark-blocked");
    assert_eq!(noted.unwrap().outcome, "failed");

    let outcome = End::Cancelled;
    scene.write(run.id, Event::Finished { outcome }).await;
    let marked = scene.ops.mark_unreachable(&ann(), notice).await;
    assert_eq!(marked.unwrap(), 1);
    assert!(is_blocked());
}
