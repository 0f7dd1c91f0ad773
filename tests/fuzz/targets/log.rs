//! REI's log, as its user may write it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rei_recovery::adapters::patient_log::FileLog;
use rei_recovery::ports::log::{LogPosition, PatientLog};
use std::path::PathBuf;
use std::sync::LazyLock;
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

fuzz_target!(|bytes: &[u8]| {
    let path: PathBuf = FOLDER.path().join("bot.log");
    std::fs::write(&path, bytes).unwrap();
    let log = FileLog::new(&path);
    RUNTIME.block_on(async {
        let rate = log.rate(Duration::from_secs(600)).await.unwrap();
        drop(rate);
        let start = LogPosition {
            inode: None,
            offset: 0,
        };
        let news = log.since(&start).await.unwrap();
        drop(news);
    });
});
