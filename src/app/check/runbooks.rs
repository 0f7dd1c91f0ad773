//! The runbook folder: every file of it is read as `run` reads it.

use super::Checker;
use super::finding::{Finding, args, count};
use crate::config::{BaseSettings, PROVIDER_KEYS};
use crate::domain::database::Schema;
use crate::runbook::{Runbooks, papers, providers, schema};

/// Runbooks, providers, checklist, contacts and schema.
pub(super) async fn check(checker: &Checker<'_>) -> Vec<Finding> {
    let base = &checker.settings().base;
    let folder = base.runbook_dir.as_deref();
    let knows = |key: &str| checker.words.i18n.has(key);
    let parts = [
        ("runbooks", load(checker).map(|all| all.all().len())),
        (
            providers::FILE,
            providers::load(folder, PROVIDER_KEYS)
                .map(|all| all.len())
                .map_err(|error| error.to_string()),
        ),
        (
            papers::CHECKLIST,
            papers::checklist(folder, &knows)
                .map(|all| all.lines.len())
                .map_err(|error| error.to_string()),
        ),
        (
            papers::CONTACTS,
            papers::contacts(folder, &knows)
                .map(|all| all.contacts.len())
                .map_err(|error| error.to_string()),
        ),
        (schema::FILE, schema(base).map(|all| all.tables.len())),
    ];
    parts
        .into_iter()
        .map(|(name, read)| told(checker, name, read))
        .collect()
}

fn told(checker: &Checker<'_>, name: &str, read: Result<usize, String>) -> Finding {
    let folder = checker.settings().base.runbook_dir.as_ref();
    let shown = folder.map_or("—".to_owned(), |folder| folder.display().to_string());
    match read {
        Ok(entries) => {
            let key = match folder {
                Some(_) => "check-runbooks-ok",
                None => "check-runbooks-built-in",
            };
            let args = args([("count", count(entries)), ("folder", shown.into())]);
            checker.words.ok(name, key, &args)
        }
        Err(cause) => {
            let args = args([("cause", cause.into()), ("folder", shown.into())]);
            checker.words.wrong(name, "check-runbooks-broken", &args)
        }
    }
}

/// The runbooks in force.
pub(super) fn load(checker: &Checker<'_>) -> Result<Runbooks, String> {
    let folder = checker.settings().base.runbook_dir.as_deref();
    let knows = |key: &str| checker.words.i18n.has(key);
    Runbooks::load(folder, &knows).map_err(|error| error.to_string())
}

/// The schema in force.
pub(super) fn schema(base: &BaseSettings) -> Result<Schema, String> {
    schema::load(base.runbook_dir.as_deref()).map_err(|error| error.to_string())
}
