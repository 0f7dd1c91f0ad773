//! Quarantine, return and installation, whole and cut off at every system call that changes a file.

use super::fixture::*;
use rei_recovery::adapters::sqlite_files::LocalFiles;
use rei_recovery::domain::database::Ownership;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::database::{DatabaseFiles, Layout};
use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const OWNER: Ownership = Ownership {
    uid: 1234,
    gid: 2345,
    mode: 0o640,
};
const MEMBERS: [&str; 4] = ["bot.db", "bot.db-wal", "bot.db-shm", "bot.db-journal"];

/// A home with a whole set in it, owned by somebody.
fn home() -> (TempDir, Layout) {
    let dir = TempDir::new().unwrap();
    for name in MEMBERS {
        put(&dir.path().join(name), &format!("old {name}"));
    }
    let layout = layout(dir.path());
    std::fs::write(&layout.staging, b"new bot.db").unwrap();
    (dir, layout)
}

fn put(path: &Path, content: &str) {
    std::fs::write(path, content).unwrap();
    let mode = std::fs::Permissions::from_mode(OWNER.mode);
    std::fs::set_permissions(path, mode).unwrap();
    chown(path, Some(OWNER.uid), Some(OWNER.gid)).unwrap();
}

/// Content of every file below a folder but manifests, by relative path.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.to_string_lossy().contains("manifest") {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

fn expected(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = |(name, content): &(&str, &str)| ((*name).to_owned(), (*content).to_owned());
    files.iter().map(owned).collect()
}

const ASIDE: [(&str, &str); 4] = [
    ("quarantine/R-7/bot.db", "old bot.db"),
    ("quarantine/R-7/bot.db-wal", "old bot.db-wal"),
    ("quarantine/R-7/bot.db-shm", "old bot.db-shm"),
    ("quarantine/R-7/bot.db-journal", "old bot.db-journal"),
];
const BACK: [(&str, &str); 4] = [
    ("bot.db", "old bot.db"),
    ("bot.db-wal", "old bot.db-wal"),
    ("bot.db-shm", "old bot.db-shm"),
    ("bot.db-journal", "old bot.db-journal"),
];

#[tokio::test]
async fn the_set_is_moved_as_one_and_only_once() {
    let (dir, layout) = home();
    assert_eq!(LocalFiles.quarantined(&layout).await, Ok(None));
    let set = LocalFiles.quarantine(&layout).await.unwrap();
    assert_eq!(set.ownership, OWNER);
    let names: Vec<_> = set.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, MEMBERS);
    assert_eq!(LocalFiles.present(&layout.database).await, Ok(Vec::new()));
    // A newer file is never taken for a part of it.
    put(&layout.database, "newer");
    assert_eq!(LocalFiles.quarantine(&layout).await, Ok(set.clone()));
    assert_eq!(LocalFiles.quarantined(&layout).await, Ok(Some(set)));
    assert_eq!(tree(dir.path())["bot.db"], "newer");
    std::fs::remove_file(layout.quarantine.join("bot.db-wal")).unwrap();
    let looked = LocalFiles.quarantined(&layout).await;
    assert_eq!(code(looked), FailureCode::QuarantineInconsistent);
}

#[tokio::test]
async fn a_missing_database_leaves_its_owner_to_a_sidecar_or_the_folder() {
    let (_dir, layout) = home();
    std::fs::remove_file(&layout.database).unwrap();
    let set = LocalFiles.quarantine(&layout).await.unwrap();
    assert_eq!((set.files.len(), set.ownership), (3, OWNER));
    let dir = TempDir::new().unwrap();
    chown(dir.path(), Some(55), Some(66)).unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o750)).unwrap();
    let set = LocalFiles
        .quarantine(&super::fixture::layout(dir.path()))
        .await;
    let set = set.unwrap();
    let (uid, gid, mode) = (55, 66, 0o640);
    assert_eq!(set.ownership, Ownership { uid, gid, mode });
    assert!(set.files.is_empty());
}

