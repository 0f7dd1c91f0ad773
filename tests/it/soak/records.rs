//! Journal, approvals, doubts, trail and outbox, each by rules of their own.

use super::fault::Kind;
use super::house::{ANN, APPROVERS};
use super::layer::held;
use super::play::Play;
use rei_recovery::domain::audit::{AuditDraft, AuditEntry};
use rei_recovery::domain::chronicle;
use rei_recovery::domain::event::{Entry, Event};
use rei_recovery::domain::operator::ActorKind;
use rei_recovery::domain::plan::{Hold, Next, next};
use rei_recovery::domain::post::Owed;
use rei_recovery::domain::run::{Phase, Run};
use rei_recovery::ports::journal::{AuditTrail, Outbox};
use std::collections::{BTreeMap, BTreeSet};

/// Each event fits the state that it was written in, and the places have no gaps.
pub fn legal(fresh: &Run, entries: &[Entry]) -> Result<(), String> {
    let mut run = fresh.clone();
    for (index, entry) in entries.iter().enumerate() {
        if entry.position != index as u64 + 1 {
            return Err(format!("a gap in the journal at {}", entry.position));
        }
        if !fits(&run, &entry.event) {
            return Err(format!(
                "{:?} at {} where {:?} was due",
                entry.event,
                entry.position,
                next(&run)
            ));
        }
        run.apply(entry);
    }
    Ok(())
}

fn fits(run: &Run, event: &Event) -> bool {
    let due = next(run);
    let at_work = |id, nth| run.running() == Some((id, nth));
    let in_look = |id, nth| {
        due == Next::Look {
            step: id,
            attempt: nth,
        }
    };
    match event {
        Event::Proposed { .. } => run.position == 0,
        Event::Started { .. } => due == Next::Wait(Hold::Proposed),
        Event::StepStarted { step, attempt } => {
            let (step, attempt) = (step.clone(), *attempt);
            due == Next::Perform { step, attempt }
        }
        Event::StepPassed { step } => due == Next::Pass { step: step.clone() },
        Event::StepSucceeded { step, attempt, .. }
        | Event::StepNotDone {
            step,
            attempt,
            by: None,
        } => at_work(step.clone(), *attempt) || in_look(step.clone(), *attempt),
        Event::StepInDoubt { step, attempt, .. } => {
            at_work(step.clone(), *attempt) || in_look(step.clone(), *attempt)
        }
        Event::StepFailed { step, attempt, .. } => {
            let gate = run.plan.step(step).and_then(|it| it.gate.clone());
            let unreadable = match &due {
                Next::Ask(asked) => gate.as_ref() == Some(asked),
                Next::Perform {
                    step: at,
                    attempt: nth,
                } => gate.is_some() && at == step && nth == attempt,
                _ => false,
            };
            unreadable || at_work(step.clone(), *attempt) || in_look(step.clone(), *attempt)
        }
        Event::UndoStarted { step, .. } => due == Next::Undo { step: step.clone() },
        Event::UndoSucceeded { step, attempt, .. }
        | Event::UndoFailed { step, attempt, .. }
        | Event::UndoInDoubt { step, attempt, .. } => {
            run.undoing() == Some((step.clone(), *attempt))
        }
        Event::Finished { outcome } => due == Next::Finish(*outcome),
        Event::ApprovalAsked { request } => due == Next::Ask(request.gate.clone()),
        Event::ApprovalExpired { .. } => matches!(due, Next::AwaitApproval(_)),
        Event::ApprovalVoided { .. } => matches!(due, Next::Perform { .. }),
        Event::Approved { request, .. } | Event::Denied { request, .. } => {
            run.request(request).is_some_and(|it| it.verdict.is_none())
        }
        Event::CancelAsked { .. } => {
            !run.cancel_requested && !matches!(run.phase, Phase::Finished(_))
        }
        Event::GlassOffered { .. } | Event::GlassBroken { .. } => false,
        _ => matches!(due, Next::Wait(_)),
    }
}

/// What one gate's request has come to.
#[derive(Default)]
struct Votes {
    plan: String,
    people: BTreeSet<i64>,
    closed: bool,
}

