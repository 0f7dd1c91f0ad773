//! The program is killed at every system call that changes REI's folder, and called once more.

use super::packing::{LIMITS, Packing, World, place};
use super::tree::{contents, tree};
use crate::support::strace::{Point, kill_at, record};
use rei_recovery::adapters::saved_files::LocalSavedFiles;
use rei_recovery::adapters::settings_files::LocalSettings;
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::install::{SavedFiles, SettingsFiles, Switch, Switched};
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const CALLS: [&str; 15] = [
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
    "unlink",
    "unlinkat",
    "rmdir",
    "link",
    "linkat",
    "symlinkat",
    "fsync",
    "syncfs",
    "fchown",
    "fchmod",
];

/// The folder to work in, for the process that is to be killed.
fn victim() -> Option<PathBuf> {
    std::env::var_os("INSTALL_CUT_OFF_IN").map(PathBuf::from)
}

/// The calling test once more, at work in this folder.
fn again(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let test = format!("install::cut_off::{test}");
    command
        .args(["--exact", &test])
        .env("INSTALL_CUT_OFF_IN", folder);
    command
}

/// Kills the work at each of its calls in turn, in a folder of its own, and hands over what is left.
/// Returns the points.
async fn at_every_call(
    test: &str,
    prepare: impl Fn() -> TempDir,
    check: impl AsyncFn(&Path, &Point),
) -> Vec<Point> {
    let dir = prepare();
    let points = record(dir.path(), &CALLS, &again(test, dir.path()));
    for point in &points {
        let dir = prepare();
        kill_at(dir.path(), point, &again(test, dir.path()));
        check(dir.path(), point).await;
    }
    points
}

const OLD: &str = "A = 1\r\nYOOKASSA_MANUAL_MODE = False\r\n";
const NEW: &str = "A = 1\r\nYOOKASSA_MANUAL_MODE = True\r\n";

async fn switch(dir: &Path) -> Switched {
    LocalSettings
        .set(dir, Switch::ManualPayments, true, &dir.join("keep/R-7"))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_switch_cut_off_anywhere_is_whole_and_completed() {
    if let Some(folder) = victim() {
        switch(&folder).await;
        return;
    }
    let prepare = || {
        let dir = TempDir::new().unwrap();
        std::fs::write(dir.path().join("config.py"), OLD).unwrap();
        chown(dir.path().join("config.py"), Some(1234), Some(2345)).unwrap();
        dir
    };
    let check = async |dir: &Path, point: &Point| {
        let halfway = contents(dir);
        let whole = [OLD, NEW].contains(&halfway["config.py"].as_str());
        assert!(whole, "{point:?}: {halfway:?}");
        // Never switched without the copy.
        let kept = halfway.get("keep/R-7/config.py").map(String::as_str);
        assert!(
            halfway["config.py"] == OLD || kept == Some(OLD),
            "{point:?}"
        );
        let done = switch(dir).await;
        assert_eq!((done.was, done.line), (Some(false), 2), "{point:?}");
        assert_eq!(done.copy, Some(dir.join("keep/R-7/config.py")));
        let files = [
            ("config.py", NEW),
            ("keep", ""),
            ("keep/R-7", ""),
            ("keep/R-7/config.py", OLD),
        ];
        let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(contents(dir), files.into(), "{point:?}");
        let file = std::fs::metadata(dir.join("config.py")).unwrap();
        assert_eq!((file.uid(), file.gid()), (1234, 2345), "{point:?}");
    };
    let test = "a_switch_cut_off_anywhere_is_whole_and_completed";
    let points = at_every_call(test, prepare, check).await;
    // Two folders, the copy synced and renamed, owner and mode, sync, rename, folders synced.
    assert!(points.len() >= 9, "{points:?}");
}

#[tokio::test]
async fn an_env_cut_off_anywhere_is_whole_or_not_there() {
    if let Some(folder) = victim() {
        assert!(LocalSettings.make_env(&folder).await.unwrap());
        return;
    }
    let prepare = || {
        let dir = TempDir::new().unwrap();
        std::fs::write(dir.path().join(".env.example"), "A=\nB=2\n").unwrap();
        chown(dir.path(), Some(1234), Some(2345)).unwrap();
        dir
    };
    let check = async |dir: &Path, point: &Point| {
        let env = contents(dir).remove(".env");
        assert!(env.is_none_or(|env| env == "A=\nB=2\n"), "{point:?}");
        LocalSettings.make_env(dir).await.unwrap();
        let found = tree(dir);
        assert_eq!(found.len(), 2, "{point:?}: {found:?}");
        let made = ("100600".to_owned(), 1234, 2345, b"A=\nB=2\n".to_vec());
        assert_eq!(found[".env"], made, "{point:?}");
    };
    let test = "an_env_cut_off_anywhere_is_whole_or_not_there";
    let points = at_every_call(test, prepare, check).await;
    assert!(points.len() >= 5, "{points:?}");
}

async fn unpack(dir: &Path) {
    let (home, aside) = (dir.join("home"), dir.join("aside/R-7"));
    let place = place(&dir.join("backups"));
    let archive = place.archives().await.unwrap().remove(0);
    LocalSavedFiles::new(home.join("bot.db"), LIMITS)
        .unpack(place, &archive, (&home, &aside), &Work::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn an_unpacking_cut_off_anywhere_loses_nothing_and_is_completed() {
    if let Some(folder) = victim() {
        unpack(&folder).await;
        return;
    }
    let prepare = || {
        let world = World::new();
        world.put(
            &Packing::new()
                .file("config.py", "new config")
                .file("sub/x", "x")
                .link("sub/l", "x")
                .gzip(),
        );
        world.dir
    };
    let check = async |dir: &Path, point: &Point| {
        let halfway = contents(dir);
        let config = halfway["home/config.py"].as_str();
        assert!(["old config", "new config"].contains(&config), "{point:?}");
        let kept = halfway.get("aside/R-7/config.py").map(String::as_str);
        assert!(
            config == "old config" || kept == Some("old config"),
            "{point:?}"
        );
        unpack(dir).await;
        let home = [
            ("bot.db", "the restored database"),
            ("bot.db-wal", "its log"),
            ("config.py", "new config"),
            ("logs", ""),
            ("sub", ""),
            ("sub/l", "x"),
            ("sub/x", "x"),
        ];
        let home = home.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(contents(&dir.join("home")), home.into(), "{point:?}");
        let aside = contents(&dir.join("aside/R-7"));
        assert_eq!(aside["config.py"], "old config", "{point:?}");
        assert_eq!(aside.len(), 1, "{point:?}: {aside:?}");
    };
    let test = "an_unpacking_cut_off_anywhere_loses_nothing_and_is_completed";
    let points = at_every_call(test, prepare, check).await;
    assert!(points.len() >= 10, "{points:?}");
}