#[tokio::test]
async fn the_new_file_has_the_old_one_s_owner_and_takes_no_one_s_place() {
    let (dir, layout) = home();
    let refused = LocalFiles.install(&layout, OWNER).await;
    assert_eq!(code(refused), FailureCode::PlaceTaken);
    LocalFiles.quarantine(&layout).await.unwrap();
    // A stale log beside the new file would undo the restore silently.
    put(&dir.path().join("bot.db-wal"), "stale");
    let refused = LocalFiles.install(&layout, OWNER).await;
    assert_eq!(code(refused), FailureCode::PlaceTaken);
    std::fs::remove_file(dir.path().join("bot.db-wal")).unwrap();
    LocalFiles.install(&layout, OWNER).await.unwrap();
    let file = std::fs::metadata(&layout.database).unwrap();
    let found = (file.uid(), file.gid(), file.mode() & 0o7777);
    assert_eq!(found, (OWNER.uid, OWNER.gid, OWNER.mode));
    assert_eq!(tree(dir.path())["bot.db"], "new bot.db");
    let again = LocalFiles.install(&layout, OWNER).await;
    assert_eq!(code(again), FailureCode::PlaceTaken);
}

#[tokio::test]
async fn what_took_the_place_is_kept_when_the_set_goes_back() {
    let (dir, layout) = home();
    for round in 0..2 {
        LocalFiles.quarantine(&layout).await.unwrap();
        std::fs::write(&layout.staging, b"new bot.db").unwrap();
        LocalFiles.install(&layout, OWNER).await.unwrap();
        put(&dir.path().join("bot.db-wal"), "new log");
        assert_eq!(LocalFiles.give_back(&layout).await, Ok(4));
        assert_eq!(LocalFiles.give_back(&layout).await, Ok(4));
        let found = tree(dir.path());
        for (name, content) in BACK {
            assert_eq!(found[name], content, "round {round}");
        }
        assert_eq!(LocalFiles.quarantined(&layout).await, Ok(None));
    }
    let found = tree(dir.path());
    for name in ["bot.db", "bot.db.2", "bot.db-wal", "bot.db-wal.2"] {
        let kept = &found[&format!("quarantine/R-7/replaced/{name}")];
        assert!(kept.starts_with("new"), "{kept}");
    }
}

#[tokio::test]
async fn a_link_is_refused_everywhere() {
    let (dir, layout) = home();
    std::fs::rename(&layout.database, dir.path().join("real.db")).unwrap();
    symlink(dir.path().join("real.db"), &layout.database).unwrap();
    let identity = LocalFiles.identity(&layout.database).await;
    assert_eq!(code(identity), FailureCode::FileError);
    let moved = LocalFiles.quarantine(&layout).await;
    assert_eq!(code(moved), FailureCode::FileError);
    let installed = LocalFiles.install(&layout, OWNER).await;
    assert_eq!(code(installed), FailureCode::FileError);
}

#[tokio::test]
async fn identity_follows_the_file_and_not_the_name() {
    let (_dir, layout) = home();
    let identity = async || LocalFiles.identity(&layout.database).await.unwrap().inode;
    let first = identity().await;
    put(&layout.database, "written to");
    assert_eq!(identity().await, first);
    std::fs::rename(&layout.staging, &layout.database).unwrap();
    assert_ne!(identity().await, first);
    std::fs::remove_file(&layout.database).unwrap();
    assert_eq!(identity().await, None);
}

#[tokio::test]
async fn an_owner_that_cannot_be_given_stops_the_installation() {
    if !as_nobody("restore::files::an_owner_that_cannot_be_given_stops_the_installation") {
        return;
    }
    let dir = TempDir::new().unwrap();
    let layout = layout(dir.path());
    std::fs::write(&layout.staging, b"new").unwrap();
    let refused = LocalFiles.install(&layout, OWNER).await;
    assert_eq!(code(refused), FailureCode::OwnerNotKept);
    assert!(!layout.database.exists());
    let (uid, gid, mode) = (65534, 65534, 0o600);
    let own = Ownership { uid, gid, mode };
    LocalFiles.install(&layout, own).await.unwrap();
}

/// System calls that change a name or a file.
const CALLS: [&str; 10] = [
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
    "unlink",
    "unlinkat",
    "fsync",
    "fchown",
    "fchmod",
];

/// Runs the calling test once more, in a process that is killed as it enters the `when`th of such
/// calls. False when it ended before that.
fn cut_off(test: &str, folder: &Path, call: &str, when: u32) -> bool {
    let inject = format!("inject={call}:signal=SIGKILL:when={when}");
    let status = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            &format!("trace={call}"),
        ])
        .args(["-e", &inject])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env("CUT_OFF_IN", folder)
        .output()
        .unwrap()
        .status;
    let killed = status.signal() == Some(9);
    assert!(killed || status.success(), "{status:?}");
    killed
}

