//! What must hold after a recovery, looked at from outside the program.

use super::{PATIENCE, good};
use rei_recovery::demo::bot_api::Message;
use rei_recovery::demo::patient::{Rows, balances_hold, fingerprint, integrity, rows, unpack};
use rei_recovery::demo::units::Unit;
use rei_recovery::demo::world::{Entry, World};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What was so before.
pub struct Before {
    pub rows: Rows,
    pub ownership: (u32, u32, u32),
}

impl Before {
    pub fn of(world: &World) -> Self {
        Self {
            rows: good(rows(&world.patient.database())),
            ownership: good(world.patient.ownership()),
        }
    }
}

pub fn journal(world: &World, run: i64) -> Vec<Entry> {
    good(world.state.journal(run))
}

/// The run recovered, and each of its steps was settled once.
pub fn assert_recovered(world: &World, run: i64) {
    let journal = journal(world, run);
    let last = &journal.last().unwrap().event;
    assert_eq!(last["outcome"], "recovered", "{last}");
    let mut settled: BTreeMap<&str, u32> = BTreeMap::new();
    for entry in &journal {
        if matches!(entry.kind(), "step-succeeded" | "step-confirmed") {
            *settled.entry(entry.step().unwrap()).or_default() += 1;
        }
    }
    let plan = good(world.state.plan(run));
    let steps = plan["runbook"]["steps"].as_array().unwrap();
    for step in steps.iter().map(|step| step["id"].as_str().unwrap()) {
        assert_eq!(settled.remove(step), Some(1), "{step}");
    }
    assert!(settled.is_empty(), "{settled:?}");
}

/// REI runs on the backup's rows and on no others of the past; owner and mode are the old ones;
/// nothing of the work is left beside the database.
pub fn assert_restored(world: &World, before: &Before, run: i64) {
    let database = world.patient.database();
    let unpacked = world.root().join("expected.db");
    good(unpack(
        &world.patient.latest_good().unwrap().file,
        &unpacked,
    ));
    // Up to the proposal: what REI writes after its start is new, what it wrote before is gone.
    let proposed = journal(world, run)[0].at;
    let until = proposed.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let expected = good(fingerprint(&unpacked, "9999"));
    assert_eq!(good(fingerprint(&database, &until)), expected);
    assert_eq!(good(integrity(&database)), Vec::<String>::new());
    assert!(good(balances_hold(&database)));
    assert_eq!(good(world.patient.ownership()), before.ownership);
    for unit in Unit::REI {
        assert!(good(world.is_up(unit)), "{unit:?} is down");
    }
    let home = fs::read_dir(world.patient.home()).unwrap().flatten();
    let staged: Vec<_> = home
        .map(|file| file.file_name().into_string().unwrap())
        .filter(|name| name.contains("staged"))
        .collect();
    assert!(staged.is_empty(), "{staged:?}");
}

/// There is one quarantine folder, and it holds what its manifest names.
pub fn quarantine(world: &World, run: i64) -> PathBuf {
    let all = world.patient.home().join("rei-recovery-quarantine");
    let folders: Vec<PathBuf> = fs::read_dir(all)
        .unwrap()
        .map(|folder| folder.unwrap().path())
        .collect();
    let planned = good(world.state.plan(run));
    let planned = PathBuf::from(planned["quarantine"].as_str().unwrap());
    assert_eq!(folders, std::slice::from_ref(&planned));
    let manifest = fs::read(planned.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let files = manifest["files"].as_array().unwrap();
    assert!(
        files.iter().any(|file| file["name"] == "bot.db"),
        "{manifest}"
    );
    for file in files {
        let name = file["name"].as_str().unwrap();
        let size = fs::metadata(planned.join(name)).unwrap().len();
        assert_eq!(file["size"].as_u64(), Some(size), "{name}");
    }
    planned
}

/// A copy of the quarantined set opens and lacks no row.
pub fn assert_kept(world: &World, before: &Before, run: i64) {
    let copy = copied(&quarantine(world, run));
    let database = copy.path().join("bot.db");
    assert_eq!(good(integrity(&database)), Vec::<String>::new());
    let kept = good(rows(&database));
    for (table, least) in &before.rows {
        assert!(
            kept[table] >= *least,
            "{table}: {kept:?}, {:?}",
            before.rows
        );
    }
}

/// A copy, so that looking changes nothing.
pub fn copied(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in fs::read_dir(folder).unwrap().flatten() {
        if file.file_type().unwrap().is_file() {
            fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
    }
    copy
}

/// Nothing waits for delivery and nothing was given up.
pub async fn assert_delivered(world: &World) {
    good(world.until_delivered(PATIENCE).await);
    let given_up: i64 = Connection::open(world.state.path())
        .unwrap()
        .query_row(
            "SELECT count(*) FROM outbox WHERE state = 'given-up'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(given_up, 0, "messages were given up\n{}", world.bot_log());
}

/// The trail verifies, and the group has every line of it. Gives the lines' numbers as they came.
pub async fn assert_trail(world: &World) -> Vec<u64> {
    let verified = good(world.console(&["audit", "verify"]).await);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    let told = told(world);
    let mut all = told.clone();
    all.sort_unstable();
    all.dedup();
    let written: u64 = entries(world.state.path());
    assert_eq!(all, (1..=written).collect::<Vec<_>>());
    told
}

/// Entries of the trail.
pub fn entries(state: &Path) -> u64 {
    Connection::open(state)
        .unwrap()
        .query_row("SELECT count(*) FROM audit", [], |row| row.get::<_, i64>(0))
        .unwrap()
        .unsigned_abs()
}

/// Numbers of the trail's lines in the group, in the order of the chat.
fn told(world: &World) -> Vec<u64> {
    team(world)
        .iter()
        .flat_map(|message| {
            let lines = message.text().lines();
            let numbers = lines.filter_map(|line| line.strip_prefix('#'));
            numbers
                .filter_map(|line| line.split(' ').next()?.parse().ok())
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Messages in the team's group.
pub fn team(world: &World) -> Vec<Message> {
    world.api.messages(world.cast.team)
}
