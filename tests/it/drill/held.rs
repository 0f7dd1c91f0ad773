//! Every scenario, a bad backup, and what must be left alone.

use super::scene::{assert_cleared, drill, production, quiet, running};
use rei_recovery::demo::patient::{BackupOptions, Flaw, PatientOptions};
use rei_recovery::demo::redis_server;
use rei_recovery::demo::units::{self, Unit};
use serde_json::Value;
use std::time::Duration;

async fn passes(runbook: &str) -> Value {
    let world = quiet(PatientOptions::tiny()).await;
    let before = production(&world);
    let (code, told) = drill(&world, &[runbook]).await;
    assert_eq!(told["verdict"], "pass", "{told:#}");
    assert_eq!(code, Some(0));
    assert!(told["rto_millis"].as_u64().is_some(), "{told:#}");
    assert_eq!(production(&world), before);
    assert_cleared(&world);
    told
}

fn looked(told: &Value) -> Vec<&str> {
    let looks = told["drill"]["looks"].as_array().unwrap();
    looks
        .iter()
        .map(|look| look["function"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_database_is_recovered_on_the_copy() {
    let told = passes("database-corruption").await;
    assert!(told["rpo_millis"].as_u64().unwrap() >= 20 * 60_000);
    let all = [
        "units", "database", "rows", "ledger", "redis", "job", "payments",
    ];
    assert_eq!(looked(&told), all);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_lost_is_recovered_on_the_copy() {
    let told = passes("data-loss").await;
    let stood_in = &told["drill"]["recovery"]["stood_in"];
    assert_eq!(*stood_in, serde_json::json!(["pip3"]));
}

/// The drill deletes its copy's folder, kills its copy's units and empties its copy's Redis.
#[tokio::test(flavor = "multi_thread")]
async fn units_and_redis_of_a_running_production_go_on() {
    let world = running(PatientOptions::tiny()).await;
    let home = world.patient.home();
    let processes = || Unit::ALL.map(|unit| units::pid(unit, &home).unwrap());
    let before = processes();
    assert!(before.iter().all(Option::is_some), "{before:?}");
    // A connection that a restart would break, and a key that a flush would take.
    let mut redis = redis_server::client(&home).unwrap();
    let mut set = redis::cmd("SET");
    set.arg("held-by-production").arg("kept");
    set.exec(&mut redis).unwrap();
    let (_, told) = drill(&world, &["data-loss"]).await;
    assert_eq!(told["verdict"], "pass", "{told:#}");
    assert_eq!(processes(), before);
    let mut get = redis::cmd("GET");
    get.arg("held-by-production");
    assert_eq!(get.query::<String>(&mut redis).unwrap(), "kept");
    assert_cleared(&world);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_redis_is_recovered_on_the_copy() {
    let told = passes("redis-failure").await;
    let legs = told["drill"]["recovery"]["legs"].as_array().unwrap();
    let flush = legs.iter().find(|leg| leg["step"] == "flush").unwrap();
    assert_eq!(flush["state"], "done");
    assert_eq!(told["rpo_millis"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_payments_is_sat_out_on_the_copy() {
    let told = passes("payment-outage").await;
    assert!(looked(&told).contains(&"payments"), "{told:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_a_provider_is_sat_out_on_the_copy() {
    passes("ai-outage").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_bad_on_purpose_is_refused() {
    let world = quiet(PatientOptions::tiny()).await;
    let before = production(&world);
    let (code, told) = drill(&world, &["database-corruption", "--with-bad-backup"]).await;
    assert_eq!(
        (&told["verdict"], &told["refused"]),
        (&"pass".into(), &true.into()),
        "{told:#}"
    );
    assert_eq!(code, Some(0));
    assert_eq!(told["rto_millis"], Value::Null);
    assert_eq!(production(&world), before);
    assert_cleared(&world);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_with_a_bad_newest_backup_is_red() {
    let older = BackupOptions::aged(Duration::from_secs(40 * 60));
    let newest = BackupOptions::aged(Duration::from_secs(20 * 60)).flaw(Flaw::Truncated);
    let mut patient = PatientOptions::tiny();
    patient.backups = vec![older, newest];
    let world = quiet(patient).await;
    let before = production(&world);
    let (code, told) = drill(&world, &["database-corruption"]).await;
    assert_eq!(told["verdict"], "fail", "{told:#}");
    assert_eq!(code, Some(1));
    let stopped = &told["drill"]["recovery"]["stopped"];
    assert_eq!(stopped[0], "fetch", "{told:#}");
    assert_eq!(stopped[1]["code"], "backup-truncated", "{told:#}");
    assert_eq!(production(&world), before);
    assert_cleared(&world);
}
