//! No secret of the program's settings may have left it: not into its log, what it printed, a chat, or
//! its state.

use super::World;
use crate::config::{EnvFile, Sources};
use crate::ports::redact;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;

/// Where something was said, and by which bytes.
type Said = (String, Vec<u8>);

impl World {
    /// Each place in which a secret stands, with the name of its setting; never the secret.
    #[must_use]
    pub fn leaks(&self) -> Vec<String> {
        let patterns = Patterns::of(self.settings());
        let said = self.said();
        let mut leaks: Vec<String> = said
            .iter()
            .flat_map(|(place, bytes)| {
                let found = patterns.in_bytes(bytes);
                found.map(move |name| format!("{name} stands in {place}"))
            })
            .collect();
        leaks.sort();
        leaks.dedup();
        leaks
    }

    fn said(&self) -> Vec<Said> {
        let mut said = vec![
            ("the log".to_owned(), self.bot_log().into_bytes()),
            (
                "the console".to_owned(),
                self.program.printed().into_bytes(),
            ),
            ("a chat".to_owned(), self.api.everything_said().into_bytes()),
        ];
        let state = self.settings().get("STATE_DIR");
        let files = state.and_then(|dir| fs::read_dir(dir).ok());
        for entry in files.into_iter().flatten().flatten() {
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            let bytes = is_file.then(|| fs::read(entry.path()).ok()).flatten();
            let name = entry.file_name().to_string_lossy().into_owned();
            said.extend(bytes.map(|bytes| (name, bytes)));
        }
        said
    }
}

/// Every form of every secret.
struct Patterns {
    /// Whether any begins with these two bytes.
    begins: Vec<bool>,
    forms: Vec<(&'static str, Vec<u8>)>,
}

impl Patterns {
    fn of(settings: &BTreeMap<String, String>) -> Self {
        let environment = settings
            .iter()
            .map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let mut forms = Vec::new();
        Sources::new(environment, &EnvFile::None).each_secret(|name, secret| {
            let of_it = redact::forms(secret);
            forms.extend(of_it.iter().map(|form| (name, form.as_bytes().to_vec())));
        });
        let mut begins = vec![false; 1 << 16];
        for (_, form) in &forms {
            if let [first, second, ..] = form[..] {
                begins[usize::from(u16::from_be_bytes([first, second]))] = true;
            }
        }
        Self { begins, forms }
    }

    /// Names of those whose secret stands in there.
    fn in_bytes<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = &'static str> + 'a {
        let pairs = bytes.windows(2).enumerate();
        let starts =
            pairs.filter(|(_, two)| self.begins[usize::from(u16::from_be_bytes([two[0], two[1]]))]);
        starts.flat_map(|(at, _)| {
            let rest = &bytes[at..];
            let found = self.forms.iter().filter(|(_, form)| rest.starts_with(form));
            found.map(|(name, _)| *name)
        })
    }
}
