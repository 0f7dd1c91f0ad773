//! `checklist.toml` and `contacts.toml`.

use super::KnowsKey;
use crate::domain::checklist::Template;
use crate::domain::contacts::Roster;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The checklist's file in `RUNBOOK_DIR`.
pub const CHECKLIST: &str = "checklist.toml";
/// The contacts' file there.
pub const CONTACTS: &str = "contacts.toml";

/// The built-in checklist: the runbook's ten lines.
const BUILT_IN_CHECKLIST: &str = include_str!("../../deploy/runbooks/checklist.toml");
/// The built-in contacts: the runbook's five roles.
const BUILT_IN_CONTACTS: &str = include_str!("../../deploy/runbooks/contacts.toml");

/// More lines have no room for their buttons in one message.
const MOST_LINES: usize = 30;
/// More contacts have no room in one message.
const MOST_CONTACTS: usize = 40;

/// Why a file cannot be used; all problems at once.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// It cannot be read.
    #[error("cannot read {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No TOML, or not of this form.
    #[error("{file} cannot be read: {cause}")]
    Unreadable {
        /// Which file.
        file: &'static str,
        /// Why.
        cause: String,
    },
    /// Everything that is wrong with it, in words for the one who wrote it.
    #[error("{file}:\n{}", .problems.iter().map(|it| format!("  - {it}")).collect::<Vec<_>>().join("\n"))]
    Wrong {
        /// Which file.
        file: &'static str,
        /// What.
        problems: Vec<String>,
    },
}

/// The checklist in force: a team's own file, or the built-in one.
///
/// # Errors
/// The file cannot be read, or everything that is wrong with it.
pub fn checklist(folder: Option<&Path>, knows: KnowsKey<'_>) -> Result<Template, PaperError> {
    parse_checklist(&text(folder, CHECKLIST, BUILT_IN_CHECKLIST)?, knows)
}

/// The contacts in force: a team's own file, or the built-in one.
///
/// # Errors
/// The file cannot be read, or everything that is wrong with it.
pub fn contacts(folder: Option<&Path>, knows: KnowsKey<'_>) -> Result<Roster, PaperError> {
    parse_contacts(&text(folder, CONTACTS, BUILT_IN_CONTACTS)?, knows)
}

/// Reads and validates a checklist.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_checklist(text: &str, knows: KnowsKey<'_>) -> Result<Template, PaperError> {
    let template: Template = read(CHECKLIST, text)?;
    let lines = &template.lines;
    let mut problems = Vec::new();
    if lines.is_empty() || lines.len() > MOST_LINES {
        problems.push(format!("it must have 1 to {MOST_LINES} lines"));
    }
    let ids = lines.iter().map(|line| line.id.as_str());
    problems.extend(double(ids).map(|id| format!("`{id}` names two lines")));
    let wordings = lines.iter().filter_map(|line| {
        let problem = line.text.problem(knows)?;
        Some(format!("line `{}`: {problem}", line.id))
    });
    problems.extend(wordings);
    sound(CHECKLIST, template, problems)
}

/// Reads and validates contacts.
///
/// # Errors
/// Everything that is wrong with them.
pub fn parse_contacts(text: &str, knows: KnowsKey<'_>) -> Result<Roster, PaperError> {
    let roster: Roster = read(CONTACTS, text)?;
    let contacts = &roster.contacts;
    let mut problems = Vec::new();
    if contacts.is_empty() || contacts.len() > MOST_CONTACTS {
        problems.push(format!("it must have 1 to {MOST_CONTACTS} contacts"));
    }
    let roles = || contacts.iter().map(|contact| contact.role.as_str());
    problems.extend(double(roles()).map(|role| format!("role `{role}` stands there twice")));
    for contact in contacts {
        let mut reach = contact.reach.clone();
        let named = contact.reach.name.clone();
        let name = named.and_then(|name| {
            let field = crate::domain::contacts::Field::Name;
            reach.set(field, Some(&name)).err()
        });
        let wording = contact.title.problem(knows);
        let all = wording.into_iter().chain(name.map(|it| it.to_string()));
        problems.extend(all.map(|problem| format!("role `{}`: {problem}", contact.role)));
    }
    let on_call = &roster.on_call;
    for role in on_call.usual.iter().chain(on_call.weeks.values()) {
        if !roles().any(|known| known == role.as_str()) {
            problems.push(format!("on-call: there is no role `{role}`"));
        }
    }
    sound(CONTACTS, roster, problems)
}

