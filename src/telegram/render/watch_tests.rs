//! `/status`, its details and alerts, as they read.

use super::health::Topic;
use super::sample::{at, view};
use super::tests::{shown, snapshot};
use super::*;
use crate::domain::alert::{Context, Incident, Policy, Watch};
use crate::domain::diagnosis::diagnose;
use crate::domain::failure::FailureCode;
use crate::domain::health::{Condition, Finding, Measure, Part, Round, Sign, SignCode};
use crate::ops::{Runbooks, Status};
use std::sync::Arc;

fn runbooks() -> Runbooks {
    Runbooks::load(None, &|_| true).unwrap()
}

fn status(findings: Vec<Finding>) -> Status {
    let round = Round {
        at: at("01:00:00"),
        took: Duration::from_millis(312),
        findings,
    };
    Status {
        diagnosis: diagnose(&round),
        round: Arc::new(round),
        since: crate::ops::Since::default(),
        incidents: Vec::new(),
        run: None,
        backlog: 0,
    }
}

fn unit(name: &str) -> Finding {
    Finding::up(Part::Unit)
        .of(name)
        .measured(Measure::UptimeSeconds, Some(7_200))
        .measured(Measure::Restarts, Some(0))
        .measured(Measure::MemoryBytes, Some(120 << 20))
}

pub(super) fn well() -> Vec<Finding> {
    vec![
        unit("rei_bot"),
        unit("rei_bot_workers"),
        unit("redis"),
        Finding::up(Part::Database)
            .measured(Measure::SizeBytes, Some(700 << 20))
            .measured(Measure::AgeSeconds, Some(3)),
        Finding::up(Part::Backups).of("folder"),
        Finding::up(Part::Redis),
        Finding::up(Part::Queue)
            .measured(Measure::Depth, Some(4))
            .measured(Measure::Workers, Some(2)),
    ]
}

pub(super) fn redis_down() -> Vec<Finding> {
    let mut findings = well();
    findings.retain(|found| !matches!(found.part, Part::Redis | Part::Queue | Part::Backups));
    findings
        .push(Finding::up(Part::Redis).with(Condition::Down, Sign::new(SignCode::RedisRefuses)));
    let refused = Failure::new(FailureCode::RedisUnreachable).with("server", "127.0.0.1:6379");
    findings.push(Finding::unknown(Part::Queue, refused));
    let old = Sign::new(SignCode::BackupOld)
        .with("age", Duration::from_secs(5_400))
        .with("rpo", Duration::from_secs(3_600));
    findings.push(
        Finding::up(Part::Backups)
            .of("s3")
            .with(Condition::Degraded, old),
    );
    findings
}

#[test]
fn status_when_all_is_well() {
    let status = status(well());
    snapshot!(
        "status_well",
        shown("01:00:01", |view| status::card(view, &status, &runbooks()))
    );
}

#[test]
fn status_says_the_worst_first_and_what_answers_it() {
    let status = status(redis_down());
    snapshot!(
        "status_trouble",
        shown("01:00:01", |view| status::card(view, &status, &runbooks()))
    );
}

#[test]
fn details_tell_every_figure() {
    let status = status(redis_down());
    snapshot!(
        "status_details",
        shown("01:00:01", |view| {
            let units = status::details(view, &status, Topic::Units);
            let queue = status::details(view, &status, Topic::Queue);
            Card {
                html: format!("{}\n\n{}", units.html, queue.html),
                keyboard: queue.keyboard,
            }
        })
    );
}

/// The incident that these rounds, a minute apart, make of a fault.
pub(super) fn incident(rounds: &[Vec<Finding>]) -> Incident {
    let mut watch = Watch::default();
    let mut last = None;
    for (minute, findings) in rounds.iter().enumerate() {
        let now = at(&format!("01:{minute:02}:00"));
        let round = Round {
            at: now,
            took: Duration::ZERO,
            findings: findings.clone(),
        };
        let context = Context {
            now,
            muted: &[],
            recovering: &[],
            policy: Policy::default(),
        };
        let changes = watch.observe(&round, &diagnose(&round), &context);
        let redis = |change: &crate::domain::alert::Change| {
            change.incident.candidate.cause.runbook() == Some("redis-failure")
        };
        last = changes
            .into_iter()
            .find(redis)
            .map(|it| it.incident)
            .or(last);
    }
    last.unwrap()
}

#[test]
fn an_alert_says_what_it_is_and_what_to_press() {
    let open = incident(&[redis_down(), redis_down()]);
    snapshot!(
        "alert_open",
        shown("01:02:00", |view| alert::card(view, &open, &runbooks()))
    );
    snapshot!(
        "alert_reminder",
        shown("01:32:00", |view| alert::reminder(view, &open, &runbooks()))
    );
    let mut muted = open;
    muted.muted_until = Some(at("02:02:00"));
    snapshot!(
        "alert_muted",
        shown("01:02:30", |view| alert::card(view, &muted, &runbooks()))
    );
}

#[test]
fn an_alert_that_is_over_has_no_buttons_left() {
    let rounds = [redis_down(), redis_down(), well(), well(), well(), well()];
    let over = incident(&rounds);
    assert!(!over.is_open());
    snapshot!(
        "alert_over",
        shown("01:06:00", |view| alert::card(view, &over, &runbooks()))
    );
}

#[test]
fn a_status_of_everything_fits_one_message() {
    let i18n = super::sample::texts();
    let view = view(&i18n, Locale::Ru, "01:00:00");
    let mut findings = redis_down();
    for _ in 0..60 {
        let cause = "x".repeat(300);
        findings.push(Finding::up(Part::Provider).of("kling").with(
            Condition::Down,
            Sign::new(SignCode::ServiceDown).with("said", cause),
        ));
    }
    let card = status::card(&view, &status(findings), &runbooks());
    assert!(super::page::units(&card.html) <= LIMIT);
}
