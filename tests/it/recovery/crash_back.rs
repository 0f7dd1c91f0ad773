//! The program is killed at every position of a rollback's journal, and goes on.

use super::killing::{
    Mark, Shape, Way, assert_cut_off_is_told, assert_none_failed, killed_there, shape,
};
use super::outcome::{self, Before};
use super::play::{self, DOOMED};
use super::{built, good, options};
use rei_recovery::demo::patient::{integrity, rows};
use rei_recovery::demo::units::Unit;
use rei_recovery::demo::world::{World, short_runbook};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

/// The steps that are taken back, in this order.
const TAKEN_BACK: [&str; 3] = ["quarantine", "stop", "fetch"];

/// The built-in runbook with a step before the start that watches units which are down.
fn doomed() -> String {
    let text = good(short_runbook(Duration::from_millis(300)));
    let start = "[[steps]]\nid = \"start\"";
    let step = format!(
        "[[steps]]\nid = \"{DOOMED}\"\naction.kind = \"watch-units\"\n\
         action.for = \"1s\"\nreplay = \"again\"\ntimeout = \"1m\"\n\n{start}"
    );
    assert_eq!(text.matches(start).count(), 1);
    text.replace(start, &step)
}

async fn world() -> World {
    built(options().runbook("database-corruption.toml", doomed())).await
}

/// The database as it was before the run.
struct Old {
    before: Before,
    inode: u64,
}

impl Old {
    fn of(world: &World) -> Self {
        Self {
            before: Before::of(world),
            inode: inode(world),
        }
    }
}

fn inode(world: &World) -> u64 {
    fs::metadata(world.patient.database()).unwrap().ino()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_anywhere_on_the_way_back_it_ends_as_without_the_kill() {
    let undisturbed = undisturbed().await;
    let failed =
        |(kind, step): &Mark| (kind.as_str(), step.as_deref()) == ("step-failed", Some(DOOMED));
    let failed = undisturbed.iter().position(failed).unwrap() + 1;
    let back = &undisturbed[failed..];
    let kinds: Vec<&str> = back.iter().map(|(kind, _)| kind.as_str()).collect();
    let each = ["undo-started", "undo-succeeded"];
    let expected = [&["rollback-asked"][..], &each, &each, &each, &["finished"]];
    assert_eq!(kinds, expected.concat(), "{undisturbed:#?}");
    // From the failure itself to the end.
    let positions = failed..=undisturbed.len();
    let cases = positions.map(|position| (position, killed_at(position, &undisturbed)));
    assert_none_failed(cases, &undisturbed).await;
}

async fn undisturbed() -> Shape {
    let world = world().await;
    let old = Old::of(&world);
    let run = play::recover(&world).await;
    assert_as_before(&world, &old, run).await;
    shape(&outcome::journal(&world, run))
}

async fn killed_at(position: usize, undisturbed: &[Mark]) {
    let world = world().await;
    let old = Old::of(&world);
    killed_there(&world, position, undisturbed, play::recover(&world)).await;
    good(world.start_bot().await);
    let run = play::recover(&world).await;
    assert_as_before(&world, &old, run).await;
    let died_in = undisturbed[..position - 1].last();
    assert_cut_off_is_told(&world, Way::Back, died_in);
}

/// The run is taken back: REI runs on its old database, and lacks nothing.
async fn assert_as_before(world: &World, old: &Old, run: i64) {
    let journal = outcome::journal(world, run);
    let last = &journal.last().unwrap().event;
    assert_eq!(last["outcome"], "rolled-back", "{last}");
    let mut undone: BTreeMap<&str, u32> = BTreeMap::new();
    for entry in journal.iter().filter(|it| it.kind() == "undo-succeeded") {
        *undone.entry(entry.step().unwrap()).or_default() += 1;
    }
    assert_eq!(undone, TAKEN_BACK.map(|step| (step, 1)).into());
    let database = world.patient.database();
    assert_eq!(inode(world), old.inode, "the very file is back");
    assert_eq!(good(integrity(&database)), Vec::<String>::new());
    let now = good(rows(&database));
    for (table, least) in &old.before.rows {
        assert!(now[table] >= *least, "{table}: {now:?}");
    }
    assert_eq!(good(world.patient.ownership()), old.before.ownership);
    for unit in Unit::ALL {
        assert!(good(world.is_up(unit)), "{unit:?} is down");
    }
    let home = fs::read_dir(world.patient.home()).unwrap().flatten();
    let mut names = home.map(|file| file.file_name().into_string().unwrap());
    assert!(names.all(|name| !name.contains("staged")), "a staged file");
    outcome::assert_delivered(world).await;
    outcome::assert_trail(world).await;
}
