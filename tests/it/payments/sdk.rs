//! The official Python SDK and the adapter see the same payments on the same stand-in.

use super::shop::*;
use super::town::Town;
use crate::support::python;
use rei_recovery::demo::yookassa::{Weather, YooKassa};
use rei_recovery::domain::money::Money;
use rei_recovery::domain::payment::RemotePayment;
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::payments::PaymentProvider;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;

const PACKAGE: &str = "yookassa==3.13.0";

async fn seen_by_the_sdk(shop: &YooKassa, since: Timestamp, until: Timestamp) -> Value {
    let python = python::with("yookassa", &[PACKAGE]);
    let output = tokio::process::Command::new(python)
        .args(["-c", include_str!("sdk.py"), SHOP, SECRET])
        .arg(shop.api_url())
        .args([moment(since), moment(until)])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

fn plain(money: &Money) -> String {
    format!("{}.{:02}", money.minor / 100, money.minor % 100)
}

/// A payment in the SDK's words.
fn told(payment: &RemotePayment) -> Value {
    json!({
        "id": payment.id,
        "status": payment.status.as_str(),
        "amount": plain(&payment.amount),
        "currency": payment.amount.currency,
        "refunded": plain(&payment.refunded),
        "test": payment.test,
        "captured": payment.captured_at.map(moment),
        "metadata": payment.metadata,
    })
}

#[tokio::test]
async fn the_official_sdk_sees_what_the_adapter_sees() {
    let shop = stand_in().await;
    let database = Database::new();
    Town::build(&database, &shop, 400);
    shop.set_weather(Weather {
        delay: Duration::from_millis(1),
        errors: 5,
        at_once: Some(12),
        ..Weather::default()
    });
    // The refunds were made within this very millisecond.
    let (since, until) = (ago(180), Timestamp::now() + Duration::from_secs(1));
    let sdk = seen_by_the_sdk(&shop, since, until).await;
    let work = Work::default();
    let provider = adapter_of(&shop);
    let ours = provider.sweep(since, until, &work).await.unwrap();
    // The SDK was asked for those begun in that time alone.
    let begun = ours.values().filter(|p| p.created_at >= since);
    let ours: BTreeMap<String, Value> = begun.map(|p| (p.id.clone(), told(p))).collect();
    let theirs = sdk["payments"].as_array().unwrap().iter();
    let theirs: BTreeMap<String, Value> = theirs
        .map(|payment| (payment["id"].as_str().unwrap().to_owned(), payment.clone()))
        .collect();
    assert!(theirs.len() >= 300, "{}", theirs.len());
    assert_eq!(ours, theirs);
    let ids: Vec<String> = theirs.keys().cloned().collect();
    let single = provider.by_id(&ids, &work).await.unwrap();
    let single: BTreeMap<String, Value> = single
        .iter()
        .map(|(id, payment)| (id.clone(), told(payment)))
        .collect();
    assert_eq!(single, theirs);
    assert!(!sdk["refunds"].as_array().unwrap().is_empty());
}
