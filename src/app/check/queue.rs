//! Redis and RQ's queues.

use super::finding::{Finding, args, count};
use super::{Checker, heard};
use crate::adapters::rq::RqDeadlines;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::queue::{QueueView, RedisHealth, RedisRole};
use crate::ports::queue::JobQueue;
use std::collections::BTreeSet;

/// Connects, says who we are, writes, and looks at the queues.
pub(super) async fn check(checker: &Checker<'_>) -> Vec<Finding> {
    let queue =
        match super::super::services::queue(&checker.settings().base, RqDeadlines::default()) {
            Ok(queue) => queue,
            Err(error) => {
                let told = args([("cause", format!("{error:#}").into())]);
                return vec![checker.words.wrong("redis", "check-redis-url", &told)];
            }
        };
    let health = match heard(queue.health().await) {
        Ok(health) => health,
        Err(failure) => return vec![trouble(checker, "redis", &failure)],
    };
    let mut findings = vec![answers(checker, &health)];
    let (writable, view) = tokio::join!(queue.prove_writable(), queue.view());
    if let Err(failure) = heard(writable) {
        findings.push(trouble(checker, "redis write", &failure));
    }
    match heard(view) {
        Ok(view) => findings.extend(queues(checker, &view)),
        Err(failure) => findings.push(trouble(checker, "queues", &failure)),
    }
    findings
}

/// A server that is down is a patient that is ill; one that refuses us is a broken installation.
fn trouble(checker: &Checker<'_>, name: &str, failure: &Failure) -> Finding {
    let words = &checker.words;
    let is_replica = || failure.args.get("reason") == Some(&"replica".into());
    let told = &failure.args;
    match failure.code {
        FailureCode::RedisPassword => {
            words.failed_but(name, failure, ("check-redis-password-mend", told))
        }
        FailureCode::RedisTls | FailureCode::RedisNotAServer => words.failed(name, failure),
        FailureCode::RedisReadOnly if is_replica() => {
            words.failed_but(name, failure, ("check-redis-replica-mend", told))
        }
        FailureCode::RedisUnreachable => words
            .failed_but(name, failure, ("check-redis-down-mend", told))
            .lenient(),
        _ => words.failed(name, failure).lenient(),
    }
}

fn answers(checker: &Checker<'_>, health: &RedisHealth) -> Finding {
    let role = match health.role {
        RedisRole::Master => "master",
        RedisRole::Replica => "replica",
        RedisRole::Sentinel => "sentinel",
    };
    let told = args([
        ("version", health.version.as_str().into()),
        ("role", role.into()),
        ("count", count(health.keys)),
    ]);
    checker.words.ok("redis", "check-redis-ok", &told)
}

/// A queue of RQ_QUEUES that nobody serves may be misspelt, or its workers are down.
fn queues(checker: &Checker<'_>, view: &QueueView) -> Vec<Finding> {
    let wanted = &checker.settings().base.queue.queues;
    let served = |name: &str| {
        view.workers
            .iter()
            .any(|w| w.queues.iter().any(|q| q == name))
    };
    let known: Vec<&str> = view
        .queues
        .iter()
        .map(|queue| queue.name.as_str())
        .collect();
    let versions: BTreeSet<&str> = view
        .workers
        .iter()
        .filter_map(|worker| worker.version.as_deref())
        .collect();
    let versions = versions.into_iter().collect::<Vec<_>>().join(", ");
    let each = wanted.iter().map(|name| {
        let told = args([
            ("queue", name.as_str().into()),
            ("known", known.join(", ").into()),
            ("workers", count(view.workers.len())),
            ("versions", versions.as_str().into()),
        ]);
        let check = format!("queue {name}");
        match served(name) {
            true => checker.words.ok(check, "check-queue-ok", &told),
            false => checker
                .words
                .wrong(check, "check-queue-idle", &told)
                .lenient(),
        }
    });
    each.collect()
}
