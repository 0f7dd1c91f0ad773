//! A whole install: everything is tried, everything is in order, and nothing is left behind.

use super::play::*;
use crate::support::wait::until;
use rei_recovery::demo::world::{World, WorldOptions};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tokio::process::Command;

/// Workers need a moment until they are known to Redis.
async fn whole(world: &World, changes: &[(&str, &str)]) -> Report {
    until("a healthy table", async || {
        let report = check(world, changes).await;
        report.odd().is_empty().then_some(report)
    })
    .await
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    // SQLite's own, which come and go with REI.
    names.filter(|name| !name.starts_with("bot.db-")).collect()
}

#[tokio::test]
async fn a_healthy_install_is_ok_in_every_line_and_stays_as_it_was() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    let folders = [
        world.patient.home(),
        world.bucket(),
        world.patient.backup_dir(),
    ];
    let before = folders.each_ref().map(|folder| names(folder));
    let report = whole(&world, &[]).await;
    assert_eq!(report.code, Some(0), "{report:#?}");
    for check in [
        "settings",
        "runbooks",
        "providers.toml",
        "checklist.toml",
        "contacts.toml",
        "schema.toml",
        "state",
        "unit rei_bot",
        "unit rei_bot_workers",
        "unit redis",
        "UNIT_START_COMMAND",
        "database",
        "schema",
        "open files",
        "log",
        "switch YOOKASSA_MANUAL_MODE",
        "switch ENABLE_FALLBACK_PROVIDERS",
        "program pip3",
        "job function",
        "backups folder",
        "read folder",
        "room folder",
        "write folder",
        "backups s3",
        "read s3",
        "room s3",
        "write s3",
        "backups",
        "redis",
        "queue default",
        "yookassa",
        "yookassa status",
        "provider kling",
        "provider nano_banana",
        "admin bot",
        "team group",
        "approvers",
        "admins",
        "REI's bot",
        "clock",
        "time zone",
        "http",
    ] {
        report.line(check);
    }
    for file in ["bot.db", "config.py", ".env"] {
        report.line(&write_line(&world.patient.home(), file));
    }
    assert_eq!(folders.each_ref().map(|folder| names(folder)), before);
    assert!(
        !world.root().join("state").exists(),
        "made by the service's user"
    );
}

#[tokio::test]
async fn the_table_is_told_in_both_languages_and_beside_a_running_instance() {
    let world = World::build(WorldOptions::new(PROGRAM)).await.unwrap();
    let listen = format!("127.0.0.1:{}", crate::support::redis::free_port());
    let changes = [("DEFAULT_LOCALE", "ru"), ("HTTP_LISTEN", listen.as_str())];
    let report = until("a healthy table", async || {
        let report = check(&world, &changes).await;
        // That this version serves nothing there is a warning of the settings for now.
        let odd = report.odd();
        let odd = odd
            .iter()
            .any(|line| !line.starts_with("settings HTTP_LISTEN"));
        (!odd).then_some(report)
    })
    .await;
    let pid = world.bot_pid().unwrap().to_string();
    assert!(report.line("instance").found.contains(&pid), "{report:#?}");
    assert_eq!(report.line("state.db").verdict, "ok");
    let mut command = Command::new(PROGRAM);
    command.arg("check");
    let output = run(command, &world, &changes).await;
    let table = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{table}");
    for line in &report.lines {
        assert!(
            table.contains(&line.check),
            "{} is missing:\n{table}",
            line.check
        );
    }
    assert!(table.contains("в порядке"), "{table}");
}
