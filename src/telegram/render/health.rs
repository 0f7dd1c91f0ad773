//! Findings in words: a line each, worst first, and the figures behind it.

use super::{View, args};
use crate::domain::diagnosis::{Candidate, Cause, Certainty, Evidence};
use crate::domain::failure::Arg;
use crate::domain::health::{Condition, Finding, Measure, Part, Sign};
use std::cmp::Reverse;

/// More signs of one finding than this are counted, not told.
const SIGNS: usize = 3;

/// What a group of buttons opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Units, REI's bot, its log.
    Units,
    /// The database, the ledger, the room on its disk.
    Database,
    /// Redis, the queue, the jobs.
    Queue,
    /// Payments and the payment provider.
    Payments,
    /// The AI providers and what becomes of their jobs.
    Providers,
    /// Backups.
    Backups,
    /// This machine and this program.
    Machine,
}

impl Topic {
    /// Every topic, in the order of its buttons.
    pub const ALL: [Self; 7] = [
        Self::Units,
        Self::Database,
        Self::Queue,
        Self::Payments,
        Self::Providers,
        Self::Backups,
        Self::Machine,
    ];

    /// The end of its locale key `topic-<name>`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Database => "database",
            Self::Queue => "queue",
            Self::Payments => "payments",
            Self::Providers => "providers",
            Self::Backups => "backups",
            Self::Machine => "machine",
        }
    }

    /// The parts it tells of.
    #[must_use]
    pub fn parts(self) -> &'static [Part] {
        match self {
            Self::Units => &[Part::Unit, Part::Bot, Part::Log],
            Self::Database => &[Part::Database, Part::Ledger, Part::Disk],
            Self::Queue => &[Part::Redis, Part::Queue, Part::Jobs],
            Self::Payments => &[Part::Payments, Part::Yookassa],
            Self::Providers => &[Part::Provider, Part::Jobs],
            Self::Backups => &[Part::Backups],
            Self::Machine => &[Part::Itself, Part::Clock, Part::Disk, Part::Certificate],
        }
    }
}

/// Worst first; of the same condition in the order of the parts.
pub fn worst_first<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<&'a Finding> {
    let mut sorted: Vec<&Finding> = findings.collect();
    sorted.sort_by_key(|found| (Reverse(weight(found.condition)), found.part));
    sorted
}

fn weight(condition: Condition) -> u8 {
    match condition {
        Condition::Up => 0,
        Condition::Unknown => 1,
        Condition::Degraded => 2,
        Condition::Down => 3,
    }
}

/// What was looked at: `unit rei_bot`.
#[must_use]
pub fn what(view: &View<'_>, part: Part, subject: Option<&str>) -> String {
    let name = view.word(&format!("part-{}", part.as_str()));
    let place = |place: &str| view.words("health-place", [("place", place.into())]);
    let subject = match (part, subject) {
        (Part::Backups, Some(named)) => Some(place(named)),
        (_, subject) => subject.map(str::to_owned),
    };
    match subject {
        Some(subject) => view.words(
            "health-subject",
            [("part", name.into()), ("subject", subject.into())],
        ),
        None => name,
    }
}

/// A finding that is not in order, with what tells so. Signs that were told as evidence already are
/// not told twice.
#[must_use]
pub fn trouble(
    view: &View<'_>,
    found: &Finding,
    since: Option<crate::domain::Timestamp>,
    told: &[&Evidence],
) -> Vec<String> {
    let is_told = |sign: &Sign| {
        told.iter()
            .any(|one| (one.part, &one.subject, &one.sign) == (found.part, &found.subject, sign))
    };
    let mut lines = vec![head(view, found, since)];
    let signs: Vec<&Sign> = found.signs.iter().filter(|sign| !is_told(sign)).collect();
    let worded = signs.iter().take(SIGNS);
    lines.extend(worded.map(|sign| bullet(view, &self::sign(view, sign))));
    let more = signs.len().saturating_sub(SIGNS);
    if more > 0 {
        let count = Arg::Number(i64::try_from(more).unwrap_or(i64::MAX));
        lines.push(view.tell("health-more", [("count", count)]));
    }
    if let (Some(failure), true) = (&found.failure, found.signs.is_empty()) {
        lines.push(bullet(view, &view.failure(failure)));
    }
    lines
}

