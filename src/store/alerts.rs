//! The watch over REI, and the incidents that came of it.

use super::{Store, audit, outbox, unavailable};
use crate::domain::alert::{Incident, Mute, Watch};
use crate::domain::ids::IncidentId;
use crate::domain::post::Owed;
use crate::ports::alerts::{Alerts, Told, Watched};
use crate::ports::journal::{StateError, StateResult};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

/// Incidents that are over and older than the newest so many are cleared away.
const KEPT: u32 = 1000;

/// As it is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    watch: Watch,
    mutes: Vec<Mute>,
}

#[async_trait]
impl Alerts for Store {
    async fn watched(&self) -> StateResult<Watched> {
        self.read(|tx| {
            let row: Option<(i64, String)> = tx
                .query_row("SELECT revision, state FROM watch", [], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()
                .map_err(unavailable)?;
            let Some((revision, state)) = row else {
                return Ok(Watched::default());
            };
            // A watch that cannot be read begins anew: at worst an incident is told of once more.
            let kept = serde_json::from_str(&state).unwrap_or_else(|error| {
                tracing::warn!(%error, "the watch of another version is begun anew");
                Kept::default()
            });
            Ok(Watched {
                watch: kept.watch,
                mutes: kept.mutes,
                revision,
            })
        })
        .await
    }

    async fn keep(
        &self,
        watched: Watched,
        changed: Vec<Incident>,
        told: Vec<Told>,
        shown: Vec<Owed>,
    ) -> StateResult<()> {
        let revision = watched.revision;
        let kept = Kept {
            watch: watched.watch,
            mutes: watched.mutes,
        };
        let state = serde_json::to_string(&kept).map_err(unavailable)?;
        self.write_aside(move |scope| {
            let kept = scope.tx.execute(
                "INSERT INTO watch (one, revision, state) VALUES (1, ?1 + 1, ?2)
                 ON CONFLICT (one) DO UPDATE SET revision = revision + 1, state = ?2
                 WHERE revision = ?1",
                params![revision, state],
            );
            if kept.map_err(unavailable)? == 0 {
                return Err(StateError::Conflict);
            }
            for incident in &changed {
                upsert(&scope.tx, incident)?;
            }
            for (draft, posts) in told {
                audit::append(scope, draft)?;
                outbox::push(scope, &posts)?;
            }
            prune(&scope.tx)?;
            outbox::push(scope, &shown)
        })
        .await
    }

    async fn incident(&self, id: IncidentId) -> StateResult<Option<Incident>> {
        self.read(move |tx| {
            tx.query_row(
                "SELECT incident FROM incidents WHERE id = ?1",
                [id.0.cast_signed()],
                |row| row.get::<_, String>(0),
            )
            .optional()
            .map_err(unavailable)?
            .map(|text| serde_json::from_str(&text).map_err(unavailable))
            .transpose()
        })
        .await
    }

    async fn open(&self) -> StateResult<Vec<Incident>> {
        self.read(|tx| {
            let mut query = tx
                .prepare_cached("SELECT incident FROM incidents WHERE open = 1 ORDER BY id")
                .map_err(unavailable)?;
            let rows = query
                .query_map([], |row| row.get::<_, String>(0))
                .map_err(unavailable)?;
            rows.map(|row| serde_json::from_str(&row.map_err(unavailable)?).map_err(unavailable))
                .collect()
        })
        .await
    }
}

fn upsert(tx: &Connection, incident: &Incident) -> StateResult<()> {
    let text = serde_json::to_string(incident).map_err(unavailable)?;
    tx.execute(
        "INSERT INTO incidents (id, open, incident) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET open = ?2, incident = ?3",
        params![incident.number.cast_signed(), incident.is_open(), text],
    )
    .map(drop)
    .map_err(unavailable)
}

fn prune(tx: &Connection) -> StateResult<()> {
    tx.execute(
        "DELETE FROM incidents WHERE open = 0
         AND id <= (SELECT max(id) FROM incidents) - ?1",
        [KEPT],
    )
    .map(drop)
    .map_err(unavailable)
}
