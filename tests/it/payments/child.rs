//! A sync in a process of its own: this test program, started once more.

use super::shop::{Database, adapter, ago, hasty};
use rei_recovery::adapters::rei_records::{RecordsLimits, RecordsOptions, ReiRecords};
use rei_recovery::ports::backups::Work;
use rei_recovery::runbook::schema;
use rei_recovery::tasks::payments::{Sides, Span, sync};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use tokio::process::{Child, Command};

const DATABASE: &str = "REI_RECOVERY_TEST_SYNC_DATABASE";
const API: &str = "REI_RECOVERY_TEST_SYNC_API";

/// Starts a sync that can be killed.
pub fn start(database: &Database, api: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "payments::child::one_sync_and_no_more"])
        .env(DATABASE, database.path())
        .env(API, api)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Does nothing unless it is the process that [`start`] began.
#[tokio::test]
async fn one_sync_and_no_more() {
    let (Some(database), Ok(api)) = (std::env::var_os(DATABASE), std::env::var(API)) else {
        return;
    };
    let records = ReiRecords::new(RecordsOptions {
        database: PathBuf::from(database),
        schema: schema::built_in().unwrap(),
        tasks: BTreeMap::new(),
        limits: RecordsLimits::default(),
    });
    let provider = adapter(&api, &api, hasty());
    let sides = Sides {
        records: &records,
        provider: &provider,
    };
    let span = Span {
        since: ago(180),
        until: ago(0),
    };
    sync(sides, span, false, &Work::default()).await.unwrap();
}
