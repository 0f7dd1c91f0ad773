//! Users: balances, and whom a failure concerns.

use super::shop::*;
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::records::{Imbalance, Records};

#[tokio::test]
async fn balances_that_are_no_sums_are_counted_and_the_first_named() {
    let database = Database::new();
    database.users(1..=9);
    let change = "UPDATE users SET balance = 5 WHERE id IN (3, 4, 8);
        INSERT INTO ledger (user_id, amount, reason, created_at) VALUES
        (3, 7, 'bonus', '2026-11-23 00:00:00'), (3, -2, 'job', '2026-11-23 00:00:00'),
        (4, 6, 'bonus', '2026-11-23 00:00:00')";
    database.open().execute_batch(change).unwrap();
    let records = database.records();
    let (count, first) = records.imbalances(1, &Work::default()).await.unwrap();
    let four = Imbalance {
        user: 4,
        balance: 5,
        ledger: 6,
    };
    assert_eq!((count, first), (2, vec![four.clone()]));
    assert_eq!(records.balance(4).await.unwrap(), Some(four));
    assert_eq!(records.balance(77).await.unwrap(), None);
}

#[tokio::test]
async fn a_look_that_nobody_waits_for_ends() {
    let database = Database::new();
    database.users(1..=20_000);
    let work = Work::default();
    work.cancel.cancel();
    let error = database.records().imbalances(1, &work).await.unwrap_err();
    assert_eq!(error.failure.code.as_str(), "cut-off");
}

#[tokio::test]
async fn those_concerned_are_found_and_those_who_blocked_rei_left_out() {
    let database = Database::new();
    database.users(1..=5);
    database.payment("a", 1, None, "pending", 10);
    database.payment("b", 2, None, "waiting_for_capture", 10);
    database.payment("c", 3, None, "succeeded", 10);
    database.payment("d", 4, None, "pending", 100);
    let change = format!(
        "UPDATE users SET is_blocked = 1 WHERE id = 2;
         UPDATE users SET language = 'en' WHERE id = 1;
         INSERT INTO jobs VALUES ('x', 5, 'kling', 'video', 'processing', '{{}}', 5, NULL, 1, '{0}', '{0}');
         INSERT INTO jobs VALUES ('y', 4, 'nano_banana', 'image', 'failed', '{{}}', 5, 'e', 1, '{0}', '{0}');
         INSERT INTO jobs VALUES ('z', 3, 'kling', 'video', 'failed', '{{}}', 5, 'e', 1, '{1}', '{1}');",
        stamp(ago(10)),
        stamp(ago(100))
    );
    database.open().execute_batch(&change).unwrap();
    let records = database.records();
    let since = ago(60);
    assert_eq!(records.with_open_payments(since).await.unwrap(), [1, 2]);
    let told = records.addressees(&[1, 2, 99]).await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].id, told[0].language.as_str()), (1, "en"));
    let troubled = records.with_troubled_jobs(since, None).await.unwrap();
    assert_eq!(troubled, [4, 5]);
    let troubled = records.with_troubled_jobs(since, Some("kling")).await;
    assert_eq!(troubled.unwrap(), [5]);
}
