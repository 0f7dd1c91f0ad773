//! Carrying the table out.

use super::rules::{self, Rule, Weight};
use super::seen::{Case, Seen};
use super::{Candidate, Certainty, Diagnosis, Evidence};
use crate::domain::health::{Condition, Part, SignCode};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Signs that are worth a word and mean no trouble.
const WORDS: [SignCode; 2] = [SignCode::SqliteOld, SignCode::BackupUnverified];

/// More evidence than this is not kept of one candidate: nobody reads it.
const EVIDENCE: usize = 40;

/// What was decided so far.
#[derive(Default)]
struct Decided {
    /// With the weight of what speaks for each.
    candidates: Vec<(i32, Candidate)>,
    /// Signs that a cause accounts for, and later ones do not see.
    explained: BTreeSet<usize>,
    /// Signs that stand in some candidate.
    used: BTreeSet<usize>,
}

pub(super) fn weigh(case: &Case<'_>) -> Diagnosis {
    let mut decided = Decided::default();
    for rule in rules::all().filter(|rule| !(rule.unless)(case)) {
        for subject in subjects(rule, case) {
            decide(rule, subject, case, &mut decided);
        }
    }
    let Decided {
        mut candidates,
        used,
        ..
    } = decided;
    candidates.sort_by_key(|(weight, one)| {
        let doubtful = one.certainty == Certainty::Possible;
        let gravity = (one.cause.urgency(), Reverse(one.certainty), one.cause);
        (doubtful, gravity, Reverse(*weight), one.subject.clone())
    });
    let left = case.seen.iter().enumerate();
    let left = left.filter(|(at, seen)| !used.contains(at) && is_trouble(seen));
    Diagnosis {
        candidates: candidates.into_iter().map(|(_, one)| one).collect(),
        unexplained: left.map(|(_, seen)| seen.evidence(false)).collect(),
        blind: case.blind(),
    }
}

/// Whose case is looked at: nobody's in particular, or each one's that shows a sign of it.
fn subjects<'a>(rule: &Rule, case: &'a Case<'_>) -> Vec<Option<&'a str>> {
    if !rule.each {
        return vec![None];
    }
    let speaking = case.seen.iter().filter(|seen| weight(rule, seen).is_some());
    let subjects: BTreeSet<_> = speaking.filter_map(|seen| seen.subject).collect();
    subjects.into_iter().map(Some).collect()
}

fn decide(rule: &Rule, subject: Option<&str>, case: &Case<'_>, decided: &mut Decided) {
    let mut tells = Vec::new();
    let mut parts: BTreeMap<Part, i32> = BTreeMap::new();
    let mut claimed = false;
    for (at, seen) in case.seen.iter().enumerate() {
        let foreign = rule.each && seen.subject != subject;
        if foreign || decided.explained.contains(&at) {
            continue;
        }
        if let Some(weight) = weight(rule, seen).and_then(|w| as_seen(w, seen, case.deaf)) {
            claimed |= weight >= Weight::Weak;
            let most = parts.entry(seen.part).or_default();
            *most = (*most).max(points(weight));
            tells.push((Reverse(weight), at));
        }
    }
    tells.sort();
    let tells: Vec<usize> = tells.into_iter().map(|(_, at)| at).collect();
    let leans = rule.leans.iter().filter(|lean| (lean.if_so)(case, subject));
    let weight = parts.values().sum::<i32>() + leans.map(|lean| lean.by).sum::<i32>();
    let Some(certainty) = certainty(weight).filter(|_| claimed && parts.len() >= rule.parts) else {
        return;
    };
    let follows = match certainty {
        Certainty::Possible => Vec::new(),
        _ => following(rule, subject, case, &decided.explained),
    };
    let telling = |at: &usize| case.seen.get(*at).map(|seen| seen.evidence(false));
    let mut evidence: Vec<Evidence> = tells.iter().filter_map(telling).collect();
    let only_follow = follows.iter().filter(|at| !tells.contains(at));
    evidence
        .extend(only_follow.filter_map(|at| case.seen.get(*at).map(|seen| seen.evidence(true))));
    evidence.truncate(EVIDENCE);
    decided.used.extend(tells.iter().chain(&follows));
    decided.explained.extend(follows);
    let candidate = Candidate {
        cause: rule.cause,
        subject: subject.map(str::to_owned),
        certainty,
        evidence,
    };
    decided.candidates.push((weight, candidate));
}

/// The signs that follow from a cause: of the same subject, or of nobody in particular.
fn following(
    rule: &Rule,
    subject: Option<&str>,
    case: &Case<'_>,
    explained: &BTreeSet<usize>,
) -> Vec<usize> {
    let of_it = |seen: &Seen<'_>| !rule.each || seen.subject.is_none() || seen.subject == subject;
    let patterns = || rule.explains.iter().copied().flatten();
    let fits = |seen: &Seen<'_>| patterns().any(|pattern| pattern.fits(seen));
    let all = case.seen.iter().enumerate();
    all.filter(|(at, seen)| !explained.contains(at) && of_it(seen) && fits(seen))
        .map(|(at, _)| at)
        .collect()
}

/// The heaviest that the table says of a sign.
fn weight(rule: &Rule, seen: &Seen<'_>) -> Option<Weight> {
    let fitting = rule.speaks.iter().filter(|(pattern, _)| pattern.fits(seen));
    fitting.map(|(_, weight)| *weight).max()
}

/// A sign on something that is up is a word, no alarm. One on something that nobody could see says
/// less than the table has it, and nothing where this program saw next to nothing.
fn as_seen(weight: Weight, seen: &Seen<'_>, deaf: bool) -> Option<Weight> {
    match seen.condition {
        Condition::Degraded | Condition::Down => Some(weight),
        Condition::Up => Some(Weight::Hint),
        Condition::Unknown if deaf => None,
        Condition::Unknown => match weight {
            Weight::Proof => Some(Weight::Strong),
            Weight::Strong => Some(Weight::Weak),
            Weight::Weak | Weight::Backs => Some(Weight::Hint),
            Weight::Hint => None,
        },
    }
}

fn points(weight: Weight) -> i32 {
    match weight {
        Weight::Proof => 6,
        Weight::Strong => 3,
        Weight::Weak | Weight::Backs => 2,
        Weight::Hint => 1,
    }
}

fn certainty(points: i32) -> Option<Certainty> {
    match points {
        5.. => Some(Certainty::Certain),
        3..=4 => Some(Certainty::Likely),
        2 => Some(Certainty::Possible),
        _ => None,
    }
}

fn is_trouble(seen: &Seen<'_>) -> bool {
    let bad = matches!(seen.condition, Condition::Degraded | Condition::Down);
    bad && !WORDS.contains(&seen.sign.code)
}

/// Whether a server beyond this machine answered just now, be it with a refusal.
pub(super) fn answers(case: &Case<'_>) -> bool {
    let lost = [
        SignCode::BotUnreachable,
        SignCode::ServiceDown,
        SignCode::Silent,
    ];
    let beyond = [Part::Bot, Part::Yookassa, Part::Provider, Part::Certificate];
    let mut asked = beyond.into_iter().flat_map(|part| case.fresh(part));
    asked.any(|found| {
        found.condition != Condition::Unknown && !lost.iter().any(|code| found.shows(*code))
    })
}
