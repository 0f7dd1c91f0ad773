//! Gates: asking for approval, letting it expire, and holding it against the facts.

use super::Worker;
use crate::domain::approval::{Request, Verdict};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::ids::{GateId, RequestId, StepId};
use crate::domain::run::Run;
use crate::ports::journal::{StateError, StateResult};
use sha2::{Digest, Sha256};

/// Asks for the approval of a gate.
pub(super) async fn ask(worker: &Worker, run: &Run, gate: &GateId) -> StateResult<()> {
    let asked_at = worker.parts.clock.now();
    let ttl = jiff::SignedDuration::try_from(worker.parts.approval_ttl)
        .unwrap_or(jiff::SignedDuration::from_hours(24));
    let request = Request {
        id: request_id()?,
        gate: gate.clone(),
        plan: run.plan_hash.clone(),
        facts: facts(worker, run).await?,
        requester: run.requester.clone(),
        asked_at,
        expires_at: asked_at.saturating_add(ttl).unwrap_or(asked_at),
        required: worker.parts.approvals_required,
        word: word()?,
    };
    worker
        .decide(run, Event::ApprovalAsked { request })
        .await
        .map(drop)
}

/// Lets an unanswered request expire; tells whether it did.
pub(super) async fn expire(worker: &Worker, run: &Run, gate: &GateId) -> StateResult<bool> {
    let Some(approval) = run.approval(gate) else {
        return Ok(false);
    };
    if worker.parts.clock.now() < approval.request.expires_at {
        return Ok(false);
    }
    let request = approval.request.id.clone();
    worker
        .decide(run, Event::ApprovalExpired { request })
        .await?;
    Ok(true)
}

/// Whether the approval of this step's gate still fits what is there now. If another file stands at
/// the database's place, the approval was given for something else: it is made void and asked anew.
pub(super) async fn still_valid(worker: &Worker, run: &Run, step: &StepId) -> StateResult<bool> {
    let gate = run.plan.step(step).and_then(|step| step.gate.as_ref());
    let Some(gate) = gate.filter(|gate| !run.passed(gate)) else {
        return Ok(true);
    };
    let Some(approval) = run.approval(gate) else {
        return Ok(true);
    };
    let granted = matches!(approval.verdict, Some(Verdict::Granted { .. }));
    if granted && approval.request.facts == facts(worker, run).await? {
        return Ok(true);
    }
    let request = approval.request.id.clone();
    worker
        .decide(run, Event::ApprovalVoided { request })
        .await?;
    Ok(false)
}

/// SHA-256 over what the approver is shown: which backup's bytes, which database file.
async fn facts(worker: &Worker, run: &Run) -> StateResult<String> {
    let staged = run.find_facts(|facts| match facts {
        Facts::Staged(staged) => Some((staged.content.clone(), staged.path.clone())),
        _ => None,
    });
    let files = &worker.parts.patient.files;
    let database = files
        .identity(&run.plan.database)
        .await
        .map_err(unreadable)?;
    let staged_file = match &staged {
        Some((_, path)) => Some(files.identity(path).await.map_err(unreadable)?),
        None => None,
    };
    let shown = (
        &run.plan.backup,
        staged.map(|(content, _)| content),
        staged_file,
        database,
    );
    let text = serde_json::to_vec(&shown).map_err(unreadable)?;
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(text)))
}

fn unreadable(error: impl std::fmt::Display) -> StateError {
    StateError::Unavailable(format!("the facts of the approval cannot be read: {error}"))
}

fn request_id() -> StateResult<RequestId> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(unreadable)?;
    data_encoding::BASE32_NOPAD
        .encode(&bytes)
        .to_lowercase()
        .parse()
        .map_err(unreadable)
}

/// A word of no language that can be read aloud, typed on any keyboard and not by accident.
fn word() -> StateResult<String> {
    const CONSONANTS: &[u8] = b"bdfgklmnprstvz";
    const VOWELS: &[u8] = b"aeiou";
    let mut bytes = [0; 6];
    getrandom::fill(&mut bytes).map_err(unreadable)?;
    let pick = |(index, byte): (usize, &u8)| {
        let letters = if index % 2 == 0 { CONSONANTS } else { VOWELS };
        char::from(letters[usize::from(*byte) % letters.len()])
    };
    Ok(bytes.iter().enumerate().map(pick).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_can_be_typed() {
        let word = word().unwrap();
        assert_eq!(word.len(), 6);
        assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
    }

    #[test]
    fn requests_do_not_repeat() {
        assert_ne!(request_id().unwrap(), request_id().unwrap());
    }
}
