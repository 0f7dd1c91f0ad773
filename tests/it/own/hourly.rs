//! The hourly copy: when it is made, what is told, what is removed.

use crate::taking::scene::{Scene, at};
use async_trait::async_trait;
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::domain::backup::{BackupTime, Place};
use rei_recovery::domain::own_copy::{NEWEST, OwnCopy};
use rei_recovery::engine::{OwnCopyMemory, OwnCopyParts, look_at_own_copies};
use rei_recovery::ports::PortResult;
use rei_recovery::ports::journal::Outbox;
use rei_recovery::ports::own_copies::{Made, OwnCopies, OwnState};
use rei_recovery::store::{Store, snapshot};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const HOUR: Duration = Duration::from_secs(3600);

/// A real snapshot; packing is the program's own business.
struct State(PathBuf, PathBuf);

struct Plain(PathBuf);

impl Made for Plain {
    fn file(&self) -> &Path {
        &self.0
    }
}

#[async_trait]
impl OwnState for State {
    async fn copy(&self) -> PortResult<Box<dyn Made>> {
        drop(fs::remove_file(&self.1));
        snapshot(&self.0, &self.1).unwrap();
        Ok(Box::new(Plain(self.1.clone())))
    }
}

struct Room {
    scene: Scene,
    store: Store,
    parts: OwnCopyParts,
    folder: BackupDir,
}

impl Room {
    async fn new() -> Self {
        let scene = Scene::without_database().await;
        let state = scene.dir.path().join("state");
        let clock = at("2026-11-23T12:00:00Z");
        let store = Store::open(&state, clock.clone()).unwrap();
        let folder = BackupDir::new(scene.folder(), Duration::from_secs(20));
        let copy = scene.dir.path().join("copy.db");
        let parts = OwnCopyParts {
            state: Arc::new(State(state, copy)),
            places: vec![Arc::new(folder.clone())],
            trail: Arc::new(store.clone()),
            clock,
        };
        Self {
            scene,
            store,
            parts,
            folder,
        }
    }

    async fn told(&self) -> Vec<String> {
        let posts = self.store.pending(100).await.unwrap();
        let told = posts.iter().map(|post| format!("{:?}", post.owed.post));
        told.collect()
    }

    async fn copies(&self) -> Vec<OwnCopy> {
        OwnCopies::list(&self.folder).await.unwrap()
    }
}

#[tokio::test]
async fn one_is_made_each_hour_whatever_the_clock_says() {
    let mut room = Room::new().await;
    let (mut memory, start) = (OwnCopyMemory::default(), Instant::now());
    look_at_own_copies(&room.parts, &mut memory, start).await;
    assert_eq!(room.copies().await.len(), 1);
    // The clock stands at another year; the hour is not over.
    room.parts.clock = at("2031-01-01T00:00:00Z");
    look_at_own_copies(&room.parts, &mut memory, start + HOUR / 2).await;
    assert_eq!(room.copies().await.len(), 1);
    room.parts.clock = at("2020-01-01T00:00:00Z");
    look_at_own_copies(&room.parts, &mut memory, start + HOUR).await;
    assert_eq!(room.copies().await.len(), 2);
    // Another life of the program knows by the names: the newest is from the future for it.
    room.parts.clock = at("2020-01-01T00:30:00Z");
    let mut memory = OwnCopyMemory::default();
    look_at_own_copies(&room.parts, &mut memory, start).await;
    assert_eq!(room.copies().await.len(), 2);
    look_at_own_copies(&room.parts, &mut memory, start + HOUR / 2).await;
    assert_eq!(room.copies().await.len(), 3);
    assert_eq!(room.told().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_place_that_takes_none_is_told_once_and_so_is_its_return() {
    let room = Room::new().await;
    let (mut memory, start) = (OwnCopyMemory::default(), Instant::now());
    fs::remove_dir(room.scene.folder()).unwrap();
    for tries in 0..9 {
        let now = start + tries * Duration::from_secs(600);
        look_at_own_copies(&room.parts, &mut memory, now).await;
        assert_eq!(room.told().await.len(), usize::from(tries >= 2), "{tries}");
    }
    fs::create_dir(room.scene.folder()).unwrap();
    for tries in 9..12 {
        let now = start + tries * Duration::from_secs(600);
        look_at_own_copies(&room.parts, &mut memory, now).await;
    }
    let told = room.told().await;
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].contains("own-copy-failed") && told[1].contains("own-copy-works"));
    assert_eq!(
        room.copies().await.len(),
        1,
        "and no sooner than an hour later again"
    );
}

#[tokio::test]
async fn old_ones_go_and_what_is_no_copy_stays() {
    let room = Room::new().await;
    let file = room.scene.dir.path().join("any");
    fs::write(&file, "any").unwrap();
    let end = "20261123_110000".parse::<BackupTime>().unwrap().at();
    for hours in 0..60 {
        let time = BackupTime::of(end - jiff::SignedDuration::from_hours(hours));
        room.folder.put(time, &file).await.unwrap();
    }
    let foreign = room
        .scene
        .folder()
        .join("rei-recovery/state_of_the_art.db.gz");
    fs::write(&foreign, "").unwrap();
    let mut memory = OwnCopyMemory::default();
    look_at_own_copies(&room.parts, &mut memory, Instant::now() + HOUR).await;
    let left = room.copies().await;
    // The 48 newest are of three days; of the day before them one stays.
    assert!(
        (NEWEST..=NEWEST + 1).contains(&left.len()),
        "{}",
        left.len()
    );
    assert!(left.iter().all(|copy| copy.place == Place::Folder));
    assert!(foreign.exists());
}
