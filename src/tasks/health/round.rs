//! All probes, and how their findings become a round.

use super::probe::Probe;
use super::{
    Eyes, backups, bot, database, disk, itself, jobs, ledger, log, payments, peers, queue, redis,
    services, units,
};
use crate::domain::health::{Finding, Part, Round};
use futures::future::join_all;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Everything there is to look at.
pub(super) fn probes(eyes: &Arc<Eyes>) -> Vec<Probe> {
    let mut probes = vec![
        bot::probe(eyes),
        database::probe(eyes),
        ledger::probe(eyes),
        redis::probe(eyes),
        queue::probe(eyes),
        queue::lost_probe(eyes),
        jobs::probe(eyes),
        payments::probe(eyes),
        services::yookassa(eyes),
        services::providers(eyes),
        log::probe(eyes),
        itself::probe(eyes),
    ];
    probes.extend(units::probes(eyes));
    probes.extend(backups::probes(eyes));
    probes.extend(disk::probes(eyes));
    probes.extend(peers::probes(eyes));
    probes
}

/// Asks all of them at once.
pub(super) async fn look(eyes: &Eyes, probes: &[Probe]) -> Round {
    let (at, begun) = (eyes.now(), Instant::now());
    let asked = join_all(probes.iter().map(|probe| probe.ask(eyes)));
    let mut findings: Vec<Finding> = asked.await.into_iter().flatten().collect();
    findings.push(peers::clock(eyes));
    queue::add_lost(eyes, &mut findings, at);
    one_per_disk(eyes, &mut findings);
    findings.sort_by_key(|found| found.part);
    Round {
        at,
        took: begun.elapsed(),
        findings,
    }
}

/// Folders on one file system have one room. The first of them stands for all.
fn one_per_disk(eyes: &Eyes, findings: &mut Vec<Finding>) {
    let devices = eyes.memory.with(|known| known.devices.clone());
    let mut met = BTreeSet::new();
    findings.retain(|found| {
        let folder = found.subject.as_deref().map(Path::new);
        let device = folder.and_then(|folder| devices.get(folder));
        match (found.part, device) {
            // What was not answered this time may be another file system by now.
            (Part::Disk, Some(device)) if found.failure.is_none() => met.insert(*device),
            _ => true,
        }
    });
}
