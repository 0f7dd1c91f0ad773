//! Certificates of the servers, and this machine's clock against theirs.

use super::Eyes;
use super::probe::Probe;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use crate::ports::peers::Peer;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// A certificate that ends sooner should have been renewed, and sooner than that is an outage to come.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);
const VERY_SOON: SignedDuration = SignedDuration::from_hours(3 * 24);
/// A comparison of clocks is good for so long.
const FRESH: SignedDuration = SignedDuration::from_mins(30);
/// Codes for approvals hold for half a minute and Kling's tokens begin at once: beyond this they fail
/// now and then; in milliseconds.
const SKEWED: u64 = 5_000;
/// S3 refuses signatures that are a quarter of an hour off; long before, backups' times are wrong.
const FAR_SKEWED: u64 = 5 * 60 * 1000;

pub(super) fn probes(eyes: &Arc<Eyes>) -> Vec<Probe> {
    let servers = &eyes.profile.servers;
    let one_each = servers.iter().enumerate().filter(|(at, server)| {
        let before = servers.iter().take(*at);
        before.into_iter().all(|other| name(other) != name(server))
    });
    one_each.map(|(_, server)| probe(eyes, server)).collect()
}

fn probe(eyes: &Arc<Eyes>, server: &Url) -> Probe {
    let mut asks = vec![(Part::Certificate, Some(name(server)))];
    // Without TLS there is no certificate; the clock is compared all the same.
    asks.retain(|_| server.scheme() == "https");
    let server = server.clone();
    let keep = eyes.profile.keep.servers;
    Probe::new(eyes, asks, move |eyes| look(eyes, server.clone())).keeping(keep)
}

/// Host, and port where it is not the usual one.
fn name(server: &Url) -> String {
    let host = server.host_str().unwrap_or_default();
    let port = server.port().map(|port| format!(":{port}"));
    format!("{host}{}", port.unwrap_or_default())
}

async fn look(eyes: Arc<Eyes>, server: Url) -> Vec<Finding> {
    let peer = eyes.ports.peers.look(&server).await;
    let (now, host) = (eyes.now(), name(&server));
    let clock = match &peer {
        Ok(Peer {
            ahead_millis: Some(millis),
            ..
        }) => Ok(*millis),
        Ok(_) => Err(unreadable(&host).because("it does not say what time it is")),
        Err(error) => Err(error.failure.clone()),
    };
    eyes.memory
        .with(|known| known.clocks.insert(host.clone(), (now, clock)));
    if server.scheme() != "https" {
        return Vec::new();
    }
    let found = match peer {
        Ok(peer) => match peer.certificate_ends {
            Some(ends) => certificate(&host, ends, now),
            None => Finding::unknown(Part::Certificate, unreadable(&host)),
        },
        Err(error) => Finding::unknown(Part::Certificate, error.into()),
    };
    vec![found.of(host)]
}

fn unreadable(host: &str) -> Failure {
    Failure::new(FailureCode::ProviderAnswerUnreadable).with("service", host)
}

fn certificate(host: &str, ends: Timestamp, now: Timestamp) -> Finding {
    let left = ends.duration_since(now);
    let days = left.as_hours().div_euclid(24);
    let found = Finding::up(Part::Certificate).measured(Measure::DaysLeft, Some(days));
    let sign = |code| Sign::new(code).with("host", host);
    let ending = || sign(SignCode::CertificateEnding).with("days", days);
    if left <= SignedDuration::ZERO {
        found.with(Condition::Down, sign(SignCode::CertificateEnded))
    } else if left < VERY_SOON {
        found.with(Condition::Down, ending())
    } else if left < SOON {
        found.with(Condition::Degraded, ending())
    } else {
        found
    }
}

/// This clock against all servers that answered lately: the one in the middle, so that a single
/// server with a wrong clock moves nothing where there are others.
pub(super) fn clock(eyes: &Eyes) -> Finding {
    let now = eyes.now();
    let (mut known, mut why) = (Vec::new(), None);
    eyes.memory.with(|memory| {
        for (at, clock) in memory.clocks.values() {
            // Set back since: the age means nothing, and the comparison least of all.
            let fresh = now.duration_since(*at).abs() < FRESH;
            match clock {
                Ok(millis) if fresh => known.push(*millis),
                Ok(_) => {}
                Err(failure) => why = Some(failure.clone()),
            }
        }
    });
    known.sort_unstable();
    match known.get(known.len() / 2) {
        Some(middle) => judge_clock(*middle),
        None => {
            let unasked = || {
                Failure::new(FailureCode::TimedOut)
                    .with("seconds", super::probe::DEADLINE)
                    .because("no server has told its time yet")
            };
            Finding::unknown(Part::Clock, why.unwrap_or_else(unasked))
        }
    }
}

fn judge_clock(millis: i64) -> Finding {
    let found = Finding::up(Part::Clock).measured(Measure::SkewMillis, Some(millis));
    let off = millis.unsigned_abs();
    let skew = || Sign::new(SignCode::ClockSkew).with("skew", Duration::from_millis(off));
    match off {
        ..SKEWED => found,
        SKEWED..FAR_SKEWED => found.with(Condition::Degraded, skew()),
        _ => found.with(Condition::Down, skew()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_renewed_in_time_or_told() {
        let now = Timestamp::from_second(1_000_000_000).unwrap();
        let judged = |days: i64| certificate("h", now + SignedDuration::from_hours(days * 24), now);
        assert_eq!(judged(15).condition, Condition::Up);
        assert_eq!(judged(13).condition, Condition::Degraded);
        assert_eq!(judged(2).condition, Condition::Down);
        assert!(judged(-1).shows(SignCode::CertificateEnded));
        assert_eq!(judged(-1).measures[&Measure::DaysLeft], -1);
    }

    #[test]
    fn a_skew_counts_in_either_direction() {
        assert_eq!(judge_clock(-4_999).condition, Condition::Up);
        assert_eq!(judge_clock(-5_000).condition, Condition::Degraded);
        assert_eq!(judge_clock(300_000).condition, Condition::Down);
    }
}
