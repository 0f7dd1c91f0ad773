//! Ways in which a backup can be bad, generated from seeds.

use super::material::*;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use tempfile::TempDir;

/// What stands beside a damaged backup and can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// Nothing: its own content has to.
    None,
    /// The checksum of what it should be.
    Sum,
    /// The record of what it should be.
    Record,
    /// The test of the week before.
    Earlier,
    /// The live database, which went on.
    Live,
}

/// A damaged backup.
pub struct Case {
    pub name: String,
    pub packed: Vec<u8>,
    pub witness: Witness,
}

/// What all of them are made from.
pub struct Material {
    pub at: Timestamp,
    pub plain: Vec<u8>,
    pub packed: Vec<u8>,
}

impl Material {
    pub fn new(at: Timestamp) -> Self {
        let plain = bytes(&Form::default(), at);
        let packed = gzip(&plain, 6);
        Self { at, plain, packed }
    }
}

fn case(name: impl Into<String>, packed: Vec<u8>, witness: Witness) -> Case {
    Case {
        name: name.into(),
        packed,
        witness,
    }
}

/// All of them.
pub fn all(material: &Material) -> Vec<Case> {
    [
        truncated,
        flipped_packed,
        flipped_gzip_header,
        flipped_header,
        flipped_anywhere,
        pages,
        trees,
        free_list,
        index_against_table,
        by_sql,
        drifted,
        sidecars,
        swapped,
        bombs,
        no_database,
        trailing,
    ]
    .iter()
    .flat_map(|kind| kind(material))
    .collect()
}

fn truncated(m: &Material) -> Vec<Case> {
    let length = m.packed.len();
    let edges = [
        0,
        1,
        2,
        9,
        10,
        11,
        18,
        length - 9,
        length - 8,
        length - 4,
        length - 1,
    ];
    let spread = (1..30).map(|n| length * n / 30);
    let cut = |at: usize| {
        case(
            format!("cut at {at}"),
            m.packed[..at].to_vec(),
            Witness::None,
        )
    };
    edges.into_iter().chain(spread).map(cut).collect()
}

/// Body and trailer.
fn flipped_packed(m: &Material) -> Vec<Case> {
    let tail = m.packed.len() - 8;
    let at = |seed: u64| match seed {
        0..8 => tail + seed as usize,
        _ => 10 + mixed(seed) % (tail - 10),
    };
    let flip = |seed| {
        let bit = (mixed(seed + 77) % 8) as u32;
        case(
            format!("packed bit, seed {seed}"),
            flip(&m.packed, at(seed), bit),
            Witness::None,
        )
    };
    (0..40).map(flip).collect()
}

/// Time, operating system and the like change nothing: only the checksum can tell. Magic and method
/// tell by themselves.
fn flipped_gzip_header(m: &Material) -> Vec<Case> {
    let plainly = (0..12).map(|n| {
        let packed = flip(&m.packed, n % 3, (n / 3 * 2) as u32);
        case(format!("gzip magic {n}"), packed, Witness::None)
    });
    let summed = (0..10).map(|at| {
        let packed = flip(&m.packed, at, 3);
        case(format!("gzip header byte {at}"), packed, Witness::Sum)
    });
    plainly.chain(summed).collect()
}

/// Bytes of the database's header that mean something by themselves.
fn flipped_header(m: &Material) -> Vec<Case> {
    let bytes = (0..16)
        .step_by(3)
        .chain(16..24)
        .chain(28..40)
        .chain([52, 55, 72, 80, 91]);
    let flip = |at: usize| {
        let bit = if matches!(at, 18 | 19) {
            2
        } else {
            (mixed(at as u64) % 8) as u32
        };
        let plain = flip(&m.plain, at, bit);
        case(
            format!("header byte {at} bit {bit}"),
            gzip(&plain, 1),
            Witness::None,
        )
    };
    bytes.map(flip).collect()
}

/// Any byte at all, inside a value or in unused room too: a hash of the content tells.
fn flipped_anywhere(m: &Material) -> Vec<Case> {
    let flip = |seed: u64| {
        let at = if seed < 10 {
            24 + seed as usize * 7
        } else {
            mixed(seed) % m.plain.len()
        };
        let plain = flip(&m.plain, at, (mixed(seed + 5) % 8) as u32);
        case(
            format!("content bit, seed {seed}"),
            gzip(&plain, 1),
            Witness::Record,
        )
    };
    (0..30).map(flip).collect()
}

const PAGE: usize = 4096;

