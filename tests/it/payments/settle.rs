//! Settling: once, whole, and never on what moved.

use super::shop::*;
use rei_recovery::adapters::rei_records::RecordsLimits;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::payment::{LocalPayment, PaymentStatus, Settled};
use rei_recovery::ports::records::{Records, Settlement};
use std::time::{Duration, Instant};

async fn row(database: &Database, id: &str) -> LocalPayment {
    let rows = database.records().payments_named(&[id.to_owned()]).await;
    rows.unwrap().into_iter().next().unwrap()
}

fn paid(row: LocalPayment) -> Settlement {
    Settlement {
        provider_id: row.provider_id.clone().unwrap_or_else(|| "p".to_owned()),
        row,
        status: PaymentStatus::Succeeded,
    }
}

fn pending() -> Database {
    let database = Database::new();
    database.users(1..=2);
    database.payment("a", 1, Some("p"), "pending", 30);
    database
}

#[tokio::test]
async fn status_ledger_and_balance_move_together_and_once() {
    for (mode, index) in [("wal", true), ("wal", false), ("delete", false)] {
        let database = Database::in_mode(mode);
        database.users(1..=2);
        database.payment("a", 1, Some("p"), "pending", 30);
        if !index {
            database
                .open()
                .execute_batch("DROP INDEX ledger_once")
                .unwrap();
        }
        let due = paid(row(&database, "a").await);
        let records = database.records();
        assert_eq!(records.settle(&due).await.unwrap(), Settled::Done);
        assert_eq!(records.settle(&due).await.unwrap(), Settled::Already);
        assert_eq!(database.status("a"), "succeeded");
        assert_eq!(database.credits("a"), 1);
        assert_eq!(
            database.number("SELECT balance FROM users WHERE id = 1"),
            220
        );
        assert_eq!(database.imbalances(), 0);
        let written = "SELECT count(*) FROM ledger l JOIN payments p ON p.id = l.reference
                       WHERE l.created_at GLOB '20[0-9][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:*'
                         AND length(l.created_at) = 19 AND p.updated_at >= l.created_at";
        assert_eq!(database.number(written), 1, "{mode}");
    }
}

#[tokio::test]
async fn many_at_the_same_time_credit_once() {
    let database = pending();
    database
        .open()
        .execute_batch("DROP INDEX ledger_once")
        .unwrap();
    let due = paid(row(&database, "a").await);
    let calls = (0..24).map(|_| {
        let (records, due) = (database.records(), due.clone());
        tokio::spawn(async move { records.settle(&due).await.unwrap() })
    });
    let mut done = 0;
    for call in calls.collect::<Vec<_>>() {
        done += usize::from(call.await.unwrap() == Settled::Done);
    }
    assert_eq!(
        (done, database.credits("a"), database.imbalances()),
        (1, 1, 0)
    );
}

#[tokio::test]
async fn what_moved_since_it_was_compared_is_left_alone() {
    for change in [
        "UPDATE payments SET status = 'canceled'",
        "UPDATE payments SET credits = 100",
        "UPDATE payments SET amount = '99.00'",
        "UPDATE payments SET user_id = 2",
        "UPDATE payments SET provider_payment_id = 'q'",
        "UPDATE payments SET status = 'succeeded', updated_at = datetime('now')",
        "DELETE FROM payments",
    ] {
        let database = pending();
        let due = paid(row(&database, "a").await);
        database.open().execute_batch(change).unwrap();
        let settled = database.records().settle(&due).await.unwrap();
        assert_eq!(settled, Settled::Moved, "{change}");
        assert_eq!(database.credits("a"), 0, "{change}");
    }
}

#[tokio::test]
async fn what_rei_did_meanwhile_is_found_done() {
    let database = pending();
    let due = paid(row(&database, "a").await);
    let credit = "UPDATE payments SET status = 'succeeded';
        INSERT INTO ledger (user_id, amount, reason, reference, created_at)
        VALUES (1, 220, 'payment', 'a', '2026-11-23 00:00:00');
        UPDATE users SET balance = 220 WHERE id = 1";
    database.open().execute_batch(credit).unwrap();
    let settled = database.records().settle(&due).await.unwrap();
    assert_eq!(settled, Settled::Already);
    assert_eq!((database.credits("a"), database.imbalances()), (1, 0));
}

