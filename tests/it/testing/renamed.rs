//! Tables and columns that REI renamed in an update, before anybody told `schema.toml`.

use super::ground::{Ground, Yard, now, words};
use super::material::{Form, changed, gzip, make};
use jiff::{SignedDuration, Timestamp};
use rei_recovery::domain::chore::testing::Verdict;
use rei_recovery::ports::backups::Backups;
use std::time::Duration;

const RENAMED: &str = "ALTER TABLE jobs RENAME COLUMN cost TO price";

fn at() -> Timestamp {
    now().checked_sub(SignedDuration::from_mins(20)).unwrap()
}

/// A yard with a backup of a database whose column has another name.
fn yard(ground: &Ground) -> Yard {
    let yard = ground.yard();
    let plain = changed(&Form::default(), at(), RENAMED);
    yard.put(at(), &gzip(&plain, 6));
    yard
}

async fn condemned(yard: &Yard) -> bool {
    let backups: &dyn Backups = yard.tester.backups.as_ref();
    let listed = backups.catalogue(Duration::from_secs(5)).await.backups;
    listed[0].failed.is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_lacks_what_the_live_database_lacks_is_not_condemned() {
    let ground = Ground::new();
    let yard = yard(&ground);
    let live = make(&yard.tester.database, &Form::default(), at());
    live.execute_batch(RENAMED).unwrap();
    live.close().unwrap();
    let tested = yard.test(&[]).await;
    assert_eq!(words(&tested), ["schema-outdated"]);
    assert_eq!(tested.verdict(), Verdict::Inconclusive);
    assert!(!condemned(&yard).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_look_at_the_live_database_nobody_can_tell() {
    let ground = Ground::new();
    let yard = yard(&ground);
    let tested = yard.test(&[]).await;
    assert_eq!(words(&tested), ["schema-uncertain"]);
    assert_eq!(tested.verdict(), Verdict::Inconclusive);
    assert!(!condemned(&yard).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_lacks_what_the_live_database_has_fails() {
    let ground = Ground::new();
    let yard = yard(&ground);
    make(&yard.tester.database, &Form::default(), at())
        .close()
        .unwrap();
    let tested = yard.test(&[]).await;
    assert_eq!(words(&tested), ["schema-differs"]);
    assert_eq!(tested.verdict(), Verdict::Fail);
    assert!(condemned(&yard).await);
}