/// Whole pages that are used: zeroed, another one's, of an older state, shifted.
fn pages(m: &Material) -> Vec<Case> {
    let used = used_pages(&m.plain);
    let older = changed(
        &Form::default(),
        m.at,
        "UPDATE jobs SET params = 'older', cost = 6",
    );
    let spoil = |seed: u64| {
        let page = used[mixed(seed) % used.len()];
        let place = page * PAGE..(page + 1) * PAGE;
        let mut plain = m.plain.clone();
        match seed % 4 {
            0 => plain[place].fill(0),
            1 => {
                let other = used[(mixed(seed) + 1) % used.len()];
                let copy = m.plain[other * PAGE..(other + 1) * PAGE].to_vec();
                plain[place].copy_from_slice(&copy);
            }
            2 => plain[place].rotate_right(1 + mixed(seed + 4) % 64),
            _ => {
                // Half of the file is of another moment.
                let half = older.len().min(plain.len()) / PAGE / 2 * PAGE;
                plain[half..].copy_from_slice(&noise(m.plain.len() - half, seed));
            }
        }
        case(
            format!("page {page}, seed {seed}"),
            gzip(&plain, 1),
            Witness::None,
        )
    };
    (0..24).map(spoil).collect()
}

/// The heads of trees: kind of page, number of cells, pointers to cells.
fn trees(m: &Material) -> Vec<Case> {
    let spoil = |(name, root): (String, usize)| {
        let head = (root - 1) * PAGE + if root == 1 { 100 } else { 0 };
        [(0, 0), (3, 0), (4, 2), (8, 4), (9, 3)].map(|(at, bit)| {
            let plain = flip(&m.plain, head + at, bit);
            case(
                format!("root of {name}, byte {at}"),
                gzip(&plain, 1),
                Witness::None,
            )
        })
    };
    let filled = roots(&m.plain)
        .into_iter()
        .filter(|(name, _)| name != "scratch");
    filled.flat_map(spoil).collect()
}

fn free_list(m: &Material) -> Vec<Case> {
    let trunk = word(&m.plain, 32) as usize;
    assert!(trunk > 1, "there is no free list");
    let head = (trunk - 1) * PAGE;
    let at = [
        head + 2,
        head + 3,
        head + 7,
        head + 8,
        head + 10,
        head + 11,
        39,
    ];
    let spoil = |at: usize| {
        let plain = flip(&m.plain, at, 4);
        case(
            format!("free list, byte {at}"),
            gzip(&plain, 1),
            Witness::None,
        )
    };
    at.map(spoil).into()
}

/// Rows that changed while an index was not looking: as by a program that lost half of its writes.
fn index_against_table(m: &Material) -> Vec<Case> {
    let indexes = [
        (
            "jobs_user",
            "UPDATE jobs SET user_id = 2 WHERE id = 'job-7'",
        ),
        ("jobs_user", "DELETE FROM jobs WHERE id = 'job-9'"),
        (
            "jobs_status",
            "UPDATE jobs SET status = 'failed' WHERE user_id = 11",
        ),
        (
            "jobs_status",
            "UPDATE jobs SET updated_at = '2026-11-01' WHERE user_id > 290",
        ),
        (
            "ledger_user",
            "UPDATE ledger SET user_id = user_id % 9 + 1 WHERE id = 13",
        ),
        ("ledger_user", "DELETE FROM ledger WHERE id = 600"),
        (
            "ledger_once",
            "UPDATE ledger SET reference = 'pay-x' WHERE id = 21",
        ),
        (
            "ledger_once",
            "UPDATE ledger SET reason = 'job' WHERE id = 22",
        ),
        (
            "payments_status",
            "UPDATE payments SET status = 'canceled' WHERE id = 'pay-3'",
        ),
        (
            "payments_status",
            "DELETE FROM payments WHERE user_id > 280",
        ),
    ];
    let spoil = |(index, sql): (&str, &str)| {
        let plain = unseen(&m.plain, index, sql);
        case(format!("{index}: {sql}"), gzip(&plain, 1), Witness::None)
    };
    indexes.map(spoil).into()
}

/// The database after a change that this index has not seen.
fn unseen(plain: &[u8], index: &str, sql: &str) -> Vec<u8> {
    let (dir, db) = opened(plain);
    let path = dir.path().join("bot.db");
    let hidden = "PRAGMA writable_schema=ON; CREATE TABLE kept AS
        SELECT * FROM sqlite_schema WHERE name = 'INDEX'; DELETE FROM sqlite_schema WHERE name = 'INDEX'";
    db.execute_batch(&hidden.replace("INDEX", index)).unwrap();
    db.close().unwrap();
    let db = Connection::open(&path).unwrap();
    db.execute_batch(sql).unwrap();
    db.execute_batch(
        "PRAGMA writable_schema=ON; INSERT INTO sqlite_schema SELECT * FROM kept; DROP TABLE kept",
    )
    .unwrap();
    db.close().unwrap();
    std::fs::read(path).unwrap()
}

