//! `runbook validate <dir>`: everything that is wrong with the files of a folder.
//!
//! It stands apart from the other verbs: with such a folder in force nothing else may start.

use super::terminal::line;
use super::{CliResult, Exit};
use crate::domain::failure::Args;
use crate::domain::locale::Locale;
use crate::i18n::I18n;
use crate::runbook::{papers, parse, providers, runbook_files, schema};
use std::path::Path;

/// How the findings are told, and against what they are held.
pub struct Validation<'a> {
    /// The texts that the files may name.
    pub i18n: &'a I18n,
    /// The language of the answers.
    pub locale: Locale,
    /// The settings that `providers.toml` may name.
    pub keys: &'a [&'a str],
}

/// A file's name, and what it describes or all that is wrong with it.
type Read = (String, Result<String, String>);

/// Reads one kind of file.
type Reading<'a> = &'a dyn Fn() -> Result<(), String>;

impl Validation<'_> {
    /// Every file of a folder, whatever the first one's problems are.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn run(&self, dir: &Path) -> CliResult {
        let files = match runbook_files(dir) {
            Ok(files) => files,
            Err(error) => return line(&error.to_string()).map(|()| Exit::Usage),
        };
        let knows = |key: &str| self.i18n.has(key);
        let runbooks = files.into_iter().map(|(name, text)| {
            let read = parse(&name, &text, &knows).map(|runbook| runbook.id.to_string());
            (name, read.map_err(|error| error.to_string()))
        });
        let read: Vec<Read> = runbooks.chain(self.others(dir)).collect();
        for (name, read) in &read {
            line(&self.verdict(name, read))?;
        }
        let sound = read.iter().all(|(_, read)| read.is_ok());
        Ok(match (read.is_empty(), sound) {
            (true, _) => Exit::NothingToDo,
            (false, true) => Exit::Done,
            (false, false) => Exit::Failed,
        })
    }

    /// Those that are not there are the built-in ones, and nobody asked about these.
    fn others(&self, dir: &Path) -> Vec<Read> {
        let knows = |key: &str| self.i18n.has(key);
        let within = Some(dir);
        let checklist = || papers::checklist(within, &knows).map(drop).map_err(text);
        let contacts = || papers::contacts(within, &knows).map(drop).map_err(text);
        let providers = || providers::load(within, self.keys).map(drop).map_err(text);
        let schema = || schema::load(within).map(drop).map_err(text);
        let kinds: [(&str, Reading<'_>); 4] = [
            (papers::CHECKLIST, &checklist),
            (papers::CONTACTS, &contacts),
            (providers::FILE, &providers),
            (schema::FILE, &schema),
        ];
        let present = kinds.iter().filter(|(name, _)| dir.join(name).exists());
        present
            .map(|(name, read)| {
                let what = name.trim_end_matches(".toml").to_owned();
                ((*name).to_owned(), read().map(|()| what))
            })
            .collect()
    }

    fn verdict(&self, name: &str, read: &Result<String, String>) -> String {
        match read {
            Ok(id) => {
                let args = Args::from([
                    ("file".to_owned(), name.into()),
                    ("id".to_owned(), id.as_str().into()),
                ]);
                self.i18n.plain(self.locale, "cli-runbook-sound", &args)
            }
            Err(problems) => problems.clone(),
        }
    }
}

fn text(error: impl ToString) -> String {
    error.to_string()
}
