//! AI providers and the payment provider: what is known of how they are.

use super::failure::FailureCode;
use jiff::fmt::serde::unsigned_duration::friendly::compact::required as friendly;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// How a service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Answers as it should.
    Up,
    /// Answers, and says or shows that something is wrong.
    Degraded,
    /// Does not answer, or only with errors.
    Down,
    /// Nobody can tell.
    Unknown,
}

impl Condition {
    /// The part of the locale key `condition-<name>`, and the word in `--json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Degraded => "degraded",
            Self::Down => "down",
            Self::Unknown => "unknown",
        }
    }
}

/// What a probe of one service found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Its id, for example `kling`, `yookassa-api`, `yookassa-status`.
    pub service: String,
    /// How it is.
    pub condition: Condition,
    /// What it answered, in its own words; redacted, at most 200 characters.
    pub said: Option<String>,
    /// Why it could not be asked, or not under our key; nothing where it just answered or did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureCode>,
    /// How long it took.
    pub millis: u64,
}

/// What a provider says of a task that a job stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskState {
    /// The result is there: buying it again would pay twice.
    Finished,
    /// It is still at work.
    Running,
    /// It failed there: nothing is lost by ordering it anew.
    Failed,
    /// The provider does not know it.
    Missing,
}

/// What `providers.toml` says of one provider.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Provider {
    /// Its name for people.
    pub title: String,
    /// How this program makes itself known to it.
    #[serde(default)]
    pub auth: Auth,
    /// How it is asked how it is.
    pub probe: Probe,
    /// Texts of `jobs.error` that speak of the provider's health.
    ///
    /// A text matches where it occurs, whatever the case. Plain texts and no expressions: they are
    /// pasted from an error in the middle of an incident, where `(`, `.` and `?` must mean themselves.
    #[serde(default)]
    pub blames: Vec<String>,
    /// How a task is looked up, where the provider can tell.
    #[serde(default)]
    pub tasks: Option<TaskLookup>,
}

/// How a request makes itself known. Secrets are named by the setting that holds them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", deny_unknown_fields, rename_all = "kebab-case")]
pub enum Auth {
    /// Not at all.
    #[default]
    None,
    /// A header that holds the secret itself.
    Header {
        /// The header's name.
        name: String,
        /// The setting with the secret.
        setting: String,
    },
    /// `Authorization: Bearer` with the secret itself.
    Bearer {
        /// The setting with the secret.
        setting: String,
    },
    /// `Authorization: Bearer` with a token that Kling's two keys make: a JWT, signed with HMAC and
    /// SHA-256, that names the access key and holds for half an hour.
    KlingJwt {
        /// The setting with the access key.
        access: String,
        /// The setting with the secret key.
        secret: String,
    },
}

impl Auth {
    /// The settings it needs.
    #[must_use]
    pub fn settings(&self) -> Vec<&str> {
        match self {
            Self::None => Vec::new(),
            Self::Header { setting, .. } | Self::Bearer { setting } => vec![setting],
            Self::KlingJwt { access, secret } => vec![access, secret],
        }
    }
}

/// A request that tells how a provider is, without ordering anything: `GET`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Probe {
    /// The address, without any key in it.
    pub url: String,
    /// No answer for so long is an outage.
    #[serde(with = "friendly")]
    pub timeout: Duration,
    /// A good answer that took longer counts as degraded.
    #[serde(with = "friendly")]
    pub slow: Duration,
    /// What answers mean; the first that fits counts, and where none fits nobody can tell.
    pub answers: Vec<Answer<Condition>>,
}

/// How a task is looked up by its id.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TaskLookup {
    /// Where the id stands in the JSON of `jobs.params`: a JSON pointer (RFC 6901), such as `/task_id`.
    pub pointer: String,
    /// Addresses with `{task}` in them. They are asked in this order until one knows the task.
    pub urls: Vec<String>,
    /// Longest wait for one answer.
    #[serde(with = "friendly")]
    pub timeout: Duration,
    /// What answers mean; the first that fits counts, and where none fits the task stays unknown.
    pub answers: Vec<Answer<TaskState>>,
}

