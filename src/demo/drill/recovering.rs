//! The recovery: this program as another process, with nothing but the drill's settings. It carries out
//! the same runbook by the same command as a person would; its journal says how it went.

use super::breaking::relent;
use super::ground::Ground;
use super::halt::Halt;
use super::tell;
use crate::demo::error::at;
use crate::demo::world::{Entry, StateView};
use crate::domain::chore::drill::{Now, Recovery, Scenario, legs};
use crate::domain::run::{Phase, Run, StepState};
use crate::ports::clock::SystemClock;
use crate::ports::journal::Journal;
use crate::store::Store;
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// How often its journal is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// Longer than any recovery; its steps have times of their own.
const LONGEST: Duration = Duration::from_hours(8);
/// Bytes of its complaints that are kept.
const KEPT: usize = 600;

/// Carries the runbook out, and gives what became of it; nothing where it did not begin.
pub(super) async fn follow(ground: &Ground, scenario: Scenario) -> Result<Option<Recovery>, Halt> {
    let folder = ground.enclosure.folder();
    let state = folder.join("state");
    let mut child = start(ground, folder)?;
    let mut journal = Follower::new(&state);
    let begun = Instant::now();
    while child.try_wait().map_err(Halt::told)?.is_none() {
        for entry in journal.news() {
            show(ground, &entry);
            relent(ground, scenario, &entry);
        }
        if begun.elapsed() > LONGEST {
            return Err(Halt::told("the recovery does not end"));
        }
        tokio::time::sleep(LOOK).await;
    }
    let recovery = read(ground, &state).await?;
    if recovery.is_none() {
        tracing::warn!("{}", complaints(folder));
    }
    Ok(recovery)
}

fn start(ground: &Ground, folder: &Path) -> Result<Child, Halt> {
    let file = |name: &str| {
        let path = folder.join(name);
        File::create(&path).map_err(at(&path))
    };
    let mut command = Command::new(&ground.program);
    command
        .args(["recover", ground.runbook.id.as_str(), "--yes", "--json"])
        .env_clear()
        .envs(&ground.environment)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(file("recover.out")?)
        .stderr(file("recover.err")?)
        .process_group(0)
        .kill_on_drop(true);
    command.spawn().map_err(Halt::told)
}

/// Reads a journal as it grows.
struct Follower {
    state: StateView,
    seen: usize,
}

impl Follower {
    fn new(state: &Path) -> Self {
        Self {
            state: StateView::new(state),
            seen: 0,
        }
    }

    /// What is new; nothing while there is no journal yet.
    fn news(&mut self) -> Vec<Entry> {
        let Ok(Some((run, _))) = self.state.newest() else {
            return Vec::new();
        };
        let mut entries = self.state.journal(run).unwrap_or_default();
        let news = entries.split_off(self.seen.min(entries.len()));
        self.seen += news.len();
        news
    }
}

fn show(ground: &Ground, entry: &Entry) {
    let (true, Some(step)) = (entry.kind() == "step-started", entry.step()) else {
        return;
    };
    let steps = &ground.runbook.steps;
    let Some(index) = steps.iter().position(|it| it.id.as_str() == step) else {
        return;
    };
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let step = &steps[index];
    let title = step.title.clone();
    tell(Now::Recovering {
        title: title.unwrap_or_else(|| format!("step-{}", step.action.kind())),
        number: number(index + 1),
        of: number(steps.len()),
    });
}

async fn read(ground: &Ground, state: &Path) -> Result<Option<Recovery>, Halt> {
    if !state.join("state.db").exists() {
        return Ok(None);
    }
    let store = Store::open(state, Arc::new(SystemClock)).map_err(Halt::told)?;
    let Some(run) = store
        .recent(1)
        .await
        .map_err(Halt::told)?
        .into_iter()
        .next()
    else {
        return Ok(None);
    };
    let journal = store.entries(run.id).await.map_err(Halt::told)?;
    let Some(last) = journal.last() else {
        return Ok(None);
    };
    Ok(Some(Recovery {
        outcome: match run.phase {
            Phase::Finished(outcome) => Some(outcome),
            _ => None,
        },
        started: run.started_at.unwrap_or(run.proposed_at),
        ended: run.finished_at.unwrap_or(last.at),
        version: run.plan.runbook.version,
        legs: legs(&run, &journal),
        stopped: stopped(&run),
        stood_in: ground.stood_in.clone(),
    }))
}

fn stopped(run: &Run) -> Option<(crate::domain::ids::StepId, crate::domain::failure::Failure)> {
    let steps = run.plan.runbook.steps.iter();
    let mut failed = steps.filter(|step| {
        let state = run.state_of(&step.id);
        matches!(state, StepState::Failed { .. } | StepState::InDoubt { .. })
    });
    failed.find_map(|step| Some((step.id.clone(), run.failure_of(&step.id)?.clone())))
}

fn complaints(folder: &Path) -> String {
    let text = fs::read_to_string(folder.join("recover.err")).unwrap_or_default();
    let from = text.len().saturating_sub(KEPT);
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at));
    text[from.unwrap_or_default()..].to_owned()
}
