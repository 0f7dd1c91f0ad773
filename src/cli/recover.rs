//! `recover`: the same recovery as in the chat.

use super::args::Recover;
use super::terminal::{interactive, json as print_json, line};
use super::{CliError, CliResult, Console, Exit, json, plan};
use crate::domain::approval::{Approval, Consent};
use crate::domain::choice::Choice;
use crate::domain::event::Outcome;
use crate::domain::facts::Facts;
use crate::domain::failure::Args;
use crate::domain::plan::Hold;
use crate::domain::run::{Phase, Run, StepState};
use crate::ops::{Answer, Proposal};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::time::Duration;

/// How often the run is looked at; its worker may be another process.
const LOOK: Duration = Duration::from_millis(200);

pub(super) async fn run(console: &Console, args: &Recover) -> CliResult {
    let proposal = Proposal {
        runbook: args.runbook.clone(),
        which: args.backup.0,
        retry: None,
        chat: None,
    };
    let manner = Manner {
        yes: args.yes,
        json: args.json,
    };
    carry_out(console, proposal, manner, args.dry_run).await
}

/// Plans, shows, asks, and follows to the end.
pub(super) async fn carry_out(
    console: &Console,
    proposal: Proposal,
    manner: Manner,
    dry_run: bool,
) -> CliResult {
    let planned = console.ops.plan(&proposal).await?;
    if dry_run {
        return if manner.json {
            print_json(&planned)
        } else {
            plan::show(console, &planned).map(|()| Exit::Done)
        };
    }
    manner.admit(console)?;
    let run = console.ops.propose(&console.actor, proposal).await?;
    if !manner.json {
        plan::show(console, &run.plan)?;
    }
    let begin = manner.yes || console.confirm("cli-ask-start", &named(&run)).await?;
    let choice = if begin { Choice::Start } else { Choice::Cancel };
    let run = answer(console, &run, choice, None).await?;
    if !begin {
        return Ok(Exit::Refused);
    }
    follow(console, run, manner).await
}

/// Watches a run until it has ended, and answers what it asks.
pub(super) async fn follow(console: &Console, run: Run, manner: Manner) -> CliResult {
    console.wanted.cancel();
    let follower = Follower {
        console,
        manner,
        seen: BTreeMap::new(),
        bar: bar(manner),
    };
    follower.follow(run).await
}

/// How the console goes about a run.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    /// Approve without asking.
    pub yes: bool,
    /// Print JSON.
    pub json: bool,
}

impl Manner {
    /// Whether this person may go about it in this way.
    pub(super) fn admit(self, console: &Console) -> Result<(), CliError> {
        if self.yes && !console.trusted {
            return Err(CliError::Refused(
                console.text("cli-yes-refused", &Args::new()),
            ));
        }
        if !self.yes && !interactive() {
            return Err(CliError::Refused(
                console.text("cli-yes-needed", &Args::new()),
            ));
        }
        Ok(())
    }
}

fn named(run: &Run) -> Args {
    Args::from([("run".to_owned(), run.id.to_string().into())])
}

async fn answer(
    console: &Console,
    run: &Run,
    choice: Choice,
    reason: Option<String>,
) -> Result<Run, CliError> {
    let answer = Answer {
        run: run.id,
        position: run.position,
        choice,
        reason,
    };
    Ok(console.ops.choose(&console.actor, answer).await?)
}

fn bar(manner: Manner) -> ProgressBar {
    // Draws on a terminal only; elsewhere the lines tell enough.
    if manner.json {
        return ProgressBar::hidden();
    }
    ProgressBar::new(0)
}

