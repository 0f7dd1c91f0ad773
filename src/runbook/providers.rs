//! `providers.toml`: the AI providers, how they are asked, and whose fault an error is.

use crate::domain::address::is_of_the_link;
use crate::domain::provider::{Answer, Auth, Provider, Providers, Statuses, TaskLookup};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The providers that REI uses.
pub const BUILT_IN: &str = include_str!("../../deploy/runbooks/providers.toml");

/// The file's name in `RUNBOOK_DIR`.
pub const FILE: &str = "providers.toml";

/// Longest wait that a file may ask for: people wait for a reading.
const LONGEST: Duration = Duration::from_secs(60);

/// Where the id of a task stands in an address.
const TASK: &str = "{task}";

/// Why the providers cannot be used; all problems at once.
#[derive(Debug, thiserror::Error)]
pub enum ProvidersError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No TOML, or not of this form.
    #[error("providers.toml cannot be read: {0}")]
    Unreadable(String),
    /// Everything that is wrong with it, in words for the one who wrote it.
    #[error("providers.toml:\n{}", .0.iter().map(|p| format!("  - {p}")).collect::<Vec<_>>().join("\n"))]
    Wrong(Vec<String>),
}

/// The providers in force: a team's own file, or the built-in one. `keys` are the settings that may
/// be named.
///
/// # Errors
/// The file cannot be read, or everything that is wrong with it.
pub fn load(folder: Option<&Path>, keys: &[&str]) -> Result<Providers, ProvidersError> {
    let Some(path) = folder.map(|folder| folder.join(FILE)) else {
        return parse(BUILT_IN, keys);
    };
    match fs::read_to_string(&path) {
        Ok(text) => parse(&text, keys),
        Err(error) if error.kind() == io::ErrorKind::NotFound => parse(BUILT_IN, keys),
        Err(source) => Err(ProvidersError::File { path, source }),
    }
}

/// Reads and validates a file.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(text: &str, keys: &[&str]) -> Result<Providers, ProvidersError> {
    let providers: Providers =
        toml::from_str(text).map_err(|error| ProvidersError::Unreadable(error.to_string()))?;
    let mut found = Problems::default();
    if providers.is_empty() {
        found.say("it describes no provider");
    }
    for (id, provider) in &providers {
        found.at = id.clone();
        found.of_provider(provider, keys);
    }
    match found.all.is_empty() {
        true => Ok(providers),
        false => Err(ProvidersError::Wrong(found.all)),
    }
}

/// Collects what is wrong.
#[derive(Default)]
struct Problems {
    /// What is being looked at.
    at: String,
    all: Vec<String>,
}

impl Problems {
    fn say(&mut self, what: &str) {
        let told = match self.at.as_str() {
            "" => what.to_owned(),
            at => format!("{at}: {what}"),
        };
        self.all.push(told);
    }

    fn of_provider(&mut self, provider: &Provider, keys: &[&str]) {
        if provider.title.trim().is_empty() {
            self.say("its title is empty");
        }
        self.of_auth(&provider.auth, keys);
        if provider.blames.iter().any(|text| text.trim().is_empty()) {
            self.say("an empty text in `blames` would blame it for every error");
        }
        let open = provider.auth == Auth::None;
        self.of_url("probe", &provider.probe.url, open);
        self.of_wait("probe", provider.probe.timeout);
        if provider.probe.slow.is_zero() || provider.probe.slow > provider.probe.timeout {
            self.say("probe: `slow` must be between 0s and its timeout");
        }
        self.of_answers("probe", &provider.probe.answers);
        if let Some(tasks) = &provider.tasks {
            self.of_tasks(tasks, open);
        }
    }

    fn of_auth(&mut self, auth: &Auth, keys: &[&str]) {
        for setting in auth.settings() {
            if !keys.contains(&setting) {
                let known = keys.join(", ");
                self.say(&format!(
                    "auth: there is no key setting `{setting}`: use one of {known}"
                ));
            }
        }
        if let Auth::Header { name, .. } = auth
            && !is_token(name)
        {
            self.say(&format!("auth: `{name}` is no name of a header"));
        }
    }

    fn of_tasks(&mut self, tasks: &TaskLookup, open: bool) {
        self.of_pointer("tasks", &tasks.pointer);
        self.of_wait("tasks", tasks.timeout);
        if tasks.urls.is_empty() {
            self.say("tasks: there is no address to ask");
        }
        for url in &tasks.urls {
            self.of_url("tasks", url, open);
            if url.matches(TASK).count() != 1 {
                self.say(&format!("tasks: `{url}` must have {TASK} in it once"));
            }
        }
        self.of_answers("tasks", &tasks.answers);
    }

    fn of_wait(&mut self, part: &str, wait: Duration) {
        if wait.is_zero() || wait > LONGEST {
            let most = LONGEST.as_secs();
            self.say(&format!(
                "{part}: its timeout must be between 1s and {most}s"
            ));
        }
    }

