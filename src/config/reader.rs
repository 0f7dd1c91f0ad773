//! Reads settings one after another and keeps every problem, so that all are told at once.

use super::problem::{ConfigError, Notice, Problem};
use super::setting::{Fallback, Key, Row, Value, parse};
use super::sources::Sources;
use super::{spelling, weak};
use secrecy::{ExposeSecret, SecretString};

/// What was read, with what is worth knowing about it.
#[derive(Debug)]
pub struct Loaded<T> {
    /// The settings.
    pub settings: T,
    /// What else was noticed; to be logged at the start.
    pub notices: Vec<Notice>,
}

/// The value is missing, and the reason is among the reader's problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reported;

/// A value, unless a problem was noted instead.
pub(super) type Read<T> = Result<T, Reported>;

/// Takes values out of the sources.
pub(super) struct Reader<'a> {
    sources: &'a Sources,
    problems: Vec<Problem>,
    notices: Vec<Notice>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            problems: sources.problems().to_vec(),
            notices: [spelling::notices(sources), weak::notices(sources)].concat(),
        }
    }

    /// A setting that has a value whatever happens, or must be given.
    pub(super) fn get<T: Value>(&mut self, key: &Key<T>) -> Read<T> {
        match self.find(key)? {
            Some(value) => Ok(value),
            None => {
                self.fail(Problem::of(key.row, "it is required and not given").advise(set(key.row)))
            }
        }
    }

    /// A setting that may be empty.
    pub(super) fn find<T: Value>(&mut self, key: &Key<T>) -> Read<Option<T>> {
        match self.text(key.row)? {
            None => Ok(None),
            Some(text) => self.parse(key, text.expose_secret()).map(Some),
        }
    }

    /// Whether a setting was given at all, rightly or wrongly.
    pub(super) fn is_given(&self, row: &Row) -> bool {
        !matches!(self.sources.find(row), Ok(None))
    }

    fn parse<T: Value>(&mut self, key: &Key<T>, text: &str) -> Read<T> {
        parse(text).or_else(|reason| self.fail(unreadable(key.row, text, &reason)))
    }

    /// What holds for a setting: what was given, or its default.
    fn text(&mut self, row: &Row) -> Read<Option<SecretString>> {
        let given = self.sources.find(row).or_else(|p| self.fail(p))?;
        Ok(given.or_else(|| match row.fallback {
            Fallback::Text(text) => Some(SecretString::from(text)),
            Fallback::Required | Fallback::Empty | Fallback::Same(_) => None,
        }))
    }

    /// Notes a problem; one that is noted already, because two looked at a setting, once.
    pub(super) fn fail<T>(&mut self, problem: Problem) -> Read<T> {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
        Err(Reported)
    }

    pub(super) fn warn(&mut self, row: &Row, text: impl Into<String>) {
        self.notices.push(Notice::warning(row.name, text));
    }

    /// Whether something other than the default was given; it must be readable.
    pub(super) fn differs(&mut self, row: &Row) -> Read<bool> {
        let given = self.sources.find(row).or_else(|p| self.fail(p))?;
        let Some(text) = given else { return Ok(false) };
        let text = text.expose_secret();
        match (row.check)(text) {
            Ok(()) => Ok(!matches!(row.fallback, Fallback::Text(default) if default == text)),
            Err(reason) => self.fail(unreadable(row, text, &reason)),
        }
    }

    /// Everything that was wrong, or what was read.
    pub(super) fn finish<T>(self, settings: Read<T>) -> Result<Loaded<T>, ConfigError> {
        let Self {
            problems, notices, ..
        } = self;
        match settings {
            Ok(settings) if problems.is_empty() => Ok(Loaded { settings, notices }),
            _ => Err(ConfigError { problems, notices }),
        }
    }
}

/// A reason may quote the value, so a secret's is left out: what is expected must do.
fn unreadable(row: &Row, text: &str, reason: &str) -> Problem {
    if row.secret {
        Problem::of(row, "it cannot be read (its value is not shown)")
    } else {
        Problem::of(row, super::problem::presentable(reason)).given(row, text)
    }
}

fn set(row: &Row) -> String {
    if row.secret {
        format!(
            "Set {0} in the environment or in .env, or {0}_FILE to a file that holds it.",
            row.name
        )
    } else {
        format!("Set {} in the environment or in .env.", row.name)
    }
}
