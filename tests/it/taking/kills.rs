//! The end of the program in the middle, at every request to the bucket and at every file.

use super::scene::*;
use crate::support::strace::{Point, kill_at, record};
use rei_recovery::demo::s3::Fault;
use rei_recovery::domain::backup::Place;
use rei_recovery::ports::backups::Work;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const TAKES_IN: &str = "TAKING_TEST_TAKES_IN";
const S3: &str = "TAKING_TEST_S3";

/// Takes one backup in a process of its own.
#[test]
fn taker() {
    let Some(folder) = std::env::var_os(TAKES_IN) else {
        return;
    };
    let url = std::env::var(S3).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut taking = taking(Path::new(&folder), &url).await;
        // The same names each time.
        taking.clock = at("2026-11-23T03:15:00Z");
        taking.take(&Work::default()).await.unwrap();
    });
}

fn command(scene: &Scene) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "taking::kills::taker"]);
    command.env(TAKES_IN, scene.dir.path());
    command.env(S3, scene.server.url());
    command.stdout(Stdio::null());
    command
}

/// Whatever can be seen is whole; the next start clears the rest away.
async fn assert_whole(scene: &Scene, at: &str) {
    let visible = seen(scene);
    for place in ["folder", "s3"] {
        for name in visible.iter().filter(|name| name.starts_with(place)) {
            let time = &name[name.len() - 21..name.len() - 6];
            let all = scene.names();
            assert!(Scene::whole(place, time).is_subset(&all), "{at}: {all:?}");
        }
    }
    let catalogue = scene.taking.backups.catalogue(Duration::from_secs(5)).await;
    for listed in &catalogue.backups {
        let place = scene.taking.backups.place(&listed.backup.place).unwrap();
        let work = Work::default();
        let back = scene.taking.copies.read_back(place, &listed.backup, &work);
        back.await.unwrap_or_else(|error| panic!("{at}: {error:?}"));
    }
    scene.taking.tidy().await.unwrap();
    let mut expected = BTreeSet::new();
    for name in &visible {
        let (place, _) = name.split_once('/').unwrap();
        expected.extend(Scene::whole(place, &name[name.len() - 21..name.len() - 6]));
    }
    assert_eq!(scene.names(), expected, "{at}");
    assert_eq!(scene.staged(), 0, "{at}");
}

/// Names of backups, as anybody sees them.
fn seen(scene: &Scene) -> Vec<String> {
    let backup = |name: &String| name.contains("/db_") && name.ends_with(".db.gz");
    scene.names().into_iter().filter(backup).collect()
}

/// Waits until a request is left without an answer; false where it ended without that.
async fn held(scene: &Scene, good: usize, mut ended: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let (held, ended) = (scene.server.requests().len() > good, ended());
        if held || ended {
            return held && !ended;
        }
        assert!(Instant::now() < deadline, "neither held nor ended");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_request_to_the_bucket_nothing_half_is_seen() {
    let mut outcomes = BTreeSet::new();
    for good in 0.. {
        let scene = Scene::new().await;
        let fault = Fault::After {
            requests: good,
            status: None,
        };
        scene.server.set_fault(Some(fault));
        let mut child = command(&scene).spawn().unwrap();
        let ended = || child.try_wait().unwrap().is_some();
        let held = held(&scene, good as usize, ended).await;
        child.kill().unwrap();
        child.wait().unwrap();
        scene.server.set_fault(None);
        if !held {
            break;
        }
        let there = seen(&scene);
        let in_both = [Place::Folder, Place::S3]
            .map(|place| there.iter().any(|name| name.starts_with(place.as_str())));
        outcomes.insert(in_both);
        assert_whole(&scene, &format!("request {good}")).await;
    }
    // Before it was anywhere, and when it was everywhere.
    assert!(outcomes.contains(&[false, false]) && outcomes.contains(&[true, true]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_file_nothing_half_is_seen() {
    let calls = ["renameat2", "rename", "mkdir", "unlink", "rmdir"];
    let traced = |scene: &Scene| {
        let (root, command) = (scene.dir.path().to_owned(), command(scene));
        move |point: Option<&Point>| match point {
            None => record(&root, &calls, &command),
            Some(point) => {
                kill_at(&root, point, &command);
                Vec::new()
            }
        }
    };
    let scene = Scene::new().await;
    let first = traced(&scene);
    let points = tokio::task::spawn_blocking(move || first(None))
        .await
        .unwrap();
    let own = |point: &&Point| {
        let path = point.path.to_string_lossy();
        point.nth == 1 && !path.contains("state.db") && !path.contains("audit")
    };
    let points: Vec<Point> = points.iter().filter(own).cloned().collect();
    assert!(points.len() > 8, "{points:#?}");
    for point in points {
        let scene = Scene::new().await;
        let (killed, at) = (traced(&scene), format!("{point:?}"));
        let killing = tokio::task::spawn_blocking(move || killed(Some(&point)));
        killing.await.unwrap();
        assert_whole(&scene, &at).await;
    }
}

#[tokio::test]
async fn an_upload_whose_id_was_never_noted_is_ended_and_a_neighbour_goes_on() {
    let scene = Scene::new().await;
    let depots = &scene.taking.depots;
    let s3 = depots.iter().find(|depot| depot.place() == Place::S3);
    let s3 = s3.unwrap();
    let [cut_off, neighbour] = ["20261123_031500", "20261123_041500"].map(|at| at.parse().unwrap());
    drop(s3.begin(cut_off, 4096).await.unwrap());
    drop(s3.begin(neighbour, 4096).await.unwrap());
    let both = scene.names().len();
    s3.clear(cut_off, Some("")).await.unwrap();
    assert_eq!(scene.names().len() * 2, both);
    s3.clear(neighbour, Some("")).await.unwrap();
    assert_eq!(scene.names(), BTreeSet::new());
}
