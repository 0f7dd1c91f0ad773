//! REI's user against a program with more rights than his: what he puts in the way of a file operation
//! leads it nowhere else.

use crate::restore::fixture::{code, database, gzip, layout, stage};
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::patient_log::FileLog;
use rei_recovery::adapters::settings_files::LocalSettings;
use rei_recovery::adapters::sqlite_files::LocalFiles;
use rei_recovery::domain::database::Ownership;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::backups::BackupPlace;
use rei_recovery::ports::database::DatabaseFiles;
use rei_recovery::ports::install::{SettingsFiles, Switch};
use rei_recovery::ports::log::PatientLog;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// REI's user.
const REI: u32 = 1234;

/// REI's folder with its database, and a folder that is none of his.
struct Ground {
    dir: TempDir,
}

impl Ground {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        for folder in ["rei", "outside", "backups"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        let ground = Self { dir };
        database(&ground.rei("bot.db"), 3).close().unwrap();
        for path in [ground.rei(""), ground.rei("bot.db")] {
            chown(path, Some(REI), Some(REI)).unwrap();
        }
        ground
    }

    fn rei(&self, name: &str) -> PathBuf {
        self.dir.path().join("rei").join(name)
    }

    fn outside(&self) -> PathBuf {
        self.dir.path().join("outside")
    }

    fn is_untouched(&self) {
        assert_eq!(fs::read_dir(self.outside()).unwrap().count(), 0);
    }
}

/// As REI's user would: his own link or folder.
fn link(to: &Path, at: &Path) {
    symlink(to, at).unwrap();
    std::os::unix::fs::lchown(at, Some(REI), Some(REI)).unwrap();
}

#[tokio::test]
async fn a_link_in_the_place_of_the_quarantine_takes_nothing_away() {
    for at in ["quarantine", "quarantine/R-7"] {
        let ground = Ground::new();
        if at.contains('/') {
            fs::create_dir(ground.rei("quarantine")).unwrap();
        }
        link(&ground.outside(), &ground.rei(at));
        let layout = layout(&ground.rei(""));
        let moved = LocalFiles.quarantine(&layout).await;
        assert_eq!(code(moved), FailureCode::PlaceTaken, "{at}");
        assert_eq!(
            code(LocalFiles.give_back(&layout).await),
            FailureCode::PlaceTaken
        );
        assert_eq!(
            code(LocalFiles.quarantined(&layout).await),
            FailureCode::PlaceTaken
        );
        ground.is_untouched();
        assert!(ground.rei("bot.db").exists());
    }
}

#[tokio::test]
async fn a_quarantine_that_is_reis_own_is_not_used() {
    let ground = Ground::new();
    let layout = layout(&ground.rei(""));
    fs::create_dir_all(&layout.quarantine).unwrap();
    chown(&layout.quarantine, Some(REI), Some(REI)).unwrap();
    fs::write(layout.quarantine.join("manifest.json"), "{\"forged\":1}").unwrap();
    assert_eq!(
        code(LocalFiles.quarantine(&layout).await),
        FailureCode::PlaceTaken
    );
    assert_eq!(
        code(LocalFiles.quarantined(&layout).await),
        FailureCode::PlaceTaken
    );
    assert!(ground.rei("bot.db").exists());
    // The folder that holds those of all runs may be his: an administrator's chown makes it so.
    fs::remove_dir_all(ground.rei("quarantine")).unwrap();
    fs::create_dir(ground.rei("quarantine")).unwrap();
    chown(ground.rei("quarantine"), Some(REI), Some(REI)).unwrap();
    let set = LocalFiles.quarantine(&layout).await.unwrap();
    assert_eq!(set.folder, layout.quarantine);
    assert_eq!(LocalFiles.give_back(&layout).await.unwrap(), 1);
}

#[tokio::test]
async fn a_link_in_the_place_of_a_copy_of_settings_gets_nothing() {
    let ground = Ground::new();
    fs::write(ground.rei("config.py"), "YOOKASSA_MANUAL_MODE = False\n").unwrap();
    link(&ground.outside(), &ground.rei("quarantine"));
    let keep = ground.rei("quarantine/R-7/settings");
    let set = LocalSettings
        .set(&ground.rei(""), Switch::ManualPayments, true, &keep)
        .await;
    assert_eq!(code(set), FailureCode::PlaceTaken);
    ground.is_untouched();
    let text = fs::read_to_string(ground.rei("config.py")).unwrap();
    assert_eq!(text, "YOOKASSA_MANUAL_MODE = False\n");
}

/// A second name for somebody's file, where the kernel lets him make one, is not given away.
#[tokio::test]
async fn a_file_of_another_in_the_place_of_the_staged_one_keeps_its_owner() {
    let ground = Ground::new();
    let backup = ground.dir.path().join("backups/db_20261123_031500.db.gz");
    fs::write(backup, gzip(&fs::read(ground.rei("bot.db")).unwrap())).unwrap();
    let place: Arc<dyn BackupPlace> = Arc::new(BackupDir::new(
        ground.dir.path().join("backups"),
        Duration::from_secs(5),
    ));
    stage(&place, &ground.rei("")).await.unwrap();
    let layout = layout(&ground.rei(""));
    LocalFiles.quarantine(&layout).await.unwrap();
    let shadow = ground.outside().join("shadow");
    fs::write(&shadow, "root:*:").unwrap();
    fs::set_permissions(&shadow, fs::Permissions::from_mode(0o600)).unwrap();
    fs::remove_file(&layout.staging).unwrap();
    fs::hard_link(&shadow, &layout.staging).unwrap();
    let owner = Ownership {
        uid: REI,
        gid: REI,
        mode: 0o644,
    };
    let installed = LocalFiles.install(&layout, owner).await;
    assert_eq!(code(installed), FailureCode::OwnerNotKept);
    let found = fs::metadata(&shadow).unwrap();
    assert_eq!((found.uid(), found.mode() & 0o777), (0, 0o600));
    assert!(!ground.rei("bot.db").exists());
    // And as the link that anybody can make.
    fs::remove_file(&layout.staging).unwrap();
    link(&shadow, &layout.staging);
    assert_eq!(
        code(LocalFiles.install(&layout, owner).await),
        FailureCode::FileError
    );
    assert_eq!(fs::metadata(&shadow).unwrap().uid(), 0);
}

#[tokio::test]
async fn set_id_bits_of_a_database_are_not_passed_on() {
    let ground = Ground::new();
    fs::set_permissions(ground.rei("bot.db"), fs::Permissions::from_mode(0o4755)).unwrap();
    let set = LocalFiles
        .quarantine(&layout(&ground.rei("")))
        .await
        .unwrap();
    assert_eq!(set.ownership.mode, 0o755);
}

#[tokio::test]
async fn a_pipe_in_the_place_of_the_log_holds_nothing_up() {
    let ground = Ground::new();
    let made = Command::new("mkfifo").arg(ground.rei("log")).status();
    assert!(made.unwrap().success());
    let log = FileLog::new(ground.rei("log"));
    let looked = tokio::time::timeout(Duration::from_secs(10), log.end()).await;
    assert_eq!(code(looked.expect("an answer")), FailureCode::FileError);
    let looked = tokio::time::timeout(Duration::from_secs(10), log.rate(Duration::from_secs(60)));
    assert_eq!(
        code(looked.await.expect("an answer")),
        FailureCode::FileError
    );
}
