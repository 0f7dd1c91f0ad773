//! The validator: everything that is wrong with a runbook, at once.

use super::KnowsKey;
use crate::domain::action::Action;
use crate::domain::ids::StepId;
use crate::domain::runbook::{Condition, Replay, Runbook, Step};
use std::collections::BTreeSet;

/// One thing that is wrong, in words for the one who wrote the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Not TOML, an unknown field, a missing one.
    #[error("{0}")]
    Syntax(String),
    /// The id differs from the file's name.
    #[error("its id is `{id}`, but the file is named {file}: rename one of them")]
    Name {
        /// The id.
        id: String,
        /// The file's name.
        file: String,
    },
    /// No steps.
    #[error("it has no steps")]
    Empty,
    /// The same id twice.
    #[error("`{0}` names two steps: give one of them another id")]
    DoubleId(StepId),
    /// Something destructive that nobody approves.
    #[error("step `{0}` is destructive and has no gate: add `gate = \"…\"`")]
    NoGate(StepId),
    /// Repeating it is not safe.
    #[error(
        "step `{0}` cannot be told to have happened twice: use replay `verify` or `ask`, not `again`"
    )]
    NotRepeatable(StepId),
    /// There is no way to look.
    #[error("whether step `{0}` happened cannot be looked at: use replay `ask`")]
    NotVisible(StepId),
    /// No time at all.
    #[error("step `{0}` has a timeout of 0")]
    NoTimeout(StepId),
    /// Names an undo step that is not there.
    #[error("step `{step}` is undone by `{undo}`, which [[undo]] does not list")]
    UnknownUndo {
        /// The step.
        step: StepId,
        /// What it names.
        undo: StepId,
    },
    /// An undo step nobody uses.
    #[error("undo step `{0}` undoes nothing")]
    UnusedUndo(StepId),
    /// An undo that could do harm when it is repeated.
    #[error("undo step `{0}` cannot be repeated safely, and an undo must be")]
    UndoNotRepeatable(StepId),
    /// The history does not go on from version to version, or from day to day.
    #[error("history: version {0} must be higher and not earlier than the one above it")]
    HistoryOrder(u32),
    /// The history ends with another version than the runbook's.
    #[error("history: its last entry is of version {newest}, but the runbook is version {version}")]
    HistoryEnd {
        /// Of the last entry.
        newest: u32,
        /// Of the runbook.
        version: u32,
    },
    /// An entry without words.
    #[error("history: version {0} does not say what changed")]
    HistorySilent(u32),
    /// A text nobody wrote.
    #[error("the locales have no text `{0}`")]
    MissingText(String),
    /// A step that builds on one that does not come before it.
    #[error("step `{step}` needs a step with action `{needs}` before it")]
    MissingStep {
        /// The step.
        step: StepId,
        /// The action it builds on.
        needs: &'static str,
    },
}

/// Everything that is wrong with a runbook.
#[must_use]
pub fn problems(file: &str, runbook: &Runbook, knows: KnowsKey<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    if file.strip_suffix(".toml") != Some(runbook.id.as_str()) {
        found.push(Problem::Name {
            id: runbook.id.to_string(),
            file: file.to_owned(),
        });
    }
    if runbook.steps.is_empty() {
        found.push(Problem::Empty);
    }
    found.extend(double_ids(runbook));
    for (index, step) in runbook.steps.iter().enumerate() {
        found.extend(step_problems(runbook, step));
        found.extend(missing_steps(&runbook.steps[..index], step));
    }
    found.extend(undo_problems(runbook));
    found.extend(history_problems(runbook));
    found.extend(missing_texts(runbook, knows));
    found
}

fn double_ids(runbook: &Runbook) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let steps = runbook.steps.iter().map(|step| &step.id);
    steps
        .chain(runbook.undo.iter().map(|undo| &undo.id))
        .filter(|id| !seen.insert(*id))
        .map(|id| Problem::DoubleId(id.clone()))
        .collect()
}

fn step_problems(runbook: &Runbook, step: &Step) -> Vec<Problem> {
    let id = || step.id.clone();
    let mut found = Vec::new();
    if step.action.is_destructive() && step.gate.is_none() {
        found.push(Problem::NoGate(id()));
    }
    if step.replay == Replay::Again && !step.action.is_repeatable() {
        found.push(Problem::NotRepeatable(id()));
    }
    if step.replay == Replay::Verify && !step.action.can_be_looked_at() {
        found.push(Problem::NotVisible(id()));
    }
    if step.timeout.is_zero() {
        found.push(Problem::NoTimeout(id()));
    }
    if let Some(undo) = &step.undo
        && !runbook.undo.iter().any(|known| known.id == *undo)
    {
        found.push(Problem::UnknownUndo {
            step: id(),
            undo: undo.clone(),
        });
    }
    found
}

/// An action and those that must have gone before it.
fn needs(action: &Action) -> &'static [&'static str] {
    match action {
        Action::QuarantineDatabase {} => &["stop-units", "prove-database-closed"],
        Action::InstallDatabase {} => &["fetch-backup", "quarantine-database"],
        Action::VerifyDatabase {} => &["install-database"],
        Action::UnpackFiles {} => &["fetch-backup"],
        _ => &[],
    }
}

fn missing_steps(before: &[Step], step: &Step) -> Vec<Problem> {
    let has = |kind: &str| before.iter().any(|earlier| earlier.action.kind() == kind);
    let told_by = step.only_if.map(Condition::told_by);
    needs(&step.action)
        .iter()
        .copied()
        .chain(told_by)
        .filter(|kind| !has(kind))
        .map(|needs| Problem::MissingStep {
            step: step.id.clone(),
            needs,
        })
        .collect()
}