/// Bytes for what moves bytes, items for everything else.
fn style(run: &Run) -> ProgressStyle {
    let step = run.running().and_then(|(id, _)| run.plan.step(&id));
    let template = match step {
        Some(step) if !step.action.moves_bytes() => "{bar:30} {pos}/{len} {eta}",
        _ => "{bar:30} {bytes}/{total_bytes} {eta}",
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Watches a run, prints what is new, and answers what it asks.
struct Follower<'a> {
    console: &'a Console,
    manner: Manner,
    seen: BTreeMap<String, String>,
    bar: ProgressBar,
}

impl Follower<'_> {
    async fn follow(mut self, mut run: Run) -> CliResult {
        loop {
            self.print_news(&run)?;
            if let Phase::Finished(outcome) = run.phase {
                return self.finish(&run, outcome);
            }
            if let Some(hold) = run.hold() {
                run = match self.decide(&run, &hold).await? {
                    Some(after) => after,
                    None => return Ok(Exit::Failed),
                };
                continue;
            }
            if let Some(approval) = waiting(&run) {
                self.gate(&run, &approval).await?;
            }
            self.draw(&run);
            tokio::time::sleep(LOOK).await;
            run = self.console.ops.run(run.id).await?;
        }
    }

    fn print_news(&mut self, run: &Run) -> Result<(), CliError> {
        for step in &run.plan.runbook.steps {
            let Some(key) = line_key(run.state_of(&step.id)) else {
                continue;
            };
            let title = step
                .title
                .clone()
                .unwrap_or_else(|| format!("step-{}", step.action.kind()));
            let title = self.console.text(&title, &Args::new());
            let mut text = self
                .console
                .text(key, &Args::from([("step".to_owned(), title.into())]));
            if let Some(failure) = run.failure_of(&step.id) {
                let key = format!("failure-{}", failure.code.as_str());
                text = format!("{text}\n  {}", self.console.text(&key, &failure.args));
                text = format!(
                    "{text}\n  {}",
                    self.console.text(&format!("{key}.hint"), &failure.args)
                );
            }
            if let StepState::Succeeded { facts } = run.state_of(&step.id) {
                text = super::work::with_outcome(self.console, text, facts);
            }
            if self.seen.insert(step.id.to_string(), text.clone()).as_ref() == Some(&text) {
                continue;
            }
            if self.manner.json {
                line(&serde_json::to_string(&json::run(run))?)?;
                return Ok(());
            }
            self.bar.suspend(|| line(&text))?;
        }
        Ok(())
    }

    fn draw(&self, run: &Run) {
        match self.console.ops.live().of(run.id) {
            Some(progress) => {
                let (done, total) = progress.read();
                self.bar.set_style(style(run));
                self.bar.set_length(total);
                self.bar.set_position(done);
            }
            None => self.bar.reset(),
        }
    }

    async fn gate(&self, run: &Run, approval: &Approval) -> Result<(), CliError> {
        let granted = self.manner.yes || self.console.confirm("cli-ask-gate", &named(run)).await?;
        let request = &approval.request.id;
        let decided = if granted {
            self.console
                .ops
                .approve(&self.console.actor, request, Consent::Typed)
                .await
        } else {
            self.console.ops.deny(&self.console.actor, request).await
        };
        match decided {
            // Somebody in the chat was quicker; the run shows what he decided.
            Err(error) if error.is_refusal() => Ok(()),
            other => Ok(other.map(drop)?),
        }
    }

    /// Asks what to do about a halt; nothing where nobody can be asked.
    async fn decide(&self, run: &Run, hold: &Hold) -> Result<Option<Run>, CliError> {
        if self.manner.yes && *hold == Hold::Proposed {
            return answer(self.console, run, Choice::Start, None)
                .await
                .map(Some);
        }
        let choices = run.choices(hold);
        if !interactive() {
            self.console.say("cli-waits", &named(run))?;
            return Ok(None);
        }
        loop {
            let options: Vec<String> = choices
                .iter()
                .enumerate()
                .map(|(index, choice)| {
                    let label = self
                        .console
                        .text(&format!("choice-{}", choice.as_str()), &Args::new());
                    format!("{}) {label}", index + 1)
                })
                .collect();
            let question = format!("{} ", options.join("   "));
            let Some(given) = self.console.ask(question).await? else {
                self.console.say("cli-waits", &named(run))?;
                return Ok(None);
            };
            let picked = given
                .parse::<usize>()
                .ok()
                .and_then(|number| choices.get(number.checked_sub(1)?));
            let Some(choice) = picked else { continue };
            let reason = if *choice == Choice::Skip {
                self.console
                    .ask(format!(
                        "{} ",
                        self.console.text("cli-ask-reason", &Args::new())
                    ))
                    .await?
            } else {
                None
            };
            match answer(self.console, run, *choice, reason).await {
                Err(CliError::Ops(error)) => line(&self.console.explain(&CliError::Ops(error)))?,
                other => return other.map(Some),
            }
            return Ok(Some(self.console.ops.run(run.id).await?));
        }
    }

    fn finish(&self, run: &Run, outcome: Outcome) -> CliResult {
        self.bar.finish_and_clear();
        if self.manner.json {
            line(&serde_json::to_string(&json::run(run))?)?;
        } else {
            let mut args = named(run);
            args.insert("took".to_owned(), run.working_time().into());
            self.console
                .say(&format!("cli-ended-{}", outcome.as_str()), &args)?;
            if let Some(folder) = kept(run) {
                self.console.say(
                    "cli-quarantine",
                    &Args::from([("folder".to_owned(), folder.into())]),
                )?;
            }
        }
        Ok(match outcome {
            Outcome::Recovered => Exit::Done,
            Outcome::RolledBack | Outcome::Aborted => Exit::Failed,
            Outcome::Denied | Outcome::Cancelled => Exit::Refused,
        })
    }
}

/// Where the old database lies; nothing where none was put aside.
fn kept(run: &Run) -> Option<String> {
    run.find_facts(|facts| match facts {
        Facts::Quarantined(aside) if !aside.files.is_empty() => {
            Some(aside.folder.display().to_string())
        }
        _ => None,
    })
}

fn waiting(run: &Run) -> Option<Approval> {
    run.approvals()
        .iter()
        .find(|approval| approval.verdict.is_none())
        .cloned()
}

fn line_key(state: &StepState) -> Option<&'static str> {
    match state {
        StepState::Pending { .. } => None,
        StepState::Running { .. } => Some("cli-step-running"),
        StepState::InDoubt { .. } => Some("cli-step-unknown"),
        StepState::Succeeded { .. } => Some("cli-step-done"),
        StepState::Failed { .. } => Some("cli-step-failed"),
        StepState::Skipped { .. } => Some("cli-step-skipped"),
        StepState::Undone => Some("cli-step-undone"),
        StepState::NotDue => Some("cli-step-not-due"),
    }
}
