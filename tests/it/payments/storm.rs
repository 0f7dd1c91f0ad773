//! Thousands of payments on a bad day: pages would move, 429s and 500s, webhooks that come late, and
//! REI writing all the while.

use super::shop::*;
use super::town::{self, Town};
use crate::support::wait::until;
use rei_recovery::demo::yookassa::{Weather, YooKassa};
use rei_recovery::domain::payment::{PaymentStatus, SyncReport};
use std::time::Duration;

const PAYMENTS: usize = 5_000;

fn bad_day() -> Weather {
    Weather {
        delay: Duration::from_millis(2),
        errors: 3,
        at_once: Some(14),
        per_second: None,
    }
}

/// People go on paying: lists without an upper bound would move.
async fn pay_on(shop: YooKassa) {
    loop {
        shop.begin(rub(100), Default::default());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn count(report: &SyncReport, deed: &str) -> u64 {
    report.deeds.get(deed).copied().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_payment_is_credited_once_whoever_is_first() {
    let (database, shop, town, rei) = town::busy(PAYMENTS, bad_day()).await;
    shop.hold_events(true);
    let paying = tokio::spawn(pay_on(shop.clone()));
    let late = town.late();
    for id in &late {
        assert!(shop.turn(id, PaymentStatus::Succeeded));
    }
    let provider = adapter_of(&shop);
    let sync = sync_now(&database, &provider, false);
    // The webhooks come when the sync is in the middle of crediting.
    let webhooks = async {
        let credits = "SELECT count(*) FROM ledger WHERE reason = 'payment'";
        let before = database.number(credits);
        until("the first credit", async || {
            (database.number(credits) > before + 20).then_some(())
        })
        .await;
        shop.hold_events(false);
    };
    let (report, ()) = tokio::join!(sync, webhooks);
    until("the last webhook", async || {
        (shop.told() == late.len() as u64).then_some(())
    })
    .await;
    paying.abort();
    assert!(report.already > 0, "no webhook was first: {report:?}");
    assert!(shop.traffic().refused > 0 && shop.traffic().errors > 0);

    let again = sync_now(&database, &provider, false).await;
    drop(rei);
    town.assert_settled(&database);
    let odd = |report: &SyncReport| {
        let named = ["look-at-refund", "look-at-amount", "orphan", "unknown"];
        named.iter().map(|deed| count(report, deed)).sum::<u64>()
    };
    assert_eq!(odd(&again), u64::try_from(town.odd()).unwrap(), "{again:?}");
    assert_eq!((again.credited, count(&again, "look-at-claim")), (0, 0));
    let done = report.credited + report.already;
    assert!(done <= town.credits() as u64, "{report:?}");
}

#[tokio::test]
async fn a_dry_run_shows_the_same_and_changes_nothing() {
    let (database, shop) = (Database::new(), stand_in().await);
    let town = Town::build(&database, &shop, 300);
    for id in town.late() {
        shop.turn(&id, PaymentStatus::Succeeded);
    }
    let provider = adapter_of(&shop);
    let before = std::fs::read(database.path()).unwrap();
    let shown = sync_now(&database, &provider, true).await;
    assert_eq!(std::fs::read(database.path()).unwrap(), before);
    assert_eq!((shown.credited, shown.users.len()), (0, 0));
    let done = sync_now(&database, &provider, false).await;
    assert_eq!(shown.deeds, done.deeds);
    assert_eq!(shown.open, done.open);
    assert_eq!(done.credited, count(&shown, "credit"));
    assert_eq!(done.credits, 220 * i64::try_from(done.credited).unwrap());
    assert_eq!(
        done.updated,
        count(&shown, "cancel") + count(&shown, "await-capture")
    );
    town.assert_settled(&database);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_syncs_at_the_same_time_do_not_credit_twice() {
    let (database, shop) = (Database::in_mode("delete"), stand_in().await);
    database
        .open()
        .execute_batch("DROP INDEX ledger_once")
        .unwrap();
    let town = Town::build(&database, &shop, 300);
    for id in town.late() {
        shop.turn(&id, PaymentStatus::Succeeded);
    }
    let provider = adapter_of(&shop);
    let (one, two) = tokio::join!(
        sync_now(&database, &provider, false),
        sync_now(&database, &provider, false)
    );
    assert_eq!(one.credited + two.credited, one.deeds["credit"]);
    town.assert_settled(&database);
}
