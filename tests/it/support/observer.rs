//! The probes over what a test has, for verbs that are not about them.

use super::services::Services;
use rei_recovery::adapters::patient_log::FileLog;
use rei_recovery::adapters::peers::HttpPeers;
use rei_recovery::adapters::sqlite_checks::SqliteChecks;
use rei_recovery::adapters::this_host::ThisHost;
use rei_recovery::domain::backup::Place;
use rei_recovery::ports::backups::Backups;
use rei_recovery::ports::clock::Clock;
use rei_recovery::ports::units::Units;
use rei_recovery::store::Store;
use rei_recovery::tasks::health::{Keep, Observer, Ports, Profile};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// What a test has anyway.
pub struct Seen<'a> {
    pub units: Arc<dyn Units>,
    pub checks: Arc<SqliteChecks>,
    pub backups: Arc<dyn Backups>,
    pub services: &'a Services,
    pub store: &'a Store,
    pub clock: Arc<dyn Clock>,
    pub database: &'a Path,
}

/// Probes of the database's folder, its units and backups; everything else lies nowhere.
pub fn observer(seen: Seen<'_>) -> Observer {
    let folder = seen.database.parent().unwrap().to_owned();
    let ports = Ports {
        clock: seen.clock,
        units: seen.units,
        bot: None,
        glance: seen.checks.clone(),
        checks: seen.checks,
        records: seen.services.records.clone(),
        backups: seen.backups,
        queue: seen.services.queue.clone(),
        payments: seen.services.payments.clone(),
        providers: seen.services.providers.clone(),
        log: Arc::new(FileLog::new(folder.join("bot.log"))),
        host: Arc::new(ThisHost),
        peers: Arc::new(HttpPeers::new().unwrap()),
        outbox: Arc::new(seen.store.clone()),
    };
    let profile = Profile {
        units: vec!["rei_bot".parse().unwrap()],
        redis_unit: "redis".parse().unwrap(),
        database: seen.database.to_owned(),
        folders: vec![folder.clone()],
        places: vec![Place::Folder],
        backup_dir: None,
        rpo: Duration::from_secs(3600),
        servers: Vec::new(),
        instance_lock: folder.join("instance.lock"),
        keep: Keep::default(),
    };
    Observer::new(ports, profile)
}
