//! Where settings come from: the environment, a `.env` file below it, and files that hold secrets.

use super::problem::Problem;
use super::setting::{Fallback, Key, Row, Value, parse};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Which `.env` file is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EnvFile {
    /// `.env` in the folder the program was started in, if there is one.
    #[default]
    Here,
    /// This one; it must be there.
    At(PathBuf),
    /// None.
    None,
}

/// Everything that was given, by name. Debug shows the names alone.
#[derive(Default)]
pub struct Sources {
    given: BTreeMap<String, Given>,
    file: Option<PathBuf>,
    problems: Vec<Problem>,
}

/// The process's whole environment, for those who pass parts of it on to programs they run.
pub fn environment() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os()
}

/// A text, or nothing where it is not UTF-8.
type Given = Option<SecretString>;

/// Longer than any secret, short enough never to fill the memory.
const LARGEST_FILE: u64 = 64 * 1024;

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.given.keys()).finish()
    }
}

impl Sources {
    /// The process's environment, over a `.env` file.
    #[must_use]
    pub fn of_process(file: &EnvFile) -> Self {
        Self::new(std::env::vars_os(), file)
    }

    /// An environment given by hand, over a `.env` file.
    pub fn new(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        file: &EnvFile,
    ) -> Self {
        let mut sources = Self::default();
        for (name, value) in environment {
            if let Ok(name) = name.into_string() {
                let text = value.into_string().ok().map(SecretString::from);
                sources.given.insert(name, text);
            }
        }
        sources.underlay(file);
        sources
    }

