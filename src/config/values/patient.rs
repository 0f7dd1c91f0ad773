//! The patient's units, its manager and its queue.

use super::{items, reads};
use crate::domain::unit::UnitName;
use serde::Deserialize;
use std::collections::BTreeSet;

/// One unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit(pub UnitName);

impl Unit {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .map(Self)
            .map_err(|error: crate::domain::unit::InvalidUnitName| error.to_string())
    }
}

reads!(Unit, "the name of a unit, such as redis");

/// Units in the order they are started; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Units(pub Vec<UnitName>);

impl Units {
    fn parse(text: &str) -> Result<Self, String> {
        let units: Vec<UnitName> = items(text)
            .map(|item| Unit::parse(item).map(|unit| unit.0))
            .collect::<Result<_, _>>()?;
        let mut seen = BTreeSet::new();
        if let Some(twice) = units.iter().find(|unit| !seen.insert(*unit)) {
            return Err(format!("{twice} stands in it twice"));
        }
        if units.is_empty() {
            return Err("there is no unit in it".to_owned());
        }
        Ok(Self(units))
    }
}

reads!(
    Units,
    "names of units, separated by commas, such as rei_bot,rei_bot_workers"
);

/// Who starts and stops units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Manager {
    /// systemd, over D-Bus.
    Systemd,
    /// A command for each.
    Command,
}

impl crate::config::setting::Value for Manager {
    const EXPECTS: &'static str = "systemd or command";
}

/// A program and its arguments. `{unit}` stands in at least one argument and is replaced there
/// without being split again: no shell is involved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// The program: a path, or a name looked up in `PATH`.
    pub program: String,
    /// Its arguments, with `{unit}` still in them.
    pub arguments: Vec<String>,
}

impl CommandLine {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let words = shlex::split(text).ok_or("a quote in it is not closed")?;
        let mut words = words.into_iter();
        let program = words.next().ok_or("there is no program in it")?;
        let arguments: Vec<String> = words.collect();
        if program.contains("{unit}") {
            return Err("{unit} can only be an argument, not the program");
        }
        if !arguments.iter().any(|word| word.contains("{unit}")) {
            return Err("no argument of it is {unit}: it would do the same for every unit");
        }
        Ok(Self { program, arguments })
    }
}

/// As it can be written in the setting.
impl std::fmt::Display for CommandLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = std::iter::once(&self.program).chain(&self.arguments);
        // Fails for a NUL alone, which no environment can hold.
        f.write_str(&shlex::try_join(words.map(String::as_str)).map_err(|_| std::fmt::Error)?)
    }
}

reads!(
    CommandLine,
    "a program and its arguments, one of them {unit}, such as: docker compose start {unit}"
);

/// The machine REI runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// This one.
    Local,
    /// Another one, reached by SSH.
    Ssh,
}

impl Host {
    fn parse(text: &str) -> Result<Self, &'static str> {
        if text == "local" {
            return Ok(Self::Local);
        }
        let url = url::Url::parse(text).map_err(|_| "it is neither")?;
        let plain = matches!(url.path(), "" | "/")
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        let named = !url.username().is_empty() && url.host_str().is_some_and(|h| !h.is_empty());
        if url.scheme() == "ssh" && named && plain {
            Ok(Self::Ssh)
        } else {
            Err("it is neither")
        }
    }
}

reads!(Host, "local, or ssh://user@host[:port]");

/// Names of queues; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

impl Names {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let names: Vec<String> = items(text).map(str::to_owned).collect();
        if names.is_empty() {
            return Err("there is no name in it");
        }
        Ok(Self(names))
    }
}

reads!(Names, "names, separated by commas, such as default,high");

/// A Python function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFunction(pub String);

impl JobFunction {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let identifier = |part: &str| {
            part.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        if text.contains('.') && text.split('.').all(identifier) {
            Ok(Self(text.to_owned()))
        } else {
            Err("it is not a dotted Python name")
        }
    }
}

reads!(
    JobFunction,
    "a Python function with its module, such as worker.process_job"
);
