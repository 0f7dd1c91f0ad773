//! Who holds the database, against real processes.

use super::fixture::*;
use rei_recovery::adapters::file_holders::ProcHolders;
use rei_recovery::ports::database::{FileHolders, HoldersReport};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A process that has done something with files and waits for its end.
struct Process(Child);

impl Process {
    /// Python code that runs before it says that it is ready.
    fn python(code: &str, argument: &Path) -> Self {
        let program = format!(
            "import sys, mmap\npath = sys.argv[1]\n{code}\nprint('ready', flush=True)\nsys.stdin.read()"
        );
        let mut child = Command::new("/usr/bin/python3")
            .args(["-c", &program])
            .arg(argument)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        Self(child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn home() -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("bot.db");
    for suffix in ["", "-wal", "-shm"] {
        std::fs::write(dir.path().join(format!("bot.db{suffix}")), [1; 4096]).unwrap();
    }
    (dir, path)
}

async fn look(database: &Path) -> HoldersReport {
    ProcHolders.holders(database).await.unwrap()
}

/// Who holds the database, as name and file name.
async fn found(database: &Path) -> Vec<(u32, String, String)> {
    let report = look(database).await;
    assert!(report.seen > 0);
    let held = report.holders.into_iter().map(|h| {
        let file = h.file.file_name().unwrap().to_string_lossy().into_owned();
        (h.pid, h.name, file)
    });
    held.collect()
}

#[tokio::test]
async fn a_handle_on_any_member_is_found_under_any_name() {
    let (dir, database) = home();
    assert_eq!(found(&database).await, []);
    // Our own handles do not count.
    let own = File::open(&database).unwrap();
    assert_eq!(found(&database).await, []);
    drop(own);
    let other_name = dir.path().join("another name");
    std::fs::hard_link(&database, &other_name).unwrap();
    for (held, file) in [
        (other_name, "bot.db"),
        (dir.path().join("bot.db-wal"), "bot.db-wal"),
        (dir.path().join("bot.db-shm"), "bot.db-shm"),
    ] {
        let process = Process::python("f = open(path)\ng = open(path)", &held);
        let name = std::fs::read_to_string(format!("/proc/{}/comm", process.0.id())).unwrap();
        let expected = (process.0.id(), name.trim().to_owned(), file.to_owned());
        assert_eq!(found(&database).await, [expected]);
        drop(process);
        assert_eq!(found(&database).await, []);
    }
}

#[tokio::test]
async fn a_mapping_without_a_handle_is_found() {
    let (_dir, database) = home();
    let code = "with open(path, 'r+b') as f: m = mmap.mmap(f.fileno(), 0)\n\
                import os, ctypes\n\
                for fd in os.listdir('/proc/self/fd'):\n    \
                    if os.path.exists(f'/proc/self/fd/{fd}') and os.path.samefile(f'/proc/self/fd/{fd}', path): os.close(int(fd))";
    let _process = Process::python(code, &database);
    assert_eq!(found(&database).await.len(), 1);
}

#[tokio::test]
async fn a_deleted_file_is_found_through_a_linked_folder() {
    let (dir, database) = home();
    let _process = Process::python("f = open(path)", &database);
    std::fs::remove_file(&database).unwrap();
    let link = dir.path().join("link");
    std::os::unix::fs::symlink(dir.path(), &link).unwrap();
    assert_eq!(found(&link.join("bot.db")).await.len(), 1);
    // A new file of that name has another inode; the old handle still counts.
    std::fs::write(&database, b"new").unwrap();
    assert_eq!(found(&database).await.len(), 1);
}

#[tokio::test]
async fn root_sees_every_process() {
    let (_dir, database) = home();
    assert_eq!(look(&database).await.hidden, 0);
}

#[tokio::test]
async fn without_rights_the_processes_that_could_hold_it_are_counted() {
    if !as_nobody("restore::holders::without_rights_the_processes_that_could_hold_it_are_counted") {
        return;
    }
    let (_dir, database) = home();
    let _process = Process::python("f = open(path)", &database);
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(&database, private).unwrap();
    let report = look(&database).await;
    assert_eq!(report.holders.len(), 1);
    // The test's own parents belong to root.
    assert!(report.hidden > 0);
}