fn by_sql(m: &Material) -> Vec<Case> {
    let balance = BALANCE;
    [
        "DROP TABLE users",
        "DROP TABLE jobs",
        "DROP TABLE ledger",
        "DROP TABLE payments",
        "ALTER TABLE users RENAME COLUMN balance TO money",
        "ALTER TABLE ledger RENAME TO ledger_old",
        "ALTER TABLE jobs DROP COLUMN attempts",
        "DELETE FROM users",
        "DELETE FROM ledger",
        "DELETE FROM payments",
        "DELETE FROM jobs",
        "DELETE FROM users; DELETE FROM jobs; DELETE FROM ledger; DELETE FROM payments",
        &format!("DELETE FROM ledger; {balance}"),
        "DELETE FROM users WHERE id = 300",
        "DELETE FROM users WHERE id % 2",
        "UPDATE jobs SET user_id = 777777 WHERE id = 'job-7'",
        "UPDATE payments SET user_id = -1 WHERE id = 'pay-9'",
        "INSERT INTO ledger(user_id, amount, reason, created_at) VALUES (5000, 0, 'bonus', '2026-01-01')",
        "UPDATE users SET balance = balance + 1 WHERE id = 17",
        "UPDATE users SET balance = -balance",
        "UPDATE ledger SET amount = amount * 2 WHERE id = 5",
        "DELETE FROM ledger WHERE id = 300",
        "DELETE FROM ledger WHERE id > 400",
        "UPDATE ledger SET user_id = 2 WHERE user_id = 1",
        "INSERT INTO ledger(user_id, amount, reason, created_at) VALUES (5, 10, 'bonus', '2026-01-01')",
    ]
    .iter()
    .map(|sql| {
        let plain = changed(&Form::default(), m.at, sql);
        case(*sql, gzip(&plain, 1), Witness::None)
    })
    .collect()
}

/// Rows are gone, and everything fits together all the same.
fn drifted(m: &Material) -> Vec<Case> {
    let users = "DELETE FROM ledger WHERE user_id > N; DELETE FROM jobs WHERE user_id > N;
                 DELETE FROM payments WHERE user_id > N; DELETE FROM users WHERE id > N";
    let mut all: Vec<String> = [10, 150, 290]
        .map(|n| users.replace('N', &n.to_string()))
        .into();
    all.extend([
        format!("DELETE FROM ledger WHERE id > 593; {BALANCE}"),
        format!("DELETE FROM ledger WHERE id > 200; {BALANCE}"),
        format!("DELETE FROM jobs; DELETE FROM ledger WHERE reason = 'job'; {BALANCE}"),
        "DELETE FROM payments WHERE user_id > 290".to_owned(),
        "DELETE FROM jobs WHERE user_id > 140".to_owned(),
        "DELETE FROM sessions WHERE id > 100".to_owned(),
        "DROP TABLE sessions".to_owned(),
    ]);
    all.into_iter()
        .map(|sql| {
            let plain = changed(&Form::default(), m.at, &sql);
            case(format!("drift: {sql}"), gzip(&plain, 1), Witness::Earlier)
        })
        .collect()
}

/// A main file that was copied without its write-ahead log, and one with the log glued to it.
fn sidecars(m: &Material) -> Vec<Case> {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("bot.db");
    let form = Form {
        wal: true,
        ..Form::default()
    };
    let older = m.at.checked_sub(SignedDuration::from_hours(2)).unwrap();
    make(&path, &form, older).close().unwrap();
    let db = Connection::open(&path).unwrap();
    db.execute_batch("PRAGMA wal_autocheckpoint=0").unwrap();
    db.execute_batch("INSERT INTO sessions SELECT id + 1000, 't' || id FROM sessions")
        .unwrap();
    let main = std::fs::read(&path).unwrap();
    let log = std::fs::read(dir.path().join("bot.db-wal")).unwrap();
    assert!(log.len() > 4096);
    let glued = [&main[..], &log[..]].concat();
    let journal = [&m.plain[..], &noise(4096, 3)].concat();
    vec![
        case("without its log", gzip(&main, 6), Witness::Live),
        case("with its log behind it", gzip(&glued, 6), Witness::None),
        case("with a journal behind it", gzip(&journal, 6), Witness::None),
        case(
            "log behind it as a member",
            [gzip(&main, 6), gzip(&log, 6)].concat(),
            Witness::None,
        ),
        case("the log alone", gzip(&log, 6), Witness::None),
    ]
}

/// Another backup under this one's name.
fn swapped(m: &Material) -> Vec<Case> {
    let mut cases = Vec::new();
    for days in [1, 7] {
        let older =
            m.at.checked_sub(SignedDuration::from_hours(24 * days))
                .unwrap();
        let packed = gzip(&bytes(&Form::default(), older), 6);
        for witness in [Witness::Sum, Witness::Record, Witness::Live] {
            cases.push(case(
                format!("of {days} days before, {witness:?}"),
                packed.clone(),
                witness,
            ));
        }
    }
    cases
}

