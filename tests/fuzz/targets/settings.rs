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

/// A value, or a line that was missing.
const PLACE: usize = 64;

fn differ_in_one_place(before: &[u8], after: &[u8]) -> bool {
    let pairs = before.iter().zip(after);
    let same = pairs.take_while(|(a, b)| a == b).count();
    let pairs = before[same..].iter().rev().zip(after[same..].iter().rev());
    let behind = pairs.take_while(|(a, b)| a == b).count();
    before.len().max(after.len()) - same - behind <= PLACE
}

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
                let now = std::fs::read(home.join(switch.file())).unwrap();
                assert!(differ_in_one_place(bytes, &now), "{now:?}");
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
