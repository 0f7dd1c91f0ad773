//! Files that others may read.

use super::play::*;
use rei_recovery::demo::world::WorldOptions;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tokio::process::Command;

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn what_others_may_read_is_named_with_the_command_that_closes_it() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    let (state, secret) = (world.root().join("own"), world.root().join("shop.key"));
    fs::create_dir(&state).unwrap();
    for name in ["audit.key", "state.db"] {
        fs::write(state.join(name), []).unwrap();
    }
    fs::write(&secret, &world.settings()["YOOKASSA_SECRET_KEY"]).unwrap();
    let changes = [
        ("STATE_DIR", state.to_str().unwrap()),
        ("YOOKASSA_SECRET_KEY", ""),
        ("YOOKASSA_SECRET_KEY_FILE", secret.to_str().unwrap()),
    ];
    let key = state.join("audit.key");
    let secrets = format!("secrets {}", secret.display());
    for (path, mode) in [
        (&state, 0o755),
        (&key, 0o644),
        (&state.join("state.db"), 0o600),
        (&secret, 0o604),
    ] {
        chmod(path, mode);
    }
    let open = check(&world, &changes).await;
    open.warned("state mode", "chmod 700");
    open.warned("audit key", "chmod 600");
    open.warned(&secrets, "chmod 640");
    assert!(open.line("state mode").found.contains("0644"), "{open:#?}");
    chmod(&state, 0o700);
    chmod(&key, 0o640);
    chmod(&secret, 0o640);
    let closed = check(&world, &changes).await;
    assert_eq!(closed.line("secrets").verdict, "ok");
    closed.warned("audit key", "chmod 600");
    let odd = closed.odd();
    assert!(!odd.contains(&"state mode"), "{odd:?}");
    chmod(&key, 0o600);
    let closed = check(&world, &changes).await;
    assert!(!closed.odd().contains(&"audit key"), "{closed:#?}");
}

#[tokio::test]
async fn a_start_says_so_too() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    let secret = world.root().join("shop.key");
    fs::write(&secret, &world.settings()["YOOKASSA_SECRET_KEY"]).unwrap();
    let named = secret.to_str().unwrap();
    let changes = [
        ("YOOKASSA_SECRET_KEY", ""),
        ("YOOKASSA_SECRET_KEY_FILE", named),
    ];
    // In a folder that is closed to others nothing is open to them.
    for (folder, file, told) in [
        (0o755, 0o644, true),
        (0o755, 0o640, false),
        (0o700, 0o644, false),
    ] {
        chmod(world.root(), folder);
        chmod(&secret, file);
        let mut command = Command::new(PROGRAM);
        command.args(["backup", "prune", "--dry-run"]);
        let output = run(command, &world, &changes).await;
        let log = String::from_utf8_lossy(&output.stderr);
        let line = log
            .lines()
            .find(|line| line.contains("everybody on this machine"));
        let line = line.unwrap_or_default();
        assert_eq!(line.contains(named), told, "{folder:o} {file:o}: {log}");
    }
}
