//! All places of backups as one list.

use crate::domain::backup::{
    Backup, BackupTime, FailedVerification, Known, Place, VerificationRecord,
};
use crate::domain::catalogue::{Catalogue, ListedBackup};
use crate::domain::failure::{Failure, FailureCode};
use crate::ports::backups::{BackupPlace, Backups, Fetched, Verifications};
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

    async fn own(&self) -> Vec<VerificationRecord> {
        read(self.verifications.all().await)
    }

    /// The other place may hold other bytes under the same name.
    async fn own_in(&self, place: &Place) -> Vec<VerificationRecord> {
        read(self.verifications.read_in(place).await)
    }

    async fn failed(&self) -> Vec<FailedVerification> {
        self.verifications.failed().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "which verifications failed was not read");
            Vec::new()
        })
    }

    async fn beside(&self, backup: &Backup) -> Option<VerificationRecord> {
        let place = self.place(&backup.place)?;
        let beside = tokio::time::timeout(self.deadline, place.record(backup.time));
        beside.await.ok()?.ok()?
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
            failed: None,
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
        let (answers, own, failed) = tokio::join!(join_all(places), self.own(), self.failed());
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
        judge(&mut catalogue.backups, &own, &beside, &failed);
        catalogue.sort();
        catalogue
    }

    async fn listed(&self, place: &Place, within: Duration) -> PortResult<Vec<ListedBackup>> {
        let Some(asked) = self.place(place) else {
            return Err(PortError::new(FailureCode::BackupPlaceMissing).with("place", name(place)));
        };
        let answer = self.ask(asked.as_ref(), within);
        let (answer, own, failed) = tokio::join!(answer, self.own_in(place), self.failed());
        let (mut backups, beside) = answer?;
        judge(&mut backups, &newest(own, Records::new()), &beside, &failed);
        let mut catalogue = Catalogue {
            backups,
            unreadable: Vec::new(),
        };
        catalogue.sort();
        Ok(catalogue.backups)
    }

    fn place(&self, place: &Place) -> Option<Arc<dyn BackupPlace>> {
        let found = self.places.iter().find(|p| p.place() == *place);
        found.cloned()
    }

    async fn known(
        &self,
        backup: &Backup,
        fetched: &Fetched,
        planned: Option<&VerificationRecord>,
    ) -> Known {
        let (own, beside) = tokio::join!(self.own(), self.beside(backup));
        let beside: Vec<_> = beside.into_iter().chain(planned.cloned()).collect();
        let bytes = (backup.time, &fetched.content, fetched.bytes);
        Known::of(bytes, &own, &beside)
    }

    async fn condemn(&self, failed: &FailedVerification) -> PortResult<()> {
        self.verifications.condemn(failed).await
    }

    async fn condemned(&self, backup: &Backup) -> Option<FailedVerification> {
        let mut failed = self.failed().await.into_iter();
        failed.find(|failed| failed.is_of(backup))
    }

    async fn keep(&self, place: &Place, record: &VerificationRecord) -> PortResult<()> {
        self.verifications.keep(place, record).await?;
        if let Some(place) = self.place(place)
            && let Err(error) = place.put_record(record).await
        {
            // Often there is no right to write there; `state.db` has the record.
            tracing::info!(%error, place = place.describe(), "no record is left beside the backup");
        }
        Ok(())
    }
}

fn read(records: PortResult<Vec<VerificationRecord>>) -> Vec<VerificationRecord> {
    records.unwrap_or_else(|error| {
        tracing::warn!(%error, "the own records of verifications were not read");
        Vec::new()
    })
}

/// What earlier verifications say of each.
fn judge(
    backups: &mut [ListedBackup],
    own: &Records,
    beside: &Records,
    failed: &[FailedVerification],
) {
    for listed in backups {
        let time = listed.backup.time;
        // The own memory cannot have been written by whoever can write to a place.
        listed.record = own.get(&time).or_else(|| beside.get(&time)).cloned();
        let against = failed.iter().find(|failed| failed.is_of(&listed.backup));
        listed.failed = against.cloned();
    }
}

fn name(place: &Place) -> &'static str {
    match place {
        Place::Folder => "folder",
        Place::S3 => "s3",
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
