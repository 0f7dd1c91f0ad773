//! The program's memory of which backups were verified in full.

use super::{Store, unavailable};
use crate::domain::backup::{BackupTime, VerificationRecord};
use crate::domain::failure::FailureCode;
use crate::ports::backups::Verifications;
use crate::ports::journal::{StateError, StateResult};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use rusqlite::params;

impl Store {
    async fn records(&self, time: Option<BackupTime>) -> StateResult<Vec<VerificationRecord>> {
        let time = time.map(|time| time.to_string());
        self.read(move |tx| {
            let mut query = tx
                .prepare_cached("SELECT record FROM verifications WHERE ?1 IS NULL OR time = ?1")
                .map_err(unavailable)?;
            let rows = query
                .query_map([time], |row| row.get::<_, String>(0))
                .map_err(unavailable)?;
            rows.map(|row| serde_json::from_str(&row.map_err(unavailable)?).map_err(unavailable))
                .collect()
        })
        .await
    }
}

#[async_trait]
impl Verifications for Store {
    async fn find(&self, time: BackupTime) -> PortResult<Option<VerificationRecord>> {
        let found = self.records(Some(time)).await.map_err(port)?;
        Ok(found.into_iter().max_by_key(|record| record.verified_at))
    }

    async fn all(&self) -> PortResult<Vec<VerificationRecord>> {
        self.records(None).await.map_err(port)
    }

    async fn keep(&self, record: &VerificationRecord) -> PortResult<()> {
        let (time, content) = (record.time.to_string(), record.content.0.clone());
        let text = serde_json::to_string(record)
            .map_err(|error| PortError::new(FailureCode::StateUnavailable).because(error))?;
        self.write(move |scope| {
            scope
                .tx
                .execute(
                    "INSERT INTO verifications (time, content, record) VALUES (?1, ?2, ?3)
                     ON CONFLICT (time, content) DO UPDATE SET record = ?3",
                    params![time, content, text],
                )
                .map(drop)
                .map_err(unavailable)
        })
        .await
        .map_err(port)
    }
}

fn port(error: StateError) -> PortError {
    PortError::new(FailureCode::StateUnavailable)
        .because(error)
        .transient()
}
