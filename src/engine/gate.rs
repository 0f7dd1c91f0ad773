//! Gates: asking for approval, letting it expire, and holding it against the facts.

use super::Worker;
use crate::domain::approval::{Approval, Request, Verdict, is_before};
use crate::domain::break_glass;
use crate::domain::database::Loss;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{GateId, StepId};
use crate::domain::run::{Run, StepState};
use crate::ports::journal::StateResult;
use crate::ports::{PortError, PortResult};
use crate::tasks::request;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// What was begun may be taken up again for so long, although nothing of REI is different for it yet:
/// while somebody mends what was in the way. Later it is asked anew.
const BEGUN: Duration = Duration::from_hours(1);

/// How long the loss may be counted before the approval is asked without it.
const COUNTED: Duration = Duration::from_secs(20);

/// Asks for the approval of a gate. Where the facts that it would be bound to cannot be read, the
/// step behind it fails: a person sees why and decides.
pub(super) async fn ask(worker: &Worker, run: &Run, gate: &GateId) -> StateResult<()> {
    let facts = match facts(worker, run).await {
        Ok(facts) => facts,
        Err(error) => return unreadable(worker, run, gate, error).await,
    };
    let asked_at = worker.parts.clock.now();
    let ttl = jiff::SignedDuration::try_from(worker.parts.policy.ttl)
        .unwrap_or(jiff::SignedDuration::from_hours(24));
    let request = Request {
        id: request::id()?,
        gate: gate.clone(),
        plan: run.plan_hash.clone(),
        facts,
        requester: run.requester.clone(),
        asked_at,
        expires_at: asked_at.saturating_add(ttl).unwrap_or(asked_at),
        required: worker.parts.policy.required,
        word: request::word()?,
        loss: loss(worker, run).await,
    };
    worker
        .decide(run, Event::ApprovalAsked { request })
        .await
        .map(drop)
}

/// What a restore would lose by now: REI may have gone on writing since the plan was made.
async fn loss(worker: &Worker, run: &Run) -> Option<Loss> {
    let backup = run
        .plan
        .backup
        .as_ref()
        .filter(|_| run.plan.moves_database())?;
    let counting = worker
        .parts
        .patient
        .checks
        .loss(&run.plan.database, backup.backup.time);
    let counted = tokio::time::timeout(COUNTED, counting).await.ok()?;
    let counted = counted.inspect_err(|error| tracing::warn!(%error, "the loss is not known"));
    counted.ok()
}

/// Lets an unanswered request expire; tells whether it did.
pub(super) async fn expire(worker: &Worker, run: &Run, gate: &GateId) -> StateResult<bool> {
    let Some(approval) = run.approval(gate) else {
        return Ok(false);
    };
    if !approval.request.is_over(worker.parts.clock.now()) {
        return offer_glass(worker, run, approval).await;
    }
    let request = approval.request.id.clone();
    worker
        .decide(run, Event::ApprovalExpired { request })
        .await?;
    Ok(true)
}

/// Lets one person go on alone once nobody decided for as long as is configured; tells whether it did.
async fn offer_glass(worker: &Worker, run: &Run, approval: &Approval) -> StateResult<bool> {
    let after = worker.parts.policy.break_glass;
    let due = after.and_then(|after| break_glass::due(run, approval, after));
    let Some(from) = due.filter(|from| worker.parts.clock.now() >= *from) else {
        return Ok(false);
    };
    if approval.glass_from.is_some() {
        return Ok(false);
    }
    let request = approval.request.id.clone();
    let event = Event::GlassOffered { request, from };
    worker.decide(run, event).await?;
    Ok(true)
}

/// Whether the approval of this step's gate still fits what is there now. If another file stands at
/// the database's place, the approval was given for something else: it is made void and asked anew.
pub(super) async fn still_valid(worker: &Worker, run: &Run, step: &StepId) -> StateResult<bool> {
    let gate = run.plan.step(step).and_then(|step| step.gate.as_ref());
    let Some(gate) = gate.filter(|gate| !run.has_used(gate)) else {
        return Ok(true);
    };
    let Some(approval) = run.approval(gate) else {
        return Ok(true);
    };
    let facts = match facts(worker, run).await {
        Ok(facts) => facts,
        Err(error) => {
            unreadable(worker, run, gate, error).await?;
            return Ok(false);
        }
    };
    // A yes of long ago (the program was down meanwhile) is no yes to what happens now.
    let fresh = match &approval.verdict {
        Some(Verdict::Granted { at }) => {
            let now = worker.parts.clock.now();
            let age = Duration::try_from(now.duration_since(*at)).unwrap_or_default();
            let life = match run.passed(gate) {
                true => BEGUN.max(worker.parts.policy.ttl),
                false => worker.parts.policy.ttl,
            };
            age <= life && !is_before(now, *at)
        }
        _ => false,
    };
    // Nor is one of somebody who has been removed since.
    let enough = approval.is_carried(&worker.parts.policy.access);
    if fresh && enough && approval.request.facts == facts {
        return Ok(true);
    }
    let request = approval.request.id.clone();
    worker
        .decide(run, Event::ApprovalVoided { request })
        .await?;
    Ok(false)
}

async fn unreadable(
    worker: &Worker,
    run: &Run,
    gate: &GateId,
    error: PortError,
) -> StateResult<()> {
    let waiting = run.plan.runbook.steps.iter().find_map(|step| {
        let StepState::Pending { attempt } = run.state_of(&step.id) else {
            return None;
        };
        (step.gate.as_ref() == Some(gate)).then(|| (step.id.clone(), attempt + 1))
    });
    let Some((step, attempt)) = waiting else {
        return Ok(());
    };
    let failure = error.failure;
    let event = Event::StepFailed {
        step,
        attempt,
        failure,
    };
    worker.decide(run, event).await.map(drop)
}

/// SHA-256 over what the approver is shown: which backup's bytes, which database file.
async fn facts(worker: &Worker, run: &Run) -> PortResult<String> {
    let staged = run.find_facts(|facts| match facts {
        Facts::Staged(staged) => Some((staged.content.clone(), staged.path.clone())),
        _ => None,
    });
    let files = &worker.parts.patient.files;
    let database = files.identity(&run.plan.database).await?;
    let staged_file = match &staged {
        Some((_, path)) => Some(files.identity(path).await?),
        None => None,
    };
    let content = staged.map(|(content, _)| content);
    let shown = (&run.plan.backup, content, staged_file, database);
    let text = serde_json::to_vec(&shown)
        .map_err(|error| PortError::new(FailureCode::MissingFacts).because(error))?;
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(text)))
}
