//! All places of backups as one list.

use crate::domain::backup::{
    Backup, BackupTime, Catalogue, ListedBackup, Place, VerificationRecord,
};
use crate::domain::failure::{Failure, FailureCode};
use crate::ports::backups::{BackupPlace, Backups, Verifications};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use futures::future::join_all;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// The configured places and the program's own memory of verifications.
#[derive(Clone)]
pub struct AllBackups {
    places: Vec<Arc<dyn BackupPlace>>,
    verifications: Arc<dyn Verifications>,
    deadline: Duration,
}

type Records = HashMap<BackupTime, VerificationRecord>;

impl AllBackups {
    /// Places in the order of their nearness; each may take as long as `deadline` for its list.
    #[must_use]
    pub fn new(
        places: Vec<Arc<dyn BackupPlace>>,
        verifications: Arc<dyn Verifications>,
        deadline: Duration,
    ) -> Self {
        Self {
            places,
            verifications,
            deadline,
        }
    }

    async fn ask(
        &self,
        place: &dyn BackupPlace,
        within: Duration,
    ) -> PortResult<(Vec<ListedBackup>, Records)> {
        let asked = async { tokio::join!(place.list(), place.records()) };
        let (backups, records) = tokio::time::timeout(within, asked)
            .await
            .map_err(|_| no_answer(place))?;
        let records = records.unwrap_or_else(|error| {
            tracing::warn!(%error, place = place.describe(), "records of verifications not read");
            Vec::new()
        });
        let listed = |backup| ListedBackup {
            backup,
            record: None,
        };
        Ok((
            backups?.into_iter().map(listed).collect(),
            newest(records, Records::new()),
        ))
    }
}

#[async_trait]
impl Backups for AllBackups {
    async fn catalogue(&self, within: Duration) -> Catalogue {
        let places = self
            .places
            .iter()
            .map(|place| self.ask(place.as_ref(), within));
        let (answers, own) = tokio::join!(join_all(places), self.verifications.all());
        let own = own.unwrap_or_else(|error| {
            tracing::warn!(%error, "the own records of verifications were not read");
            Vec::new()
        });
        let mut catalogue = Catalogue::default();
        let mut beside = Records::new();
        for (place, answer) in self.places.iter().zip(answers) {
            match answer {
                Ok((backups, records)) => {
                    catalogue.backups.extend(backups);
                    beside = newest(records.into_values().collect(), beside);
                }
                Err(error) => {
                    let failure: Failure = error.into();
                    catalogue.unreadable.push((place.place(), failure));
                }
            }
        }
        let own = newest(own, Records::new());
        for listed in &mut catalogue.backups {
            let time = listed.backup.time;
            // The own memory cannot have been written by whoever can write to a place.
            listed.record = own.get(&time).or_else(|| beside.get(&time)).cloned();
        }
        catalogue.sort();
        catalogue
    }

    fn place(&self, place: &Place) -> Option<Arc<dyn BackupPlace>> {
        let found = self.places.iter().find(|p| p.place() == *place);
        found.cloned()
    }

    async fn record(&self, backup: &Backup) -> Option<VerificationRecord> {
        if let Ok(Some(own)) = self.verifications.find(backup.time).await {
            return Some(own);
        }
        let place = self.place(&backup.place)?;
        let beside = place.record(backup.time);
        tokio::time::timeout(self.deadline, beside)
            .await
            .ok()?
            .ok()?
    }

    async fn keep(&self, place: &Place, record: &VerificationRecord) -> PortResult<()> {
        self.verifications.keep(record).await?;
        if let Some(place) = self.place(place)
            && let Err(error) = place.put_record(record).await
        {
            // Often there is no right to write there; `state.db` has the record.
            tracing::info!(%error, place = place.describe(), "no record is left beside the backup");
        }
        Ok(())
    }
}

fn newest(records: Vec<VerificationRecord>, mut known: Records) -> Records {
    for record in records {
        let older = known.get(&record.time);
        if older.is_none_or(|older| older.verified_at < record.verified_at) {
            known.insert(record.time, record);
        }
    }
    known
}

fn no_answer(place: &dyn BackupPlace) -> PortError {
    PortError::new(FailureCode::BackupPlaceUnreachable)
        .with("place", place.describe())
        .because("no answer in time")
        .transient()
}
