//! `/status`: what is known of the patient now. Every probe has its own deadline.

use super::{Ops, OpsError};
use crate::domain::Timestamp;
use crate::domain::catalogue::Catalogue;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::run::Run;
use crate::domain::unit::{UnitName, UnitStatus};
use crate::ports::PortResult;
use crate::ports::glance::Glance;
use futures::future::join_all;
use serde::Serialize;
use std::future::Future;
use std::time::Duration;

/// No probe may take longer: an admin who asks in the worst minute gets what is known by then.
const DEADLINE: Duration = Duration::from_millis(2000);

/// One unit's reading.
#[derive(Debug, Clone, Serialize)]
pub struct UnitReading {
    /// Which.
    pub unit: UnitName,
    /// What it is, or why that is not known.
    pub status: Result<UnitStatus, Failure>,
}

/// The newest backup against the RPO.
#[derive(Debug, Clone, Serialize)]
pub struct BackupHealth {
    /// All that is known of backups.
    pub catalogue: Catalogue,
    /// Age of the newest one.
    pub age: Option<Duration>,
    /// Whether it is within the RPO; not known when a place did not answer and no other is within.
    pub within_rpo: Option<bool>,
}

/// What `/status` shows.
#[derive(Debug, Clone)]
pub struct Status {
    /// When it was read.
    pub at: Timestamp,
    /// Units, in the order of `REI_UNITS`.
    pub units: Vec<UnitReading>,
    /// The database, or why it is not known.
    pub database: Result<Glance, Failure>,
    /// Backups.
    pub backups: BackupHealth,
    /// The run on the patient.
    pub run: Option<Run>,
    /// Posts that wait for Telegram.
    pub backlog: u64,
}

impl Ops {
    /// Reads everything at once.
    ///
    /// # Errors
    /// Only when the own state cannot be read: whatever is wrong with the patient is an answer.
    pub async fn status(&self) -> Result<Status, OpsError> {
        let units = join_all(self.profile.units.iter().map(|unit| async move {
            let status = within(self.patient.units.status(unit)).await;
            UnitReading {
                unit: unit.clone(),
                status,
            }
        }));
        let database = within(self.patient.glance.glance(&self.profile.database));
        let (units, database, backups) =
            futures::future::join3(units, database, self.backup_health()).await;
        Ok(Status {
            at: self.now(),
            units,
            database,
            backups,
            run: self.current().await?,
            backlog: self.state.outbox.backlog().await?,
        })
    }

    async fn backup_health(&self) -> BackupHealth {
        let catalogue = self.patient.backups.catalogue(DEADLINE).await;
        let newest = catalogue
            .latest(self.now())
            .map(|listed| listed.backup.time.at());
        let age = newest.and_then(|at| Duration::try_from(self.now().duration_since(at)).ok());
        let within = age.is_some_and(|age| age <= self.profile.rpo);
        let within_rpo = (within || catalogue.unreadable.is_empty()).then_some(within);
        BackupHealth {
            catalogue,
            age,
            within_rpo,
        }
    }
}

async fn within<T>(probe: impl Future<Output = PortResult<T>>) -> Result<T, Failure> {
    match tokio::time::timeout(DEADLINE, probe).await {
        Ok(answer) => answer.map_err(Failure::from),
        Err(_) => Err(Failure::new(FailureCode::TimedOut).with("seconds", DEADLINE)),
    }
}
