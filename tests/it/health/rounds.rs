//! Rounds as a whole.

use super::backups::put;
use super::bot::{bot, telegram};
use super::ground::{Ground, queue, silent_url, units};
use super::queue::worker;
use super::servers::{Peer, hanging};
use super::services::yookassa;
use crate::restore::fixture::Disk;
use crate::support::redis::{RedisServer, free_port};
use rei_recovery::adapters::ai_providers::HttpProviders;
use rei_recovery::adapters::s3::{S3Keys, S3Limits, S3Place, S3Settings};
use rei_recovery::adapters::yookassa::{YooKassa, YooKassaKeys, YooKassaLimits, YooKassaOptions};
use rei_recovery::config::PROVIDER_KEYS;
use rei_recovery::domain::backup::Place;
use rei_recovery::domain::health::{Condition, Part};
use rei_recovery::ports::backups::BackupPlace;
use rei_recovery::runbook::providers;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Far more than a round may take, and far less than anything that hangs.
const BOUND: Duration = Duration::from_secs(8);

#[tokio::test]
async fn twenty_who_ask_at_once_cause_one_round() {
    let peer = Peer::answering(|path| telegram(path, 0, None)).await;
    let mut ground = Ground::new();
    ground.ports.bot = Some(bot(&peer.url));
    let observer = ground.observer();
    let asked = futures::future::join_all((0..20).map(|_| observer.round())).await;
    // One getMe and one getWebhookInfo.
    assert_eq!(peer.count(), 2);
    assert!(asked.iter().all(|round| Arc::ptr_eq(round, &asked[0])));
    assert!(Arc::ptr_eq(&observer.last().unwrap(), &asked[0]));
    let next = observer.round().await;
    assert_eq!(peer.count(), 4);
    assert!(!Arc::ptr_eq(&next, &asked[0]));
}

#[tokio::test]
async fn whoever_goes_away_takes_nothing_from_the_others() {
    let mut ground = Ground::new();
    ground.ports.bot = Some(bot(&silent_url()));
    let observer = ground.observer();
    let impatient = tokio::time::timeout(Duration::from_millis(50), observer.round()).await;
    assert!(impatient.is_err() && observer.last().is_none());
    let round = observer.round().await;
    assert!(Arc::ptr_eq(&observer.last().unwrap(), &round));
}

async fn bucket(endpoint: String) -> S3Place {
    S3Place::new(&S3Settings {
        endpoint: Some(endpoint),
        region: None,
        bucket: "rei-backups".into(),
        prefix: "prod".into(),
        keys: Some(S3Keys {
            id: "id".into(),
            secret: "secret".into(),
            session: None,
        }),
        limits: S3Limits::default(),
    })
    .await
}

fn shop(url: &str) -> YooKassa {
    let options = YooKassaOptions {
        keys: Some(YooKassaKeys {
            shop: "1".to_owned(),
            secret: "secret".into(),
        }),
        api: url.parse().unwrap(),
        status: url.parse().unwrap(),
        limits: YooKassaLimits::default(),
    };
    YooKassa::new(options).unwrap()
}

/// The built-in providers, all of them at this address.
fn all_at(url: &str) -> HttpProviders {
    let mut described = providers::load(None, PROVIDER_KEYS).unwrap();
    let mut keys = BTreeMap::new();
    for provider in described.values_mut() {
        provider.probe.url = url.to_owned();
        for setting in provider.auth.settings() {
            keys.insert(setting.to_owned(), "key".into());
        }
    }
    HttpProviders::new(described, keys).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_everything_broken_a_round_is_complete_and_gives_every_reason() {
    let disk = Disk::new(4096);
    std::fs::write(disk.path().join("ballast"), vec![1; 4060 * 1024]).unwrap();
    let mut ground = Ground::new();
    std::fs::write(ground.path("bot.db"), b"corrupted".repeat(2000)).unwrap();
    std::fs::remove_file(ground.path("bot.log")).unwrap();
    std::fs::remove_dir(ground.path("backups")).unwrap();
    ground.instance_ends().await;
    let silent = silent_url();
    ground.ports.units = Arc::new(units("sleep 60 {unit}"));
    ground.ports.bot = Some(bot(&silent));
    ground.ports.queue = Arc::new(queue(&format!("redis://127.0.0.1:{}/0", free_port())));
    ground.ports.payments = Arc::new(shop(&silent));
    ground.ports.providers = Arc::new(all_at(&silent));
    let mut places: Vec<Arc<dyn BackupPlace>> = Vec::new();
    places.push(Arc::new(
        rei_recovery::adapters::backup_dir::BackupDir::new(ground.path("backups"), BOUND),
    ));
    places.push(Arc::new(bucket(silent.clone()).await));
    ground.places(places);
    ground.profile.places = vec![Place::Folder, Place::S3];
    ground.profile.folders = vec![disk.path().to_owned()];
    ground.profile.servers = vec![format!("https://{}", hanging()).parse().unwrap()];
    let observer = ground.observer();
    for _ in 0..2 {
        let round = tokio::time::timeout(BOUND, observer.round()).await;
        let round = round.expect("it ends whatever hangs");
        println!("everything broken: {:?}", round.took);
        for part in Part::ALL {
            assert!(round.of(*part).count() > 0, "nothing of {part:?}");
        }
        for found in &round.findings {
            assert_ne!(found.condition, Condition::Up, "{found:?}");
            assert!(
                !found.signs.is_empty() || found.failure.is_some(),
                "{found:?}"
            );
            let unknown = found.condition == Condition::Unknown;
            assert!(!unknown || found.failure.is_some(), "{found:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_everything_well_a_round_says_so() {
    let redis = RedisServer::start();
    let peer = Peer::answering(|path| match path {
        "me" => (200, json!({"account_id": "123", "status": "enabled"})),
        "page" => (
            200,
            json!({"status": {"indicator": "none", "description": "ok"}}),
        ),
        path => telegram(path, 0, None),
    })
    .await;
    let mut ground = Ground::new();
    worker(&mut redis.client(), rei_recovery::domain::Timestamp::now());
    put(&ground.path("backups"), 5, 1000);
    ground.ports.payments = yookassa(&peer.url, &format!("{}/page", peer.url));
    ground.ports.bot = Some(bot(&peer.url));
    ground.ports.queue = Arc::new(queue(&redis.url()));
    ground.profile.servers = vec![peer.url.parse().unwrap()];
    let observer = ground.observer();
    let mut took = Vec::new();
    for _ in 0..20 {
        let round = observer.round().await;
        took.push(round.took);
        let bad: Vec<_> = round
            .findings
            .iter()
            .filter(|found| found.condition != Condition::Up)
            .collect();
        assert!(bad.is_empty(), "{bad:#?}");
    }
    took.sort();
    println!("healthy: median {:?}, longest {:?}", took[10], took[19]);
}
