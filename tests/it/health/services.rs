//! YooKassa and the AI providers.

use super::ground::{Ground, of, silent_url};
use super::servers::Peer;
use crate::support::wait::until;
use rei_recovery::adapters::yookassa::{YooKassa, YooKassaKeys, YooKassaLimits, YooKassaOptions};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::health::{Condition, Measure, Part, SignCode};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

pub fn yookassa(api: &str, page: &str) -> Arc<YooKassa> {
    let keys = YooKassaKeys {
        shop: "123".to_owned(),
        secret: "test_secret_of_the_shop".into(),
    };
    let limits = YooKassaLimits {
        reading: Duration::from_secs(3),
        ..YooKassaLimits::default()
    };
    Arc::new(
        YooKassa::new(YooKassaOptions {
            keys: Some(keys),
            api: api.parse().unwrap(),
            status: page.parse().unwrap(),
            limits,
        })
        .unwrap(),
    )
}

async fn shop(status: u16) -> Peer {
    let shop = json!({"account_id": "123", "status": "enabled", "test": false});
    let error = json!({"type": "error", "code": "invalid_credentials", "description": "no"});
    Peer::answering(move |_| match status {
        200 => (200, shop.clone()),
        other => (other, error.clone()),
    })
    .await
}

#[tokio::test]
async fn an_answer_an_error_and_a_refusal_are_three_things() {
    for (status, condition, sign) in [
        (200, Condition::Up, None),
        (500, Condition::Down, Some(SignCode::ServiceDown)),
        (401, Condition::Degraded, Some(SignCode::ServiceRefuses)),
    ] {
        let peer = shop(status).await;
        let mut ground = Ground::new();
        ground.ports.payments = yookassa(&peer.url, &peer.url);
        let found = of(&ground.round().await, Part::Yookassa, "yookassa-api");
        assert_eq!(found.condition, condition, "{found:?}");
        assert_eq!(found.signs.first().map(|sign| sign.code), sign);
        assert!(found.measures.contains_key(&Measure::LatencyMillis));
        assert!(!format!("{found:?}").contains("test_secret"));
    }
}

#[tokio::test]
async fn without_keys_the_setting_is_the_reason() {
    let round = Ground::new().round().await;
    let found = of(&round, Part::Yookassa, "yookassa-api");
    assert_eq!(found.condition, Condition::Unknown);
    assert_eq!(
        found.failure.unwrap().code,
        FailureCode::ProviderNotConfigured
    );
}

#[tokio::test]
async fn silence_is_unknown_at_first_and_down_once_the_probe_has_waited_long_enough() {
    let silent = silent_url();
    let mut ground = Ground::new();
    ground.ports.payments = yookassa(&silent, &silent);
    let observer = ground.observer();
    let first = of(&observer.round().await, Part::Yookassa, "yookassa-api");
    assert_eq!(first.condition, Condition::Unknown);
    assert!(
        first.shows(SignCode::Silent) && first.failure.is_some(),
        "{first:?}"
    );
    let later = until("the end of the probe's own patience", async || {
        let found = of(&observer.round().await, Part::Yookassa, "yookassa-api");
        (found.condition == Condition::Down).then_some(found)
    })
    .await;
    assert!(later.shows(SignCode::ServiceDown), "{later:?}");
}

#[tokio::test]
async fn an_answer_is_kept_for_a_while_and_says_how_old_it_is() {
    let peer = shop(200).await;
    let mut ground = Ground::new();
    ground.ports.payments = yookassa(&peer.url, &peer.url);
    ground.profile.keep.remote = Duration::from_secs(600);
    let observer = ground.observer();
    let fresh = of(&observer.round().await, Part::Yookassa, "yookassa-api");
    let asked = peer.count();
    let kept = of(&observer.round().await, Part::Yookassa, "yookassa-api");
    assert_eq!(peer.count(), asked);
    assert!(!fresh.measures.contains_key(&Measure::LookedSeconds));
    assert!(kept.measures[&Measure::LookedSeconds] < 60);
    assert_eq!(kept.condition, Condition::Up);
}
