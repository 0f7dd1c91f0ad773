//! The adapter on a bad day of the provider's.

use super::shop::*;
use rei_recovery::adapters::yookassa::{YooKassa as Adapter, YooKassaLimits, YooKassaOptions};
use rei_recovery::demo::yookassa::{Outage, Weather, YooKassa};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::payment::PaymentStatus;
use rei_recovery::domain::provider::Condition;
use rei_recovery::ports::PortError;
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::payments::PaymentProvider;
use std::time::{Duration, Instant};

/// So many payments, a second apart, the newest just now.
fn fill(shop: &YooKassa, count: i64) -> Vec<String> {
    let ids: Vec<String> = (0..count).map(|n| format!("pay-{n:05}")).collect();
    for (n, id) in (0..).zip(&ids) {
        let mut payment = remote(id, PaymentStatus::Succeeded, 5);
        payment.created_at -= jiff::SignedDuration::from_secs(n);
        shop.add(payment);
    }
    ids
}

async fn by_id(provider: &Adapter, ids: &[String]) -> Result<usize, PortError> {
    let work = Work::default();
    let found = provider.by_id(ids, &work).await?;
    assert_eq!(work.progress.read(), (ids.len() as u64, ids.len() as u64));
    Ok(found.len())
}

#[tokio::test]
async fn pages_are_read_to_the_end_within_fixed_bounds() {
    let shop = stand_in().await;
    fill(&shop, 350);
    shop.add(remote("earlier", PaymentStatus::Succeeded, 300));
    let mut captured = remote("captured", PaymentStatus::Succeeded, 300);
    captured.captured_at = Some(ago(5));
    shop.add(captured);
    shop.add(remote("refunded", PaymentStatus::Succeeded, 300));
    assert!(shop.refund("refunded", 100));
    // The API knows milliseconds; what was refunded in the last of them is for the next sweep.
    let until = ago(-1);
    let late = "late".to_owned();
    shop.add(remote(&late, PaymentStatus::Succeeded, -2));
    let work = Work::default();
    let provider = adapter_of(&shop);
    let found = provider.sweep(ago(60), until, &work).await.unwrap();
    assert_eq!(found.len(), 352);
    assert!(found.contains_key("captured") && !found.contains_key("earlier"));
    assert_eq!(found["refunded"].refunded, rub(100));
    assert!(!found.contains_key(&late));
    // The begun and the captured ones are two lists, and most payments stand in both.
    assert_eq!(work.progress.read().0, 350 + 351);
}

#[tokio::test]
async fn ids_that_are_unknown_or_none_at_all_are_left_out() {
    let shop = stand_in().await;
    let mut ids = fill(&shop, 3);
    ids.extend(["unknown", "..", "", "../me", "a b"].map(str::to_owned));
    assert_eq!(by_id(&adapter_of(&shop), &ids).await.unwrap(), 3);
}

#[tokio::test]
async fn too_many_requests_slow_it_down_and_lose_nothing() {
    let shop = stand_in().await;
    let ids = fill(&shop, 400);
    shop.set_weather(Weather {
        delay: Duration::from_millis(5),
        at_once: Some(6),
        ..Weather::default()
    });
    assert_eq!(by_id(&adapter_of(&shop), &ids).await.unwrap(), 400);
    let traffic = shop.traffic();
    assert!(
        traffic.refused > 0,
        "it never came to the limit: {traffic:?}"
    );
    assert!(traffic.refused < 200, "it does not slow down: {traffic:?}");
}

#[tokio::test]
async fn a_budget_a_second_is_kept_to_in_the_end() {
    let shop = stand_in().await;
    let ids = fill(&shop, 120);
    shop.set_weather(Weather {
        per_second: Some(40),
        ..Weather::default()
    });
    assert_eq!(by_id(&adapter_of(&shop), &ids).await.unwrap(), 120);
    assert!(shop.traffic().refused > 0);
}

#[tokio::test]
async fn server_errors_are_asked_again() {
    let shop = stand_in().await;
    let ids = fill(&shop, 300);
    shop.set_weather(Weather {
        errors: 20,
        ..Weather::default()
    });
    assert_eq!(by_id(&adapter_of(&shop), &ids).await.unwrap(), 300);
    assert!(shop.traffic().errors > 20);
}

