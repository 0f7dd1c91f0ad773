//! Rows as they are read: other names, missing tables, jobs and payments.

use super::shop::*;
use rei_recovery::adapters::rei_records::{RecordsLimits, RecordsOptions, ReiRecords};
use rei_recovery::domain::failure::{Arg, FailureCode};
use rei_recovery::domain::job::JobStatus;
use rei_recovery::domain::payment::{PaymentStatus, Settled};
use rei_recovery::ports::records::{Records, Settlement};
use rei_recovery::runbook::schema;
use rusqlite::params;
use std::collections::BTreeMap;

fn job(database: &Database, id: &str, provider: &str, status: &str, minutes: i64) {
    let params = r#"{"prompt": "a secret", "kling": {"task_id": "t-7"}}"#;
    database
        .open()
        .execute(
            "INSERT INTO jobs VALUES (?1, 1, ?2, 'video', ?3, ?4, 60, ?5, 1, ?6, ?6)",
            params![
                id,
                provider,
                status,
                params,
                (status == "failed").then_some("503 overloaded"),
                stamp(ago(minutes))
            ],
        )
        .unwrap();
}

fn jobs() -> Database {
    let database = Database::new();
    database.users(1..=1);
    for (id, provider, status, minutes) in [
        ("late", "kling", "queued", 5),
        ("early", "nano_banana", "processing", 50),
        ("now", "kling", "failed", 10),
        ("then", "kling", "failed", 3000),
        ("gone", "kling", "refunded", 10),
        ("good", "kling", "completed", 10),
    ] {
        job(&database, id, provider, status, minutes);
    }
    database
}

#[tokio::test]
async fn jobs_are_read_oldest_first_with_their_task_and_without_their_prompt() {
    let records = jobs().records_kept();
    let unfinished = records.1.unfinished_jobs().await.unwrap();
    let ids: Vec<_> = unfinished.iter().map(|job| job.id.as_str()).collect();
    assert_eq!(ids, ["early", "late"]);
    assert_eq!(unfinished[0].task, None);
    assert_eq!(unfinished[1].task.as_deref(), Some("t-7"));
    let failed = records.1.failed_jobs(Some(ago(60))).await.unwrap();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].error.as_deref(), Some("503 overloaded"));
    assert_eq!(records.1.failed_jobs(None).await.unwrap().len(), 2);
    let named = ["good".to_owned(), "nobody".to_owned()];
    let named = records.1.jobs(&named).await.unwrap();
    assert_eq!((named.len(), named[0].cost), (1, 60));
}

#[tokio::test]
async fn jobs_are_counted_and_their_errors_told() {
    let (_database, records) = jobs().records_kept();
    let tallies = records.tallies(ago(60)).await.unwrap();
    let kling = tallies["kling"];
    assert_eq!((kling.completed, kling.failed, kling.open), (1, 2, 1));
    assert_eq!(tallies["nano_banana"].open, 1);
    let errors = records.errors(ago(6000)).await.unwrap();
    let expected = ("kling".to_owned(), "503 overloaded".to_owned(), 2);
    assert_eq!(errors, [expected]);
}

#[tokio::test]
async fn only_rows_that_still_say_so_are_turned() {
    let (database, records) = jobs().records_kept();
    let ids = ["now", "then", "gone", "nobody"].map(str::to_owned);
    let turned = records.turn_jobs(&ids, JobStatus::Failed, JobStatus::Queued);
    let mut turned = turned.await.unwrap();
    turned.sort();
    assert_eq!(turned, ["now", "then"]);
    let queued = "SELECT count(*) FROM jobs WHERE status = 'queued'
                  AND updated_at > datetime('now', '-5 minutes')";
    assert_eq!(database.number(queued), 2);
}

#[tokio::test]
async fn payments_are_read_by_age_and_by_name() {
    let database = Database::new();
    database.users(1..=1);
    database.payment("open", 1, Some("p"), "pending", 3000);
    database.payment("old", 1, Some("q"), "succeeded", 3000);
    database.payment("new", 1, None, "canceled", 10);
    database.payment("odd", 1, Some(""), "on_hold", 10);
    let records = database.records();
    let ids = |rows: &[rei_recovery::domain::payment::LocalPayment]| {
        rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&records.payments(None).await.unwrap()), ["open"]);
    let since = records.payments(Some(ago(60))).await.unwrap();
    assert_eq!(since.len(), 3);
    let odd = since.iter().find(|row| row.id == "odd").unwrap();
    assert_eq!(
        (odd.status, &odd.provider_id),
        (PaymentStatus::Other, &None)
    );
    assert_eq!((since[0].amount.minor, since[0].credited), (19_900, false));
    let names = ["q".to_owned(), "new".to_owned()];
    let named = records.payments_named(&names).await.unwrap();
    assert_eq!(ids(&named), ["old", "new"]);
}

