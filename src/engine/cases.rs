//! Keeps the incidents: follows the trail, lets what went over by itself rest, reminds people of what
//! they wanted to do.

use crate::domain::case::Case;
use crate::domain::failure::Args;
use crate::domain::operator::Actor;
use crate::domain::post::Post;
use crate::ports::alerts::Alerts;
use crate::ports::campaigns::Telling;
use crate::ports::cases::Cases;
use crate::ports::clock::Clock;
use crate::ports::journal::{AuditTrail, Journal, StateError, StateResult};
use crate::tasks::cases::{self, Books};
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How often the clock is looked at where nothing changes.
const TICK: Duration = Duration::from_secs(20);

/// What keeping incidents takes.
#[derive(Clone)]
pub struct CaseParts {
    /// Incidents.
    pub cases: Arc<dyn Cases>,
    /// The trail.
    pub trail: Arc<dyn AuditTrail>,
    /// Alerts.
    pub alerts: Arc<dyn Alerts>,
    /// Runs.
    pub journal: Arc<dyn Journal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// `TIMEZONE`: whose morning it is.
    pub zone: TimeZone,
}

impl CaseParts {
    /// One round: whatever is new in the trail, and whatever is due. Repeatable at any time.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub async fn round(&self) -> StateResult<()> {
        cases::follow(Books {
            cases: self.cases.as_ref(),
            trail: self.trail.as_ref(),
            alerts: self.alerts.as_ref(),
            journal: self.journal.as_ref(),
        })
        .await?;
        let now = self.clock.now();
        let open = self.cases.open().await?;
        for case in open.into_iter().filter(|case| case.closes_itself(now)) {
            settled(self.rest(case).await)?;
        }
        for case in self.cases.to_do().await? {
            settled(self.remind(case).await)?;
        }
        Ok(())
    }

    /// It went over by itself and nobody wrote anything: nothing is left to be done about it.
    async fn rest(&self, mut case: Case) -> StateResult<Case> {
        let actor = Actor::system();
        case.closed = Some((actor.clone(), self.clock.now()));
        let telling = Telling {
            audit: vec![cases::entry(&case, &actor, ("close-incident", Args::new()))],
            posts: Vec::new(),
        };
        self.cases.change(case, telling).await
    }

    /// The reminder and the day of it are written together: a restart repeats none.
    async fn remind(&self, mut case: Case) -> StateResult<Case> {
        let now = self.clock.now().to_zoned(self.zone.clone());
        let mut posts = Vec::new();
        for item in case.items.iter_mut().filter(|item| item.is_due(&now)) {
            item.reminded = Some(now.date());
            posts.push(cases::to_team(Post::CaseReminder {
                case: case.id,
                item: item.number,
            }));
        }
        if posts.is_empty() {
            return Ok(case);
        }
        let audit = Vec::new();
        self.cases.change(case, Telling { audit, posts }).await
    }
}

/// Somebody changed it meanwhile: it is looked at again with the next round.
fn settled(result: StateResult<Case>) -> StateResult<()> {
    match result {
        Ok(_) | Err(StateError::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Keeps the incidents until it is told to stop. `changes` wakes it.
pub async fn keep_cases(
    parts: CaseParts,
    mut changes: watch::Receiver<u64>,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        // Marked before looking: a change during the look wakes it again.
        changes.mark_unchanged();
        if let Err(error) = parts.round().await {
            tracing::error!(%error, "the incidents could not be kept");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            Ok(()) = changes.changed() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}