/// The folder to work in, for the process that is to be killed.
fn victim() -> Option<PathBuf> {
    std::env::var_os("CUT_OFF_IN").map(PathBuf::from)
}

/// Kills the calling test's work at each call of each kind in turn, in a home of its own, and hands
/// over what is left. Returns how many times it was killed.
async fn at_every_call(
    test: &str,
    prepare: impl AsyncFn() -> (TempDir, Layout),
    check: impl AsyncFn(&Path, &Layout, u32),
) -> u32 {
    let mut kills = 0;
    for call in CALLS {
        for when in 1.. {
            let (dir, layout) = prepare().await;
            let killed = cut_off(test, dir.path(), call, when);
            check(dir.path(), &layout, kills).await;
            if !killed {
                break;
            }
            kills += 1;
        }
    }
    kills
}

#[tokio::test]
async fn a_quarantine_cut_off_anywhere_is_completed_or_given_back() {
    if let Some(folder) = victim() {
        LocalFiles.quarantine(&layout(&folder)).await.unwrap();
        return;
    }
    let test = "restore::files::a_quarantine_cut_off_anywhere_is_completed_or_given_back";
    let staged = (".bot.db.R-7", "new bot.db");
    for returns in [false, true] {
        let check = async |dir: &Path, layout: &Layout, _| {
            let halfway = tree(dir);
            // Never a main file whose sidecars were taken from it.
            let left = |name| halfway.contains_key(name);
            assert!(!left("bot.db") || MEMBERS.iter().all(|name| left(name)));
            if returns {
                LocalFiles.give_back(layout).await.unwrap();
                assert_eq!(tree(dir), expected(&[&BACK[..], &[staged]].concat()));
            }
            let set = LocalFiles.quarantine(layout).await.unwrap();
            assert_eq!((set.files.len(), set.ownership), (4, OWNER));
            assert_eq!(tree(dir), expected(&[&ASIDE[..], &[staged]].concat()));
        };
        let kills = at_every_call(test, async || home(), check).await;
        // Two folders made, four files moved, the manifest renamed, and syncs.
        assert!(kills >= 11, "only {kills}");
    }
}

#[tokio::test]
async fn a_return_cut_off_anywhere_is_completed() {
    if let Some(folder) = victim() {
        LocalFiles.give_back(&layout(&folder)).await.unwrap();
        return;
    }
    let prepare = async || {
        let (dir, layout) = home();
        LocalFiles.quarantine(&layout).await.unwrap();
        LocalFiles.install(&layout, OWNER).await.unwrap();
        put(&dir.path().join("bot.db-shm"), "new shm");
        (dir, layout)
    };
    let check = async |dir: &Path, layout: &Layout, _| {
        assert_eq!(LocalFiles.give_back(layout).await, Ok(4));
        let replaced = [
            ("quarantine/R-7/replaced/bot.db", "new bot.db"),
            ("quarantine/R-7/replaced/bot.db-shm", "new shm"),
        ];
        assert_eq!(tree(dir), expected(&[&BACK[..], &replaced].concat()));
    };
    let test = "restore::files::a_return_cut_off_anywhere_is_completed";
    let kills = at_every_call(test, prepare, check).await;
    // Two files replaced, four returned, the mark, a folder, and syncs.
    assert!(kills >= 12, "only {kills}");
}

#[tokio::test]
async fn an_installation_cut_off_anywhere_is_done_or_not_begun() {
    if let Some(folder) = victim() {
        LocalFiles.install(&layout(&folder), OWNER).await.unwrap();
        return;
    }
    let prepare = async || {
        let (dir, layout) = home();
        LocalFiles.quarantine(&layout).await.unwrap();
        (dir, layout)
    };
    let check = async |dir: &Path, layout: &Layout, _| {
        let staged = LocalFiles.identity(&layout.staging).await.unwrap();
        if staged.inode.is_some() {
            assert_eq!(LocalFiles.present(&layout.database).await, Ok(Vec::new()));
            LocalFiles.install(layout, OWNER).await.unwrap();
        }
        let all = [&ASIDE[..], &[("bot.db", "new bot.db")]].concat();
        assert_eq!(tree(dir), expected(&all));
    };
    let test = "restore::files::an_installation_cut_off_anywhere_is_done_or_not_begun";
    let kills = at_every_call(test, prepare, check).await;
    // Owner, mode, sync, rename, sync of the folder.
    assert!(kills >= 5, "only {kills}");
}