/// No step behind a gate begins without enough different people who may, for this very plan.
pub fn approved(play: &Play, fresh: &Run, entries: &[Entry]) -> Result<(), String> {
    let setting = &play.scenario.setting;
    let may = |id: i64| APPROVERS.contains(&id) || (setting.allow_self && id == ANN);
    let hash = fresh.plan.hash();
    let mut gates: BTreeMap<String, (String, Votes)> = BTreeMap::new();
    for entry in entries {
        match &entry.event {
            Event::ApprovalAsked { request } => {
                let votes = Votes {
                    plan: request.plan.clone(),
                    ..Votes::default()
                };
                gates.insert(request.gate.to_string(), (request.id.to_string(), votes));
            }
            Event::Approved { request, by, .. } => {
                let found = gates
                    .values_mut()
                    .find(|(id, _)| *id == request.to_string());
                let (_, votes) = found.ok_or("an approval that nobody asked for")?;
                if by.kind != ActorKind::Telegram || !may(by.id) || !votes.people.insert(by.id) {
                    return Err(format!("an approval by {by:?}"));
                }
            }
            Event::Denied { request, .. }
            | Event::ApprovalExpired { request }
            | Event::ApprovalVoided { request } => {
                let found = gates
                    .values_mut()
                    .find(|(id, _)| *id == request.to_string());
                found.ok_or("a decision that nobody asked for")?.1.closed = true;
            }
            Event::StepStarted { step, .. } => {
                let step = fresh.plan.step(step).ok_or("a step of no plan")?;
                let destructive = step.action.is_destructive();
                let Some(gate) = &step.gate else {
                    match destructive {
                        true => return Err(format!("{} has no gate", step.id)),
                        false => continue,
                    }
                };
                let carried = gates.get(&gate.to_string()).is_some_and(|(_, votes)| {
                    !votes.closed
                        && votes.plan == hash
                        && votes.people.len() >= setting.quorum as usize
                });
                if !carried {
                    return Err(format!(
                        "{} began at {} without its approval",
                        step.id, entry.position
                    ));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Calls whose unknown outcome is a step's.
const OF_A_STEP: &[&str] = &[
    "units.stop",
    "units.start",
    "files.quarantine",
    "files.install",
    "files.give_back",
    "queue.flush",
    "queue.requeue",
    "queue.enqueue",
    "records.turn_jobs",
    "records.settle",
    "settings.set",
    "saved.unpack",
    "programs.run",
    "bot.send",
];

/// What nobody knew stands in the journal as a doubt, and nothing that must not happen twice was begun
/// anew before somebody had looked.
pub fn doubts(play: &Play, run: &Run, entries: &[Entry]) -> Result<(), String> {
    let met = play.world.met();
    let lost = met.iter().filter(|(call, kind)| {
        *kind == Kind::LostReply && OF_A_STEP.iter().any(|name| call.is(name))
    });
    let (lost, mut told) = (lost.count(), 0);
    let mut open = BTreeSet::new();
    for entry in entries {
        match &entry.event {
            Event::StepInDoubt { step, .. } => {
                told += 1;
                open.insert(step.clone());
            }
            Event::UndoInDoubt { .. } | Event::UndoFailed { .. } => told += 1,
            Event::StepNotDone { step, .. }
            | Event::StepSucceeded { step, .. }
            | Event::StepConfirmed { step, .. } => {
                open.remove(step);
            }
            Event::StepStarted { step, .. } => {
                let action = run.plan.step(step).map(|step| &step.action);
                if open.contains(step) && action.is_some_and(|action| !action.is_repeatable()) {
                    return Err(format!(
                        "{step} began anew at {} while in doubt",
                        entry.position
                    ));
                }
            }
            _ => {}
        }
    }
    match told < lost {
        true => Err(format!(
            "{lost} outcomes were lost and the journal knows of {told}"
        )),
        false => Ok(()),
    }
}

/// Each event has its line, in order, under an unbroken chain, and its posts.
pub async fn trail(play: &Play, fresh: &Run, entries: &[Entry]) -> Result<(), String> {
    let store = &play.world.store;
    let verified = held(store.verify())
        .await
        .map_err(|error| error.to_string())?;
    verified.map_err(|broken| format!("the chain of the trail breaks: {broken:?}"))?;
    let lines = held(AuditTrail::read(store, 1, 100_000)).await.unwrap();
    let own = lines.iter().filter(|line| {
        line.run == Some(fresh.id) && line.outcome != "refused" && line.verb != "full-check"
    });
    let own: Vec<AuditDraft> = own.map(draft).collect();
    let mut run = fresh.clone();
    let (mut wanted, mut owed) = (Vec::new(), Vec::new());
    for entry in entries {
        let mut after = run.clone();
        after.apply(entry);
        let told = AuditDraft {
            announce: true,
            ..chronicle::audit(&run, &entry.event)
        };
        wanted.push(told);
        owed.extend(chronicle::posts(&run, &after, &entry.event));
        run = after;
    }
    if own != wanted {
        let first = own.iter().zip(&wanted).find(|(line, event)| line != event);
        return Err(format!(
            "the trail has {} lines for {} events; the first that differs: {first:?}",
            own.len(),
            wanted.len()
        ));
    }
    let waiting = held(Outbox::pending(store, 100_000)).await.unwrap();
    let waiting: Vec<Owed> = waiting.into_iter().map(|post| post.owed).collect();
    match owed.iter().find(|post| !waiting.contains(post)) {
        Some(post) => Err(format!("nobody will be told: {post:?}")),
        None => Ok(()),
    }
}

fn draft(line: &AuditEntry) -> AuditDraft {
    AuditDraft {
        actor: line.actor.clone(),
        verb: line.verb.clone(),
        subject: line.subject.clone(),
        run: line.run,
        outcome: line.outcome.clone(),
        detail: line.detail.clone(),
        announce: true,
    }
}