#[tokio::test]
async fn a_row_that_says_paid_for_long_gets_its_credits_a_fresh_one_is_reis() {
    let database = Database::new();
    database.users(1..=1);
    database.payment("old", 1, Some("p"), "succeeded", 30);
    database.payment("new", 1, Some("q"), "succeeded", 0);
    let records = database.records();
    let old = paid(row(&database, "old").await);
    assert_eq!(records.settle(&old).await.unwrap(), Settled::Done);
    let new = paid(row(&database, "new").await);
    assert_eq!(records.settle(&new).await.unwrap(), Settled::Moved);
    assert_eq!((database.credits("old"), database.credits("new")), (1, 0));
    assert_eq!(database.imbalances(), 0);
}

#[tokio::test]
async fn a_name_is_given_to_one_row_only() {
    let database = Database::new();
    database.users(1..=2);
    database.payment("a", 1, None, "pending", 30);
    database.payment("b", 2, None, "pending", 30);
    let (first, second) = (row(&database, "a").await, row(&database, "b").await);
    let records = database.records();
    assert_eq!(records.settle(&paid(first)).await.unwrap(), Settled::Done);
    assert_eq!(records.settle(&paid(second)).await.unwrap(), Settled::Moved);
    let named = "SELECT count(*) FROM payments WHERE provider_payment_id = 'p'";
    assert_eq!(database.number(named), 1);
}

#[tokio::test]
async fn canceled_and_waiting_rows_move_no_money() {
    let database = pending();
    let row = row(&database, "a").await;
    let records = database.records();
    let mut due = paid(row);
    due.status = PaymentStatus::WaitingForCapture;
    assert_eq!(records.settle(&due).await.unwrap(), Settled::Done);
    assert_eq!(records.settle(&due).await.unwrap(), Settled::Already);
    due.row.status = PaymentStatus::WaitingForCapture;
    due.status = PaymentStatus::Canceled;
    assert_eq!(records.settle(&due).await.unwrap(), Settled::Done);
    assert_eq!(database.status("a"), "canceled");
    assert_eq!(database.number("SELECT count(*) FROM ledger"), 0);
}

#[tokio::test]
async fn a_user_who_is_gone_and_a_balance_that_overflows_change_nothing() {
    let database = pending();
    let due = paid(row(&database, "a").await);
    let gone = "PRAGMA foreign_keys = off; DELETE FROM users WHERE id = 1";
    database.open().execute_batch(gone).unwrap();
    let settled = database.records().settle(&due).await.unwrap();
    assert_eq!(settled, Settled::NoUser);
    assert_eq!(database.status("a"), "pending");

    let database = pending();
    let due = paid(row(&database, "a").await);
    let rich = "UPDATE users SET balance = 9223372036854775800 WHERE id = 1";
    database.open().execute_batch(rich).unwrap();
    let error = database.records().settle(&due).await.unwrap_err();
    assert_eq!(error.code(), FailureCode::BalancesDiffer);
    assert_eq!(
        (database.status("a").as_str(), database.credits("a")),
        ("pending", 0)
    );
}

#[tokio::test]
async fn a_writer_that_never_ends_is_named_after_a_while() {
    let database = pending();
    let due = paid(row(&database, "a").await);
    let writer = database.open();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    let limits = RecordsLimits {
        busy: Duration::from_millis(200),
        ..RecordsLimits::default()
    };
    let begun = Instant::now();
    let error = database
        .records_with(limits)
        .settle(&due)
        .await
        .unwrap_err();
    assert_eq!(error.code(), FailureCode::RecordsBusy);
    assert!(error.transient && !error.unknown);
    assert!(begun.elapsed() < Duration::from_secs(10));
    // Reading does not wait for it.
    assert_eq!(row(&database, "a").await.status, PaymentStatus::Pending);
    writer.execute_batch("ROLLBACK").unwrap();
    let settled = database.records().settle(&due).await.unwrap();
    assert_eq!(settled, Settled::Done);
}