fn bombs(m: &Material) -> Vec<Case> {
    let mut huge = m.plain[..100].to_vec();
    huge[28..32].copy_from_slice(&u32::MAX.to_be_bytes());
    let zeros = zeros(192);
    let many: Vec<u8> = std::iter::repeat_n(&zeros[..], 3)
        .flatten()
        .copied()
        .collect();
    let behind = [gzip(&m.plain, 6), zeros.clone()].concat();
    vec![
        case("bomb of zeros", zeros, Witness::None),
        case("bomb in many members", many, Witness::None),
        case("bomb behind a database", behind, Witness::None),
        case(
            "header that promises terabytes",
            gzip(&huge, 6),
            Witness::None,
        ),
    ]
}

fn no_database(m: &Material) -> Vec<Case> {
    let dump =
        b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE users(id);\n".repeat(900);
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(m.plain.len() as u64);
    header.set_cksum();
    tar.append_data(&mut header, "bot.db", &m.plain[..])
        .unwrap();
    vec![
        case("empty file", Vec::new(), Witness::None),
        case("empty database", gzip(b"", 6), Witness::None),
        case("a dump", gzip(&dump, 6), Witness::None),
        case("noise", gzip(&noise(50_000, 1), 6), Witness::None),
        case("packed twice", gzip(&m.packed, 6), Witness::None),
        case("not packed", m.plain.clone(), Witness::None),
        case("not even that", noise(50_000, 2), Witness::None),
        case(
            "an archive",
            gzip(&tar.into_inner().unwrap(), 6),
            Witness::None,
        ),
        case("magic alone", gzip(b"SQLite format 3\0", 6), Witness::None),
        case("header alone", gzip(&m.plain[..100], 6), Witness::None),
        case("one page", gzip(&m.plain[..PAGE], 6), Witness::None),
        case(
            "an error page",
            b"<html>403 Forbidden</html>".to_vec(),
            Witness::None,
        ),
        case(
            "a database without tables",
            gzip(&empty_database(), 6),
            Witness::None,
        ),
    ]
}

fn trailing(m: &Material) -> Vec<Case> {
    let behind = |more: &[u8]| [&m.packed[..], more].concat();
    vec![
        case("noise behind it", behind(&noise(1000, 4)), Witness::None),
        case("a byte behind it", behind(b"x"), Witness::None),
        case(
            "half a member behind it",
            behind(&m.packed[..200]),
            Witness::None,
        ),
        case("twice", behind(&m.packed), Witness::None),
        case(
            "text as a member behind it",
            behind(&gzip(b"done\n", 6)),
            Witness::None,
        ),
        case(
            "half a page behind the content",
            gzip(&[&m.plain[..], &[0; 2048]].concat(), 6),
            Witness::None,
        ),
        case(
            "pages behind the content",
            gzip(&[&m.plain[..], &[0; 8192]].concat(), 6),
            Witness::None,
        ),
    ]
}

fn flip(bytes: &[u8], at: usize, bit: u32) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1 << bit;
    bytes
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn opened(plain: &[u8]) -> (TempDir, Connection) {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("bot.db");
    std::fs::write(&path, plain).unwrap();
    let db = Connection::open(path).unwrap();
    (dir, db)
}

/// Root pages of tables and indexes, the schema's own first.
fn roots(plain: &[u8]) -> Vec<(String, usize)> {
    let (_dir, db) = opened(plain);
    let sql =
        "SELECT 'schema', 1 UNION ALL SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0";
    let mut query = db.prepare(sql).unwrap();
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get::<_, u32>(1)? as usize)));
    rows.unwrap().map(Result::unwrap).collect()
}

/// Pages that are not free, by number from 0.
fn used_pages(plain: &[u8]) -> Vec<usize> {
    let trunk = word(plain, 32) as usize;
    let head = (trunk - 1) * PAGE;
    let leaves = word(plain, head + 4) as usize;
    let free: Vec<usize> = (0..leaves)
        .map(|n| word(plain, head + 8 + 4 * n) as usize)
        .collect();
    let pages = 1..=plain.len() / PAGE;
    let used = pages.filter(|page| *page != trunk && !free.contains(page));
    used.map(|page| page - 1).collect()
}

fn empty_database() -> Vec<u8> {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("bot.db");
    let db = Connection::open(&path).unwrap();
    db.execute_batch("CREATE TABLE t(a); DROP TABLE t").unwrap();
    db.close().unwrap();
    std::fs::read(path).unwrap()
}