    /// A key must travel encrypted, except to this machine itself, where stand-ins are.
    fn of_url(&mut self, part: &str, url: &str, open: bool) {
        let Ok(url) = url::Url::parse(url) else {
            return self.say(&format!("{part}: `{url}` is no address"));
        };
        let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if url.has_host() && (!url.username().is_empty() || url.password().is_some()) {
            self.say(&format!(
                "{part}: an address must not hold a user name or password"
            ));
        }
        let address = match url.host() {
            Some(url::Host::Ipv4(address)) => Some(address.into()),
            Some(url::Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        if address.is_some_and(is_of_the_link) {
            self.say(&format!(
                "{part}: `{url}` leads to this machine's own cloud, not to a service"
            ));
        }
        match url.scheme() {
            "https" => {}
            "http" if open || here => {}
            "http" => self.say(&format!(
                "{part}: its key would travel unencrypted: use https"
            )),
            other => self.say(&format!("{part}: `{other}` is neither http nor https")),
        }
    }

    fn of_answers<T>(&mut self, part: &str, answers: &[Answer<T>]) {
        if answers.is_empty() {
            self.say(&format!("{part}: no answer means anything"));
        }
        for answer in answers {
            if answer.status.is_empty() && answer.pointer.is_none() {
                self.say(&format!("{part}: an answer needs a status or a pointer"));
            }
            if answer.pointer.is_none() && !answer.values.is_empty() {
                self.say(&format!("{part}: `values` without a pointer mean nothing"));
            }
            if let Some(pointer) = &answer.pointer {
                self.of_pointer(part, pointer);
            }
            for status in &answer.status {
                self.of_status(part, status);
            }
        }
    }

    fn of_pointer(&mut self, part: &str, pointer: &str) {
        if !pointer.starts_with('/') {
            self.say(&format!(
                "{part}: `{pointer}` is no JSON pointer: it begins with /"
            ));
        }
    }

    fn of_status(&mut self, part: &str, status: &Statuses) {
        if !status
            .hundreds()
            .is_some_and(|digit| (1..=5).contains(&digit))
        {
            let told = match status {
                Statuses::One(one) => one.to_string(),
                Statuses::Class(class) => class.clone(),
            };
            self.say(&format!(
                "{part}: `{told}` is no status: write 503 or \"5xx\""
            ));
        }
    }
}

/// What HTTP allows as a header's name.
fn is_token(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &[&str] = &[
        "KLING_ACCESS_KEY",
        "KLING_SECRET_KEY",
        "NANO_BANANA_API_KEY",
    ];

    #[test]
    fn the_built_in_providers_are_reis() {
        let providers = parse(BUILT_IN, KEYS).unwrap();
        let ids: Vec<_> = providers.keys().map(String::as_str).collect();
        assert_eq!(ids, ["kling", "nano_banana"]);
        assert!(providers["kling"].tasks.is_some());
        assert!(providers["kling"].blamed_by("Kling said HTTP 503 (try later)"));
        assert!(!providers["kling"].blamed_by("risk control: prompt refused (1301)"));
        assert!(providers["nano_banana"].blamed_by("503 unavailable: the Model is Overloaded"));
        assert!(!providers["nano_banana"].blamed_by("blocked: SAFETY"));
    }

    #[test]
    fn a_teams_file_replaces_the_built_in_one() {
        let folder = tempfile::tempdir().unwrap();
        let ids = |folder: &Path| -> Vec<String> {
            load(Some(folder), KEYS).unwrap().into_keys().collect()
        };
        assert_eq!(ids(folder.path()), ["kling", "nano_banana"]);
        let text = "[own]\ntitle = \"Own\"\n[own.probe]\nurl = \"http://10.0.0.1/\"\ntimeout = \"5s\"\nslow = \"1s\"\nanswers = [{ status = [200], means = \"up\" }]\n";
        fs::write(folder.path().join(FILE), text).unwrap();
        assert_eq!(ids(folder.path()), ["own"]);
    }

    #[test]
    fn everything_wrong_is_listed_at_once() {
        let text = r#"
            [a]
            title = " "
            auth = { kind = "header", name = "x y", setting = "ADMIN_BOT_TOKEN" }
            blames = [""]
            [a.probe]
            url = "http://example.com/"
            timeout = "0s"
            slow = "1s"
            answers = []
            [b]
            title = "B"
            [b.probe]
            url = "ftp://me:pw@example.com/"
            timeout = "5s"
            slow = "1s"
            answers = [{ means = "up" }, { status = ["6xx", 42], values = [1], means = "down" }]
            [b.tasks]
            pointer = "task_id"
            urls = ["https://example.com/"]
            timeout = "5m"
            answers = [{ pointer = "x", means = "finished" }]
        "#;
        let Err(ProvidersError::Wrong(wrong)) = parse(text, KEYS) else {
            panic!("it passed");
        };
        assert_eq!(wrong.len(), 18, "{wrong:#?}");
        assert!(matches!(parse("", KEYS), Err(ProvidersError::Wrong(_))));
        let unknown = BUILT_IN.replacen("slow =", "fast =", 1);
        let refused = parse(&unknown, KEYS);
        assert!(matches!(refused, Err(ProvidersError::Unreadable(_))));
    }
}