fn undo_problems(runbook: &Runbook) -> Vec<Problem> {
    let used: BTreeSet<_> = runbook
        .steps
        .iter()
        .filter_map(|step| step.undo.as_ref())
        .collect();
    let mut found = Vec::new();
    for undo in &runbook.undo {
        if !used.contains(&undo.id) {
            found.push(Problem::UnusedUndo(undo.id.clone()));
        }
        if !undo.action.is_repeatable() {
            found.push(Problem::UndoNotRepeatable(undo.id.clone()));
        }
        if undo.timeout.is_zero() {
            found.push(Problem::NoTimeout(undo.id.clone()));
        }
    }
    found
}

/// A file without a history is as good as before there were any.
fn history_problems(runbook: &Runbook) -> Vec<Problem> {
    let history = &runbook.history;
    let pairs = history.iter().zip(history.iter().skip(1));
    let mut found: Vec<Problem> = pairs
        .filter(|(old, new)| new.version <= old.version || new.date < old.date)
        .map(|(_, new)| Problem::HistoryOrder(new.version))
        .collect();
    if let Some(newest) = history
        .last()
        .filter(|last| last.version != runbook.version)
    {
        found.push(Problem::HistoryEnd {
            newest: newest.version,
            version: runbook.version,
        });
    }
    let silent = history
        .iter()
        .filter(|entry| entry.changes.trim().is_empty());
    found.extend(silent.map(|entry| Problem::HistorySilent(entry.version)));
    found
}

fn missing_texts(runbook: &Runbook, knows: KnowsKey<'_>) -> Vec<Problem> {
    let titles = runbook.steps.iter().map(|step| {
        step.title
            .clone()
            .unwrap_or_else(|| format!("step-{}", step.action.kind()))
    });
    let undo = runbook
        .undo
        .iter()
        .map(|undo| format!("step-{}", undo.action.kind()));
    let notices = runbook.steps.iter().filter_map(|step| match &step.action {
        Action::NotifyUsers { notice, .. } => Some(notice.clone()),
        _ => None,
    });
    std::iter::once(runbook.title.clone())
        .chain(runbook.symptoms.iter().cloned())
        .chain(titles)
        .chain(undo)
        .chain(notices)
        .filter(|key| !knows(key))
        .map(Problem::MissingText)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = include_str!("../../deploy/runbooks/database-corruption.toml");

    fn found(text: &str) -> Vec<Problem> {
        problems(
            "database-corruption.toml",
            &toml::from_str(text).unwrap(),
            &|_| true,
        )
    }

    #[test]
    fn the_built_in_runbook_is_sound() {
        assert_eq!(found(GOOD), []);
    }

    #[test]
    fn a_destructive_step_needs_a_gate() {
        let text = GOOD.replacen("gate = \"swap\"\n", "", 1);
        assert_eq!(found(&text), [Problem::NoGate("stop".parse().unwrap())]);
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let text = GOOD
            .replacen("id = \"database-corruption\"", "id = \"other\"", 1)
            .replacen("undo = \"discard\"", "undo = \"nothing\"", 1)
            .replacen("timeout = \"45m\"", "timeout = \"0s\"", 1)
            .replacen("replay = \"verify\"", "replay = \"again\"", 1);
        let step = |id: &str| id.parse::<StepId>().unwrap();
        assert_eq!(
            found(&text),
            [
                Problem::Name {
                    id: "other".into(),
                    file: "database-corruption.toml".into()
                },
                Problem::NoTimeout(step("fetch")),
                Problem::UnknownUndo {
                    step: step("fetch"),
                    undo: step("nothing")
                },
                Problem::NotRepeatable(step("quarantine")),
                Problem::UnusedUndo(step("discard")),
            ]
        );
    }

    #[test]
    fn a_swap_without_the_proof_is_refused() {
        let cut = GOOD.find("[[steps]]\nid = \"closed\"").unwrap();
        let end = GOOD.find("[[steps]]\nid = \"quarantine\"").unwrap();
        let text = format!("{}{}", &GOOD[..cut], &GOOD[end..]);
        assert_eq!(
            found(&text),
            [Problem::MissingStep {
                step: "quarantine".parse().unwrap(),
                needs: "prove-database-closed"
            }]
        );
    }

    #[test]
    fn a_history_goes_from_version_to_version_up_to_this_one() {
        let text = GOOD.replacen("version = 2\n", "version = 3\n", 1);
        let end = Problem::HistoryEnd {
            newest: 2,
            version: 3,
        };
        assert_eq!(found(&text), [end]);
        let text = GOOD.replacen("2026-02-12", "2026-11-24", 1);
        assert_eq!(found(&text), [Problem::HistoryOrder(2)]);
        let text = GOOD.replacen("\"history-initial\"", "\" \"", 1);
        assert_eq!(found(&text), [Problem::HistorySilent(1)]);
        let cut = GOOD.find("[[history]]").unwrap();
        let end = GOOD.find("[[steps]]").unwrap();
        let text = format!("{}{}", &GOOD[..cut], &GOOD[end..]);
        assert_eq!(found(&text), [], "files from before there were histories");
    }

    #[test]
    fn a_text_nobody_wrote_is_named() {
        let runbook = toml::from_str(GOOD).unwrap();
        let found = problems("database-corruption.toml", &runbook, &|key| {
            key != "step-stop-units"
        });
        assert_eq!(found, [Problem::MissingText("step-stop-units".into())]);
    }
}
