//! Health: what one round of probes found of the patient, of what it stands on, and of this program.
//!
//! A finding never says more than its probe saw. What could not be asked is [`Condition::Unknown`] with
//! the reason, and what that means is decided elsewhere, by a pure function over the whole round.

pub mod history;
mod measure;
mod sign;

pub use super::provider::Condition;
pub use measure::Measure;
pub use sign::{Sign, SignCode};

use super::failure::Failure;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident => $text:literal,)*) => {
        /// What is looked at. In the order in which it is shown where nothing is wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Part {
            $($(#[$doc])* $name,)*
        }

        impl Part {
            /// Every part.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in `--json` and metrics, and the end of the locale key `part-<name>`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

parts! {
    /// One of `REI_UNITS` or `REDIS_UNIT`; the subject is the unit's name.
    Unit => "unit",
    /// REI's side of the Bot API.
    Bot => "bot",
    /// REI's database: file, content, sidecars.
    Database => "database",
    /// The sum of the ledger against the balances.
    Ledger => "ledger",
    /// One place of backups; the subject is `folder` or `s3`.
    Backups => "backups",
    /// REI's Redis.
    Redis => "redis",
    /// REI's queue and its workers.
    Queue => "queue",
    /// What became of the last hour's jobs of one provider; the subject is the provider's id.
    Jobs => "jobs",
    /// REI's payments as its database has them.
    Payments => "payments",
    /// The payment provider; the subject is the service (`yookassa-api`, `yookassa-status`).
    Yookassa => "yookassa",
    /// One AI provider; the subject is its id.
    Provider => "provider",
    /// REI's log.
    Log => "log",
    /// The room on one file system; the subject is the folder that was asked.
    Disk => "disk",
    /// The end of a TLS certificate; the subject is the host.
    Certificate => "certificate",
    /// This machine's clock.
    Clock => "clock",
    /// This program itself.
    Itself => "itself",
}

/// What one probe found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was looked at.
    pub part: Part,
    /// Which one, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// How it is.
    pub condition: Condition,
    /// What tells so; empty where all is well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signs: Vec<Sign>,
    /// Why it is not known, or what exactly a probe was answered. Always there with
    /// [`Condition::Unknown`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// What was measured.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub measures: BTreeMap<Measure, i64>,
    /// How long the probe took.
    pub took: Duration,
}

impl Finding {
    /// All is well, as far as nobody says otherwise.
    #[must_use]
    pub fn up(part: Part) -> Self {
        Self {
            part,
            subject: None,
            condition: Condition::Up,
            signs: Vec::new(),
            failure: None,
            measures: BTreeMap::new(),
            took: Duration::ZERO,
        }
    }

    /// Nobody can tell, and why.
    #[must_use]
    pub fn unknown(part: Part, why: Failure) -> Self {
        Self {
            condition: Condition::Unknown,
            failure: Some(why),
            ..Self::up(part)
        }
    }

    /// Of this one.
    #[must_use]
    pub fn of(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// With a sign; the condition becomes the worse of the two.
    #[must_use]
    pub fn with(mut self, condition: Condition, sign: Sign) -> Self {
        self.condition = worse(self.condition, condition);
        self.signs.push(sign);
        self
    }

    /// With a measure; nothing where it is not known.
    #[must_use]
    pub fn measured(mut self, measure: Measure, value: Option<i64>) -> Self {
        if let Some(value) = value {
            self.measures.insert(measure, value);
        }
        self
    }

    /// Whether it was looked just now. What is silent is so now, whatever was seen of it before.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        !self.measures.contains_key(&Measure::LookedSeconds) || self.shows(SignCode::Silent)
    }

    /// Whether this sign stands in it.
    #[must_use]
    pub fn shows(&self, code: SignCode) -> bool {
        self.signs.iter().any(|sign| sign.code == code)
    }
}

/// The worse of two. What is known to be bad outweighs what nobody can tell, and that outweighs good.
#[must_use]
pub fn worse(one: Condition, other: Condition) -> Condition {
    let weight = |condition| match condition {
        Condition::Up => 0,
        Condition::Unknown => 1,
        Condition::Degraded => 2,
        Condition::Down => 3,
    };
    if weight(other) > weight(one) {
        other
    } else {
        one
    }
}

/// All that one round found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// When it was begun.
    pub at: jiff::Timestamp,
    /// How long it took altogether.
    pub took: Duration,
    /// One for each probe.
    pub findings: Vec<Finding>,
}

impl Round {
    /// The findings of a part.
    pub fn of(&self, part: Part) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |found| found.part == part)
    }

    /// The worst condition of a part; nothing where it was not looked at.
    #[must_use]
    pub fn condition(&self, part: Part) -> Option<Condition> {
        self.of(part).map(|found| found.condition).reduce(worse)
    }

    /// A measure of a part, of the first finding that has it.
    #[must_use]
    pub fn measure(&self, part: Part, measure: Measure) -> Option<i64> {
        self.of(part)
            .find_map(|found| found.measures.get(&measure).copied())
    }
}
