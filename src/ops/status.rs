//! `/status`: what is known of the patient now, what that means, and since when.

use super::{Ops, OpsError};
use crate::domain::Timestamp;
use crate::domain::alert::Incident;
use crate::domain::diagnosis::{Diagnosis, diagnose};
use crate::domain::health::history::Span;
use crate::domain::health::{Condition, Finding, Part, Round};
use crate::domain::ids::{RunId, RunbookId};
use crate::domain::run::Run;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The own state is local; what it cannot tell by then is left out of the answer.
const OWN: Duration = Duration::from_millis(500);

/// What `/status` shows.
#[derive(Debug, Clone)]
pub struct Status {
    /// What the probes found, now.
    pub round: Arc<Round>,
    /// What that means.
    pub diagnosis: Diagnosis,
    /// Since when each part is as it is, as far as anybody looked in the last day.
    pub since: Since,
    /// Alerts that are open.
    pub incidents: Vec<Incident>,
    /// The run on the patient.
    pub run: Option<Run>,
    /// Posts that wait for Telegram.
    pub backlog: u64,
}

/// Alerts that whoever is called is told of.
const ALERTS: usize = 3;

/// What goes on, by the own state alone.
#[derive(Debug, Clone, Default)]
pub struct Present {
    /// The run on the patient.
    pub run: Option<Run>,
    /// Instead of it: a run whose plan cannot be trusted.
    pub unreadable: Option<RunId>,
    /// Some of the alerts that are open: those that nobody muted first, the newest first.
    pub alerts: Vec<Incident>,
    /// How many more there are.
    pub more: usize,
}

/// Since when each part is as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Since(BTreeMap<(Part, Option<String>), (Condition, Timestamp)>);

impl Since {
    /// From the last day's history.
    #[must_use]
    pub fn of(span: &Span) -> Self {
        let last = span.tracks.iter().filter_map(|track| {
            let piece = track.pieces.last()?;
            let key = (track.part, track.subject.clone());
            Some((key, (piece.condition, piece.from)))
        });
        Self(last.collect())
    }

    /// Since when a finding is what it is; nothing where the history says otherwise, or nothing.
    #[must_use]
    pub fn finding(&self, found: &Finding) -> Option<Timestamp> {
        let (condition, since) = self.0.get(&(found.part, found.subject.clone()))?;
        (*condition == found.condition).then_some(*since)
    }
}

impl Ops {
    /// Looks at everything at once; those who ask at the same time share one round.
    ///
    /// # Errors
    /// Only when the own state cannot be read: whatever is wrong with the patient is an answer.
    pub async fn status(&self) -> Result<Status, OpsError> {
        let (round, span) = tokio::join!(self.patient.observer.round(), self.last_day());
        Ok(Status {
            diagnosis: diagnose(&round),
            since: span.as_ref().map(Since::of).unwrap_or_default(),
            round,
            incidents: self.state.alerts.open().await?,
            run: self.current().await?,
            backlog: self.state.outbox.backlog().await?,
        })
    }

    /// What goes on by the own state alone: whoever is called to it wants to know at once.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn present(&self) -> Result<Present, OpsError> {
        let (run, unreadable) = match self.current().await {
            Err(OpsError::PlanChanged(run)) => (None, Some(run)),
            other => (other?, None),
        };
        let now = self.now();
        let mut alerts = self.state.alerts.open().await?;
        alerts.sort_by_key(|alert| {
            let muted = alert.muted_until.is_some_and(|until| until > now);
            (muted, std::cmp::Reverse(alert.number))
        });
        let more = alerts.len().saturating_sub(ALERTS);
        alerts.truncate(ALERTS);
        Ok(Present {
            run,
            unreadable,
            alerts,
            more,
        })
    }

    /// The runbooks that answer what the last round found, likeliest first. Asks nobody.
    #[must_use]
    pub fn suspected(&self) -> Vec<RunbookId> {
        let Some(round) = self.patient.observer.last() else {
            return Vec::new();
        };
        let mut found: Vec<RunbookId> = Vec::new();
        for candidate in diagnose(&round).candidates {
            let runbook = candidate.cause.runbook().and_then(|id| id.parse().ok());
            found.extend(runbook.filter(|id| !found.contains(id)));
        }
        found
    }

    /// How everything was in the last 24 hours; nothing where that cannot be read at once.
    pub async fn last_day(&self) -> Option<Span> {
        let reading = self.state.history.last_day(self.now());
        match tokio::time::timeout(OWN, reading).await {
            Ok(Ok(span)) => Some(span),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the history cannot be read");
                None
            }
            Err(_) => None,
        }
    }
}
