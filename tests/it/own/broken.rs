//! A state that cannot be used: what still works, what is said, and the way back, as OPERATING.md has it.

use super::*;
use crate::support::redis::free_port;
use rusqlite::Connection;
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Bytes in the middle of the file that are no SQLite's.
fn damage(state: &Path) {
    for beside in ["state.db-wal", "state.db-shm"] {
        drop(fs::remove_file(state.with_file_name(beside)));
    }
    let mut bytes = fs::read(state).unwrap();
    let middle = bytes.len() / 2;
    bytes[100..middle].fill(0x5a);
    fs::write(state, bytes).unwrap();
}

/// Overwrites a table's first page beneath whoever has the file open, and lets him read it anew.
fn spoil(state: &Path, table: &str) {
    let db = Connection::open(state).unwrap();
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let page = number(&format!(
        "SELECT rootpage FROM sqlite_schema WHERE name = '{table}'"
    ));
    let size = number("PRAGMA page_size");
    // Only where nothing is left in the log is the file what is read.
    let emptied = || number("PRAGMA wal_checkpoint(TRUNCATE)") == 0;
    while !emptied() {}
    let bytes = vec![0x5a; size.try_into().unwrap()];
    let file = fs::File::options().write(true).open(state).unwrap();
    let at = (page - 1) * size;
    file.write_all_at(&bytes, at.try_into().unwrap()).unwrap();
    drop(file);
    db.execute("INSERT INTO people (id, language) VALUES (1, 'en')", [])
        .unwrap();
}

async fn probe(port: u16, path: &str) -> (u16, String) {
    let url = format!("http://127.0.0.1:{port}{path}");
    let answer = reqwest::get(url).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_state_it_looks_answers_and_says_the_way_back() {
    let port = free_port();
    let options = WorldOptions::new(PROGRAM).set("HTTP_LISTEN", format!("127.0.0.1:{port}"));
    let world = built(options).await;
    let (anna, team) = (world.cast.anna, world.cast.team);
    let talk = world.cast.private(anna);
    done(&world, "state copy").await;
    good(world.stop_bot().await);
    let dir = state_dir(&world);
    damage(&dir.join("state.db"));

    good(world.start_bot().await);
    let told = said(&world, team, "My own state cannot be used").await;
    assert!(
        told.text().contains("rei-recoveryctl state restore latest"),
        "{}",
        told.text()
    );
    assert!(world.bot_log().contains("the own state cannot be used"));
    for path in ["/healthz", "/readyz"] {
        let (status, text) = probe(port, path).await;
        assert_eq!(status, 503, "{path}: {text}");
    }
    asks(&world, anna, "/status");
    let status = said(&world, talk, "is missing").await;
    assert!(status.text().contains("REI"), "{}", status.text());
    asks(&world, anna, "/recover");
    said(&world, talk, "nothing can be begun").await;
    asks(&world, anna, "/audit");
    // Neither a trail nor runs are made up.
    for line in ["audit list", "runs list", "checklist show"] {
        let refused = console(&world, line).await;
        assert_eq!(refused.code, Some(1), "{line}: {refused:?}");
        assert!(
            refused.stderr.contains("state restore latest"),
            "{refused:?}"
        );
    }
    let refused = console(&world, "recover database-corruption --yes").await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    for line in ["backup list", "runbook list", "contacts", "status"] {
        assert_eq!(console(&world, line).await.code, Some(0), "{line}");
    }

    // Beside it, as the message says; what was there is kept.
    let restored = console(&world, "state restore latest --yes").await;
    assert_eq!(restored.code, Some(0), "{restored:?}");
    assert!(restored.stdout.contains("set-aside"), "{restored:?}");
    said(&world, team, "put a copy of the own state in place").await;
    let ready = || async { (probe(port, "/readyz").await.0 == 200).then_some(()) };
    crate::support::wait::until("readiness", ready).await;
    done(&world, "audit verify").await;
    assert_eq!(
        console(&world, "recover database-corruption --dry-run")
            .await
            .code,
        Some(0)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_that_was_lost_is_not_silently_begun_anew() {
    let world = built(WorldOptions::new(PROGRAM).units_down()).await;
    good(world.stop_bot().await);
    let dir = state_dir(&world);
    for name in ["state.db", "state.db-wal", "state.db-shm"] {
        drop(fs::remove_file(dir.join(name)));
    }
    good(world.start_bot().await);
    let told = said(&world, world.cast.team, "My own state cannot be used").await;
    assert!(
        told.text().contains("rei-recoveryctl state new"),
        "{}",
        told.text()
    );
    let begun = console(&world, "state new --yes").await;
    assert_eq!(begun.code, Some(0), "{begun:?}");
    said(&world, world.cast.team, "began with an empty state").await;
    done(&world, "audit verify").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_that_is_found_at_work_is_told_and_ends_nothing_silently() {
    let world = built(WorldOptions::new(PROGRAM).units_down()).await;
    let dir = state_dir(&world);
    done(&world, "state copy").await;
    good(world.until_delivered(PATIENCE).await);
    let pid = world.bot_pid();
    // Written to each few seconds, to learn whether the state takes writes.
    spoil(&dir.join("state.db"), "touched");
    said(&world, world.cast.team, "My own state cannot be used").await;
    assert_eq!(world.bot_pid(), pid, "it is not started anew");
    // The file still opens, and is nobody's to work on: not the console's either.
    let refused = console(&world, "recover database-corruption --yes").await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused.stderr.contains("state restore latest"),
        "{refused:?}"
    );
    let restored = console(&world, "state restore latest --yes").await;
    assert_eq!(restored.code, Some(0), "{restored:?}");
    said(
        &world,
        world.cast.team,
        "put a copy of the own state in place",
    )
    .await;
    assert_eq!(world.bot_pid(), pid);
}