    /// Adds what a `.env` file says of names that the environment does not have.
    fn underlay(&mut self, file: &EnvFile) {
        let (path, required) = match file {
            EnvFile::Here => (Path::new(".env"), false),
            EnvFile::At(path) => (path.as_path(), true),
            EnvFile::None => return,
        };
        match fs::read_to_string(path) {
            Ok(text) => {
                self.file = Some(path.to_owned());
                self.take_lines(path, &text);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && !required => {}
            Err(error) => self.problems.push(
                Problem::file(
                    path.display().to_string(),
                    format!("it cannot be read: {error}"),
                )
                .advise("Make it a UTF-8 text file that this user may read."),
            ),
        }
    }

    fn take_lines(&mut self, path: &Path, text: &str) {
        // dotenvy wants a line's end after a trailing blank, and no byte order mark.
        let whole = format!("{}\n", text.trim_start_matches('\u{feff}'));
        for item in dotenvy::Iter::new(whole.as_bytes()) {
            match item {
                Ok((name, value)) => {
                    let value = Some(SecretString::from(value));
                    self.given.entry(name).or_insert(value);
                }
                Err(error) => self.problems.push(bad_line(path, &whole, &error)),
            }
        }
    }

    /// One setting by itself: what was given, else its default; nothing where it is empty or cannot be
    /// read.
    #[must_use]
    pub fn value<T: Value>(&self, key: &Key<T>) -> Option<T> {
        let given = self.find(key.row).ok().flatten();
        match (given, key.row.fallback) {
            (Some(text), _) => parse(text.expose_secret()).ok(),
            (None, Fallback::Text(text)) => parse(text).ok(),
            _ => None,
        }
    }

    /// Each secret that was given, with its setting's name, and the parts of it that are secrets by themselves.
    pub fn each_secret(&self, mut take: impl FnMut(&'static str, &str)) {
        for row in super::table::TABLE.iter().filter(|row| row.secret) {
            let Ok(Some(given)) = self.find(row) else {
                continue;
            };
            let text = given.expose_secret();
            // Tokens and pairs of codes are whole behind a colon; an address is secret for its password.
            let parts = text.split(',').filter_map(|part| part.split_once(':'));
            let address = url::Url::parse(text).ok();
            // `?password=` is how Redis takes one where the address has no host.
            let asked = address.iter().flat_map(url::Url::query_pairs);
            for (_, secret) in asked.filter(|(name, _)| name == "password" || name == "pass") {
                take(row.name, &secret);
            }
            match address.filter(url::Url::has_host) {
                // As it stands in the address, and as a service that was given it may repeat it.
                Some(address) => address.password().into_iter().for_each(|it| {
                    take(row.name, it);
                    take(row.name, &percent_decode_str(it).decode_utf8_lossy());
                }),
                None => {
                    take(row.name, text);
                    parts.for_each(|(_, secret)| take(row.name, secret.trim()));
                }
            }
        }
    }

    /// The files that hold secrets: the `.env` file that was read, and those that `NAME_FILE` names.
    #[must_use]
    pub fn secret_files(&self) -> Vec<PathBuf> {
        let named = super::table::TABLE.iter().filter(|row| row.secret);
        let named = named.filter_map(|row| {
            let given = self.given.get(&format!("{}_FILE", row.name))?;
            given
                .as_ref()
                .map(|path| PathBuf::from(path.expose_secret()))
        });
        self.file.iter().cloned().chain(named).collect()
    }

    /// Names that were given.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.given.keys().map(String::as_str)
    }

    /// What was wrong with the sources themselves.
    pub(super) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What was given for a setting, in its own name or in a file; nothing where it is empty.
    pub(super) fn find(&self, row: &Row) -> Result<Option<SecretString>, Problem> {
        let own = self.text(row.name, row)?;
        let file_name = format!("{}_FILE", row.name);
        let file = match row.secret {
            true => self.text(&file_name, row)?,
            false => None,
        };
        match (own, file) {
            (own, None) => Ok(own),
            (None, Some(path)) => read_secret(row, Path::new(path.expose_secret())).map(Some),
            (Some(_), Some(_)) => Err(Problem::of(
                row,
                format!("it is given twice: as {} and as {file_name}", row.name),
            )
            .advise(format!("Remove {} or {file_name}.", row.name))),
        }
    }

    fn text(&self, name: &str, row: &Row) -> Result<Option<SecretString>, Problem> {
        match self.given.get(name) {
            None => Ok(None),
            Some(None) => Err(Problem::of(row, format!("{name} is not UTF-8 text"))),
            Some(Some(text)) => {
                let text = text.expose_secret().trim();
                Ok((!text.is_empty()).then(|| SecretString::from(text)))
            }
        }
    }
}

/// Tells where a line is wrong without repeating it: a secret may stand in it.
fn bad_line(path: &Path, whole: &str, error: &dotenvy::Error) -> Problem {
    let line = match error {
        dotenvy::Error::LineParse(line, _) => whole
            .find(line.as_str())
            .map(|at| whole[..at].lines().count() + 1),
        _ => None,
    };
    let place = line.map_or_else(String::new, |line| format!(", line {line}"));
    let mut problem = Problem::file(format!("{}{place}", path.display()), "it cannot be read");
    problem.expected = Some("NAME=value".to_owned());
    problem.advise(
        "Put a value with blanks, quotes or # into double quotes, one with $ or \\ into single quotes.",
    )
}

fn read_secret(row: &Row, path: &Path) -> Result<SecretString, Problem> {
    let problem = |what: String| {
        Problem::of(
            row,
            format!("{}, named by {}_FILE, {what}", path.display(), row.name),
        )
        .advise(format!(
            "Make {} a file that this user may read and that holds the secret alone.",
            path.display()
        ))
    };
    let text = read_small(path).map_err(|error| problem(format!("cannot be read: {error}")))?;
    match text.trim() {
        "" => Err(problem("is empty".to_owned())),
        secret => Ok(SecretString::from(secret)),
    }
}

fn read_small(path: &Path) -> io::Result<String> {
    use std::io::Read;
    let mut text = String::new();
    let read = fs::File::open(path)?
        .take(LARGEST_FILE + 1)
        .read_to_string(&mut text)?;
    match u64::try_from(read) {
        Ok(bytes) if bytes <= LARGEST_FILE => Ok(text),
        _ => Err(io::Error::other("it is too large to be a secret")),
    }
}
