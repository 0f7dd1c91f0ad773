//! Copies beside the backups, and the way back to one.

use super::*;
use flate2::read::MultiGzDecoder;
use rusqlite::Connection;
use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn only_file(folder: &Path) -> PathBuf {
    let mut files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let file = files.next().unwrap();
    assert_eq!(files.next(), None);
    file
}

fn entries(state: &Path) -> i64 {
    let db = Connection::open(state).unwrap();
    db.query_row("SELECT max(seq) FROM audit", [], |row| row.get(0))
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_lies_in_both_places_and_comes_back() {
    let world = built(WorldOptions::new(PROGRAM).units_down()).await;
    let dir = state_dir(&world);
    let before = done(&world, "backup list --json").await;
    assert_eq!(console(&world, "state list").await.code, Some(4));
    done(&world, "state copy").await;
    let listed = done(&world, "state list --json").await;
    let listed = listed["copies"].as_array().unwrap();
    assert_eq!(listed.len(), 2, "{listed:?}");

    // Beside the backups, and none of them.
    let folder = world.patient.backup_dir().join("rei-recovery");
    let copy = only_file(&folder);
    assert_eq!((mode(&folder), mode(&copy)), (0o700, 0o600));
    let in_bucket = only_file(&world.bucket().join("rei-recovery"));
    assert_eq!(in_bucket.file_name(), copy.file_name());
    assert_eq!(
        done(&world, "backup list --json").await["backups"],
        before["backups"]
    );

    // Whole by itself, and without the key that seals it.
    let mut plain = Vec::new();
    MultiGzDecoder::new(fs::File::open(&copy).unwrap())
        .read_to_end(&mut plain)
        .unwrap();
    let key = fs::read(dir.join("audit.key")).unwrap();
    assert!(!plain.windows(key.len()).any(|part| part == key));
    let look = world.root().join("look.db");
    fs::write(&look, plain).unwrap();
    let held = entries(&look);

    let refused = console(&world, "state restore latest --yes").await;
    assert_eq!(refused.code, Some(3), "the service is at work: {refused:?}");
    good(world.stop_bot().await);
    let there = entries(&dir.join("state.db"));
    assert!(there > held);
    let told = done(&world, "state restore latest --from s3 --yes --json").await;
    assert_eq!(told["audit_entries"], held);
    assert_eq!(told["audit_entries_missing"], there - held);
    assert_eq!(told["audit_sealed"], true);
    let aside = told["set_aside"].as_str().unwrap();
    assert_eq!(entries(&Path::new(aside).join("state.db")), there);
    done(&world, "audit verify").await;
    let trail = done(&world, "audit list --json").await;
    let last = trail.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["verb"], &last["detail"]["missing"]["value"]).0,
        "restore-state"
    );
    good(world.start_bot().await);
    said(
        &world,
        world.cast.team,
        "put a copy of the own state in place",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_under_way_in_a_copy_does_not_go_on() {
    let world = built(WorldOptions::new(PROGRAM).units_down()).await;
    let run = crate::recovery::play::recover_to_the_gate(&world).await;
    done(&world, "state copy").await;
    good(world.stop_bot().await);
    let told = done(&world, "state restore latest --yes --json").await;
    assert_eq!(told["runs_ended"], serde_json::json!([format!("R-{run}")]));
    let (_, phase) = good(world.state.newest()).unwrap();
    assert_eq!(phase, "finished");
    done(&world, "audit verify").await;
    // The next one finds the patient free.
    good(world.start_bot().await);
    assert_eq!(good(world.state.under_way()), None);
}

/// It may have been carried out since, and its files would be gone over once more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_and_a_chore_of_a_copy_are_begun_by_nobody() {
    let world = built(WorldOptions::new(PROGRAM).units_down()).await;
    let labels = ["Corrupted database", "Latest good"];
    good(crate::recovery::play::ask_for(&world, "/recover", &labels).await);
    good(world.stop_bot().await);
    let dir = state_dir(&world);
    // As it is when the copy is made between the question for a backup and its beginning.
    let asked = done(&world, "backup create --yes --json").await;
    assert!(!asked.is_null());
    let db = Connection::open(dir.join("state.db")).unwrap();
    let chores = "UPDATE chores SET phase = 'asked', ended_at = NULL,
        chore = json_set(chore, '$.phase', 'asked', '$.ended_at', NULL)";
    assert_eq!(db.execute(chores, []).unwrap(), 1);
    db.close().unwrap();
    done(&world, "state copy").await;
    let told = done(&world, "state restore latest --yes --json").await;
    assert_eq!(told["runs_ended"], serde_json::json!(["R-1"]));
    assert_eq!(told["chores_ended"], 1);
    let db = Connection::open(dir.join("state.db")).unwrap();
    let left: i64 = db
        .query_row(
            "SELECT (SELECT count(*) FROM runs WHERE phase <> 'finished')
                + (SELECT count(*) FROM chores WHERE phase IN ('asked', 'running'))
                + (SELECT count(*) FROM buttons)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_copy_changes_nothing() {
    let world = built(WorldOptions::new(PROGRAM).units_down()).await;
    let dir = state_dir(&world);
    done(&world, "state copy").await;
    good(world.stop_bot().await);
    let before = fs::read(dir.join("state.db")).unwrap();
    let copy = only_file(&world.patient.backup_dir().join("rei-recovery"));
    let whole = fs::read(&copy).unwrap();
    fs::write(&copy, &whole[..whole.len() / 2]).unwrap();
    let refused = console(&world, "state restore latest --from folder --yes").await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(fs::read(dir.join("state.db")).unwrap() == before);
    assert!(!dir.join("set-aside").exists() && !dir.join("restoring").exists());
}
