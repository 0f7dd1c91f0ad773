//! Databases as REI leaves them, of any form, and ways to pack them.

use flate2::{Compression, GzBuilder, write::GzEncoder};
use jiff::Timestamp;
use rusqlite::Connection;
use std::io::Write;
use std::path::Path;
use tempfile::TempDir;

/// A number that follows from another one (splitmix64).
pub fn mixed(seed: u64) -> usize {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 16) as usize
}

/// What a database is like.
#[derive(Clone, Debug)]
pub struct Form {
    pub page: u32,
    pub wal: bool,
    pub vacuum: &'static str,
    pub encoding: &'static str,
    pub users: u32,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            page: 4096,
            wal: false,
            vacuum: "none",
            encoding: "UTF-8",
            users: 300,
        }
    }
}

/// Users with a payment, jobs and what the ledger says of both; the newest row is of `until`. Free
/// pages, and tables that nobody mapped, as in any real one.
const FILL: &str = "
    INSERT INTO users(id, username, created_at)
        SELECT value, 'user ' || value, datetime(:until, -value || ' minutes') FROM generated;
    INSERT INTO payments SELECT 'pay-' || id, id, 'yk-' || id, '199.00', 'RUB', 100, 'succeeded',
        created_at, created_at FROM users;
    INSERT INTO jobs SELECT 'job-' || id, id, 'kling', 'video', 'completed',
        '{\"prompt\":\"' || hex(id * 7919) || '\"}', 5, NULL, 1, created_at,
        datetime(:until, -(id - 1) || ' minutes') FROM users;
    INSERT INTO ledger(user_id, amount, reason, reference, created_at)
        SELECT user_id, credits, 'payment', id, created_at FROM payments;
    INSERT INTO ledger(user_id, amount, reason, reference, created_at)
        SELECT user_id, -cost, 'job', id, created_at FROM jobs;
    INSERT INTO sessions SELECT value, hex(value * 104729) FROM generated;
    INSERT INTO scratch SELECT value, hex(zeroblob(100)) FROM generated;
    DELETE FROM scratch WHERE id > 5;";

/// Makes one and gives the open connection.
pub fn make(path: &Path, form: &Form, until: Timestamp) -> Connection {
    let db = Connection::open(path).unwrap();
    let Form {
        page,
        vacuum,
        encoding,
        users,
        ..
    } = form;
    db.execute_batch(&format!(
        "PRAGMA page_size={page}; PRAGMA encoding='{encoding}'; PRAGMA auto_vacuum={vacuum};"
    ))
    .unwrap();
    db.execute_batch(include_str!("../restore/schema.sql"))
        .unwrap();
    let until = until.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let fill = FILL.replace(":until", &format!("'{until}'"));
    db.execute_batch(&format!(
        "BEGIN; CREATE TABLE sessions(id INTEGER PRIMARY KEY, token TEXT UNIQUE);
         CREATE TABLE scratch(id INTEGER PRIMARY KEY, bytes TEXT);
         CREATE TEMP TABLE generated AS WITH RECURSIVE n(value) AS
             (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < {users}) SELECT value FROM n;
         {fill} {BALANCE}; DROP TABLE generated; COMMIT"
    ))
    .unwrap();
    if form.wal {
        db.pragma_update(None, "journal_mode", "wal").unwrap();
    }
    db
}

/// Balances as the ledger has them.
pub const BALANCE: &str = "UPDATE users SET balance = coalesce(
    (SELECT sum(amount) FROM ledger WHERE user_id = users.id), 0)";

/// The bytes of a closed one.
pub fn bytes(form: &Form, until: Timestamp) -> Vec<u8> {
    changed(form, until, "")
}

/// The bytes of a closed one, changed by SQL that need not respect foreign keys.
pub fn changed(form: &Form, until: Timestamp, sql: &str) -> Vec<u8> {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("bot.db");
    let db = make(&path, form, until);
    db.execute_batch("PRAGMA foreign_keys=OFF").unwrap();
    db.execute_batch(sql).unwrap();
    db.close().unwrap();
    std::fs::read(path).unwrap()
}

/// Packed as `gzip` does.
pub fn gzip(plain: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// Packed with the file's name and time in its header.
pub fn named_gzip(plain: &[u8]) -> Vec<u8> {
    let builder = GzBuilder::new().filename("bot.db").mtime(1_700_000_000);
    let mut encoder = builder.write(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// Packed in several members, as parallel programs do.
pub fn members(plain: &[u8], length: usize) -> Vec<u8> {
    let packed = plain.chunks(length).map(|part| gzip(part, 6));
    packed.collect::<Vec<_>>().concat()
}

/// Zeros without end, packed: a thousandth of their size.
pub fn zeros(mib: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![0; 1 << 20];
    for _ in 0..mib {
        encoder.write_all(&block).unwrap();
    }
    encoder.finish().unwrap()
}

/// Bytes that hardly compress.
pub fn noise(length: usize, seed: u64) -> Vec<u8> {
    (0..length as u64)
        .map(|at| mixed(seed * 7919 + at) as u8)
        .collect()
}
