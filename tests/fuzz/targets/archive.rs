//! Archives of saved files, plain and packed: whatever one holds, nothing outside of the folder is made.
#![no_main]

use flate2::{Compression, write::GzEncoder};
use libfuzzer_sys::fuzz_target;
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::saved_files::{Limits, LocalSavedFiles};
use rei_recovery::ports::backups::{BackupPlace, Work};
use rei_recovery::ports::install::SavedFiles;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| TempDir::new_in("/dev/shm").unwrap());
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
});

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn unpack(packed: &[u8]) {
    let root = FOLDER.path();
    for folder in ["backups", "rei", "quarantine"] {
        let _ = std::fs::remove_dir_all(root.join(folder));
    }
    for folder in ["backups", "rei", "outside"] {
        std::fs::create_dir_all(root.join(folder)).unwrap();
    }
    std::fs::write(root.join("backups/files_20261123_031500.tar.gz"), packed).unwrap();
    let place: Arc<dyn BackupPlace> =
        Arc::new(BackupDir::new(root.join("backups"), Duration::from_secs(5)));
    let (home, aside) = (root.join("rei"), root.join("quarantine/R-1/files"));
    let saved = LocalSavedFiles::new(home.join("bot.db"), Limits::USUAL);
    RUNTIME.block_on(async {
        let archive = place.archives().await.unwrap().remove(0);
        let work = Work::default();
        let _ = saved
            .unpack(Arc::clone(&place), &archive, (&home, &aside), &work)
            .await;
    });
    assert_eq!(names(&root.join("outside")), [""; 0]);
    let beside = names(root)
        .into_iter()
        .filter(|name| name != "quarantine")
        .collect::<Vec<_>>();
    assert_eq!(beside, ["backups", "outside", "rei"]);
    assert!(!home.join("bot.db").exists() && !home.join(".rei-recovery-unpack").exists());
}

fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        // As it comes, or behind the compression, which no mutation gets through.
        Some((0, packed)) => unpack(packed),
        _ => {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(bytes).unwrap();
            unpack(&gzip.finish().unwrap());
        }
    }
});
