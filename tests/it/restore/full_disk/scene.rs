//! What a recovery finds, and what it must leave.

use super::{GOES_BACK, PLAYS_IN};
use crate::restore::checks::contents;
use crate::restore::fixture::{NAME, add_users, database, gzip};
use rei_recovery::demo::world::short_runbook;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// A patient with rows in its log, one backup, and units that run.
pub struct Scene {
    dir: TempDir,
    /// What the backup holds.
    plain: Vec<u8>,
    /// The old database's files.
    old: BTreeMap<String, Vec<u8>>,
}

impl Scene {
    pub fn build() -> Self {
        let dir = TempDir::new().unwrap();
        let folder = dir.path().join("world");
        for name in ["home", "backups", "runbooks"] {
            std::fs::create_dir_all(folder.join(name)).unwrap();
        }
        let text = short_runbook(Duration::from_millis(200)).unwrap();
        std::fs::write(folder.join("runbooks/database-corruption.toml"), text).unwrap();
        let script = "case $1 in\n\
             start) touch $0.$2;;\n\
             stop) rm -f $0.$2;;\n\
             status) test -e $0.$2 || exit 3;;\nesac\n";
        std::fs::write(dir.path().join("unit.sh"), script).unwrap();
        std::fs::write(dir.path().join("unit.sh.rei_bot"), "").unwrap();
        let alive = dir.path().join("alive");
        std::fs::create_dir(&alive).unwrap();
        let db = database(&alive.join("bot.db"), 300);
        db.pragma_update(None, "journal_mode", "wal").unwrap();
        db.pragma_update(None, "wal_checkpoint", "truncate")
            .unwrap();
        let plain = std::fs::read(alive.join("bot.db")).unwrap();
        std::fs::write(folder.join("backups").join(NAME), gzip(&plain)).unwrap();
        // As a bot that was killed leaves it.
        add_users(&db, 301, 20, "2026-11-23 03:30:00");
        let old = contents(&alive);
        drop(db);
        assert_eq!(old.len(), 3);
        for (name, bytes) in &old {
            std::fs::write(folder.join("home").join(name), bytes).unwrap();
        }
        Self { dir, plain, old }
    }

    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("world")
    }

    pub fn command(&self, back: bool) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let name = "restore::full_disk::a_disk_that_is_full_at_any_write_loses_nothing";
        command.args(["--exact", name, "--nocapture"]);
        command.env(PLAYS_IN, self.folder());
        if back {
            command.env(GOES_BACK, "1");
        }
        command
    }

    pub fn assert_recovered(&self, printed: &str) {
        let home = self.folder().join("home");
        let new = std::fs::read(home.join("bot.db")).unwrap();
        assert!(new == self.plain, "another database\n{printed}");
        let aside = std::fs::read_dir(home.join("rei-recovery-quarantine")).unwrap();
        let aside: Vec<_> = aside.map(|folder| folder.unwrap().path()).collect();
        assert_eq!(aside.len(), 1, "{printed}");
        let mut kept = contents(&aside[0]);
        assert!(kept.remove("manifest.json").is_some(), "{printed}");
        // Its index is rebuilt by whoever opens it.
        kept.remove("bot.db-shm");
        let mut old = self.old.clone();
        old.remove("bot.db-shm");
        assert!(kept == old, "{:?}\n{printed}", kept.keys());
        self.assert_clean(printed);
    }

    pub fn assert_as_before(&self, printed: &str) {
        let home = self.folder().join("home");
        for name in ["bot.db", "bot.db-wal"] {
            let found = std::fs::read(home.join(name)).unwrap();
            assert!(found == self.old[name], "{name}\n{printed}");
        }
        self.assert_clean(printed);
    }

    /// Nothing of the work is left, the units run, and the trail is whole.
    fn assert_clean(&self, printed: &str) {
        let home = std::fs::read_dir(self.folder().join("home")).unwrap();
        let mut names = home.map(|file| file.unwrap().file_name().into_string().unwrap());
        assert!(names.all(|name| !name.contains("staged") && !name.contains(".new")));
        assert!(
            self.dir.path().join("unit.sh.rei_bot").exists(),
            "{printed}"
        );
        assert!(printed.contains("trail Ok("), "{printed}");
    }
}
