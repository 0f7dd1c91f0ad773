//! Reading and writing the audit trail outside of runs.

use super::{Ops, OpsError};
use crate::domain::audit::{AuditDraft, AuditEntry, ChainBreak};
use crate::domain::event::Entry;
use crate::domain::failure::Args;
use crate::domain::ids::RunId;
use crate::domain::operator::Actor;
use crate::domain::run::Run;

impl Ops {
    /// The newest entries, in order.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn audit_tail(&self, limit: u32) -> Result<Vec<AuditEntry>, OpsError> {
        Ok(self.state.audit.tail(limit).await?)
    }

    /// Entries from a number on, in order.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn audit_from(&self, seq: u64, limit: u32) -> Result<Vec<AuditEntry>, OpsError> {
        Ok(self.state.audit.read(seq, limit).await?)
    }

    /// Checks the whole trail: how many entries, or where it breaks.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn audit_verify(&self) -> Result<Result<u64, ChainBreak>, OpsError> {
        Ok(self.state.audit.verify().await?)
    }

    /// The newest runs, newest first.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn runs(&self, limit: u32) -> Result<Vec<Run>, OpsError> {
        Ok(self.state.journal.recent(limit).await?)
    }

    /// One run.
    ///
    /// # Errors
    /// There is none of this number, or it cannot be trusted.
    pub async fn run(&self, id: RunId) -> Result<Run, OpsError> {
        Ok(self.state.journal.load(id).await?)
    }

    /// Whether a run has begun and not ended; also of one whose plan cannot be trusted.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn is_under_way(&self, id: RunId) -> Result<bool, OpsError> {
        Ok(self.state.journal.under_way().await?.contains(&id))
    }

    /// How many posts wait for Telegram.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn backlog(&self) -> Result<u64, OpsError> {
        Ok(self.state.outbox.backlog().await?)
    }

    /// A run's whole journal, in order.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn journal(&self, id: RunId) -> Result<Vec<Entry>, OpsError> {
        Ok(self.state.journal.entries(id).await?)
    }

    /// Writes down something that went well.
    ///
    /// # Errors
    /// The state cannot be written.
    pub async fn note(
        &self,
        actor: &Actor,
        verb: &str,
        subject: &str,
        detail: Args,
    ) -> Result<(), OpsError> {
        self.write(actor, verb, subject, "ok", (detail, true)).await
    }

    /// Writes down what somebody was refused. `announce`: the group reads it too.
    ///
    /// # Errors
    /// The state cannot be written.
    pub async fn note_stranger(
        &self,
        actor: &Actor,
        verb: &str,
        subject: &str,
        announce: bool,
    ) -> Result<(), OpsError> {
        let why = OpsError::NotAllowed.code();
        self.note_refused(actor, verb, (subject, why), announce)
            .await
    }

    /// Writes down what somebody was refused before any verb was reached, with the word of the
    /// locale key `why-<code>`. `announce`: the group reads it too.
    ///
    /// # Errors
    /// The state cannot be written.
    pub async fn note_refused(
        &self,
        actor: &Actor,
        verb: &str,
        (subject, why): (&str, &str),
        announce: bool,
    ) -> Result<(), OpsError> {
        let detail = Args::from([("why".to_owned(), why.into())]);
        self.write(actor, verb, subject, "refused", (detail, announce))
            .await
    }

    /// Writes down how much of strangers was not even looked at. `announce`: the group reads it too.
    ///
    /// # Errors
    /// The state cannot be written.
    pub async fn note_turned_away(&self, count: u64, announce: bool) -> Result<(), OpsError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let detail = Args::from([("count".to_owned(), count.into())]);
        let subject = "strangers";
        self.write(
            &Actor::system(),
            "turn-away",
            subject,
            "refused",
            (detail, announce),
        )
        .await
    }

    pub(super) async fn note_refusal(
        &self,
        actor: &Actor,
        verb: &str,
        subject: &str,
        error: &OpsError,
    ) -> Result<(), OpsError> {
        let outcome = if error.is_refusal() {
            "refused"
        } else {
            "failed"
        };
        let mut detail = error.args();
        detail.insert("why".to_owned(), error.code().into());
        self.write(actor, verb, subject, outcome, (detail, true))
            .await
    }

    pub(super) async fn allow_request(
        &self,
        actor: &Actor,
        verb: &str,
        subject: &str,
    ) -> Result<(), OpsError> {
        if self.profile.policy.access.may_request(actor) {
            return Ok(());
        }
        self.note_refusal(actor, verb, subject, &OpsError::NotAllowed)
            .await?;
        Err(OpsError::NotAllowed)
    }

    async fn write(
        &self,
        actor: &Actor,
        verb: &str,
        subject: &str,
        outcome: &str,
        (detail, announce): (Args, bool),
    ) -> Result<(), OpsError> {
        let draft = AuditDraft {
            actor: actor.clone(),
            verb: verb.to_owned(),
            subject: subject.to_owned(),
            run: None,
            outcome: outcome.to_owned(),
            detail,
            announce,
        };
        self.state.audit.write(draft, Vec::new()).await?;
        Ok(())
    }
}
