//! Fetching the backup and proving that it is good.

use super::layout;
use crate::domain::backup::VerificationRecord;
use crate::domain::database::{CheckReport, Proof, Staged};
use crate::domain::facts::Facts;
use crate::domain::failure::FailureCode;
use crate::domain::plan::ChosenBackup;
use crate::domain::run::Run;
use crate::engine::Patient;
use crate::ports::backups::{Fetched, Work};
use crate::ports::database::{Depth, Layout};
use crate::ports::{PortError, PortResult};

pub(super) async fn fetch(patient: &Patient, run: &Run, work: &Work) -> PortResult<Facts> {
    let chosen = run
        .plan
        .backup
        .as_ref()
        .ok_or_else(|| PortError::new(FailureCode::NoBackup))?;
    let backup = &chosen.backup;
    let place = patient.backups.place(&backup.place).ok_or_else(|| {
        PortError::new(FailureCode::BackupNotFound).with("backup", backup.time.to_string())
    })?;
    let layout = layout(run);
    let fetched = patient.files.stage(&layout, place, backup, work).await?;
    let record = match &chosen.record {
        Some(record) => Some(record.clone()),
        // Somebody may have verified it since the plan was made.
        None => patient.backups.record(backup).await,
    };
    let checked = check(patient, chosen, (&layout, &fetched, record.as_ref()), work).await;
    let report = match checked {
        Ok(report) => report,
        Err(error) => return Err(reject(patient, &layout, error).await),
    };
    let proof = match record {
        Some(record) => Proof::Record {
            verified_at: record.verified_at,
        },
        None => remember(patient, chosen, &fetched, &report).await,
    };
    Ok(Facts::Staged(Staged {
        path: layout.staging,
        backup: backup.time,
        place: backup.place.clone(),
        bytes: fetched.bytes,
        content: fetched.content,
        counts: report.counts,
        newest_row: report.newest_row,
        proof,
    }))
}

/// With a record the bytes must be the same and the cheap checks do; without one it is checked in
/// full.
async fn check(
    patient: &Patient,
    chosen: &ChosenBackup,
    (layout, fetched, record): (&Layout, &Fetched, Option<&VerificationRecord>),
    work: &Work,
) -> PortResult<CheckReport> {
    let depth = match record {
        Some(record) => identical(chosen, record, fetched).map(|()| Depth::Cheap)?,
        None => Depth::Full,
    };
    patient.checks.check(&layout.staging, depth, work).await
}

/// A copy that is not good serves nothing any more, and would fill the disk of the patient.
async fn reject(patient: &Patient, layout: &Layout, error: PortError) -> PortError {
    if let Err(left) = patient.files.discard(layout).await {
        tracing::warn!(error = %left, "a copy that is not good could not be removed");
    }
    error
}

/// Proves by the hash that these are the bytes that were once checked in full.
fn identical(
    chosen: &ChosenBackup,
    record: &VerificationRecord,
    fetched: &Fetched,
) -> PortResult<()> {
    if record.content == fetched.content && record.bytes == fetched.bytes {
        return Ok(());
    }
    Err(PortError::new(FailureCode::ContentMismatch)
        .with("backup", chosen.backup.time.to_string())
        .with("expected", record.content.short())
        .with("found", fetched.content.short()))
}

/// Keeps the record of a full check, so that the next restore need not pay for it again.
async fn remember(
    patient: &Patient,
    chosen: &ChosenBackup,
    fetched: &Fetched,
    report: &CheckReport,
) -> Proof {
    let record = VerificationRecord {
        time: chosen.backup.time,
        content: fetched.content.clone(),
        bytes: fetched.bytes,
        counts: report.counts.clone(),
        verified_at: jiff::Timestamp::now(),
        sqlite: report.sqlite.clone(),
    };
    if let Err(error) = patient.backups.keep(&chosen.backup.place, &record).await {
        tracing::warn!(%error, "the record of a verification could not be kept");
    }
    Proof::Full {
        millis: report.millis,
    }
}
