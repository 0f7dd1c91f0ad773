//! The full check that a restore by record put off: it follows when REI runs again.
//!
//! Only damage is a result. A check that could not be made (a lock, a file that cannot be read, too
//! little time) tells nothing: it is tried again with growing pauses, the group learns once that it
//! has to wait, and in any case how it ended.

use super::{Parts, tidy::Tidy};
use crate::domain::audit::AuditDraft;
use crate::domain::database::CheckReport;
use crate::domain::failure::{Args, Failure};
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ports::backups::Work;
use crate::ports::journal::{OwedCheck, StateResult};
use crate::ports::{PortError, PortResult};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The verb of the audit entries about it.
const VERB: &str = "full-check";

const TICK: Duration = Duration::from_secs(2);

/// The pause after the first try that told nothing; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// With the pauses between them these tries take some four hours.
const TRIES: u32 = 12;

/// Waits for full checks that are owed and makes them, also one that a crash cut off; keeps house
/// between them.
pub(super) async fn resume(parts: Parts, shutdown: CancellationToken) {
    let mut tidy = Tidy::default();
    while !shutdown.is_cancelled() {
        if let Err(error) = look(&parts, &shutdown).await {
            tracing::warn!(%error, "a full check that is due could not be seen to");
        }
        if let Err(error) = tidy.tick(&parts).await {
            tracing::warn!(%error, "old messages could not be cleared away");
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

async fn look(parts: &Parts, shutdown: &CancellationToken) -> StateResult<()> {
    let Some(owed) = parts.full_checks.owed().await? else {
        return Ok(());
    };
    if !due(parts, &owed) || !parts.journal.under_way().await?.is_empty() {
        return Ok(());
    }
    let Some(result) = check(parts, &owed, shutdown).await else {
        return Ok(());
    };
    match result {
        Ok(report) => {
            let took = Duration::from_millis(report.millis);
            let args = Args::from([("took".to_owned(), took.into())]);
            let told = telling(&owed, "ok", "full-check-ok", args);
            parts.full_checks.settle(owed.run, told).await
        }
        Err(error) if error.code().is_about_content() => {
            let args = said(&error.failure);
            let told = telling(&owed, "failed", "full-check-failed", args);
            parts.full_checks.settle(owed.run, told).await
        }
        Err(error) => inconclusive(parts, &owed, &error).await,
    }
}

fn due(parts: &Parts, owed: &OwedCheck) -> bool {
    let until = owed.not_before.map(|at| {
        let left = at.duration_since(parts.clock.now());
        Duration::try_from(left).unwrap_or_default()
    });
    // A clock that was set back must not put it off for ever.
    until.is_none_or(|left| left.is_zero() || left > LONGEST_PAUSE)
}

/// Checks the live database. Gives nothing when it was told to stop: by the end of the program, or
/// because a run is about to replace the database.
async fn check(
    parts: &Parts,
    owed: &OwedCheck,
    shutdown: &CancellationToken,
) -> Option<PortResult<CheckReport>> {
    let work = Work {
        cancel: shutdown.child_token(),
        ..Work::default()
    };
    let checked = parts.patient.checks.check_live(&owed.database, &work);
    tokio::pin!(checked);
    loop {
        tokio::select! {
            result = &mut checked => return (!work.cancel.is_cancelled()).then_some(result),
            () = tokio::time::sleep(TICK) => {
                let busy = parts.journal.under_way().await;
                if busy.is_ok_and(|runs| !runs.is_empty()) {
                    work.cancel.cancel();
                }
            }
        }
    }
}

async fn inconclusive(parts: &Parts, owed: &OwedCheck, error: &PortError) -> StateResult<()> {
    tracing::warn!(%error, tries = owed.tries + 1, "a full check told nothing");
    let mut args = said(&error.failure);
    let Some(pause) = pause_after(owed.tries + 1) else {
        args.insert("tries".to_owned(), i64::from(owed.tries + 1).into());
        let told = telling(owed, "unknown", "full-check-given-up", args);
        return parts.full_checks.settle(owed.run, told).await;
    };
    let told = (owed.tries == 0).then(|| telling(owed, "unknown", "full-check-inconclusive", args));
    let now = parts.clock.now();
    let until = now.saturating_add(pause).unwrap_or(now);
    parts.full_checks.put_off(owed.run, until, told).await
}

/// How long to wait after so many tries that told nothing; nothing when it is enough.
fn pause_after(tries: u32) -> Option<Duration> {
    let factor = 1 << tries.saturating_sub(1).min(20);
    (tries < TRIES).then(|| (FIRST_PAUSE * factor).min(LONGEST_PAUSE))
}

/// What the trail keeps and the group reads.
fn telling(owed: &OwedCheck, outcome: &str, key: &str, mut args: Args) -> (AuditDraft, Vec<Owed>) {
    args.insert("run".to_owned(), owed.run.to_string().into());
    args.insert(
        "database".to_owned(),
        owed.database.display().to_string().into(),
    );
    let draft = AuditDraft {
        actor: Actor::system(),
        verb: VERB.to_owned(),
        subject: owed.database.display().to_string(),
        run: Some(owed.run),
        outcome: outcome.to_owned(),
        detail: args.clone(),
        announce: true,
    };
    let post = Post::Text {
        key: key.to_owned(),
        args,
    };
    let to = Recipient::Team;
    (draft, vec![Owed { to, post }])
}

fn said(failure: &Failure) -> Args {
    let mut args = failure.args.clone();
    args.insert("failure".to_owned(), failure.code.as_str().into());
    args.insert("cause".to_owned(), failure.to_string().into());
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_and_end_after_some_hours() {
        let pauses: Vec<Duration> = (1..).map_while(pause_after).collect();
        assert_eq!(pauses.first(), Some(&FIRST_PAUSE));
        assert!(pauses.is_sorted() && pauses.len() as u32 == TRIES - 1);
        assert_eq!(pauses.last(), Some(&LONGEST_PAUSE));
        let hours = pauses.iter().sum::<Duration>().as_secs() / 3600;
        assert!((2..6).contains(&hours), "{hours} h");
    }
}