#[tokio::test]
async fn an_outage_ends_in_a_failure_that_may_pass() {
    let shop = stand_in().await;
    let ids = fill(&shop, 3);
    let limits = YooKassaLimits {
        attempts: 3,
        request: Duration::from_millis(300),
        ..hasty()
    };
    let provider = adapter(&shop.api_url(), &shop.status_url(), limits);
    for outage in [Outage::Unavailable, Outage::Silence] {
        shop.set_outage(Some(outage));
        let begun = Instant::now();
        let error = by_id(&provider, &ids).await.unwrap_err();
        assert_eq!(error.code(), FailureCode::ProviderDown, "{error}");
        assert!(error.transient && !error.unknown);
        assert!(begun.elapsed() < Duration::from_secs(15));
    }
    shop.set_outage(None);
    assert_eq!(by_id(&provider, &ids).await.unwrap(), 3);
}

#[tokio::test]
async fn readings_tell_the_shop_and_the_page_apart() {
    let shop = stand_in().await;
    let limits = YooKassaLimits {
        reading: Duration::from_millis(500),
        ..hasty()
    };
    let provider = adapter(&shop.api_url(), &shop.status_url(), limits);
    let conditions = async || {
        let readings = provider.readings().await;
        let services: Vec<_> = readings.iter().map(|r| r.service.as_str()).collect();
        assert_eq!(services, ["yookassa-api", "yookassa-status"]);
        [readings[0].condition, readings[1].condition]
    };
    assert_eq!(conditions().await, [Condition::Up; 2]);
    shop.announce(Some("Неполадки с приёмом платежей"));
    shop.set_outage(Some(Outage::Unavailable));
    assert_eq!(conditions().await, [Condition::Down, Condition::Unknown]);
    shop.set_outage(Some(Outage::Silence));
    assert_eq!(conditions().await[0], Condition::Down);
    shop.set_outage(None);
    shop.set_weather(Weather {
        per_second: Some(0),
        ..Weather::default()
    });
    assert_eq!(conditions().await[0], Condition::Degraded);
}

#[tokio::test]
async fn wrong_keys_and_no_keys_are_named_and_never_shown() {
    let shop = stand_in().await;
    let options = |keys| YooKassaOptions {
        keys,
        api: shop.api_url().parse().unwrap(),
        status: shop.status_url().parse().unwrap(),
        limits: hasty(),
    };
    let wrong = rei_recovery::adapters::yookassa::YooKassaKeys {
        shop: SHOP.to_owned(),
        secret: "live_another-secret".into(),
    };
    let provider = Adapter::new(options(Some(wrong))).unwrap();
    let error = by_id(&provider, &["a".to_owned()]).await.unwrap_err();
    assert_eq!(error.code(), FailureCode::ProviderKeyRefused);
    let readings = provider.readings().await;
    assert_eq!(readings[0].condition, Condition::Degraded);
    let told = format!("{error} {error:?} {readings:?} {provider:?}");
    assert!(!told.contains("another-secret"), "{told}");

    let provider = Adapter::new(options(None)).unwrap();
    let swept = provider.sweep(ago(60), ago(0), &Work::default()).await;
    let error = swept.unwrap_err();
    assert_eq!(error.code(), FailureCode::ProviderNotConfigured);
    let readings = provider.readings().await;
    let conditions = [readings[0].condition, readings[1].condition];
    assert_eq!(conditions, [Condition::Unknown, Condition::Up]);
}

#[tokio::test]
async fn nobody_at_the_address_is_down_and_a_cancelled_sweep_ends() {
    let nobody = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/v3", listener.local_addr().unwrap())
    };
    let limits = YooKassaLimits {
        attempts: 2,
        ..hasty()
    };
    let provider = adapter(&nobody, &nobody, limits);
    let error = by_id(&provider, &["a".to_owned()]).await.unwrap_err();
    assert_eq!(error.code(), FailureCode::ProviderDown);
    let conditions = provider.readings().await;
    assert!(conditions.iter().all(|r| r.condition == Condition::Down));

    let shop = stand_in().await;
    shop.set_outage(Some(Outage::Silence));
    let (provider, work) = (adapter_of(&shop), Work::default());
    let cancel = async {
        work.cancel.cancel();
    };
    let (swept, ()) = tokio::join!(provider.sweep(ago(60), ago(0), &work), cancel);
    assert_eq!(swept.unwrap_err().code(), FailureCode::CutOff);
}