/// One kind of answer and what it means.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Answer<T> {
    /// HTTP statuses: numbers, or classes such as `"5xx"`. Empty: any.
    #[serde(default)]
    pub status: Vec<Statuses>,
    /// Where to look in the answer's JSON; without it the JSON does not matter.
    #[serde(default)]
    pub pointer: Option<String>,
    /// What may stand there. Empty: anything but nothing.
    #[serde(default)]
    pub values: Vec<serde_json::Value>,
    /// What it means.
    pub means: T,
}

/// Some HTTP statuses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Statuses {
    /// One.
    One(u16),
    /// A class, written `4xx`.
    Class(String),
}

impl Statuses {
    /// Whether a status is one of them.
    #[must_use]
    pub fn holds(&self, status: u16) -> bool {
        match self {
            Self::One(one) => *one == status,
            Self::Class(_) => self.hundreds() == Some(status / 100),
        }
    }

    /// The class's first digit; nothing where it is written otherwise.
    #[must_use]
    pub fn hundreds(&self) -> Option<u16> {
        match self {
            Self::One(one) => Some(one / 100),
            Self::Class(class) => class.strip_suffix("xx")?.parse().ok(),
        }
    }
}

impl<T: Copy> Answer<T> {
    /// What an answer means by these rules; its body is nothing where it is no JSON.
    #[must_use]
    pub fn meaning(rules: &[Self], status: u16, body: Option<&serde_json::Value>) -> Option<T> {
        let rule = rules.iter().find(|rule| rule.fits(status, body))?;
        Some(rule.means)
    }

    fn fits(&self, status: u16, body: Option<&serde_json::Value>) -> bool {
        let status_fits = self.status.is_empty() || self.status.iter().any(|s| s.holds(status));
        let body_fits = match &self.pointer {
            None => true,
            Some(pointer) => body
                .and_then(|body| body.pointer(pointer))
                .is_some_and(|found| self.values.is_empty() || self.values.contains(found)),
        };
        status_fits && body_fits
    }
}

impl Provider {
    /// Whether an error text is one of those that speak of the provider's health.
    #[must_use]
    pub fn blamed_by(&self, error: &str) -> bool {
        let error = error.to_lowercase();
        self.blames
            .iter()
            .any(|text| error.contains(&text.to_lowercase()))
    }
}

/// Every described provider by its id, as `jobs.provider` names it.
pub type Providers = BTreeMap<String, Provider>;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rules() -> Vec<Answer<Condition>> {
        let text = r#"[
            {"status": [200], "pointer": "/code", "values": [0, "ok"], "means": "up"},
            {"status": ["5xx", 429], "means": "down"},
            {"pointer": "/error", "means": "degraded"}
        ]"#;
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_first_rule_that_fits_counts() {
        let meaning = |status, body| Answer::meaning(&rules(), status, Some(&body));
        assert_eq!(meaning(200, json!({"code": 0})), Some(Condition::Up));
        assert_eq!(meaning(200, json!({"code": "ok"})), Some(Condition::Up));
        assert_eq!(meaning(200, json!({"code": 1})), None);
        assert_eq!(meaning(503, json!({"error": 1})), Some(Condition::Down));
        assert_eq!(meaning(429, json!(null)), Some(Condition::Down));
        assert_eq!(meaning(404, json!({"error": 1})), Some(Condition::Degraded));
        assert_eq!(Answer::meaning(&rules(), 200, None), None);
    }

    #[test]
    fn a_class_of_statuses_is_a_digit_and_two_x() {
        let class = |text: &str| Statuses::Class(text.to_owned());
        assert!(class("5xx").holds(503) && !class("5xx").holds(403));
        for text in ["", "xx", "5x", "5xxx", "fxx"] {
            assert_eq!(class(text).hundreds(), None, "{text}");
            assert!(!class(text).holds(503), "{text}");
        }
    }
}
