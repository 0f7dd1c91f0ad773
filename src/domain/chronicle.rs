//! What an event of a run means to others: its entry in the audit trail and the posts it owes.
//!
//! Whoever writes an event writes these with it, in one transaction. There is no other place where
//! runs are audited.

use super::audit::AuditDraft;
use super::event::Event;
use super::failure::{Args, Failure};
use super::operator::Actor;
use super::post::{Owed, Post, Recipient};
use super::run::Run;

/// The audit entry of an event, given the run before it.
#[must_use]
pub fn audit(run: &Run, event: &Event) -> AuditDraft {
    let (actor, verb, subject, outcome) = headline(event);
    AuditDraft {
        actor: actor.cloned().unwrap_or_else(Actor::system),
        verb: verb.to_owned(),
        subject: if subject.is_empty() {
            run.plan.id().to_string()
        } else {
            subject
        },
        run: Some(run.id),
        outcome: outcome.to_owned(),
        detail: detail(run, event),
        announce: true,
    }
}

type Headline<'a> = (Option<&'a Actor>, &'static str, String, &'static str);

fn headline(event: &Event) -> Headline<'_> {
    match event {
        Event::Proposed { by } => (Some(by), "propose", String::new(), "ok"),
        Event::Started { by } => (Some(by), "start", String::new(), "ok"),
        Event::ApprovalAsked { request } => {
            (None, "ask-approval", request.gate.to_string(), "pending")
        }
        Event::Approved { request, by, .. } => (Some(by), "approve", request.to_string(), "ok"),
        Event::Denied { request, by } => (Some(by), "deny", request.to_string(), "ok"),
        Event::ApprovalExpired { request } => (None, "expire", request.to_string(), "ok"),
        Event::ApprovalVoided { request } => (None, "void", request.to_string(), "ok"),
        Event::GlassOffered { request, .. } => (None, "offer-glass", request.to_string(), "ok"),
        Event::GlassBroken { request, by, .. } => {
            (Some(by), "break-glass", request.to_string(), "ok")
        }
        Event::AskedAgain { gate, by } => (Some(by), "ask-again", gate.to_string(), "ok"),
        Event::CancelAsked { by } => (Some(by), "cancel", String::new(), "ok"),
        Event::Resumed { by } => (Some(by), "resume", String::new(), "ok"),
        Event::RollbackAsked { by } => (Some(by), "roll-back", String::new(), "ok"),
        Event::Aborted { by } => (Some(by), "abort", String::new(), "ok"),
        Event::Finished { .. } => (None, "finish-run", String::new(), "ok"),
        step => step_headline(step),
    }
}

fn step_headline(event: &Event) -> Headline<'_> {
    match event {
        Event::StepPassed { step } => (None, "pass-step", step.to_string(), "ok"),
        Event::StepStarted { step, .. } => (None, "begin-step", step.to_string(), "pending"),
        Event::StepSucceeded { step, .. } => (None, "finish-step", step.to_string(), "ok"),
        Event::StepFailed { step, .. } => (None, "finish-step", step.to_string(), "failed"),
        Event::StepInDoubt { step, .. } => (None, "cut-off", step.to_string(), "unknown"),
        Event::StepNotDone { step, by, .. } => (by.as_ref(), "not-done", step.to_string(), "ok"),
        Event::StepConfirmed { step, by, .. } => (Some(by), "confirm-step", step.to_string(), "ok"),
        Event::RetryAsked { step, by } => (Some(by), "retry", step.to_string(), "ok"),
        Event::StepSkipped { step, by, .. } => (Some(by), "skip", step.to_string(), "ok"),
        Event::UndoStarted { step, .. } => (None, "begin-undo", step.to_string(), "pending"),
        Event::UndoSucceeded { step, .. } => (None, "finish-undo", step.to_string(), "ok"),
        Event::UndoInDoubt { step, .. } => (None, "cut-off", step.to_string(), "unknown"),
        Event::UndoFailed { step, .. } => (None, "finish-undo", step.to_string(), "failed"),
        Event::UndoRetryAsked { step, by } => (Some(by), "retry-undo", step.to_string(), "ok"),
        _ => (None, "finish-run", String::new(), "ok"),
    }
}

