//! The person at the chat: whims first, then sense. He never lies about what he can see.

use super::house::{ANN, APPROVERS, EVE};
use super::play::Play;
use rei_recovery::domain::action::Action;
use rei_recovery::domain::approval::{Approval, Consent};
use rei_recovery::domain::choice::Choice;
use rei_recovery::domain::ids::{RequestId, StepId};
use rei_recovery::domain::plan::{Hold, Next, next};
use rei_recovery::domain::run::{Run, StepState};
use rei_recovery::ops::Answer;
use std::collections::BTreeMap;

/// What he does.
#[derive(Debug)]
pub enum Deed {
    Choose(Answer),
    Approve(i64, RequestId, Consent),
    Deny(i64, RequestId),
    Cancel,
    /// Lets the approval expire.
    Expire,
    Wait,
}

pub struct Person {
    whims: std::vec::IntoIter<u8>,
    sensible: bool,
    /// How often he has tried again.
    tries: BTreeMap<String, u32>,
}

impl Person {
    pub fn new(whims: Vec<u8>) -> Self {
        Self {
            whims: whims.into_iter(),
            sensible: false,
            tries: BTreeMap::new(),
        }
    }

    pub fn is_sensible(&self) -> bool {
        self.sensible
    }

    pub fn next(&mut self, play: &Play, run: &Run) -> Deed {
        let Some(whim) = self.whims.next() else {
            self.sensible = true;
            return self.sense(play, run);
        };
        // Two of three words lead on: a run that is called off at its first question meets no fault.
        if whim % 3 > 0 {
            return self.sense(play, run);
        }
        let mut offered = offered(play, run);
        offered.swap_remove(usize::from(whim / 3) % offered.len())
    }

    fn sense(&mut self, play: &Play, run: &Run) -> Deed {
        match next(run) {
            Next::AwaitApproval(gate) => {
                let approval = run.approval(&gate).unwrap();
                let missing =
                    |who: &&i64| !approval.approved_by.iter().any(|(by, _)| by.id == **who);
                let who = APPROVERS.iter().find(missing).copied().unwrap_or(ANN);
                Deed::Approve(who, approval.request.id.clone(), Consent::Pressed)
            }
            Next::Wait(hold) => {
                play.house.town.mend(should_run(run));
                let choice = self.answer(play, run, &hold);
                choose(run, choice)
            }
            _ => Deed::Wait,
        }
    }

    fn answer(&mut self, play: &Play, run: &Run, hold: &Hold) -> Choice {
        let offered = run.choices(hold);
        match hold {
            Hold::Proposed => Choice::Start,
            Hold::Cancelled => Choice::Resume,
            Hold::InDoubt(step) => truth(play, run, step),
            _ => {
                let tries = self.tries.entry(format!("{hold:?}")).or_default();
                *tries += 1;
                let last = [Choice::Skip, Choice::RollBack, Choice::Abort];
                let last = last.into_iter().find(|choice| offered.contains(choice));
                match *tries {
                    1..=2 => Choice::Retry,
                    _ => last.unwrap_or(Choice::Abort),
                }
            }
        }
    }
}

/// All that he could do now; what leads on stands there more often.
fn offered(play: &Play, run: &Run) -> Vec<Deed> {
    let mut offered = vec![Deed::Wait];
    if !run.cancel_requested {
        offered.push(Deed::Cancel);
    }
    match next(run) {
        Next::AwaitApproval(gate) => {
            let approval = run.approval(&gate).unwrap();
            offered.extend(votes(approval));
            offered.push(Deed::Expire);
        }
        Next::Wait(hold) => {
            let mut choices = run.choices(&hold);
            if let Hold::InDoubt(step) = &hold {
                choices.retain(|it| !matches!(it, Choice::Happened | Choice::NotHappened));
                choices.extend([truth(play, run, step); 3]);
            }
            let more = [Choice::Start, Choice::Retry, Choice::Resume];
            let again: Vec<Choice> = choices
                .iter()
                .filter(|it| more.contains(it))
                .copied()
                .collect();
            for _ in 0..5 {
                choices.extend(&again);
            }
            offered.extend(choices.into_iter().map(|choice| choose(run, choice)));
        }
        _ => {}
    }
    offered
}

fn votes(approval: &Approval) -> Vec<Deed> {
    let request = || approval.request.id.clone();
    let mut votes = vec![Deed::Deny(APPROVERS[0], request())];
    for who in APPROVERS.into_iter().chain(APPROVERS) {
        votes.push(Deed::Approve(who, request(), Consent::Pressed));
    }
    for who in [ANN, EVE] {
        votes.push(Deed::Approve(who, request(), Consent::Pressed));
        votes.push(Deed::Approve(who, request(), Consent::Typed));
    }
    votes
}

fn choose(run: &Run, choice: Choice) -> Deed {
    Deed::Choose(Answer {
        run: run.id,
        position: run.position,
        choice,
        reason: (choice == Choice::Skip).then(|| "it does not matter now".to_owned()),
    })
}

/// What he sees when he looks for himself whether a step happened.
fn truth(play: &Play, run: &Run, id: &StepId) -> Choice {
    let log = play.house.town.log();
    let done = |name: &str| log.done.get(name).copied().unwrap_or(0) > 0;
    let happened = match run.plan.step(id).map(|step| &step.action) {
        Some(Action::SendTestMessage {}) => log.messages.contains_key(&(ANN, "test".to_owned())),
        Some(Action::RunProgram { .. }) => log.programs > 0,
        Some(Action::FlushRedis { .. }) => done("queue.flush"),
        Some(Action::QuarantineDatabase {}) => run.plan.quarantine.join("manifest.json").exists(),
        Some(Action::InstallDatabase {}) => {
            !run.plan.staging.exists() && run.plan.database.exists()
        }
        _ => false,
    };
    match happened {
        true => Choice::Happened,
        false => Choice::NotHappened,
    }
}

/// Whether the journal says that REI was started last.
fn should_run(run: &Run) -> bool {
    let steps = &run.plan.runbook.steps;
    let last = steps.iter().rev().find_map(|step| {
        let done = matches!(run.state_of(&step.id), StepState::Succeeded { .. });
        let bot = step
            .action
            .units()
            .iter()
            .any(|unit| unit.as_str() == super::town::BOT);
        match step.action {
            Action::StartUnits { .. } if done && bot => Some(true),
            Action::StopUnits { .. } if run.state_of(&step.id).may_have_happened() => Some(false),
            _ => None,
        }
    });
    last.unwrap_or(true)
}
