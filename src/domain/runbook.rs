//! Runbooks: typed data that everything else is derived from.

use super::action::Action;
use super::ids::{GateId, RunbookId, StepId};
use jiff::civil::Date;
use jiff::fmt::serde::unsigned_duration::friendly::compact::required as friendly;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One scenario and the steps that answer it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Runbook {
    /// Its id, the same as its file's name.
    pub id: RunbookId,
    /// Raised with each change.
    pub version: u32,
    /// Locale key of the title.
    pub title: String,
    /// Locale keys of the symptoms it answers.
    #[serde(default)]
    pub symptoms: Vec<String>,
    /// How long it is expected to take where nothing was measured yet.
    #[serde(with = "friendly")]
    pub expected: Duration,
    /// Whether `/recover` offers it; what other commands begin is not offered there.
    #[serde(default = "offered")]
    pub offered: bool,
    /// What became of it so far, the oldest first; the newest is of this version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Revision>,
    /// In the order they are carried out.
    pub steps: Vec<Step>,
    /// What takes steps back; named by [`Step::undo`].
    #[serde(default)]
    pub undo: Vec<UndoStep>,
}

/// One version of a runbook, as its file tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Revision {
    /// Which.
    pub version: u32,
    /// Since when.
    pub date: Date,
    /// What changed: a locale key, or words in whatever language the team writes.
    pub changes: String,
    /// The drill or incident that taught it, for example `A-7`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

fn offered() -> bool {
    true
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Step {
    /// Its id, unique in the runbook.
    pub id: StepId,
    /// Locale key of its title where the action's own does not say it well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it does.
    pub action: Action,
    /// Only then is it due; otherwise the run passes over it, and asks for no approval of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_if: Option<Condition>,
    /// The gate it waits for; steps of one gate share one approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<GateId>,
    /// What to do when its outcome is unknown.
    pub replay: Replay,
    /// What to do when it failed.
    #[serde(default)]
    pub on_failure: OnFailure,
    /// After this long its outcome is unknown.
    #[serde(with = "friendly")]
    pub timeout: Duration,
    /// The undo step that takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<StepId>,
    /// Once it has begun the run can no longer be rolled back: the units run on the new data.
    #[serde(default)]
    pub commits: bool,
}

/// What an earlier step may have found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// `inspect-redis` found damage.
    RedisDamaged,
}

impl Condition {
    /// The action whose facts tell.
    #[must_use]
    pub fn told_by(self) -> &'static str {
        match self {
            Self::RedisDamaged => "inspect-redis",
        }
    }
}

/// A step that takes another back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UndoStep {
    /// Its id.
    pub id: StepId,
    /// What it does; every undo action can be repeated safely.
    pub action: Action,
    /// After this long its outcome is unknown, and it is begun again.
    #[serde(with = "friendly")]
    pub timeout: Duration,
}

/// What to do with a step whose outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Replay {
    /// Do it again: repeating it does no harm.
    Again,
    /// Look first whether it happened.
    Verify,
    /// Ask a person whether it happened.
    Ask,
}

/// What to do with a step that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnFailure {
    /// Ask a person.
    #[default]
    Ask,
    /// Try again up to so many times, then ask.
    Retry(u32),
    /// Note it and go on.
    Continue,
}

impl Runbook {
    /// Whether a backup has to be chosen before it can start.
    #[must_use]
    pub fn needs_backup(&self) -> bool {
        self.steps
            .iter()
            .any(|step| matches!(step.action, Action::FetchBackup {}))
    }
}

/// What to put into a runbook's file when it is changed: its next version and the entry that tells of
/// it, as TOML. Nothing is changed by this: a person puts it there, together with the change itself.
///
/// `version` is the one that was carried out.
#[must_use]
pub fn proposed_entry(version: u32, date: Date, changes: &str, after: Option<&str>) -> String {
    let version = version.saturating_add(1);
    let after = after.map(|after| format!("after = {}\n", quoted(after)));
    format!(
        "version = {version}\n\n[[history]]\nversion = {version}\ndate = \"{date}\"\nchanges = {}\n{}",
        quoted(changes),
        after.unwrap_or_default()
    )
}

/// A basic string of TOML. Without control characters JSON writes it the same way.
fn quoted(text: &str) -> String {
    let tame = text.replace(char::is_control, " ");
    let text = serde_json::Value::from(tame.trim()).to_string();
    // Read back it is the same, and it is markup nowhere, whoever shows it.
    text.replace('<', "\\u003C").replace('>', "\\u003E")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Deserialize)]
    struct Written {
        version: u32,
        history: Vec<Revision>,
    }

    proptest! {
        #[test]
        fn a_proposed_entry_reads_back_whatever_was_learned(
            changes in "\\PC*",
            after in proptest::option::of(".*"),
        ) {
            let text = include_str!("../../deploy/runbooks/redis-failure.toml");
            let runbook: Runbook = toml::from_str(text).unwrap();
            let date = jiff::civil::date(2026, 11, 23);
            let entry = proposed_entry(runbook.version, date, &changes, after.as_deref());
            let read: Written = toml::from_str(&entry).unwrap();
            prop_assert_eq!(read.version, runbook.version + 1);
            let [only] = read.history.as_slice() else { panic!("{entry}") };
            prop_assert_eq!(only.version, read.version);
            prop_assert_eq!(only.date, date);
            prop_assert_eq!(only.changes.as_str(), changes.trim());
            prop_assert_eq!(only.after.is_some(), after.is_some());
        }
    }
}
