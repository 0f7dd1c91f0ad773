//! A small REI whose every file is known before and after.

use rei_recovery::demo::patient::PatientOptions;
use rei_recovery::demo::world::{World, WorldOptions};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the folders of production hold: path and hash.
pub type Files = BTreeMap<PathBuf, String>;

/// REI does not run, so that every change of its files is the drill's doing.
pub async fn quiet(patient: PatientOptions) -> World {
    quiet_for(patient, Duration::from_millis(300)).await
}

/// The same, its units watched for so long after a recovery.
pub async fn quiet_for(patient: PatientOptions, watch: Duration) -> World {
    let options = WorldOptions::new(env!("CARGO_BIN_EXE_rei-recovery"));
    let options = options.patient(patient).units_down().bot_down();
    let options = options.watch(watch);
    World::build(options).await.unwrap()
}

/// REI runs, and its Redis holds something: a drill must end, restart or empty none of it.
pub async fn running(patient: PatientOptions) -> World {
    let options = WorldOptions::new(env!("CARGO_BIN_EXE_rei-recovery"));
    let options = options.patient(patient).bot_down();
    World::build(options.watch(Duration::from_millis(300)))
        .await
        .unwrap()
}

/// Files of REI, its backups and the bucket.
pub fn production(world: &World) -> Files {
    let mut files = Files::new();
    let folders = [
        world.patient.home(),
        world.patient.backup_dir(),
        world.bucket(),
        world.root().join("runbooks"),
    ];
    for folder in folders {
        read(&folder, &mut files);
    }
    files
}

fn read(folder: &Path, into: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, into);
        } else {
            let hash = Sha256::digest(fs::read(&path).unwrap());
            into.insert(path, data_encoding::HEXLOWER.encode(&hash));
        }
    }
}

/// Holds a drill; its exit code and what it printed.
pub async fn drill(world: &World, args: &[&str]) -> (Option<i32>, Value) {
    let all = [&["drill"], args, &["--yes", "--json"]].concat();
    let ended = world.console(&all).await.unwrap();
    let printed = serde_json::from_str(&ended.stdout);
    let printed = printed.unwrap_or_else(|error| panic!("{error}: {ended:#?}"));
    (ended.code, printed)
}

/// Nothing of any drill is left: no folder, no process.
pub fn assert_cleared(world: &World) {
    let drills = world.root().join("state/drills");
    let left: Vec<_> = fs::read_dir(&drills)
        .map(|entries| entries.flatten().map(|it| it.path()).collect())
        .unwrap_or_default();
    assert!(left.is_empty(), "{left:?}");
    let left = processes(&drills);
    assert!(left.is_empty(), "{left:?}");
}

/// Processes that name this folder on their command lines or in their environment.
pub fn processes(folder: &Path) -> Vec<String> {
    let name = folder.display().to_string();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let of = |file: &str| fs::read(entry.path().join(file)).unwrap_or_default();
        let (command, environment) = (of("cmdline"), of("environ"));
        let named = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(&name);
        if entry.file_name() != std::process::id().to_string().as_str()
            && (named(&command) || named(&environment))
        {
            let command = String::from_utf8_lossy(&command).replace('\0', " ");
            found.push(format!("{} {command}", entry.file_name().to_string_lossy()));
        }
    }
    found
}
