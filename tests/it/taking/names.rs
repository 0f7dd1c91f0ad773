//! A name that is taken stays what it is.

use super::scene::*;
use bytes::Bytes;
use rei_recovery::domain::backup::ContentHash;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::manifest::{Manifest, Origin};
use rei_recovery::ports::backups::Work;
use std::path::PathBuf;

const TIME: &str = "20261123_031500";

#[tokio::test]
async fn a_second_that_has_a_backup_is_left_to_it() {
    let mut scene = Scene::new().await;
    scene.taking.clock = at("2026-11-23T03:15:00.7Z");
    let first = scene.folder().join(format!("db_{TIME}.db.gz"));
    std::fs::write(&first, b"REI's own").unwrap();
    std::fs::write(scene.bucket.join("db_2026-11-23_03-15-01.db.gz"), b"older").unwrap();
    let taken = scene.taking.take(&Work::default()).await.unwrap();
    assert_eq!(taken.time.to_string(), "20261123_031502");
    assert_eq!(std::fs::read(&first).unwrap(), b"REI's own");
}

fn manifest() -> Manifest {
    Manifest {
        time: TIME.parse().unwrap(),
        content: ContentHash(String::new()),
        bytes: 1,
        counts: Default::default(),
        sqlite: String::new(),
        verified_at: None,
        taken: Origin {
            size: 4,
            sha256: "ab".repeat(32),
            schema: String::new(),
            program: String::new(),
        },
    }
}

/// Somebody else writes a file of that name while ours is on its way.
#[tokio::test]
async fn a_name_that_is_taken_meanwhile_stays_whose_it_is() {
    for end in ["db.gz", "db.gz.sha256", "manifest.json"] {
        let scene = Scene::new().await;
        let time = TIME.parse().unwrap();
        for (depot, folder) in scene
            .taking
            .depots
            .iter()
            .zip([scene.folder(), scene.bucket.clone()])
        {
            let mut deposit = depot.begin(time, 4096).await.unwrap();
            let token = deposit.token();
            deposit.write(Bytes::from_static(b"ours")).await.unwrap();
            let theirs: PathBuf = folder.join(format!("db_{TIME}.{end}"));
            std::fs::write(&theirs, b"theirs").unwrap();
            let error = deposit.publish(&manifest()).await.unwrap_err();
            assert_eq!(error.code(), FailureCode::PlaceTaken, "{end}: {error:?}");
            for _ in 0..2 {
                depot.clear(time, Some(&token)).await.unwrap();
                assert_eq!(std::fs::read(&theirs).unwrap(), b"theirs");
                assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "{end}");
            }
        }
        assert!(!scene.names().iter().any(|name| name.starts_with("half/")));
    }
}