/// A finding with all its figures.
#[must_use]
pub fn whole(
    view: &View<'_>,
    found: &Finding,
    since: Option<crate::domain::Timestamp>,
) -> Vec<String> {
    let mut lines = vec![head(view, found, since)];
    lines.extend(
        found
            .signs
            .iter()
            .map(|sign| bullet(view, &self::sign(view, sign))),
    );
    if let Some(failure) = &found.failure {
        lines.push(bullet(view, &view.failure(failure)));
    }
    let figures: Vec<String> = found
        .measures
        .iter()
        .map(|(measure, value)| figure(view, found.part, *measure, *value))
        .collect();
    if !figures.is_empty() {
        lines.push(bullet(view, &figures.join("; ")));
    }
    lines
}

fn head(view: &View<'_>, found: &Finding, since: Option<crate::domain::Timestamp>) -> String {
    let condition = view.word(&format!("condition-{}", found.condition.as_str()));
    let what = what(view, found.part, found.subject.as_deref());
    let named = [("condition", condition.into()), ("what", what.into())];
    match since.filter(|_| found.condition != Condition::Up) {
        None => view.tell("health-line", named),
        Some(since) => {
            let [condition, what] = named;
            view.tell(
                "health-line-since",
                [condition, what, ("since", view.at(since))],
            )
        }
    }
}

fn bullet(view: &View<'_>, html: &str) -> String {
    format!("{}{html}", view.say("health-bullet"))
}

/// A sign in words, as HTML.
#[must_use]
pub fn sign(view: &View<'_>, sign: &Sign) -> String {
    view.i18n.html(
        view.locale,
        &format!("sign-{}", sign.code.as_str()),
        &sign.args,
    )
}

/// A cause in words, with which one it is about.
#[must_use]
pub fn cause(view: &View<'_>, candidate: &Candidate) -> String {
    named_cause(view, candidate.cause, candidate.subject.as_deref())
}

/// The same of its parts.
#[must_use]
pub fn named_cause(view: &View<'_>, cause: Cause, subject: Option<&str>) -> String {
    let name = view.word(&format!("cause-{}", cause.as_str()));
    match subject {
        Some(subject) => view.words(
            "status-cause-of",
            [("cause", name.into()), ("subject", subject.into())],
        ),
        None => name,
    }
}

/// How sure a cause is.
#[must_use]
pub fn certainty(view: &View<'_>, certainty: Certainty) -> String {
    view.word(&format!("certainty-{}", certainty.as_str()))
}

/// What speaks for a cause, at most so many lines.
#[must_use]
pub fn evidence(view: &View<'_>, evidence: &[Evidence], most: usize) -> Vec<String> {
    let lines = evidence.iter().take(most).map(|one| {
        let what = what(view, one.part, one.subject.as_deref());
        let head = view.tell("health-evidence", [("what", what.into())]);
        format!("{head}{}", sign(view, &one.sign))
    });
    lines.map(|line| bullet(view, &line)).collect()
}

fn figure(view: &View<'_>, part: Part, measure: Measure, value: i64) -> String {
    let key = format!("measure-{}", measure.as_str());
    let named = [
        ("part", part.as_str().into()),
        ("value", typed(measure, value)),
    ];
    view.i18n.html(view.locale, &key, &args(named))
}

/// A figure in its unit, which is the end of its name.
fn typed(measure: Measure, value: i64) -> Arg {
    let positive = u64::try_from(value).unwrap_or(0);
    match measure.as_str().rsplit('-').next() {
        Some("seconds") => Arg::Seconds(positive),
        Some("bytes") => Arg::Bytes(positive),
        _ => Arg::Number(value),
    }
}
