use super::diagnosed;
use crate::domain::diagnosis::{Candidate, Cause, Certainty, Diagnosis};
use crate::domain::health::Part;

/// What is the matter; what the round found; what comes first.
#[derive(Clone, Copy)]
struct Situation {
    name: &'static str,
    found: &'static str,
    first: &'static str,
}

/// The situations under this heading of the table; all without one.
fn situations(heading: Option<&str>) -> Vec<Situation> {
    let sections = include_str!("situations.txt").split("\n= ").skip(1);
    let chosen = sections.filter(|one| heading.is_none_or(|heading| one.starts_with(heading)));
    let blocks = chosen.flat_map(|section| section.split("\n\n").skip(1));
    let situation = |block: &'static str| {
        let mut lines = block.trim().lines();
        let name = lines.next().unwrap();
        let mut column = |name| {
            lines
                .next()
                .unwrap()
                .trim()
                .strip_prefix(name)
                .unwrap()
                .trim()
        };
        Situation {
            name,
            found: column("found:"),
            first: column("first:"),
        }
    };
    blocks.map(situation).collect()
}

fn named(name: &str) -> &'static str {
    let found = situations(None).into_iter().find(|one| one.name == name);
    found.unwrap_or_else(|| panic!("no situation {name}")).found
}

fn first(diagnosis: &Diagnosis) -> String {
    diagnosis
        .candidates
        .first()
        .map_or("nothing".to_owned(), told)
}

fn told(one: &Candidate) -> String {
    let cause = one.cause.as_str();
    let certainty = one.certainty.as_str();
    match &one.subject {
        Some(subject) => format!("{cause}/{subject} {certainty}"),
        None => format!("{cause} {certainty}"),
    }
}

fn hold(heading: &str) {
    let situations = situations(Some(heading));
    assert!(situations.len() > 5, "{heading}");
    let wrong: Vec<String> = situations
        .iter()
        .filter_map(|situation| {
            let diagnosis = diagnosed(situation.found);
            let Situation {
                name,
                first: expected,
                ..
            } = situation;
            let all: Vec<String> = diagnosis.candidates.iter().map(told).collect();
            (first(&diagnosis) != *expected).then(|| format!("{name}: {expected}, not {all:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn single_faults_are_named() {
    hold("Single faults");
}

#[test]
fn of_several_faults_the_deepest_comes_first() {
    hold("Several faults");
}

#[test]
fn misleading_symptoms_do_not_mislead() {
    hold("Misleading symptoms");
}

#[test]
fn busy_is_not_broken() {
    hold("Healthy but busy");
}

#[test]
fn what_nobody_saw_is_not_claimed() {
    hold("Nobody can tell");
}

#[test]
fn what_follows_from_a_cause_is_no_candidate_and_stands_in_its_evidence() {
    for (name, cause) in [
        ("Redis away takes workers along", Cause::RedisFailure),
        ("the disk is full and everything complains", Cause::DiskFull),
        ("no way out of this machine", Cause::NetworkOutage),
        (
            "a corrupt database kills the units",
            Cause::DatabaseCorruption,
        ),
    ] {
        let found = named(name);
        let diagnosis = diagnosed(found);
        let causes: Vec<Cause> = diagnosis.candidates.iter().map(|one| one.cause).collect();
        assert_eq!(causes, [cause], "{name}");
        assert!(diagnosis.candidates[0].evidence.len() > 3, "{name}");
        assert_eq!(diagnosis.unexplained, [], "{name}");
    }
}

#[test]
fn signs_that_fit_nothing_are_told_as_such() {
    let diagnosis = diagnosed("queue degraded queue-deep; database degraded sqlite-old");
    assert_eq!(diagnosis.candidates, []);
    let codes: Vec<&str> = diagnosis
        .unexplained
        .iter()
        .map(|one| one.sign.code.as_str())
        .collect();
    assert_eq!(codes, ["queue-deep"]);
}

#[test]
fn what_could_not_be_seen_is_listed() {
    let diagnosis = diagnosed(
        "redis unknown silent; bot unknown failure:provider-not-configured; backups/s3 unknown",
    );
    let s3 = (Part::Backups, Some("s3".to_owned()));
    assert_eq!(diagnosis.blind, [s3, (Part::Redis, None)]);
    assert_eq!(diagnosed("all unknown silent").blind.len(), 23);
}

#[test]
fn another_reading_of_the_same_signs_does_not_lead() {
    let diagnosis = diagnosed("jobs/kling down jobs-failing");
    assert_eq!(diagnosis.candidates.len(), 2);
    assert_eq!(diagnosis.leading().count(), 1);
    let both = diagnosed(
        "redis down redis-refuses; backups/folder down backup-none; backups/s3 down backup-none",
    );
    assert_eq!(both.leading().count(), 2);
}

#[test]
fn every_cause_can_come_out() {
    let all = situations(None);
    assert!(all.len() >= 80);
    let named: Vec<String> = all.iter().map(|one| first(&diagnosed(one.found))).collect();
    for cause in Cause::ALL {
        let named = named
            .iter()
            .any(|one| one.split([' ', '/']).next() == Some(cause.as_str()));
        assert!(named, "{cause:?} never comes first");
    }
    for certainty in Certainty::ALL {
        assert!(named.iter().any(|one| one.ends_with(certainty.as_str())));
    }
}
