//! What is wrong with the settings, and what is worth knowing about them.

use super::setting::Row;
use serde::Serialize;
use std::fmt;

/// One thing that is wrong. None of its parts ever holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The setting, or the file.
    pub name: String,
    /// What was given; absent where nothing was, and for every secret.
    pub given: Option<String>,
    /// What is wrong with it.
    pub problem: String,
    /// What a right value looks like.
    pub expected: Option<String>,
    /// What to do.
    pub advice: String,
}

impl Problem {
    /// Something is wrong with a setting as a whole.
    pub(super) fn of(row: &Row, problem: impl Into<String>) -> Self {
        Self {
            name: row.name.to_owned(),
            given: None,
            problem: problem.into(),
            expected: Some(row.expects.to_owned()),
            advice: format!("Mend {} in the environment or in .env.", row.name),
        }
    }

    /// Something is wrong with a file.
    pub(super) fn file(name: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            given: None,
            problem: problem.into(),
            expected: None,
            advice: String::new(),
        }
    }

    /// Adds what was given, unless it must not be shown.
    pub(super) fn given(mut self, row: &Row, text: &str) -> Self {
        self.given = (!row.secret).then(|| presentable(text));
        self
    }

    /// Says what to do.
    pub(super) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.problem)?;
        if let Some(given) = &self.given {
            write!(f, "\n    given:    {given}")?;
        }
        if let Some(expected) = &self.expected {
            write!(f, "\n    expected: {expected}")?;
        }
        write!(f, "\n    to do:    {}", self.advice)
    }
}

/// A text as it can be shown: on one line, not endless, and without the user name and password that
/// an address may carry.
pub(super) fn presentable(text: &str) -> String {
    const LONGEST: usize = 120;
    let masked = match text.split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((_, host)) => format!("{scheme}://***@{host}"),
            None => text.to_owned(),
        },
        None => text.to_owned(),
    };
    let mut shown: String = masked
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST)
        .collect();
    if masked.chars().count() > LONGEST {
        shown.push('…');
    }
    shown
}

/// Something worth knowing that does not keep the program from starting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// The name in the environment.
    pub name: String,
    /// What there is to know. Never holds a value of a secret.
    pub text: String,
}

impl Notice {
    pub(super) fn warning(name: &str, text: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            text: text.into(),
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "warning: {}: {}", self.name, self.text)
    }
}

/// Why the settings cannot be used: every reason at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct ConfigError {
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
    /// What else was noticed; a misspelt name often explains a missing one.
    pub notices: Vec<Notice>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => write!(f, "one setting is wrong")?,
            count => write!(f, "{count} settings are wrong")?,
        }
        for problem in &self.problems {
            write!(f, "\n\n  {}", problem.to_string().replace('\n', "\n  "))?;
        }
        for (place, notice) in self.notices.iter().enumerate() {
            let gap = if place == 0 { "\n" } else { "" };
            write!(f, "{gap}\n  {notice}")?;
        }
        Ok(())
    }
}