fn detail(run: &Run, event: &Event) -> Args {
    let mut args = Args::new();
    match event {
        Event::Proposed { .. } => {
            args.insert("plan".into(), run.plan_hash.as_str().into());
            if let Some(chosen) = &run.plan.backup {
                args.insert("backup".into(), chosen.backup.time.to_string().into());
            }
        }
        Event::ApprovalAsked { request } => {
            args.insert("request".into(), request.id.to_string().into());
            args.insert("expires".into(), request.expires_at.into());
        }
        Event::Approved { request, .. } | Event::Denied { request, .. } => {
            if let Some(approval) = run.request(request) {
                args.insert("gate".into(), approval.request.gate.to_string().into());
            }
        }
        Event::GlassOffered { request, .. } | Event::GlassBroken { request, .. } => {
            if let Some(approval) = run.request(request) {
                args.insert("gate".into(), approval.request.gate.to_string().into());
            }
            if let Event::GlassBroken { reason, .. } = event {
                args.insert("reason".into(), reason.as_str().into());
            }
        }
        Event::StepSkipped { reason, .. } => {
            args.insert("reason".into(), reason.as_str().into());
        }
        Event::Finished { outcome } => {
            args.insert("result".into(), outcome.as_str().into());
        }
        step => step_detail(step, &mut args),
    }
    args
}

fn step_detail(event: &Event, args: &mut Args) {
    let (attempt, failure): (u32, Option<&Failure>) = match event {
        Event::StepFailed {
            attempt, failure, ..
        }
        | Event::StepInDoubt {
            attempt, failure, ..
        }
        | Event::UndoInDoubt {
            attempt, failure, ..
        }
        | Event::UndoFailed {
            attempt, failure, ..
        } => (*attempt, Some(failure)),
        Event::StepStarted { attempt, .. }
        | Event::StepSucceeded { attempt, .. }
        | Event::StepNotDone { attempt, .. }
        | Event::StepConfirmed { attempt, .. }
        | Event::UndoStarted { attempt, .. }
        | Event::UndoSucceeded { attempt, .. } => (*attempt, None),
        _ => return,
    };
    args.insert("attempt".into(), i64::from(attempt).into());
    if let Some(failure) = failure {
        args.insert("failure".into(), failure.code.as_str().into());
        args.extend(
            failure
                .args
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        if let Some(detail) = &failure.detail {
            args.insert("cause".into(), detail.as_str().into());
        }
    }
}

/// The posts an event owes, given the run before and after it.
#[must_use]
pub fn posts(before: &Run, run: &Run, event: &Event) -> Vec<Owed> {
    let id = run.id;
    let mut posts = vec![Post::Run { run: id }];
    if before.is_under_way() && before.hold().is_some() {
        // Whatever happened, the question of the last halt is answered: its buttons must go.
        posts.push(Post::Hold {
            run: id,
            position: before.position,
        });
    }
    match event {
        Event::ApprovalAsked { request } => {
            posts.push(Post::Approval {
                run: id,
                request: request.id.clone(),
            });
        }
        Event::Approved { request, .. }
        | Event::Denied { request, .. }
        | Event::ApprovalExpired { request }
        | Event::GlassOffered { request, .. }
        | Event::ApprovalVoided { request } => {
            posts.push(Post::Approval {
                run: id,
                request: request.clone(),
            });
        }
        Event::GlassBroken { request, .. } => {
            let request = request.clone();
            posts.push(Post::Approval {
                run: id,
                request: request.clone(),
            });
            posts.push(Post::Glass { run: id, request });
        }
        Event::StepInDoubt { step, attempt, .. } | Event::UndoInDoubt { step, attempt, .. } => {
            posts.push(Post::CutOff {
                run: id,
                step: step.clone(),
                attempt: *attempt,
            });
        }
        Event::Finished { .. } | Event::Aborted { .. } => {
            posts.extend(open_requests(run));
            posts.push(Post::Report { run: id });
        }
        Event::CancelAsked { .. } => posts.extend(open_requests(run)),
        _ => {}
    }
    // A proposal is shown where it was asked for; only what has begun concerns the group.
    if run.is_under_way() && run.hold().is_some() {
        posts.push(Post::Hold {
            run: id,
            position: run.position,
        });
    }
    address(run, posts)
}

/// The live messages of a run whose step moves on without an event.
#[must_use]
pub fn live(run: &Run) -> Vec<Owed> {
    address(run, vec![Post::Run { run: run.id }])
}

/// Requests whose buttons must go because the run went another way.
fn open_requests(run: &Run) -> Vec<Post> {
    run.approvals()
        .iter()
        .map(|approval| Post::Approval {
            run: run.id,
            request: approval.request.id.clone(),
        })
        .collect()
}

fn address(run: &Run, posts: Vec<Post>) -> Vec<Owed> {
    let own = run.chat.map(Recipient::Chat);
    let team = run.started_at.map(|_| Recipient::Team);
    posts
        .into_iter()
        .flat_map(|post| {
            let personal = matches!(post, Post::Run { .. } | Post::Report { .. });
            let also = own.filter(|_| personal || team.is_none());
            team.into_iter()
                .chain(also)
                .map(move |to| Owed {
                    to,
                    post: post.clone(),
                })
                .collect::<Vec<_>>()
        })
        .collect()
}
