//! The world around REI, as far as it cannot be had for real in a test: units, the payment provider,
//! Telegram, the AI providers, programs. A small model with a log of what was done to it.

use super::layer::Call;
use redis::Commands;
use rei_recovery::domain::payment::RemotePayment;
use rei_recovery::domain::unit::{UnitName, UnitState, UnitStatus};
use rusqlite::{Connection, OpenFlags};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

pub const BOT: &str = "rei_bot";
pub const WORKERS: &str = "rei_bot_workers";
pub const REDIS: &str = "redis";

/// What the town knows.
#[derive(Default)]
pub struct Log {
    up: BTreeSet<String>,
    /// A process of a stopped unit lives on.
    lingers: bool,
    lingers_next: bool,
    dies_next: bool,
    /// What REI wrote whenever it opened its database, and which one that was.
    pub beats: BTreeMap<i64, String>,
    /// How often workers ran each job.
    pub runs: BTreeMap<String, u32>,
    /// What people got.
    pub messages: BTreeMap<(i64, String), u32>,
    /// Programs that ran to their end.
    pub programs: u32,
    /// Calls that had their effect.
    pub done: BTreeMap<String, u32>,
    /// How often providers still say that they are down.
    pub outage: u8,
    /// Planted: what is sent arrives twice.
    pub double: bool,
    /// Planted: nobody is ever seen to hold the database.
    pub blind: bool,
}

/// The world.
pub struct Town {
    pub database: PathBuf,
    /// The database's bytes before, where they are damaged: nobody can write into them.
    pub damaged: Option<Vec<u8>>,
    pub shop: BTreeMap<String, RemotePayment>,
    pub redis: Mutex<redis::Connection>,
    log: Mutex<Log>,
}

impl Town {
    pub fn new(
        database: &Path,
        damaged: Option<Vec<u8>>,
        shop: BTreeMap<String, RemotePayment>,
        (redis, outage): (redis::Connection, u8),
    ) -> Self {
        let log = Log {
            up: [BOT, WORKERS, REDIS].map(str::to_owned).into(),
            outage,
            ..Log::default()
        };
        Self {
            database: database.to_owned(),
            damaged,
            shop,
            redis: Mutex::new(redis),
            log: Mutex::new(log),
        }
    }

    pub fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap()
    }

    pub fn redis_runs(&self) -> bool {
        self.log().up.contains(REDIS)
    }

    pub fn runs(&self, unit: &str) -> bool {
        self.log().up.contains(unit)
    }

    /// A person gets a message.
    pub fn got(&self, person: i64, text: &str) {
        let mut log = self.log();
        let times = if log.double { 2 } else { 1 };
        *log.messages.entry((person, text.to_owned())).or_default() += times;
    }

    /// Whether a process of REI's has the database open.
    pub fn is_in_use(&self) -> bool {
        let log = self.log();
        log.lingers || log.up.contains(BOT) || log.up.contains(WORKERS)
    }

    /// An admin looks after what he sees: kills what lives on, starts what should run.
    pub fn mend(&self, should_run: bool) {
        self.log().lingers = false;
        self.start_unit(REDIS);
        if should_run {
            self.start_unit(BOT);
            self.start_unit(WORKERS);
        }
    }

    /// A lie that has to be prepared: what a unit says and its processes do not.
    pub fn will_lie(&self, call: Call, salt: u8) -> bool {
        let mut log = self.log();
        match (call.port, call.method) {
            ("units", "stop") => log.lingers_next = true,
            ("units", "start") if salt.is_multiple_of(2) => log.dies_next = true,
            _ => return false,
        }
        true
    }

    /// A call had its effect.
    pub fn count(&self, call: Call) {
        let name = format!("{}.{}", call.port, call.method);
        *self.log().done.entry(name).or_default() += 1;
    }

    /// Life goes on while the program looks: a worker takes a job.
    pub fn stir(&self, call: Call) {
        let looks = call.is("queue.view") || call.is("records.tallies");
        if looks && self.runs(WORKERS) && self.redis_runs() {
            self.work();
        }
    }

    fn work(&self) {
        let mut redis = self.redis.lock().unwrap();
        let taken: Result<Option<String>, _> = redis.lpop("rq:queue:default", None);
        let Ok(Some(id)) = taken else { return };
        let () = redis
            .hset(format!("rq:job:{id}"), "status", "finished")
            .unwrap();
        *self.log().runs.entry(id.clone()).or_default() += 1;
        let sql =
            "UPDATE jobs SET status = 'completed', updated_at = datetime('now') WHERE id = ?1";
        if let Some(db) = self.open() {
            let _ = db.execute(sql, [id]);
        }
    }

    /// A worker that registered itself, as RQ's do when they start.
    pub fn register(&self) {
        let mut redis = self.redis.lock().unwrap();
        let now = jiff::Timestamp::now().to_string();
        let fields = [
            ("birth", now.as_str()),
            ("last_heartbeat", now.as_str()),
            ("state", "idle"),
            ("queues", "default"),
            ("version", "2.10.0"),
        ];
        let key = "rq:worker:soak";
        let () = redis.hset_multiple(key, &fields).unwrap();
        let () = redis.sadd("rq:workers", key).unwrap();
        let () = redis.sadd("rq:workers:default", key).unwrap();
    }

    pub fn status_of(&self, unit: &UnitName) -> UnitStatus {
        let state = match self.runs(unit.as_str()) {
            true => UnitState::Active,
            false => UnitState::Inactive,
        };
        UnitStatus {
            unit: unit.clone(),
            state,
            detail: "model".to_owned(),
            restarts: Some(0),
            since: None,
            pid: None,
            memory: None,
        }
    }

    pub fn start_unit(&self, unit: &str) {
        if !self.log().up.insert(unit.to_owned()) {
            return;
        }
        if unit == BOT {
            // The unit's own control group has no room for an old process.
            self.log().lingers = false;
            self.beat();
        }
        if unit == WORKERS {
            self.register();
        }
        let mut log = self.log();
        if log.dies_next {
            log.dies_next = false;
            log.up.remove(unit);
        }
    }

    pub fn stop_unit(&self, unit: &str) {
        let mut log = self.log();
        let stopped = log.up.remove(unit);
        if unit == BOT {
            // What lives on after its unit went down is out of its reach.
            log.lingers |= stopped && log.lingers_next;
            log.lingers_next = false;
        }
    }

    /// REI opens its database and writes.
    fn beat(&self) {
        let Some(db) = self.open() else { return };
        let marker = db.query_row("SELECT name FROM marker", [], |row| row.get::<_, String>(0));
        let Ok(marker) = marker else { return };
        let mut log = self.log();
        let beat = i64::try_from(log.beats.len()).unwrap() + 1;
        if db.execute("INSERT INTO beats VALUES (?1)", [beat]).is_ok() {
            log.beats.insert(beat, marker);
        }
    }

    fn open(&self) -> Option<Connection> {
        let bytes = std::fs::read(&self.database).ok()?;
        if self.damaged.as_ref() == Some(&bytes) {
            return None;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        Connection::open_with_flags(&self.database, flags).ok()
    }
}
