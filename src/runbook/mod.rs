//! Runbooks as files: the built-in ones, a team's own copies, and the validator.

pub mod papers;
pub mod providers;
pub mod schema;
mod validate;

pub use validate::{Problem, problems};

use crate::domain::ids::RunbookId;
use crate::domain::runbook::Runbook;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

macro_rules! built_in {
    ($($name:literal),+) => {
        &[$(($name, include_str!(concat!("../../deploy/runbooks/", $name))),)+]
    };
}

/// The built-in runbooks, by file name.
pub const BUILT_IN: &[(&str, &str)] = built_in!(
    "ai-outage.toml",
    "data-loss.toml",
    "database-corruption.toml",
    "payment-outage.toml",
    "payments-sync.toml",
    "rebuild-queue.toml",
    "redis-failure.toml",
    "redis-flush.toml",
    "retry-failed.toml"
);

/// Why the runbooks cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RunbookError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no runbook, or one with problems.
    #[error("{file}:\n{}", listed(.problems))]
    Invalid {
        /// Which file.
        file: String,
        /// Everything that is wrong with it.
        problems: Vec<Problem>,
    },
}

fn listed(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(|problem| format!("  - {problem}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Tells whether a locale key exists; the validator does not know the locales itself.
pub type KnowsKey<'a> = &'a dyn Fn(&str) -> bool;

/// The runbooks in force.
#[derive(Debug, Clone)]
pub struct Runbooks {
    all: Vec<Runbook>,
}

impl Runbooks {
    /// The built-in runbooks, each replaced by the file of the same name in `folder`; further files
    /// there are further runbooks.
    ///
    /// # Errors
    /// A file cannot be read, or has problems; all problems of a file are named.
    pub fn load(folder: Option<&Path>, knows: KnowsKey<'_>) -> Result<Self, RunbookError> {
        let mut files: Vec<(String, String)> = BUILT_IN
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        if let Some(folder) = folder {
            for (name, text) in runbook_files(folder)? {
                files.retain(|(known, _)| *known != name);
                files.push((name, text));
            }
        }
        let mut all = files
            .iter()
            .map(|(name, text)| parse(name, text, knows))
            .collect::<Result<Vec<_>, _>>()?;
        all.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { all })
    }

    /// All, ordered by id.
    #[must_use]
    pub fn all(&self) -> &[Runbook] {
        &self.all
    }

    /// Those that `/recover` offers.
    pub fn offered(&self) -> impl Iterator<Item = &Runbook> {
        self.all.iter().filter(|runbook| runbook.offered)
    }

    /// One by its id.
    #[must_use]
    pub fn get(&self, id: &RunbookId) -> Option<&Runbook> {
        self.all.iter().find(|runbook| runbook.id == *id)
    }
}

/// Reads and validates one runbook; `name` is its file's name.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(name: &str, text: &str, knows: KnowsKey<'_>) -> Result<Runbook, RunbookError> {
    let invalid = |problems| RunbookError::Invalid {
        file: name.to_owned(),
        problems,
    };
    let runbook: Runbook =
        toml::from_str(text).map_err(|error| invalid(vec![Problem::Syntax(error.to_string())]))?;
    let problems = problems(name, &runbook, knows);
    if problems.is_empty() {
        Ok(runbook)
    } else {
        Err(invalid(problems))
    }
}

/// The runbook files of a folder, by name. Other files of the folder (checklist, contacts, schema)
/// have readers of their own.
///
/// # Errors
/// The folder or a file cannot be read.
pub fn runbook_files(folder: &Path) -> Result<Vec<(String, String)>, RunbookError> {
    const OTHERS: &[&str] = &[
        "checklist.toml",
        "contacts.toml",
        "providers.toml",
        "schema.toml",
    ];
    let wrap = |path: &Path| {
        let path = path.to_owned();
        move |source| RunbookError::File { path, source }
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrap(folder))? {
        let path = entry.map_err(wrap(folder))?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name.ends_with(".toml") && !OTHERS.contains(&name.as_str()) {
            files.push((name, fs::read_to_string(&path).map_err(wrap(&path))?));
        }
    }
    files.sort();
    Ok(files)
}
