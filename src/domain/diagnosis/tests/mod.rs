//! Situations in one line each: what a round found where it differs from a healthy one, and what comes
//! first of the diagnosis.

pub(crate) mod properties;
mod situations;

use super::{Diagnosis, diagnose};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::health::{Condition, Finding, Measure, Part, Round, Sign, SignCode};
use std::time::Duration;

/// What a healthy installation is made of.
const HEALTHY: &str = "unit/redis; unit/rei_bot; unit/rei_bot_workers; bot; database; ledger; \
    backups/folder; backups/s3; redis; queue; jobs/kling; jobs/nano_banana; payments; \
    yookassa/yookassa-api; yookassa/yookassa-status; provider/kling; provider/nano_banana; log; \
    disk/opt; disk/backups; certificate/api.telegram.org; clock; itself";

/// A round that differs from a healthy one in what is written.
///
/// Findings are separated by `;`. Each is a part, maybe with its subject, and words: a condition, signs
/// with figures in brackets, measures with `=`, `failure:<code>`; or `absent`. `far unknown …` and
/// `all unknown …` stand for all servers beyond this machine, and for everything.
pub(crate) fn round(differences: &str) -> Round {
    let mut findings: Vec<Finding> = HEALTHY.split(';').filter_map(finding).collect();
    for difference in differences.split(';').filter(|one| !one.trim().is_empty()) {
        let (place, words) = difference.trim().split_once(' ').unwrap();
        let many: Vec<(Part, Option<String>)> = match place {
            "all" => places(&findings, |_| true),
            "far" => places(&findings, is_far),
            one => vec![place_of(one)],
        };
        for (part, subject) in many {
            findings.retain(|old| (old.part, &old.subject) != (part, &subject));
            let place = match subject {
                Some(subject) => format!("{}/{subject}", part.as_str()),
                None => part.as_str().to_owned(),
            };
            findings.extend(finding(&format!("{place} {words}")));
        }
    }
    Round {
        at: "2026-11-23T12:00:00Z".parse().unwrap(),
        took: Duration::from_secs(1),
        findings,
    }
}

pub(crate) fn diagnosed(differences: &str) -> Diagnosis {
    diagnose(&round(differences))
}

fn places(findings: &[Finding], which: impl Fn(&Finding) -> bool) -> Vec<(Part, Option<String>)> {
    let chosen = findings.iter().filter(|found| which(found));
    chosen
        .map(|found| (found.part, found.subject.clone()))
        .collect()
}

fn is_far(found: &Finding) -> bool {
    let far = [
        Part::Bot,
        Part::Yookassa,
        Part::Provider,
        Part::Certificate,
        Part::Clock,
    ];
    far.contains(&found.part) || found.subject.as_deref() == Some("s3")
}

fn place_of(text: &str) -> (Part, Option<String>) {
    let (part, subject) = match text.split_once('/') {
        Some((part, subject)) => (part, Some(subject.to_owned())),
        None => (text, None),
    };
    let known = Part::ALL.iter().find(|known| known.as_str() == part);
    (*known.unwrap_or_else(|| panic!("no part {part}")), subject)
}

fn finding(text: &str) -> Option<Finding> {
    let mut words = text.split_whitespace();
    let (part, subject) = place_of(words.next().unwrap());
    let mut found = Finding::up(part);
    found.subject = subject;
    for word in words {
        if word == "absent" {
            return None;
        } else if let Some(condition) = condition(word) {
            found.condition = condition;
        } else if let Some(code) = word.strip_prefix("failure:") {
            let code = FailureCode::ALL.iter().find(|known| known.as_str() == code);
            found.failure = Some(Failure::new(*code.unwrap()));
        } else if let Some((measure, value)) = word.split_once('=').filter(|_| !word.contains('('))
        {
            let measure = Measure::ALL.iter().find(|known| known.as_str() == measure);
            found
                .measures
                .insert(*measure.unwrap(), value.parse().unwrap());
        } else {
            found.signs.push(sign(word));
        }
    }
    if found.condition == Condition::Unknown && found.failure.is_none() {
        found.failure = Some(Failure::new(FailureCode::TimedOut));
    }
    Some(found)
}

fn condition(word: &str) -> Option<Condition> {
    let all = [
        Condition::Up,
        Condition::Degraded,
        Condition::Down,
        Condition::Unknown,
    ];
    all.into_iter().find(|condition| condition.as_str() == word)
}

/// `unit-restarting(restarts=4)`.
fn sign(word: &str) -> Sign {
    let (code, blanks) = word.split_once('(').unwrap_or((word, ")"));
    let known = SignCode::ALL.iter().find(|known| known.as_str() == code);
    let sign = Sign::new(*known.unwrap_or_else(|| panic!("no sign {code}")));
    let blanks = blanks.trim_end_matches(')').split(',');
    blanks
        .filter(|blank| !blank.is_empty())
        .fold(sign, |sign, blank| {
            let (name, value) = blank.split_once('=').unwrap();
            match value.parse::<i64>() {
                Ok(number) => sign.with(name, number),
                Err(_) => sign.with(name, value),
            }
        })
}
