//! The program's memory of which backups were verified in full, and which failed.

use super::{Store, unavailable};
use crate::domain::backup::{FailedVerification, Place, VerificationRecord};
use crate::domain::failure::FailureCode;
use crate::ports::backups::Verifications;
use crate::ports::journal::{StateError, StateResult};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use rusqlite::{params, params_from_iter};
use serde::de::DeserializeOwned;

impl Store {
    async fn texts<T: DeserializeOwned + Send + 'static>(
        &self,
        sql: &'static str,
        place: Option<&Place>,
    ) -> PortResult<Vec<T>> {
        let by: Vec<String> = place.map(text).transpose()?.into_iter().collect();
        let read = self.read(move |tx| {
            let mut query = tx.prepare_cached(sql).map_err(unavailable)?;
            let rows = query
                .query_map(params_from_iter(by), |row| row.get::<_, String>(0))
                .map_err(unavailable)?;
            rows.map(|row| serde_json::from_str(&row.map_err(unavailable)?).map_err(unavailable))
                .collect::<StateResult<Vec<T>>>()
        });
        read.await.map_err(port)
    }
}

#[async_trait]
impl Verifications for Store {
    async fn all(&self) -> PortResult<Vec<VerificationRecord>> {
        self.texts("SELECT record FROM verifications", None).await
    }

    async fn read_in(&self, place: &Place) -> PortResult<Vec<VerificationRecord>> {
        let sql = "SELECT record FROM verifications
                   JOIN verified_places USING (time, content) WHERE place = ?1";
        self.texts(sql, Some(place)).await
    }

    async fn keep(&self, place: &Place, record: &VerificationRecord) -> PortResult<()> {
        let (time, content) = (record.time.to_string(), record.content.0.clone());
        let (text, place) = (text(record)?, text(place)?);
        let kept = self.write(move |scope| {
            scope
                .tx
                .execute(
                    "INSERT INTO verifications (time, content, record) VALUES (?1, ?2, ?3)
                     ON CONFLICT (time, content) DO UPDATE SET record = ?3",
                    params![time, content, text],
                )
                .map_err(unavailable)?;
            scope
                .tx
                .execute(
                    "INSERT OR IGNORE INTO verified_places (time, content, place)
                     VALUES (?1, ?2, ?3)",
                    params![time, content, place],
                )
                .map_err(unavailable)?;
            scope
                .tx
                .execute(
                    "DELETE FROM failed_verifications WHERE time = ?1 AND place = ?2",
                    params![time, place],
                )
                .map(drop)
                .map_err(unavailable)
        });
        kept.await.map_err(port)
    }

    async fn failed(&self) -> PortResult<Vec<FailedVerification>> {
        self.texts("SELECT failed FROM failed_verifications", None)
            .await
    }

    async fn condemn(&self, failed: &FailedVerification) -> PortResult<()> {
        let (time, revision) = (failed.time.to_string(), failed.revision.clone());
        let (text, place) = (text(failed)?, text(&failed.place)?);
        let kept = self.write(move |scope| {
            scope
                .tx
                .execute(
                    "INSERT INTO failed_verifications (time, place, revision, failed)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (time, place, revision) DO UPDATE SET failed = ?4",
                    params![time, place, revision, text],
                )
                .map(drop)
                .map_err(unavailable)
        });
        kept.await.map_err(port)
    }
}

fn text(value: &impl serde::Serialize) -> PortResult<String> {
    serde_json::to_string(value)
        .map_err(|error| PortError::new(FailureCode::StateUnavailable).because(error))
}

fn port(error: StateError) -> PortError {
    PortError::new(FailureCode::StateUnavailable)
        .because(error)
        .transient()
}
