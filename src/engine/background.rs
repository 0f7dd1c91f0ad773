//! The full check that a restore by record put off: it follows when REI runs again.

use super::Parts;
use crate::domain::audit::AuditDraft;
use crate::domain::database::Proof;
use crate::domain::event::Outcome;
use crate::domain::facts::Facts;
use crate::domain::failure::{Args, Failure};
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::domain::run::{Phase, Run};
use crate::ports::backups::Work;
use crate::ports::journal::StateResult;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The audit entry that says a run's full check was made.
const VERB: &str = "full-check";

const TICK: Duration = Duration::from_secs(2);

/// Waits for recoveries whose full check is due and makes it, also one that a crash cut off.
pub(super) async fn resume(parts: Parts, shutdown: CancellationToken) {
    let mut settled = None;
    while !shutdown.is_cancelled() {
        match due(&parts).await {
            Ok(Some(run)) if settled != Some(run.id) => {
                settled = Some(run.id);
                if let Err(error) = check(&parts, &run, &shutdown).await {
                    tracing::error!(%error, "the result of a full check could not be written");
                }
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "whether a full check is due is not known"),
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// The last run, if it recovered by record and nobody has checked its database in full since.
async fn due(parts: &Parts) -> StateResult<Option<Run>> {
    let Some(run) = parts.journal.recent(1).await?.into_iter().next() else {
        return Ok(None);
    };
    let by_record = run.find_facts(|facts| match facts {
        Facts::Staged(staged) => Some(matches!(staged.proof, Proof::Record { .. })),
        _ => None,
    });
    if run.phase != Phase::Finished(Outcome::Recovered) || by_record != Some(true) {
        return Ok(None);
    }
    let checked = parts.audit.tail(500).await?;
    let done = checked
        .iter()
        .any(|entry| entry.verb == VERB && entry.run == Some(run.id));
    Ok((!done).then_some(run))
}

async fn check(parts: &Parts, run: &Run, shutdown: &CancellationToken) -> StateResult<()> {
    let work = Work {
        cancel: shutdown.child_token(),
        ..Work::default()
    };
    let result = parts
        .patient
        .checks
        .check_live(&run.plan.database, &work)
        .await;
    if shutdown.is_cancelled() {
        return Ok(());
    }
    let (outcome, key, mut args) = match result {
        Ok(report) => {
            let seconds = Duration::from_millis(report.millis);
            (
                "ok",
                "full-check-ok",
                Args::from([("took".to_owned(), seconds.into())]),
            )
        }
        Err(error) => ("failed", "full-check-failed", said(error.failure)),
    };
    args.insert("run".to_owned(), run.id.to_string().into());
    let post = Post::Text {
        key: key.to_owned(),
        args: args.clone(),
    };
    let draft = AuditDraft {
        actor: Actor::system(),
        verb: VERB.to_owned(),
        subject: run.plan.database.display().to_string(),
        run: Some(run.id),
        outcome: outcome.to_owned(),
        detail: args,
        announce: true,
    };
    parts
        .audit
        .write(
            draft,
            vec![Owed {
                to: Recipient::Team,
                post,
            }],
        )
        .await
        .map(drop)
}

fn said(failure: Failure) -> Args {
    let mut args = failure.args.clone();
    args.insert("cause".to_owned(), failure.to_string().into());
    args
}
