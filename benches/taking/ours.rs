//! Our way, whole: copy, full check, compress and store, read back.

use super::Scene;
use super::meter::measure;
use anyhow::{Result, anyhow, ensure};
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::adapters::catalogue::AllBackups;
use rei_recovery::adapters::sqlite_backup::SqliteCopies;
use rei_recovery::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::runbook::schema;
use rei_recovery::store::Store;
use rei_recovery::tasks::taking::Taking;
use std::sync::Arc;
use std::time::Duration;

pub(crate) async fn run(scene: &Scene) -> Result<()> {
    let store = Store::open(&scene.root.join("state"), Arc::new(SystemClock))?;
    let place = BackupDir::new(scene.root.join("backups"), Duration::from_secs(60));
    let places = vec![Arc::new(place.clone()) as _];
    let schema = schema::built_in()?;
    let taking = Taking {
        copies: Arc::new(SqliteCopies::default()),
        checks: Arc::new(SqliteChecks::new(schema, CheckLimits::default())),
        backups: Arc::new(AllBackups::new(
            places,
            Arc::new(store),
            Duration::from_secs(60),
        )),
        depots: vec![Arc::new(place)],
        clock: Arc::new(SystemClock),
        database: scene.database.clone(),
        staging: scene.root.join("taking"),
        retention: Duration::from_secs(14 * 24 * 3600),
        program: "bench",
    };
    let work = Work::default();
    let (taken, measured) = measure(taking.take(&work)).await;
    let taken = taken.map_err(|failure| anyhow!("{failure}"))?;
    ensure!(taken.is_good(), "{taken:?}");
    let seconds = |millis: u64| millis as f64 / 1e3;
    let took = taken.took;
    println!("  ours   {measured}");
    println!(
        "    copy {:.1}, full check {:.1}, compress and store {:.1}, read back {:.1}; copy and store {:.1} s; {:.1} MB{}",
        seconds(took.copy),
        seconds(took.check),
        seconds(took.store),
        seconds(took.read_back),
        seconds(took.copy + took.store),
        taken.size as f64 / 1e6,
        taken.held_millis.map_or(String::new(), |held| format!(
            "; commits held up for {held} ms at most"
        )),
    );
    Ok(())
}
