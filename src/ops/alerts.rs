//! Alerts: silenced for a while, or heard again.

use super::{Ops, OpsError};
use crate::domain::alert::{Incident, MUTED, Mute};
use crate::domain::audit::AuditDraft;
use crate::domain::failure::Args;
use crate::domain::ids::IncidentId;
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ports::journal::StateError;
use jiff::Timestamp;

/// How often it is tried again when a round of the monitor came between.
const TRIES: u32 = 5;

impl Ops {
    /// An incident, also one that is over.
    ///
    /// # Errors
    /// The own state cannot be read.
    pub async fn incident(&self, id: IncidentId) -> Result<Option<Incident>, OpsError> {
        Ok(self.state.alerts.incident(id).await?)
    }

    /// No new messages about an incident for an hour. Gives until when; nothing when it is over.
    ///
    /// # Errors
    /// The own state cannot be written.
    pub async fn mute(&self, actor: &Actor, id: IncidentId) -> Result<Option<Timestamp>, OpsError> {
        let until = self.now().saturating_add(MUTED).unwrap_or(Timestamp::MAX);
        let done = self.silence(actor, id, Some(until)).await?;
        Ok(done.then_some(until))
    }

    /// Messages about it again. False when it is over.
    ///
    /// # Errors
    /// The own state cannot be written.
    pub async fn unmute(&self, actor: &Actor, id: IncidentId) -> Result<bool, OpsError> {
        self.silence(actor, id, None).await
    }

    async fn silence(
        &self,
        actor: &Actor,
        id: IncidentId,
        until: Option<Timestamp>,
    ) -> Result<bool, OpsError> {
        for _ in 0..TRIES {
            let mut watched = self.state.alerts.watched().await?;
            let known = watched.watch.find(id.0).filter(|known| known.is_open());
            let Some(mut incident) = known.cloned() else {
                return Ok(false);
            };
            let about = incident.candidate.clone();
            watched
                .mutes
                .retain(|mute| (mute.cause, &mute.subject) != (about.cause, &about.subject));
            watched.mutes.extend(until.map(|until| Mute {
                cause: about.cause,
                subject: about.subject,
                until,
            }));
            // The next round would say so too; whoever pressed sees it now.
            incident.muted_until = until;
            let told = vec![(silenced(actor, id, &incident, until), Vec::new())];
            let shown = Owed {
                to: Recipient::Team,
                post: Post::Alert { incident: id },
            };
            let kept = self
                .state
                .alerts
                .keep(watched, vec![incident], told, vec![shown]);
            match kept.await {
                Err(StateError::Conflict) => {}
                other => return other.map(|()| true).map_err(OpsError::from),
            }
        }
        Err(OpsError::from(StateError::Conflict))
    }
}

fn silenced(
    actor: &Actor,
    id: IncidentId,
    incident: &Incident,
    until: Option<Timestamp>,
) -> AuditDraft {
    let verb = if until.is_some() {
        "mute-alert"
    } else {
        "unmute-alert"
    };
    AuditDraft {
        actor: actor.clone(),
        verb: verb.to_owned(),
        subject: id.to_string(),
        run: None,
        outcome: "ok".to_owned(),
        detail: Args::from([("cause".to_owned(), incident.candidate.cause.as_str().into())]),
        announce: true,
    }
}
