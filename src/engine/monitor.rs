//! The monitor: a round of probes at each interval, its memory, and what is told of it.
//!
//! It reads and never touches the patient. A round that cannot be kept is lost, and nothing else is:
//! the next one sees what it saw.

use super::recovering::{at_work, keep_off};
use crate::domain::alert::{Change, Context, Policy, What};
use crate::domain::audit::AuditDraft;
use crate::domain::diagnosis::diagnose;
use crate::domain::failure::Args;
use crate::domain::health::Round;
use crate::domain::ids::IncidentId;
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ports::alerts::{Alerts, Told};
use crate::ports::backups::Work;
use crate::ports::clock::Clock;
use crate::ports::history::History;
use crate::ports::journal::{Journal, StateError, StateResult};
use crate::tasks::cases::RETURNED;
use crate::tasks::health::{Deep, Observer};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often the structure of the database is checked.
const QUICK: Duration = Duration::from_hours(1);
/// How often everything in it is.
const FULL: Duration = Duration::from_hours(24);
/// The first long look waits until the start of the machine is over.
const AFTER_START: Duration = Duration::from_mins(5);
/// How often a change is tried again that another one came before.
const TRIES: u32 = 5;

/// What the monitor is made of.
#[derive(Clone)]
pub struct MonitorParts {
    /// The probes.
    pub observer: Observer,
    /// What they found so far.
    pub history: Arc<dyn History>,
    /// What came of it.
    pub alerts: Arc<dyn Alerts>,
    /// Runs, to hold back what a recovery is at.
    pub journal: Arc<dyn Journal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// Watches at this interval until it is told to stop.
pub async fn monitor(parts: MonitorParts, every: Duration, stop: CancellationToken) {
    let deep = tokio::spawn(deep_looks(parts.clone(), stop.clone()));
    let mut ticks = interval(every);
    // After a pause (a suspended machine) one round is enough.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = ticks.tick() => {}
        }
        let round = tokio::select! {
            () = stop.cancelled() => break,
            round = parts.observer.round() => round,
        };
        if let Err(error) = parts.history.record(&round).await {
            tracing::error!(%error, "a round could not be kept");
        }
        if let Err(error) = judge(&parts, &round).await {
            tracing::error!(%error, "a round could not be judged");
        }
    }
    deep.abort();
}

/// Long looks, each when it is due. They take minutes on a large database, and no round waits for them.
async fn deep_looks(parts: MonitorParts, stop: CancellationToken) {
    let work = Work {
        cancel: stop.clone(),
        ..Work::default()
    };
    let mut quick = tokio::time::interval_at(tokio::time::Instant::now() + AFTER_START, QUICK);
    let mut full = tokio::time::interval_at(tokio::time::Instant::now() + AFTER_START, FULL);
    quick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    full.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let depth = tokio::select! {
            () = stop.cancelled() => return,
            _ = full.tick() => Deep::Full,
            _ = quick.tick() => Deep::Quick,
        };
        // A recovery reads and replaces the same file: it comes first.
        match keep_off(parts.journal.as_ref()).await {
            Ok(false) => parts.observer.deep_look(depth, &work).await,
            Ok(true) => {}
            Err(error) => tracing::error!(%error, "the journal cannot be read"),
        }
    }
}

async fn judge(parts: &MonitorParts, round: &Round) -> StateResult<()> {
    let diagnosis = diagnose(round);
    for _ in 0..TRIES {
        let recovering = at_work(parts.journal.as_ref()).await?;
        let recovering: Vec<&str> = recovering.iter().map(String::as_str).collect();
        let now = parts.clock.now();
        let mut watched = parts.alerts.watched().await?;
        watched.mutes.retain(|mute| mute.until > now);
        let context = Context {
            now,
            muted: &watched.mutes,
            recovering: &recovering,
            policy: Policy::default(),
        };
        let changes = watched.watch.observe(round, &diagnosis, &context);
        let changed = changes.iter().map(|change| change.incident.clone());
        let changed = changed.collect();
        let told = changes.iter().filter_map(told).collect();
        let shown = changes.iter().map(shown).collect();
        match parts.alerts.keep(watched, changed, told, shown).await {
            // Somebody silenced an incident meanwhile.
            Err(StateError::Conflict) => {}
            other => return other,
        }
    }
    Err(StateError::Conflict)
}

/// What the audit trail keeps: that an incident began, came back, and ended.
fn told(change: &Change) -> Option<Told> {
    let verb = match change.what {
        What::Opened | What::Returned => "open-alert",
        What::Resolved { .. } => "close-alert",
        What::Updated { .. } | What::Reminder | What::Muted | What::Unmuted => return None,
    };
    let draft = AuditDraft {
        actor: Actor::system(),
        verb: verb.to_owned(),
        subject: IncidentId(change.incident.number).to_string(),
        run: None,
        outcome: "ok".to_owned(),
        detail: detail(change),
        // The alert itself stands in the group.
        announce: false,
    };
    Some((draft, Vec::new()))
}

fn detail(change: &Change) -> Args {
    let incident = &change.incident;
    let mut detail = Args::from([("cause".to_owned(), incident.candidate.cause.as_str().into())]);
    if let Some(subject) = &incident.candidate.subject {
        detail.insert("of".to_owned(), subject.as_str().into());
    }
    if change.what == What::Returned {
        let returns = i64::from(incident.returns);
        detail.insert(RETURNED.to_owned(), returns.into());
    }
    detail
}

fn shown(change: &Change) -> Owed {
    let incident = IncidentId(change.incident.number);
    let post = match change.what {
        What::Reminder => Post::AlertReminder { incident },
        _ => Post::Alert { incident },
    };
    Owed {
        to: Recipient::Team,
        post,
    }
}