fn text(folder: Option<&Path>, file: &str, built_in: &str) -> Result<String, PaperError> {
    let Some(path) = folder.map(|folder| folder.join(file)) else {
        return Ok(built_in.to_owned());
    };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(built_in.to_owned()),
        Err(source) => Err(PaperError::File { path, source }),
    }
}

fn read<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, PaperError> {
    toml::from_str(text).map_err(|error| PaperError::Unreadable {
        file,
        cause: error.to_string(),
    })
}

fn sound<T>(file: &'static str, read: T, problems: Vec<String>) -> Result<T, PaperError> {
    match problems.is_empty() {
        true => Ok(read),
        false => Err(PaperError::Wrong { file, problems }),
    }
}

fn double<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut seen = BTreeSet::new();
    names.filter(move |name| !seen.insert(*name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checklist::Probe;

    fn problems<T>(result: Result<T, PaperError>) -> Vec<String> {
        match result {
            Ok(_) => Vec::new(),
            Err(PaperError::Wrong { problems, .. }) => problems,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn the_built_in_papers_are_the_runbooks() {
        let checklist = checklist(None, &|_| true).unwrap();
        let probes: BTreeSet<_> = checklist.lines.iter().filter_map(|it| it.probe).collect();
        assert_eq!(
            (checklist.lines.len(), probes.len()),
            (10, Probe::ALL.len())
        );
        let contacts = contacts(None, &|_| true).unwrap();
        assert_eq!(contacts.contacts.len(), 5);
    }

    #[test]
    fn a_teams_file_replaces_the_built_in_one() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(
            checklist(Some(folder.path()), &|_| true)
                .unwrap()
                .lines
                .len(),
            10
        );
        let own = "[[lines]]\nid = \"boss\"\ntext = \"Call the boss\"\n";
        fs::write(folder.path().join(CHECKLIST), own).unwrap();
        let read = checklist(Some(folder.path()), &|_| false).unwrap();
        assert_eq!(read.lines.len(), 1);
        assert_eq!(read.lines[0].probe, None);
    }

    #[test]
    fn everything_wrong_is_listed_at_once() {
        let lines =
            "[[lines]]\nid = \"a\"\ntext = \"no-such-text\"\n[[lines]]\nid = \"a\"\ntext = \" \"\n";
        assert_eq!(problems(parse_checklist(lines, &|_| false)).len(), 3);
        assert_eq!(problems(parse_checklist("lines = []", &|_| true)).len(), 1);
        let contacts = "[[contacts]]\nrole = \"a\"\ntitle = \"A\"\nname = \" \"\n[[contacts]]\nrole = \"a\"\ntitle = \"B\"\n[on-call]\nusual = \"b\"\nweeks = { \"2026-W01\" = \"c\" }\n";
        assert_eq!(problems(parse_contacts(contacts, &|_| true)).len(), 4);
        for unreadable in ["probe = \"guess\"", "colour = \"red\""] {
            let text = format!("[[lines]]\nid = \"a\"\ntext = \"A\"\n{unreadable}\n");
            let read = parse_checklist(&text, &|_| true);
            assert!(
                matches!(read, Err(PaperError::Unreadable { .. })),
                "{unreadable}"
            );
        }
        let phone = "[[contacts]]\nrole = \"a\"\ntitle = \"A\"\nphone = \"911\"\n";
        let read = parse_contacts(phone, &|_| true);
        assert!(matches!(read, Err(PaperError::Unreadable { .. })));
        let typo = "[[contacts]]\nrole = \"a\"\ntitle = \"A\"\nphne = \"+79123456789\"\n";
        let read = parse_contacts(typo, &|_| true);
        assert!(matches!(read, Err(PaperError::Unreadable { .. })), "a typo");
    }
}
