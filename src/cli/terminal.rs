//! The terminal: what is printed, what is asked, and with which exit code it ends.

use super::{CliError, CliResult};
use crate::domain::failure::Args;
use crate::domain::operator::Actor;
use crate::i18n::{I18n, Locale};
use crate::ops::Ops;
use crate::ports::redact;
use comfy_table::presets;
use comfy_table::{ContentArrangement, Table};
use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Exit codes of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0.
    Done,
    /// 1.
    Failed,
    /// 2: bad configuration or usage.
    Usage,
    /// 3: not approved, not allowed.
    Refused,
    /// 4.
    NothingToDo,
}

impl Exit {
    /// The code.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// Who sits at the console, and what he works with.
#[derive(Clone)]
pub struct Console {
    /// The verbs.
    pub ops: Ops,
    /// Texts.
    pub i18n: Arc<I18n>,
    /// The language.
    pub locale: Locale,
    /// Who.
    pub actor: Actor,
    /// Cancelled by a command that needs a worker: whoever composed this console then provides one.
    pub wanted: CancellationToken,
    /// Whether a running instance will act on what is written.
    pub attended: bool,
    /// Whether `--yes` is accepted: root or the service's own user.
    pub trusted: bool,
}

impl Console {
    pub(super) fn text(&self, key: &str, args: &Args) -> String {
        self.i18n.plain(self.locale, key, args)
    }

    pub(super) fn say(&self, key: &str, args: &Args) -> Result<(), CliError> {
        line(&self.text(key, args))
    }

    /// The message of an error with its hint, where it has one.
    #[must_use]
    pub fn explain(&self, error: &CliError) -> String {
        let CliError::Ops(error) = error else {
            return error.to_string();
        };
        let (key, args) = (error.key(), error.args());
        let hint = format!("{key}.hint");
        let mut text = self.text(&key, &args);
        if self.i18n.has(&hint) {
            text = format!("{text}\n{}", self.text(&hint, &args));
        }
        text
    }

    /// Asks one question; without a terminal there is no answer.
    pub(super) async fn ask(&self, question: String) -> Result<Option<String>, CliError> {
        let asked = tokio::task::spawn_blocking(move || prompt(&question)).await;
        Ok(asked.map_err(io::Error::other)??)
    }

    /// Asks for yes or no; no answer is a no.
    pub(super) async fn confirm(&self, key: &str, args: &Args) -> Result<bool, CliError> {
        Ok(confirm(&self.i18n, self.locale, (key, args)).await?)
    }
}

/// Asks for yes or no; no answer is a no.
///
/// # Errors
/// The terminal.
pub async fn confirm(i18n: &I18n, locale: Locale, (key, args): (&str, &Args)) -> io::Result<bool> {
    let yes = i18n.plain(locale, "console-yes", &Args::new());
    let question = format!("{} [{yes}/…] ", i18n.plain(locale, key, args));
    let asked = tokio::task::spawn_blocking(move || prompt(&question)).await;
    let answer = asked.map_err(io::Error::other)??;
    let answer = answer.unwrap_or_default().to_lowercase();
    Ok(!answer.is_empty()
        && (yes.to_lowercase().starts_with(&answer) || answer == "y" || answer == "yes"))
}

/// Whether somebody can be asked.
pub(super) fn interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn prompt(question: &str) -> io::Result<Option<String>> {
    if !interactive() {
        return Ok(None);
    }
    let mut out = io::stderr().lock();
    write!(out, "{question}")?;
    out.flush()?;
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer)?;
    // Nothing at all: whoever sat there has gone.
    Ok((read > 0).then(|| answer.trim().to_owned()))
}

/// Prints one line. Who reads no further (`| head`) is no error.
pub(super) fn line(text: &str) -> Result<(), CliError> {
    match writeln!(io::stdout().lock(), "{}", redact::clean(text)) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

pub(super) fn json(value: &impl serde::Serialize) -> CliResult {
    line(&serde_json::to_string_pretty(value)?)?;
    Ok(Exit::Done)
}

/// A table without frames: it reads well in a log and pastes well into a chat.
pub(super) fn table(header: Vec<String>) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    table
}
