//! Fetching the backup and proving that it is good.

use super::layout;
use crate::domain::backup::{Backup, ContentHash, FailedVerification, Known, VerificationRecord};
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
    let (chosen, place) = super::chosen(patient, run)?;
    let backup = &chosen.backup;
    let layout = layout(run);
    let fetched = match patient.files.stage(&layout, place, backup, work).await {
        Ok(fetched) => fetched,
        Err(error) => return Err(note(patient, backup, None, error).await),
    };
    let planned = chosen.record.as_ref();
    let known = patient.backups.known(backup, &fetched, planned).await;
    let checked = check(patient, run, (chosen, &fetched, &known), work).await;
    let report = match checked {
        Ok(report) => report,
        Err(error) => {
            let error = note(patient, backup, Some(&fetched.content), error).await;
            return Err(reject(patient, &layout, error).await);
        }
    };
    let proof = match known {
        Known::Proved(record) => Proof::Record {
            verified_at: record.verified_at,
        },
        _ => remember(patient, chosen, &fetched, &report).await,
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

/// Of bytes that were checked once the cheap checks do; others are checked in full. Other bytes than
/// those once checked under this name are not even looked at before a person knows of it.
async fn check(
    patient: &Patient,
    run: &Run,
    (chosen, fetched, known): (&ChosenBackup, &Fetched, &Known),
    work: &Work,
) -> PortResult<CheckReport> {
    let depth = match known {
        Known::Proved(_) => Depth::Cheap,
        Known::Nothing => Depth::Full,
        Known::Other(record) if !is_accepted(patient, run, (chosen, fetched)).await => {
            return Err(PortError::new(FailureCode::ContentMismatch)
                .with("backup", chosen.backup.time.to_string())
                .with("expected", record.content.short())
                .with("found", fetched.content.short()));
        }
        Known::Other(_) => Depth::Full,
    };
    patient
        .checks
        .check(&layout(run).staging, depth, work)
        .await
}

/// Whether a person wants these bytes although others were verified under their name: the plan said
/// so, or this run stopped for it and was told to try again.
async fn is_accepted(
    patient: &Patient,
    run: &Run,
    (chosen, fetched): (&ChosenBackup, &Fetched),
) -> bool {
    let told = |failed: &FailedVerification| failed.is_mismatch(&fetched.content);
    if chosen.failed.as_ref().is_some_and(told) {
        return true;
    }
    // Only a person's Retry takes the count of failures back.
    let asked_again = run.running().is_some_and(|(step, attempt)| {
        run.failures(&step) == 0 && attempt > run.cut_offs(&step) + 1
    });
    asked_again
        && patient
            .backups
            .condemned(&chosen.backup)
            .await
            .as_ref()
            .is_some_and(told)
}

/// Remembers what speaks against a backup, so that it is not called a good one again.
async fn note(
    patient: &Patient,
    backup: &Backup,
    content: Option<&ContentHash>,
    error: PortError,
) -> PortError {
    let now = jiff::Timestamp::now();
    if let Some(failed) = FailedVerification::of(backup, content, error.code(), now)
        && let Err(unkept) = patient.backups.condemn(&failed).await
    {
        tracing::warn!(error = %unkept, "that a verification failed could not be remembered");
    }
    error
}

/// A copy that is not good serves nothing any more, and would fill the disk of the patient.
async fn reject(patient: &Patient, layout: &Layout, error: PortError) -> PortError {
    if let Err(left) = patient.files.discard(layout).await {
        tracing::warn!(error = %left, "a copy that is not good could not be removed");
    }
    error
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
