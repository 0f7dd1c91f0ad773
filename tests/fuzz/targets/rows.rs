//! Rows of REI's database with any values in them: an error at worst.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rei_recovery::adapters::rei_records::{RecordsLimits, RecordsOptions, ReiRecords};
use rei_recovery::ports::records::Records;
use rei_recovery::runbook::schema;
use rusqlite::{Connection, params};
use std::sync::{LazyLock, Mutex};
use tempfile::TempDir;
use tokio::runtime::Runtime;

struct Ground {
    _folder: TempDir,
    db: Mutex<Connection>,
    records: ReiRecords,
    runtime: Runtime,
}

static GROUND: LazyLock<Ground> = LazyLock::new(|| {
    let folder = TempDir::new_in("/dev/shm").unwrap();
    let path = folder.path().join("bot.db");
    let db = Connection::open(&path).unwrap();
    db.execute_batch(include_str!("../../it/restore/schema.sql"))
        .unwrap();
    db.execute_batch(
        "PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF;
         INSERT INTO users(id, created_at) VALUES (1, '2026-11-23 02:00:00')",
    )
    .unwrap();
    let records = ReiRecords::new(RecordsOptions {
        database: path,
        schema: schema::built_in().unwrap(),
        tasks: [("kling".to_owned(), "kling.task_id".to_owned())].into(),
        limits: RecordsLimits::default(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    Ground {
        _folder: folder,
        db: Mutex::new(db),
        records,
        runtime,
    }
});

/// A value of any of SQLite's types.
fn value(part: &[u8]) -> rusqlite::types::Value {
    use rusqlite::types::Value;
    match part.split_first() {
        None => Value::Null,
        Some((0, rest)) => Value::Blob(rest.to_vec()),
        Some((1, rest)) => {
            let mut bytes = [0; 8];
            bytes[..rest.len().min(8)].copy_from_slice(&rest[..rest.len().min(8)]);
            Value::Integer(i64::from_le_bytes(bytes))
        }
        Some((2, rest)) => {
            let mut bytes = [0; 8];
            bytes[..rest.len().min(8)].copy_from_slice(&rest[..rest.len().min(8)]);
            Value::Real(f64::from_le_bytes(bytes))
        }
        Some(_) => Value::Text(String::from_utf8_lossy(part).into_owned()),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let parts: Vec<_> = bytes.split(|byte| *byte == b'|').map(value).collect();
    let at = |place: usize| {
        parts
            .get(place)
            .cloned()
            .unwrap_or(rusqlite::types::Value::Null)
    };
    let ground = &*GROUND;
    {
        let db = ground.db.lock().unwrap();
        db.execute_batch("DELETE FROM jobs; DELETE FROM payments; DELETE FROM ledger")
            .unwrap();
        let _ = db.execute(
            "INSERT INTO jobs VALUES ('j', 1, ?1, 'image', ?2, ?3, 5, ?4, 1, ?5, ?6)",
            params![at(0), at(1), at(2), at(3), at(4), at(5)],
        );
        let _ = db.execute(
            "INSERT INTO payments VALUES ('p', 1, ?1, ?2, ?3, ?4, ?5, ?6, ?6)",
            params![at(0), at(1), at(2), at(3), at(4), at(5)],
        );
        let _ = db.execute(
            "UPDATE users SET username = ?1, language = ?2, balance = ?3, created_at = ?4",
            params![at(0), at(1), at(2), at(3)],
        );
    }
    ground.runtime.block_on(async {
        let records = &ground.records;
        let _ = records.unfinished_jobs().await;
        let _ = records.failed_jobs(None).await;
        let _ = records.payments(None).await;
        let _ = records.users(None, 10).await;
        let _ = records.addressees(&[1]).await;
        let _ = records.balance(1).await;
    });
});
