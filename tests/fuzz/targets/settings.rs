//! REI's settings files: a switch that was set reads as set, and going back reads as before.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rei_recovery::adapters::settings_files::LocalSettings;
use rei_recovery::ports::install::{SettingsFiles, Switch};
use std::sync::LazyLock;
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
    let home = FOLDER.path();
    let keep = home.join("quarantine/R-1/settings");
    let _ = std::fs::remove_dir_all(home.join("quarantine"));
    for switch in [Switch::ManualPayments, Switch::FallbackProviders] {
        std::fs::write(home.join(switch.file()), bytes).unwrap();
        RUNTIME.block_on(async {
            let before = LocalSettings.read(home, switch).await;
            for on in [true, false] {
                let Ok(done) = LocalSettings.set(home, switch, on, &keep).await else {
                    return;
                };
                let after = LocalSettings.read(home, switch).await;
                assert_eq!(after.ok().flatten(), Some(on), "{done:?}");
            }
            if let Ok(Some(was)) = before {
                LocalSettings.set(home, switch, was, &keep).await.unwrap();
                let now = LocalSettings.read(home, switch).await;
                assert_eq!(now.ok().flatten(), Some(was));
            }
            let _ = LocalSettings.missing_keys(home).await;
        });
    }
});
