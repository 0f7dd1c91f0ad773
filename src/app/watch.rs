//! The observer over this house: what `/status`, the monitor, `check` and the metrics look through.

use super::services;
use crate::adapters::peers::HttpPeers;
use crate::adapters::rq::RqDeadlines;
use crate::adapters::sqlite_checks::SqliteChecks;
use crate::adapters::this_host::ThisHost;
use crate::config::{BaseSettings, S3Settings};
use crate::domain::backup::Place;
use crate::engine::Patient;
use crate::ports::clock::SystemClock;
use crate::store::Store;
use crate::tasks::health::{Keep, Observer, Ports, Profile};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Redis is given up a moment before the round is over, so that the round can say why.
const REDIS: Duration = Duration::from_millis(1500);

/// Builds it. Nothing is asked yet. `interval` is the monitor's: each of its rounds asks remote
/// services anew, and whoever asks in between gets an answer that is at most half as old.
///
/// # Errors
/// The HTTP client, or the address of Redis.
pub(super) fn observer(
    patient: &Patient,
    (store, checks): (&Store, &Arc<SqliteChecks>),
    base: &BaseSettings,
) -> anyhow::Result<Observer> {
    let deadlines = RqDeadlines {
        call: REDIS,
        ..RqDeadlines::default()
    };
    let ports = Ports {
        clock: Arc::new(SystemClock),
        units: Arc::clone(&patient.units),
        bot: patient.bot.clone(),
        glance: Arc::clone(checks) as _,
        checks: Arc::clone(checks) as _,
        records: Arc::clone(&patient.records),
        backups: Arc::clone(&patient.backups),
        queue: Arc::new(services::queue(base, deadlines)?),
        payments: Arc::clone(&patient.payments),
        providers: Arc::clone(&patient.providers),
        log: Arc::clone(&patient.log),
        host: Arc::new(ThisHost),
        peers: Arc::new(HttpPeers::new()?),
        outbox: Arc::new(store.clone()),
    };
    let is_place = |place: &Place| patient.backups.place(place).is_some();
    let places: Vec<Place> = [Place::Folder, Place::S3]
        .into_iter()
        .filter(is_place)
        .collect();
    let backup_dir = Some(base.backups.dir.clone()).filter(|_| is_place(&Place::Folder));
    let usual = Keep::default();
    let remote = base
        .objectives
        .interval
        .map_or(usual.remote, |interval| usual.remote.min(interval / 2));
    Ok(Observer::new(
        ports,
        Profile {
            units: base.patient.units.clone(),
            redis_unit: base.patient.redis_unit.clone(),
            database: base.patient.database.clone(),
            folders: folders(base, backup_dir.as_ref()),
            places,
            backup_dir,
            rpo: base.objectives.rpo,
            servers: servers(base),
            instance_lock: base.state_dir.join("instance.lock"),
            keep: Keep { remote, ..usual },
        },
    ))
}

/// Where something is written. The quarantine lies beside the database.
fn folders(base: &BaseSettings, backup_dir: Option<&PathBuf>) -> Vec<PathBuf> {
    let mut folders = vec![base.patient.home.clone()];
    folders.extend(base.patient.database.parent().map(PathBuf::from));
    folders.extend(backup_dir.cloned());
    folders.push(base.state_dir.clone());
    folders
}

/// Those that are really talked to.
fn servers(base: &BaseSettings) -> Vec<Url> {
    let telegram = Some(base.telegram_api.clone());
    let payments = base
        .payments
        .keys
        .as_ref()
        .map(|_| base.payments.api.clone());
    let bucket = base.backups.s3.as_ref().and_then(bucket);
    [telegram, payments, bucket].into_iter().flatten().collect()
}

/// The given endpoint, or AWS's own of the given region.
fn bucket(s3: &S3Settings) -> Option<Url> {
    let aws = || {
        let region = s3.region.as_deref()?;
        format!("https://s3.{region}.amazonaws.com").parse().ok()
    };
    s3.endpoint.clone().or_else(aws)
}