#[tokio::test]
async fn other_names_of_tables_and_columns_are_used_throughout() {
    let database = Database::new();
    database.users(1..=1);
    database.payment("a", 1, Some("p"), "pending", 10);
    let rename = r#"ALTER TABLE payments RENAME TO "pay ments";
        ALTER TABLE "pay ments" RENAME COLUMN status TO "st'ate";
        ALTER TABLE users RENAME COLUMN balance TO money;
        ALTER TABLE ledger RENAME COLUMN reference TO what"#;
    database.open().execute_batch(rename).unwrap();
    let mapping = r#"
        [tables.payments]
        name = "pay ments"
        [tables.payments.columns]
        status = "st'ate"
        [tables.users.columns]
        balance = "money"
        [tables.ledger.columns]
        reference = "what""#;
    let records = ReiRecords::new(RecordsOptions {
        database: database.path().to_owned(),
        schema: schema::parse(mapping).unwrap(),
        tasks: BTreeMap::new(),
        limits: RecordsLimits::default(),
    });
    let row = records.payments(None).await.unwrap().remove(0);
    let due = Settlement {
        row,
        provider_id: "p".to_owned(),
        status: PaymentStatus::Succeeded,
    };
    assert_eq!(records.settle(&due).await.unwrap(), Settled::Done);
    assert_eq!(database.number("SELECT money FROM users"), 220);
    assert_eq!(records.balance(1).await.unwrap().unwrap().ledger, 220);
}

#[tokio::test]
async fn what_the_database_lacks_is_named_and_the_rest_works() {
    let database = Database::new();
    database.users(1..=1);
    database.payment("a", 1, None, "pending", 10);
    let change = "DROP TABLE jobs; ALTER TABLE users DROP COLUMN language";
    database.open().execute_batch(change).unwrap();
    let records = database.records();
    for (error, missing) in [
        (records.unfinished_jobs().await.unwrap_err(), "jobs"),
        (
            records.addressees(&[1]).await.unwrap_err(),
            "users.language",
        ),
    ] {
        assert_eq!(error.code(), FailureCode::SchemaDiffers);
        assert_eq!(error.failure.args["missing"], Arg::from(missing));
    }
    assert_eq!(records.payments(None).await.unwrap().len(), 1);
    assert!(records.balance(1).await.unwrap().is_some());
}

#[tokio::test]
async fn a_database_that_is_not_there_or_is_none_is_called_so() {
    let database = Database::new();
    let folder = database.path().parent().unwrap();
    let at = |name: &str| {
        ReiRecords::new(RecordsOptions {
            database: folder.join(name),
            schema: schema::built_in().unwrap(),
            tasks: BTreeMap::new(),
            limits: RecordsLimits::default(),
        })
    };
    std::fs::write(folder.join("none.db"), "x".repeat(4096)).unwrap();
    let missing = at("nowhere.db").payments(None).await.unwrap_err();
    assert_eq!(missing.code(), FailureCode::DatabaseMissing);
    let none = at("none.db").payments(None).await.unwrap_err();
    assert_eq!(none.code(), FailureCode::NotADatabase);
    let nowhere = at("nowhere.db");
    let turned = nowhere.turn_jobs(&[], JobStatus::Failed, JobStatus::Queued);
    let missing = turned.await.unwrap_err();
    assert_eq!(missing.code(), FailureCode::DatabaseMissing);
    assert!(!folder.join("nowhere.db").exists());
}

#[tokio::test]
async fn reading_leaves_nothing_beside_a_closed_database() {
    let database = Database::new();
    database.users(1..=1);
    assert_eq!(database.records().payments(None).await.unwrap(), []);
    let folder = std::fs::read_dir(database.path().parent().unwrap()).unwrap();
    assert_eq!(folder.count(), 1);
}
