//! Tries of codes.

use super::{Scope, Store, audit, unavailable};
use crate::domain::audit::AuditDraft;
use crate::domain::failure::Args;
use crate::domain::second_factor::{Tried, Tries};
use crate::ports::codes::{Codes, Try};
use crate::ports::journal::StateResult;
use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};

#[async_trait]
impl Codes for Store {
    async fn try_code(&self, given: Try) -> StateResult<Tried> {
        self.write(move |scope| {
            let mut tries = load(scope, given.actor.id)?;
            let tried = tries.take(given.step, scope.now);
            if matches!(tried, Tried::Locked { .. }) {
                return Ok(tried);
            }
            keep(scope, given.actor.id, &tries)?;
            if let Some(draft) = told(given, tried) {
                audit::append(scope, draft)?;
            }
            Ok(tried)
        })
        .await
    }
}

fn load(scope: &Scope<'_>, person: i64) -> StateResult<Tries> {
    let found: Option<String> = scope
        .tx
        .query_row(
            "SELECT tries FROM codes WHERE person = ?1",
            [person],
            |row| row.get(0),
        )
        .optional()
        .map_err(unavailable)?;
    // One that cannot be read must not let a used code count again.
    found.map_or_else(
        || Ok(Tries::default()),
        |text| serde_json::from_str(&text).map_err(unavailable),
    )
}

fn keep(scope: &Scope<'_>, person: i64, tries: &Tries) -> StateResult<()> {
    let text = serde_json::to_string(tries).map_err(unavailable)?;
    scope
        .tx
        .execute(
            "INSERT INTO codes (person, tries) VALUES (?1, ?2)
             ON CONFLICT (person) DO UPDATE SET tries = ?2",
            params![person, text],
        )
        .map(drop)
        .map_err(unavailable)
}

fn told(given: Try, tried: Tried) -> Option<AuditDraft> {
    let (why, until) = match tried {
        Tried::Right | Tried::Locked { .. } => return None,
        Tried::Wrong { .. } => ("wrong-code", None),
        Tried::Used => ("used-code", None),
        Tried::Locks { until } => ("codes-locked", Some(until)),
    };
    let mut detail = Args::from([("why".to_owned(), why.into())]);
    detail.extend(until.map(|until| ("until".to_owned(), until.into())));
    Some(AuditDraft {
        actor: given.actor,
        verb: "give-code".to_owned(),
        subject: given.request.to_string(),
        run: None,
        outcome: "refused".to_owned(),
        detail,
        announce: true,
    })
}
