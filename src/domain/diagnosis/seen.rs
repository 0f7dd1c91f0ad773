//! What a round shows, in the form in which it is weighed.

use super::Evidence;
use crate::domain::failure::{Arg, FailureCode};
use crate::domain::health::{Condition, Finding, Part, Round, Sign, SignCode};

/// Parts that lie on this machine: whether they answer tells whether this program can see at all.
const NEAR: [Part; 6] = [
    Part::Unit,
    Part::Database,
    Part::Redis,
    Part::Log,
    Part::Disk,
    Part::Itself,
];

/// One sign where it was seen.
pub(super) struct Seen<'a> {
    pub(super) part: Part,
    pub(super) subject: Option<&'a str>,
    pub(super) condition: Condition,
    pub(super) sign: Sign,
}

impl Seen<'_> {
    /// A figure among the sign's blanks.
    pub(super) fn figure(&self, name: &str) -> Option<i64> {
        match self.sign.args.get(name) {
            Some(Arg::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn evidence(&self, follows: bool) -> Evidence {
        Evidence {
            part: self.part,
            subject: self.subject.map(str::to_owned),
            sign: self.sign.clone(),
            follows,
        }
    }
}

/// A round, with its signs in an order that does not depend on that of the findings.
pub(super) struct Case<'a> {
    pub(super) round: &'a Round,
    pub(super) seen: Vec<Seen<'a>>,
    /// Most of this machine's own parts gave no answer: silence then says more of this program, or of
    /// a machine that stands still, than of whoever is silent.
    pub(super) deaf: bool,
}

impl<'a> Case<'a> {
    pub(super) fn of(round: &'a Round) -> Self {
        let mut seen: Vec<Seen<'a>> = round.findings.iter().flat_map(signs).collect();
        // The blanks as text: two findings of one part and subject may differ in nothing else.
        seen.sort_by_cached_key(|one| {
            let blanks = format!("{:?}{:?}", one.condition, one.sign.args);
            (one.part, one.subject, one.sign.code, blanks)
        });
        Self {
            round,
            seen,
            deaf: is_deaf(round),
        }
    }

    /// What nobody could see. What is not set up is nothing that anybody wanted to see.
    pub(super) fn blind(&self) -> Vec<(Part, Option<String>)> {
        let is_wanted = |found: &&Finding| {
            let failure = found.failure.as_ref();
            failure.is_none_or(|failure| failure.code != FailureCode::ProviderNotConfigured)
        };
        let unknown = self.round.findings.iter().filter(is_unknown);
        let mut blind: Vec<_> = unknown
            .filter(is_wanted)
            .map(|found| (found.part, found.subject.clone()))
            .collect();
        blind.sort();
        blind.dedup();
        blind
    }

    /// The findings of a part that are not from an earlier look.
    pub(super) fn fresh(&self, part: Part) -> impl Iterator<Item = &'a Finding> {
        self.round.of(part).filter(|found| found.is_fresh())
    }
}

fn is_unknown(found: &&Finding) -> bool {
    found.condition == Condition::Unknown
}

fn is_deaf(round: &Round) -> bool {
    let near = || {
        let findings = round.findings.iter();
        findings.filter(|found| NEAR.contains(&found.part))
    };
    let unknown = near().filter(is_unknown).count();
    unknown > 0 && unknown * 2 >= near().count()
}

/// Its signs, and what its failure says that no sign does.
fn signs(found: &Finding) -> Vec<Seen<'_>> {
    let seen = |condition, sign| Seen {
        part: found.part,
        subject: found.subject.as_deref(),
        condition,
        sign,
    };
    let mut all: Vec<Seen<'_>> = found
        .signs
        .iter()
        .map(|sign| seen(found.condition, sign.clone()))
        .collect();
    if found.signs.is_empty()
        && let Some((condition, sign)) = in_the_failure(found)
    {
        all.push(seen(condition, sign));
    }
    all
}

/// Some findings say by their failure alone what is wrong: what lies in a place that does not answer is
/// not known, but that it does not answer is.
fn in_the_failure(found: &Finding) -> Option<(Condition, Sign)> {
    let code = found.failure.as_ref()?.code;
    let place = matches!(
        code,
        FailureCode::BackupPlaceUnreachable
            | FailureCode::BackupPlaceFailing
            | FailureCode::BackupPlaceMissing
            | FailureCode::BackupAccessDenied
            | FailureCode::BackupStalled
    );
    match (found.part, found.condition) {
        (Part::Backups, Condition::Unknown) if place => {
            let place = found.subject.as_deref().unwrap_or_default();
            let gone = Sign::new(SignCode::BackupPlaceGone).with("place", place);
            Some((Condition::Degraded, gone))
        }
        (_, Condition::Degraded | Condition::Down) => {
            let failing = Sign::new(SignCode::Failing).with("failure", code.as_str());
            Some((found.condition, failing))
        }
        _ => None,
    }
}
