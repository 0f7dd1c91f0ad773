//! Peers that hang cost their own lines, and no others wait for them.

use super::play::*;
use rei_recovery::demo::bot_api::Network;
use rei_recovery::demo::s3::Fault;
use rei_recovery::demo::world::WorldOptions;
use rei_recovery::demo::yookassa::Outage;
use std::net::TcpListener;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_peer_that_hangs_holds_nobody_up() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    world.api.set_network(Network::Hanging).await;
    world.s3.set_fault(Some(Fault::Silence));
    world.yookassa.set_outage(Some(Outage::Silence));
    // It takes connections and never says a word.
    let mute = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let redis = format!("redis://{}/0", mute.local_addr().unwrap());
    let begun = Instant::now();
    let report = check(&world, &[("REDIS_URL", &redis)]).await;
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(22), "{took:?}");
    report.failed("backups s3", "");
    report.failed("REI's bot", "");
    let warns = |check: &str| assert_eq!(report.line(check).verdict, "warning", "{report:#?}");
    warns("redis");
    warns("yookassa");
    warns("clock");
    for check in [
        "backups folder",
        "room folder",
        "database",
        "state",
        "provider kling",
    ] {
        assert_eq!(report.line(check).verdict, "ok", "{report:#?}");
    }
    // What the folder holds counts, whatever the bucket does.
    assert_eq!(report.line("backups").verdict, "ok", "{report:#?}");
}
