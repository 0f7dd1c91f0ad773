//! Words, numbers and choices.

use super::reads;
use crate::config::setting::Value;
pub use crate::domain::locale::Locale;
use serde::Deserialize;

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag(pub bool);

impl Flag {
    fn parse(text: &str) -> Result<Self, &'static str> {
        match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Ok(Self(true)),
            "false" | "no" | "off" | "0" => Ok(Self(false)),
            _ => Err("it is neither"),
        }
    }
}

reads!(Flag, "true or false");

impl Value for Locale {
    const EXPECTS: &'static str = "en or ru";
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Value for LogFormat {
    const EXPECTS: &'static str = "text or json";
}

/// What is logged, in the words of `tracing`'s filter; checked to be readable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter(pub String);

impl LogFilter {
    fn parse(text: &str) -> Result<Self, String> {
        tracing_subscriber::EnvFilter::try_new(text)
            .map(|_| Self(text.to_owned()))
            .map_err(|error| error.to_string())
    }
}

reads!(
    LogFilter,
    "error, warn, info, debug or trace, also for a part: info,rei_recovery=debug"
);

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word(pub String);

impl Word {
    fn parse(text: &str) -> Result<Self, &'static str> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            Err("there are blanks in it")
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

reads!(Word, "one word");

/// Messages a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate(pub u32);

impl Rate {
    /// What Telegram allows a bot without charging for it.
    pub const FREE: u32 = 30;

    fn parse(text: &str) -> Result<Self, &'static str> {
        match text.parse() {
            Ok(rate @ 1..=1000) => Ok(Self(rate)),
            Ok(_) => Err("it is out of range"),
            Err(_) => Err("it is not a whole number"),
        }
    }
}

reads!(
    Rate,
    "messages a second: 1 to 30, with NOTICE_PAID=true up to 1000"
);
