//! An observer over the real adapters, with a healthy database and nothing else around it. What a
//! test is about, it puts in its place.

use super::servers::hanging;
use crate::restore::fixture::database;
use crate::support::services::nowhere;
use crate::support::wait::until;
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::catalogue::AllBackups;
use rei_recovery::adapters::command_units::{CommandUnits, CommandUnitsOptions};
use rei_recovery::adapters::patient_log::FileLog;
use rei_recovery::adapters::peers::HttpPeers;
use rei_recovery::adapters::rq::{RqDeadlines, RqOptions, RqQueue};
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::adapters::this_host::ThisHost;
use rei_recovery::domain::backup::Place;
use rei_recovery::domain::health::{Finding, Part, Round};
use rei_recovery::ports::backups::BackupPlace;
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::ports::host::Host;
use rei_recovery::runbook::schema;
use rei_recovery::store::{InstanceLock, Store};
use rei_recovery::tasks::health::{Keep, Observer, Ports, Profile};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// REI's folder with all that can be broken in it.
pub struct Ground {
    pub folder: TempDir,
    pub ports: Ports,
    pub profile: Profile,
    pub store: Store,
    lock: Option<InstanceLock>,
}

impl Ground {
    /// A healthy database of ten users, a fresh log, a folder of backups, units that are active, an
    /// instance that runs. No Redis, no bot, no providers.
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("backups")).unwrap();
        balanced(&at("bot.db")).close().unwrap();
        let store = Store::open(&at("state"), Arc::new(SystemClock)).unwrap();
        let now = rei_recovery::domain::Timestamp::now();
        let lock = InstanceLock::take(&at("state"), "test", now).unwrap();
        let ports = ports(&folder, &store);
        let profile = Profile {
            units: vec!["rei_bot".parse().unwrap()],
            redis_unit: "redis".parse().unwrap(),
            database: at("bot.db"),
            folders: vec![folder.path().to_owned(), at("backups"), at("state")],
            places: vec![Place::Folder],
            backup_dir: Some(at("backups")),
            rpo: Duration::from_secs(3600),
            servers: Vec::new(),
            instance_lock: at("state/instance.lock"),
            keep: Keep {
                remote: Duration::ZERO,
                ledger: Duration::ZERO,
                servers: Duration::ZERO,
            },
        };
        Self {
            folder,
            ports,
            profile,
            store,
            lock: Some(lock),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn observer(&self) -> Observer {
        Observer::new(self.ports.clone(), self.profile.clone())
    }

    /// Looks once with nothing remembered.
    pub async fn round(&self) -> Arc<Round> {
        self.observer().round().await
    }

    /// What one look finds of a part.
    pub async fn finds(&self, part: Part) -> Finding {
        only(&self.round().await, part)
    }

    /// The program that worked on the runs has ended. A process that another test is just starting
    /// inherits the lock for a moment.
    pub async fn instance_ends(&mut self) {
        self.lock = None;
        let lock = &self.profile.instance_lock;
        until("the end of the lock", async || {
            (ThisHost.is_held(lock).await == Ok(false)).then_some(())
        })
        .await;
    }

    pub fn places(&mut self, places: Vec<Arc<dyn BackupPlace>>) {
        let all = AllBackups::new(places, Arc::new(self.store.clone()), LISTING);
        self.ports.backups = Arc::new(all);
    }
}

const LISTING: Duration = Duration::from_secs(3);

fn ports(folder: &TempDir, store: &Store) -> Ports {
    let at = |name: &str| folder.path().join(name);
    let around = nowhere(at("bot.db"));
    let checks = SqliteChecks::new(schema::built_in().unwrap(), CheckLimits::default());
    let checks = Arc::new(checks);
    let place: Arc<dyn BackupPlace> = Arc::new(BackupDir::new(at("backups"), LISTING));
    let log = at("bot.log");
    let now = rei_recovery::domain::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S");
    std::fs::write(&log, format!("{now},000 - bot - INFO - started\n")).unwrap();
    Ports {
        clock: Arc::new(SystemClock),
        units: Arc::new(units("true {unit}")),
        bot: None,
        glance: Arc::clone(&checks) as _,
        checks,
        records: around.records,
        backups: Arc::new(AllBackups::new(
            vec![place],
            Arc::new(store.clone()),
            LISTING,
        )),
        queue: Arc::new(queue("redis://127.0.0.1:9/0")),
        payments: around.payments,
        providers: around.providers,
        log: Arc::new(FileLog::new(log)),
        host: Arc::new(ThisHost),
        peers: Arc::new(HttpPeers::new().unwrap()),
        outbox: Arc::new(store.clone()),
    }
}

/// A database in which every balance is the sum of the ledger.
pub fn balanced(path: &Path) -> Connection {
    let db = database(path, 10);
    db.execute_batch(
        "UPDATE users SET balance =
         (SELECT coalesce(sum(amount), 0) FROM ledger WHERE user_id = users.id)",
    )
    .unwrap();
    db
}

/// Units whose state this command tells.
pub fn units(status: &str) -> CommandUnits {
    let options = CommandUnitsOptions::new("true {unit}", "true {unit}", status);
    CommandUnits::new(options).unwrap()
}

/// Redis with the deadlines of a round.
pub fn queue(url: &str) -> RqQueue {
    let deadlines = RqDeadlines {
        call: Duration::from_millis(1500),
        ..RqDeadlines::default()
    };
    RqQueue::new(RqOptions {
        deadlines,
        ..RqOptions::new(url.to_owned().into())
    })
    .unwrap()
}

/// The one finding of a part.
pub fn only(round: &Arc<Round>, part: Part) -> Finding {
    let found: Vec<_> = round.of(part).collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].clone()
}

/// The finding of a part about this one.
pub fn of(round: &Arc<Round>, part: Part, subject: &str) -> Finding {
    let mut found = round.of(part);
    let it = found.find(|found| found.subject.as_deref() == Some(subject));
    it.unwrap_or_else(|| panic!("no {part:?} {subject} in {round:#?}"))
        .clone()
}

/// An address where connections are taken and never answered.
pub fn silent_url() -> String {
    format!("http://{}", hanging())
}
