//! Diagnosis: from what one round found to what is probably behind it, best first.
//!
//! A pure function over the round. What speaks for which cause, what speaks against it and what it
//! explains stands in one table, `rules`; `weigh` carries the table out. Nothing is claimed of what
//! nobody could see: that is listed apart, as [`Diagnosis::blind`].

mod cause;
mod rules;
mod seen;
#[cfg(test)]
pub(crate) mod tests;
mod weigh;

pub use cause::{Cause, Urgency};

use super::health::{Part, Round, Sign};
use serde::{Deserialize, Serialize};

/// What a round probably means.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// What is probably the matter, best first. Empty where nothing is, or where nobody can tell.
    pub candidates: Vec<Candidate>,
    /// Signs of trouble that no candidate accounts for.
    pub unexplained: Vec<Evidence>,
    /// What nobody could see, with its subject.
    pub blind: Vec<(Part, Option<String>)>,
}

/// One cause and what speaks for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The cause.
    pub cause: Cause,
    /// Which one, for causes that have several: a provider's id, a service, a host, a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// How sure that is.
    pub certainty: Certainty,
    /// What speaks for it, the weightiest first; then what follows from it.
    pub evidence: Vec<Evidence>,
}

/// How sure a diagnosis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// A weak sign alone.
    Possible,
    /// A strong sign, or several weak ones that do not depend on each other.
    Likely,
    /// A proof, or a strong sign that another part confirms.
    Certain,
}

impl Certainty {
    /// Every certainty.
    pub const ALL: &[Self] = &[Self::Possible, Self::Likely, Self::Certain];

    /// The word in `--json` and the end of the locale key `certainty-<name>`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// A sign, and where it was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The part that shows it.
    pub part: Part,
    /// Which one, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What was seen.
    pub sign: Sign,
    /// It does not speak for the cause, it follows from it: Redis is away, therefore jobs wait.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub follows: bool,
}

impl Evidence {
    /// Whether both are the same sign at the same place, whatever its figures.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (self.part, self.sign.code, &self.subject) == (other.part, other.sign.code, &other.subject)
    }
}

impl Candidate {
    /// What speaks for it, without what merely follows.
    pub fn tells(&self) -> impl Iterator<Item = &Evidence> {
        self.evidence.iter().filter(|evidence| !evidence.follows)
    }
}

impl Diagnosis {
    /// Candidates that rest on something no better one rests on. The others read the same signs in
    /// another way: worth showing, and no reason for an alert of their own.
    pub fn leading(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().enumerate().filter_map(|(at, one)| {
            let better = &self.candidates[..at];
            let own = one.tells().any(|evidence| {
                let told = better.iter().flat_map(|better| &better.evidence);
                !told.into_iter().any(|other| other.is_same(evidence))
            });
            own.then_some(one)
        })
    }

    /// The candidate for this cause.
    #[must_use]
    pub fn find(&self, cause: Cause, subject: Option<&str>) -> Option<&Candidate> {
        let mut all = self.candidates.iter();
        all.find(|one| one.cause == cause && one.subject.as_deref() == subject)
    }
}

/// What a round probably means. The order of its findings does not matter.
#[must_use]
pub fn diagnose(round: &Round) -> Diagnosis {
    weigh::weigh(&seen::Case::of(round))
}
