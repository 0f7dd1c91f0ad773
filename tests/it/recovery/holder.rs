//! A process that no unit owns holds the database.

use super::outcome::{self, Before};
use super::{good, play, world};
use rei_recovery::demo::bot_api::Message;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::{Child, Command, Stdio};

/// Ends with the test, also with one that fails.
struct Holder(Child);

impl Drop for Holder {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_holds_the_database_stops_the_run_and_is_named() {
    let world = world().await;
    let before = Before::of(&world);
    let database = world.patient.database();
    let inode = fs::metadata(&database).unwrap().ino();
    let tail = Command::new("tail")
        .arg("-f")
        .arg(&database)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let holder = Holder(tail);
    let halted = play::until_last(&world, "the halt", |last| last.kind() == "step-failed");
    let journal = tokio::select! {
        run = play::recover(&world) => panic!("R-{run} ended beside a holder"),
        journal = halted => journal,
    };
    let last = journal.last().unwrap();
    assert_eq!(last.step(), Some("closed"));
    let begun = journal.iter().filter_map(|entry| entry.step());
    assert!(begun.into_iter().all(|step| step != "quarantine"));
    assert_eq!(fs::metadata(&database).unwrap().ino(), inode);
    assert!(
        !world
            .patient
            .home()
            .join("rei-recovery-quarantine")
            .exists()
    );

    let (anna, team) = (world.cast.anna, world.cast.team);
    let halt: Message = good(play::offered(&world, team, 1, "Retry").await);
    let pid = holder.0.id();
    let named = format!("The process tail (pid {pid}) holds {}", database.display());
    assert!(halt.text().contains(&named), "{}", halt.text());

    drop(holder);
    good(play::press(&world, (anna, team), 1, "Retry").await);
    let run = play::recover(&world).await;
    outcome::assert_recovered(&world, run);
    outcome::assert_restored(&world, &before, run);
    outcome::assert_kept(&world, &before, run);
}
