//! What is production's: where its files are, and whom it talks to.

use crate::adapters::enclosure::address_of;
use crate::config::BaseSettings;
use crate::ports::drill::Production;
use secrecy::ExposeSecret;
use std::path::PathBuf;
use url::Url;

/// From the settings. Nothing secret is in it: of an address, host and port.
pub(super) fn of(base: &BaseSettings) -> Production {
    let patient = &base.patient;
    let mut paths: Vec<PathBuf> = vec![
        patient.home.clone(),
        patient.database.clone(),
        patient.log.clone(),
        base.backups.dir.clone(),
        base.state_dir.join("state.db"),
        base.state_dir.join("audit.key"),
    ];
    paths.extend(base.runbook_dir.clone());
    let mut addresses = vec![
        address_of(&base.telegram_api),
        address_of(&base.payments.api),
        address_of(&base.payments.status),
    ];
    let bucket = base.backups.s3.as_ref();
    addresses.push(bucket.and_then(|s3| address_of(s3.endpoint.as_ref()?)));
    if let Ok(redis) = Url::parse(base.queue.url.expose_secret()) {
        match redis.scheme() {
            "unix" | "redis+unix" => paths.push(redis.path().into()),
            _ => addresses.push(address_of(&redis)),
        }
    }
    Production {
        paths,
        addresses: addresses.into_iter().flatten().collect(),
    }
}
