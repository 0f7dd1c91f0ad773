//! `schema.toml`: how the patient names its tables and columns.
//!
//! The built-in file names everything as the contract does. A team's copy names only what is
//! different at their place; the rest stays.

use crate::domain::database::{Schema, Table};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The mapping's file in `RUNBOOK_DIR`.
pub const FILE: &str = "schema.toml";

/// The contract's names, as `runbook` files of this program carry them.
pub const BUILT_IN: &str = include_str!("../../deploy/runbooks/schema.toml");

/// Why a mapping cannot be used; all problems at once.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No TOML, or not of this form.
    #[error("schema.toml cannot be read: {0}")]
    Unreadable(String),
    /// Names that this program does not use, or empty ones.
    #[error("schema.toml: {}", .0.join("; "))]
    Wrong(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mappings {
    #[serde(default)]
    tables: BTreeMap<String, Mapping>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mapping {
    name: Option<String>,
    #[serde(default)]
    columns: BTreeMap<String, String>,
}

/// The contract's own names.
///
/// # Errors
/// Never in a program that passed its tests: the file is part of it.
pub fn built_in() -> Result<Schema, SchemaError> {
    toml::from_str(BUILT_IN).map_err(|e| SchemaError::Unreadable(e.to_string()))
}

/// The names in force: a team's own file over the contract's, or the contract's.
///
/// # Errors
/// The file cannot be read, or everything that is wrong with it.
pub fn load(folder: Option<&Path>) -> Result<Schema, SchemaError> {
    let Some(path) = folder.map(|folder| folder.join(FILE)) else {
        return built_in();
    };
    match fs::read_to_string(&path) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => built_in(),
        Err(source) => Err(SchemaError::File { path, source }),
    }
}

/// A team's `schema.toml` over the contract's names.
///
/// # Errors
/// Lists every table or column that is unknown here, and every empty name.
pub fn parse(text: &str) -> Result<Schema, SchemaError> {
    let file: Mappings =
        toml::from_str(text).map_err(|e| SchemaError::Unreadable(e.to_string()))?;
    let mut schema = built_in()?;
    let mut wrong = Vec::new();
    for (key, mapping) in file.tables {
        match schema.tables.get_mut(&key) {
            Some(table) => apply(&key, mapping, table, &mut wrong),
            None => wrong.push(format!("there is no table `{key}` to be mapped")),
        }
    }
    match wrong.is_empty() {
        true => Ok(schema),
        false => Err(SchemaError::Wrong(wrong)),
    }
}

fn apply(key: &str, mapping: Mapping, table: &mut Table, wrong: &mut Vec<String>) {
    if let Some(name) = mapping.name {
        replace(&mut table.name, name, key, wrong);
    }
    for (column, name) in mapping.columns {
        match table.columns.get_mut(&column) {
            Some(known) => replace(known, name, &format!("{key}.{column}"), wrong),
            None => wrong.push(format!("there is no column `{key}.{column}` to be mapped")),
        }
    }
}

fn replace(known: &mut String, name: String, key: &str, wrong: &mut Vec<String>) {
    match name.trim().is_empty() {
        true => wrong.push(format!("`{key}` is mapped to an empty name")),
        false => *known = name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_names_are_the_contracts() {
        let schema = built_in().unwrap();
        let tables: Vec<_> = schema.tables.keys().map(String::as_str).collect();
        assert_eq!(tables, ["jobs", "ledger", "payments", "users"]);
        for (key, table) in &schema.tables {
            assert_eq!(*key, table.name);
            assert!(table.columns.iter().all(|(key, name)| key == name));
        }
    }

    #[test]
    fn a_team_names_only_what_differs() {
        let text =
            "[tables.users]\nname = \"accounts\"\n[tables.users.columns]\nbalance = \"credits\"\n";
        let schema = parse(text).unwrap();
        let users = &schema.tables["users"];
        assert_eq!(users.name, "accounts");
        assert_eq!(users.columns["balance"], "credits");
        assert_eq!(users.columns["id"], "id");
        assert_eq!(schema.tables["jobs"].name, "jobs");
    }

    #[test]
    fn everything_wrong_is_listed_at_once() {
        let text = "[tables.user]\nname = \"u\"\n[tables.jobs.columns]\ncots = \"c\"\nid = \"\"\n";
        let Err(SchemaError::Wrong(wrong)) = parse(text) else {
            panic!("it passed");
        };
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert!(matches!(
            parse("tables = 3"),
            Err(SchemaError::Unreadable(_))
        ));
    }
}
