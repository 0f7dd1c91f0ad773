//! Somebody who can write `state.db` changes the audit trail.

use super::{good, outcome, world};
use rei_recovery::demo::world::World;
use rei_recovery::domain::Timestamp;
use rei_recovery::domain::audit::{AuditDraft, AuditEntry};
use rei_recovery::domain::failure::Args;
use rei_recovery::domain::operator::Actor;
use rusqlite::{Connection, params};
use std::path::Path;
use std::process::{Command, Output};

const FREE: &str = "DROP TRIGGER audit_never_updated; DROP TRIGGER audit_never_deleted;";

/// `audit verify` of a copy of the state, after something was done to it.
fn verify(world: &World, harm: impl FnOnce(&Connection)) -> Output {
    let copy = outcome::copied(world.state.path().parent().unwrap());
    let db = Connection::open(copy.path().join("state.db")).unwrap();
    db.execute_batch(FREE).unwrap();
    harm(&db);
    drop(db);
    console(world, copy.path())
}

fn console(world: &World, state: &Path) -> Output {
    let mut command = Command::new(super::PROGRAM);
    command
        .args(["audit", "verify"])
        .env_clear()
        .envs(world.settings())
        .env("STATE_DIR", state)
        .current_dir(world.root());
    command.output().unwrap()
}

fn assert_names(output: &Output, seq: u64, what: &str) {
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{what}: {said}");
    assert!(said.contains(&format!("entry {seq} ")), "{what}: {said}");
}

/// An entry that continues the trail as this program would, but for the seal.
fn append(db: &Connection) -> (u64, String) {
    let last = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
    let (seq, prev): (i64, String) = db
        .query_row(last, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let draft = AuditDraft {
        actor: Actor::system(),
        verb: "approve".to_owned(),
        subject: "swap".to_owned(),
        run: None,
        outcome: "ok".to_owned(),
        detail: Args::new(),
        announce: false,
    };
    let entry = AuditEntry::seal(draft, seq.unsigned_abs() + 1, Timestamp::now(), &prev);
    db.execute(
        "INSERT INTO audit (seq, at, actor, verb, subject, run, outcome, detail, prev, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, NULL, ?6, ?7, ?8, ?9)",
        params![
            seq + 1,
            entry.at.to_string(),
            serde_json::to_string(&entry.actor).unwrap(),
            entry.verb,
            entry.subject,
            entry.outcome,
            serde_json::to_string(&entry.detail).unwrap(),
            entry.prev,
            entry.hash,
        ],
    )
    .unwrap();
    (entry.seq, entry.hash)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_of_the_trail_is_noticed_and_its_entry_named() {
    let world = world().await;
    let recover = ["recover", "database-corruption", "--yes"];
    assert_eq!(good(world.console(&recover).await).code, Some(0));
    good(world.stop_bot().await);
    let last = outcome::entries(world.state.path());
    assert!(last > 20, "{last}");

    let untouched = verify(&world, |_| {});
    assert_eq!(untouched.status.code(), Some(0), "{untouched:?}");

    let edits = [
        "verb = 'deny'",
        "actor = json_set(actor, '$.id', 7)",
        "at = '2020-01-01T00:00:00Z'",
        "subject = 'x'",
        "run = 9",
        "outcome = 'failed'",
        "detail = '{\"a\":1}'",
        "hash = prev",
        "prev = hash",
        "detail = 'no json'",
    ];
    for (seq, edit) in (2..).zip(edits) {
        let sql = format!("UPDATE audit SET {edit} WHERE seq = {seq}");
        let output = verify(&world, |db| assert_eq!(db.execute(&sql, []).unwrap(), 1));
        assert_names(&output, seq, &sql);
    }
    for seq in [1, 7, last] {
        let sql = format!("DELETE FROM audit WHERE seq = {seq}");
        let output = verify(&world, |db| assert_eq!(db.execute(&sql, []).unwrap(), 1));
        assert_names(&output, seq, &sql);
    }
    let swapped = verify(&world, |db| {
        db.execute_batch(
            "UPDATE audit SET seq = -1 WHERE seq = 9;
             UPDATE audit SET seq = 9 WHERE seq = 10;
             UPDATE audit SET seq = 10 WHERE seq = -1;",
        )
        .unwrap();
    });
    assert_names(&swapped, 9, "swapped");
    let appended = verify(&world, |db| drop(append(db)));
    assert_names(&appended, last + 1, "appended");
    let with_head = verify(&world, |db| {
        let (seq, hash) = append(db);
        let sql = "UPDATE audit_head SET seq = ?1, hash = ?2";
        db.execute(sql, params![seq.cast_signed(), hash]).unwrap();
    });
    assert_names(&with_head, last + 1, "appended with its head");
}
