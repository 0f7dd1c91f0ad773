//! What a setting is: a row of the table in [`super::table`].

use serde::de::DeserializeOwned;
use serde::de::value::{Error, StrDeserializer};
use std::marker::PhantomData;

/// A type that a setting's text can be read into.
pub trait Value: DeserializeOwned {
    /// What people are told to write, completing "expected: ".
    const EXPECTS: &'static str;
    /// Whether the text must never be shown, and may come from a file.
    const SECRET: bool = false;
}

/// What holds where a setting is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// It must be given.
    Required,
    /// Nothing: what it configures is off or takes its built-in form.
    Empty,
    /// This text.
    Text(&'static str),
    /// What another setting says.
    Same(&'static str),
}

/// Whether this version does something with a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It does.
    Works,
    /// Leaving it out silently would be unsafe: giving it is an error, with the reason.
    Refused(&'static str),
}

/// One setting: all there is to know about it.
#[derive(Debug)]
pub struct Row {
    /// The name in the environment.
    pub name: &'static str,
    /// The heading it stands under in `.env.example`.
    pub group: &'static str,
    /// What it means, line by line.
    pub meaning: &'static [&'static str],
    /// What a value looks like.
    pub expects: &'static str,
    /// Whether its value must never be shown.
    pub secret: bool,
    /// What holds where it is not given.
    pub fallback: Fallback,
    /// Whether this version uses it.
    pub stage: Stage,
    /// Reads a text only to see whether it can be read; the error may quote it.
    pub check: fn(&str) -> Result<(), String>,
}

/// A row that knows the type of its value.
#[derive(Debug)]
pub struct Key<T> {
    /// The row.
    pub row: &'static Row,
    kind: PhantomData<fn() -> T>,
}

impl<T: Value> Key<T> {
    /// A key to this row.
    #[must_use]
    pub const fn to(row: &'static Row) -> Self {
        let kind = PhantomData;
        Self { row, kind }
    }
}

/// Reads a text into a value.
///
/// # Errors
/// Why it cannot be read. The reason may quote the text: never show it for a secret.
pub fn parse<T: Value>(text: &str) -> Result<T, String> {
    T::deserialize(StrDeserializer::<Error>::new(text)).map_err(|error| error.to_string())
}

/// [`parse`] for those who only want to know whether it can be read.
///
/// # Errors
/// As [`parse`].
pub fn check<T: Value>(text: &str) -> Result<(), String> {
    parse::<T>(text).map(drop)
}
