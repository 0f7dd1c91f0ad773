//! Incidents from round to round, a minute apart.

use super::{Change, Context, Mute, Policy, Watch, What};
use crate::domain::diagnosis::tests::round;
use crate::domain::diagnosis::{Cause, diagnose};
use crate::domain::health::Round;
use jiff::{SignedDuration, Timestamp};

pub(super) const REDIS: &str = "redis down redis-refuses; queue unknown";
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// A monitor without probes.
pub(super) struct Monitor {
    pub(super) watch: Watch,
    pub(super) now: Timestamp,
    muted: Vec<Mute>,
    recovering: Vec<&'static str>,
}

impl Monitor {
    pub(super) fn new() -> Self {
        Self {
            watch: Watch::default(),
            now: "2026-11-23T12:00:00Z".parse().unwrap(),
            muted: Vec::new(),
            recovering: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, round: &Round) -> Vec<Change> {
        self.now += MINUTE;
        let context = Context {
            now: self.now,
            muted: &self.muted,
            recovering: &self.recovering,
            policy: Policy::default(),
        };
        self.watch.observe(round, &diagnose(round), &context)
    }

    /// What was new in so many rounds that differ from healthy ones in this, in words.
    fn sees(&mut self, differences: &str, rounds: usize) -> Vec<String> {
        let round = round(differences);
        let news = (0..rounds).flat_map(|_| self.take(&round));
        news.map(|change| told(&change)).collect()
    }

    /// Everything as it is after a restart of the program.
    fn restarts(&mut self) {
        let stored = serde_json::to_string(&self.watch).unwrap();
        self.watch = serde_json::from_str(&stored).unwrap();
    }

    fn mutes(&mut self, cause: Cause, minutes: i64) {
        let until = self.now + SignedDuration::from_mins(minutes);
        self.muted = vec![Mute {
            cause,
            subject: None,
            until,
        }];
    }
}

fn told(change: &Change) -> String {
    let incident = &change.incident;
    let what = match change.what {
        What::Opened => "opened".to_owned(),
        What::Updated { worse: true } => "worse".to_owned(),
        What::Updated { worse: false } => "updated".to_owned(),
        What::Returned => "returned".to_owned(),
        What::Reminder => "reminder".to_owned(),
        What::Resolved { lasted } => format!("resolved after {} min", lasted.as_secs() / 60),
        What::Muted => "muted".to_owned(),
        What::Unmuted => "unmuted".to_owned(),
    };
    let subject = incident.candidate.subject.as_deref();
    let subject = subject
        .map(|subject| format!("/{subject}"))
        .unwrap_or_default();
    format!(
        "{} {}{subject}: {what}",
        incident.number,
        incident.candidate.cause.as_str()
    )
}

const NOTHING: [&str; 0] = [];

#[test]
fn it_opens_with_the_second_round_and_ends_with_the_third_good_one() {
    let mut monitor = Monitor::new();
    assert_eq!(monitor.sees(REDIS, 1), NOTHING);
    assert_eq!(monitor.sees(REDIS, 1), ["1 redis-failure: opened"]);
    assert_eq!(monitor.sees(REDIS, 10), NOTHING);
    assert_eq!(monitor.sees("", 2), NOTHING);
    assert_eq!(
        monitor.sees("", 1),
        ["1 redis-failure: resolved after 12 min"]
    );
    assert_eq!(monitor.watch.open().count(), 0);
    assert_eq!(monitor.sees("", 40), NOTHING);
    assert_eq!(monitor.watch.tracks, []);
}

#[test]
fn two_of_three_rounds_are_enough_and_one_is_not() {
    let mut monitor = Monitor::new();
    assert_eq!(monitor.sees(REDIS, 1), NOTHING);
    assert_eq!(monitor.sees("", 1), NOTHING);
    assert_eq!(monitor.sees(REDIS, 1), ["1 redis-failure: opened"]);
    let mut monitor = Monitor::new();
    for _ in 0..20 {
        assert_eq!(monitor.sees(REDIS, 1), NOTHING);
        assert_eq!(monitor.sees("", 2), NOTHING);
    }
}

#[test]
fn what_is_merely_possible_must_last() {
    let mut monitor = Monitor::new();
    let possible = "log degraded log-database";
    assert_eq!(monitor.sees(possible, 7), NOTHING);
    assert_eq!(monitor.sees(possible, 1), ["1 database-corruption: opened"]);
}

#[test]
fn what_flaps_is_one_incident() {
    let mut monitor = Monitor::new();
    let mut news = Vec::new();
    for _ in 0..30 {
        news.extend(monitor.sees(REDIS, 2));
        news.extend(monitor.sees("", 4));
    }
    let opened = news.iter().filter(|one| one.ends_with("opened")).count();
    assert_eq!(opened, 1, "{news:?}");
    assert!(news.iter().all(|one| one.starts_with("1 ")), "{news:?}");
    // Each return asks for a longer calm, so that the message comes to rest.
    let edits = news.iter().filter(|one| one.ends_with("returned")).count();
    assert_eq!(edits, 1, "{news:?}");
    assert!(!monitor.sees("", 30).is_empty());
    assert_eq!(monitor.watch.open().count(), 0);
}

#[test]
fn what_comes_back_late_is_another_incident() {
    let mut monitor = Monitor::new();
    monitor.sees(REDIS, 2);
    monitor.sees("", 40);
    assert_eq!(monitor.sees(REDIS, 2), ["2 redis-failure: opened"]);
}

#[test]
fn rounds_that_saw_nothing_neither_open_nor_end_it() {
    let blind = "redis unknown failure:timed-out; queue unknown";
    let mut monitor = Monitor::new();
    assert_eq!(monitor.sees(blind, 20), NOTHING);
    monitor.sees(REDIS, 2);
    assert_eq!(monitor.sees(blind, 20), NOTHING);
    assert_eq!(monitor.sees("all unknown silent", 5), NOTHING);
    assert_eq!(monitor.watch.open().count(), 1);
    assert_eq!(monitor.sees("", 3).len(), 1);
}

#[test]
fn a_server_that_hangs_is_told_like_one_that_is_down() {
    let mut monitor = Monitor::new();
    let hangs = "yookassa/yookassa-api unknown silent";
    assert_eq!(monitor.sees(hangs, 1), NOTHING);
    assert_eq!(monitor.sees("", 1), NOTHING);
    assert_eq!(monitor.sees(hangs, 1), NOTHING);
    assert_eq!(monitor.sees(hangs, 1), ["1 payment-outage: opened"]);
    assert_eq!(monitor.sees("", 3).len(), 1);
    assert_eq!(monitor.sees("backups/s3 unknown silent", 7), NOTHING);
}

#[test]
fn a_look_that_is_merely_repeated_does_not_count_again() {
    let repeated = "yookassa/yookassa-api down service-down looked-seconds=50";
    let mut monitor = Monitor::new();
    monitor.sees("yookassa/yookassa-api down service-down", 1);
    assert_eq!(monitor.sees(repeated, 20), NOTHING);
    let again = monitor.sees("yookassa/yookassa-api down service-down", 1);
    assert_eq!(again, ["1 payment-outage: opened"]);
}

#[test]
fn more_evidence_is_an_edit_and_other_figures_are_none() {
    let mut monitor = Monitor::new();
    monitor.sees("redis down redis-refuses", 2);
    let more = "redis down redis-refuses; unit/redis down unit-down";
    assert_eq!(monitor.sees(more, 3), ["1 redis-failure: worse"]);
    assert_eq!(
        monitor.sees("redis down redis-refuses", 3),
        ["1 redis-failure: updated"]
    );
    let mut monitor = Monitor::new();
    monitor.sees("queue degraded jobs-lost(count=3)", 2);
    assert_eq!(
        monitor.sees("queue degraded jobs-lost(count=9)", 3),
        NOTHING
    );
}

#[test]
fn reminders_come_less_and_less_often() {
    let mut monitor = Monitor::new();
    monitor.sees(REDIS, 2);
    let minutes: Vec<usize> = (1..=1000)
        .filter(|_| !monitor.sees(REDIS, 1).is_empty())
        .collect();
    assert_eq!(minutes, [30, 90, 210, 450, 690, 930]);
}

#[test]
fn what_is_muted_is_silent_and_its_end_is_told() {
    let mut monitor = Monitor::new();
    monitor.sees(REDIS, 2);
    monitor.mutes(Cause::RedisFailure, 60);
    assert_eq!(monitor.sees(REDIS, 59), ["1 redis-failure: muted"]);
    let after = monitor.sees(REDIS, 1);
    assert_eq!(
        after,
        ["1 redis-failure: unmuted", "1 redis-failure: reminder"]
    );
    monitor.mutes(Cause::RedisFailure, 60);
    let end = monitor.sees("", 3);
    assert_eq!(
        end,
        [
            "1 redis-failure: muted",
            "1 redis-failure: resolved after 62 min"
        ]
    );
}

#[test]
fn a_clock_that_is_set_back_does_not_keep_it_muted() {
    let mut monitor = Monitor::new();
    monitor.sees(REDIS, 2);
    monitor.mutes(Cause::RedisFailure, 60);
    assert_eq!(monitor.sees(REDIS, 1), ["1 redis-failure: muted"]);
    monitor.now -= SignedDuration::from_hours(24);
    let told = monitor.sees(REDIS, 1);
    assert!(
        told.contains(&"1 redis-failure: unmuted".to_owned()),
        "{told:?}"
    );
}

#[test]
fn what_begins_muted_is_told_when_the_mute_is_over() {
    let mut monitor = Monitor::new();
    monitor.mutes(Cause::RedisFailure, 10);
    assert_eq!(monitor.sees(REDIS, 9), NOTHING);
    assert_eq!(monitor.watch.open().count(), 1);
    assert_eq!(monitor.sees(REDIS, 1), ["1 redis-failure: opened"]);
    let mut monitor = Monitor::new();
    monitor.mutes(Cause::RedisFailure, 60);
    assert_eq!(monitor.sees(REDIS, 9), NOTHING);
    assert_eq!(
        monitor.sees("", 9),
        NOTHING,
        "nobody was told that it began"
    );
}

#[test]
fn a_recovery_holds_back_what_it_mends_and_nothing_else() {
    let during = "database down database-missing; unit/rei_bot down unit-down; \
        yookassa/yookassa-api down service-down";
    let mut monitor = Monitor::new();
    monitor.sees("database down database-damaged", 2);
    monitor.recovering = vec!["database-corruption"];
    assert_eq!(
        monitor.sees(during, 60),
        ["2 payment-outage: opened", "2 payment-outage: reminder"]
    );
    monitor.recovering.clear();
    assert_eq!(monitor.sees("", 1), NOTHING);
    let end = monitor.sees("", 2);
    assert!(
        end.iter()
            .any(|one| one.starts_with("1 database-corruption: resolved")),
        "{end:?}"
    );
}

#[test]
fn after_a_recovery_that_did_not_help_it_is_looked_at_afresh() {
    let mut monitor = Monitor::new();
    monitor.recovering = vec!["redis-failure"];
    assert_eq!(monitor.sees(REDIS, 30), NOTHING);
    monitor.recovering.clear();
    assert_eq!(monitor.sees(REDIS, 1), NOTHING);
    assert_eq!(monitor.sees(REDIS, 1), ["1 redis-failure: opened"]);
}

#[test]
fn what_another_cause_explains_is_neither_news_nor_over() {
    let mut monitor = Monitor::new();
    monitor.sees("redis down redis-read-only", 2);
    let full = "redis down redis-read-only; disk/opt down disk-full";
    assert_eq!(
        monitor.sees(full, 40),
        ["2 disk-full: opened", "2 disk-full: reminder"]
    );
    assert_eq!(monitor.watch.open().count(), 2);
    assert_eq!(monitor.sees("", 3).len(), 2);
}

#[test]
fn a_restart_of_the_program_forgets_nothing() {
    let mut monitor = Monitor::new();
    assert_eq!(monitor.sees(REDIS, 1), NOTHING);
    monitor.restarts();
    assert_eq!(monitor.sees(REDIS, 1), ["1 redis-failure: opened"]);
    monitor.restarts();
    assert_eq!(monitor.sees(REDIS, 1), NOTHING);
    assert_eq!(monitor.sees("", 3).len(), 1);
    monitor.restarts();
    assert_eq!(monitor.sees(REDIS, 2), ["1 redis-failure: returned"]);
    assert_eq!(monitor.watch.find(1).unwrap().returns, 1);
}
