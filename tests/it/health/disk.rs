//! File systems that are full, nearly full, or take no writes.

use super::ground::{Ground, of};
use crate::restore::fixture::{Disk, run};
use rei_recovery::domain::health::{Condition, Finding, Part, SignCode};
use std::path::Path;
use std::process::Command;

async fn found(disk: &Path) -> Finding {
    let mut ground = Ground::new();
    ground.profile.folders.push(disk.to_owned());
    of(&ground.round().await, Part::Disk, disk.to_str().unwrap())
}

#[tokio::test]
async fn little_room_no_room_and_no_writes_are_told() {
    let disk = Disk::new(4096);
    assert_eq!(found(disk.path()).await.condition, Condition::Up);
    std::fs::write(disk.path().join("a"), vec![1; 3800 * 1024]).unwrap();
    let low = found(disk.path()).await;
    assert!(
        low.shows(SignCode::DiskLow) && low.condition == Condition::Degraded,
        "{low:?}"
    );
    std::fs::write(disk.path().join("b"), vec![1; 250 * 1024]).unwrap();
    let full = found(disk.path()).await;
    assert!(
        full.shows(SignCode::DiskFull) && full.condition == Condition::Down,
        "{full:?}"
    );
    run(Command::new("mount")
        .args(["-o", "remount,ro"])
        .arg(disk.path()));
    let read_only = found(disk.path()).await;
    assert!(read_only.shows(SignCode::DiskReadOnly), "{read_only:?}");
}

#[tokio::test]
async fn folders_on_one_file_system_make_one_finding() {
    let ground = Ground::new();
    let round = ground.round().await;
    let subjects: Vec<_> = round.of(Part::Disk).map(|found| &found.subject).collect();
    let home = ground.folder.path().display().to_string();
    assert_eq!(subjects, [&Some(home)]);
}
