//! One line of the table, and how its texts are made.

use crate::domain::failure::{Arg, Args, Failure, FailureCode};
use crate::i18n::{I18n, Locale};
use serde::Serialize;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    Ok,
    /// Works, with less than it could; or the patient is ill, which is what this program is for.
    Warning,
    /// Required, and does not work.
    Failed,
}

impl Verdict {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Ok => "check-ok",
            Self::Warning => "check-warning",
            Self::Failed => "check-failed",
        }
    }
}

/// One line of the table.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Finding {
    /// What was tried; the same word in every language.
    pub(super) check: String,
    pub(super) verdict: Verdict,
    /// What was found, in the team's language.
    pub(super) found: String,
    /// What to do about it.
    pub(super) mend: Option<String>,
    /// The failure's code, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<FailureCode>,
}

impl Finding {
    /// The same, where what was tried is not required.
    pub(super) fn lenient(mut self) -> Self {
        if self.verdict == Verdict::Failed {
            self.verdict = Verdict::Warning;
        }
        self
    }
}

/// Makes findings in one language.
pub(super) struct Words {
    pub(super) i18n: I18n,
    pub(super) locale: Locale,
}

impl Words {
    pub(super) fn text(&self, key: &str, args: &Args) -> String {
        self.i18n.plain(self.locale, key, args)
    }

    pub(super) fn ok(&self, check: impl Into<String>, key: &str, args: &Args) -> Finding {
        Finding {
            check: check.into(),
            verdict: Verdict::Ok,
            found: self.text(key, args),
            mend: None,
            code: None,
        }
    }

    /// Something that is not as it must be: the text `key`, with the attribute `.hint` as its mend.
    pub(super) fn wrong(&self, check: impl Into<String>, key: &str, args: &Args) -> Finding {
        Finding {
            verdict: Verdict::Failed,
            mend: Some(self.text(&format!("{key}.hint"), args)),
            ..self.ok(check, key, args)
        }
    }

    /// A failure in its usual words; its mend is that of the failure.
    pub(super) fn failed(&self, check: impl Into<String>, failure: &Failure) -> Finding {
        let key = format!("failure-{}", failure.code.as_str());
        let mut finding = self.wrong(check, &key, &failure.args);
        if let Some(cause) = &failure.detail {
            finding.found = format!("{} ({cause})", finding.found);
        }
        finding.code = Some(failure.code);
        finding
    }

    /// A failure with a mend of its own: what the chat advises does not fit a console.
    pub(super) fn failed_but(
        &self,
        check: impl Into<String>,
        failure: &Failure,
        (mend, args): (&str, &Args),
    ) -> Finding {
        Finding {
            mend: Some(self.text(mend, args)),
            ..self.failed(check, failure)
        }
    }
}

/// Named arguments.
pub(super) fn args<const N: usize>(pairs: [(&str, Arg); N]) -> Args {
    pairs
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

/// A count as an argument.
pub(super) fn count(number: impl TryInto<i64>) -> Arg {
    Arg::Number(number.try_into().unwrap_or(i64::MAX))
}

/// A path as an argument.
pub(super) fn path(path: &std::path::Path) -> Arg {
    path.display().to_string().into()
}
