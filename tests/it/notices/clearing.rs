//! Drafts that nobody goes on with, and their files.

use super::stage::{draft, persons};
use crate::chat::scene::Scene;
use jiff::{SignedDuration, Timestamp};
use rei_recovery::domain::campaign::message::{Media, MediaKind};
use rei_recovery::domain::campaign::{Campaign, Phase, Task};
use rei_recovery::ports::campaigns::{Campaigns, Telling};
use std::fs::File;
use std::time::SystemTime;

/// A notice with a picture of these bytes, begun so many days ago; the picture is as old.
async fn begun(scene: &Scene, days: i64, bytes: &[u8], phase: Phase) -> (Campaign, String) {
    let content = scene.ops.keep_file(bytes.to_vec()).await.unwrap();
    let begun = Timestamp::now() - SignedDuration::from_hours(days * 24 + 1);
    let file = File::options()
        .append(true)
        .open(scene.state().join("notices").join(&content));
    file.unwrap().set_modified(SystemTime::from(begun)).unwrap();
    let mut campaign = draft(2);
    campaign.created_at = begun;
    if let Task::Send { notice } = &mut campaign.task {
        let message = notice.messages.values_mut().next().unwrap();
        message.media = Some(Media {
            kind: MediaKind::Photo,
            content: content.clone(),
            name: None,
            mime: None,
            bytes: bytes.len() as u64,
        });
    }
    let book = &scene.store;
    let mut campaign = book.create(campaign, Telling::default()).await.unwrap();
    book.enlist(campaign.id, &persons(1..=2)).await.unwrap();
    campaign.phase = phase;
    let campaign = book.change(campaign, Telling::default()).await.unwrap();
    (campaign, content)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_draft_goes_after_a_week_with_its_file() {
    let scene = Scene::new().await;
    let (old, loose) = begun(&scene, 7, b"old", Phase::Draft).await;
    let (young, kept) = begun(&scene, 6, b"young", Phase::Draft).await;
    let (asked, pending) = begun(&scene, 30, b"asked", Phase::Asked).await;
    let (sent, shown) = begun(&scene, 30, b"sent", Phase::Done).await;
    assert_eq!(scene.ops.clear_notices().await.unwrap(), 1);

    let mut phases = Vec::new();
    for campaign in [&old, &young, &asked, &sent] {
        let now = scene.store.campaign(campaign.id).await.unwrap().unwrap();
        let listed = scene.store.tally(campaign.id).await.unwrap().total();
        phases.push((now.phase, listed));
    }
    let expected = [
        (Phase::Dropped, 0),
        (Phase::Draft, 2),
        (Phase::Asked, 2),
        (Phase::Done, 2),
    ];
    assert_eq!(phases, expected);
    let lies = |content: &String| scene.state().join("notices").join(content).exists();
    assert!(!lies(&loose));
    assert!([&kept, &pending, &shown].into_iter().all(lies));
    let trail = scene.trail().await;
    let cleared = trail.iter().filter(|entry| entry.verb == "clear-notice");
    assert_eq!(cleared.count(), 1);
    assert_eq!(scene.ops.clear_notices().await.unwrap(), 0);
}
