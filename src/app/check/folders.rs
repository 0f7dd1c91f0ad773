//! REI's folder: each place that a recovery writes to is really written to, and its log is read.

use super::finding::{Finding, args, path};
use super::{Checker, heard};
use crate::adapters::trial;
use crate::config::PatientSettings;
use crate::domain::failure::{Failure, FailureCode};
use crate::ops::QUARANTINE;
use futures::future::join_all;
use std::path::{Path, PathBuf};

/// All places, and the log.
pub(super) async fn check(checker: &Checker<'_>) -> Vec<Finding> {
    let patient = &checker.settings().base.patient;
    let tried = places(patient)
        .into_iter()
        .map(|(folder, like)| async move { place(checker, &folder, &like).await });
    let (mut findings, log) = tokio::join!(join_all(tried), log(checker, &patient.log));
    findings.push(log);
    findings
}

/// Where the recovery writes, with the file whose owner and mode it keeps there: the database's folder
/// (staged file, new database), the quarantine once there is one, and the install folder (switched
/// settings, saved files).
fn places(patient: &PatientSettings) -> Vec<(PathBuf, PathBuf)> {
    let beside = patient.database.parent().unwrap_or(Path::new("/"));
    let mut places = vec![(beside.to_owned(), patient.database.clone())];
    let quarantine = beside.join(QUARANTINE);
    if quarantine.is_dir() {
        places.push((quarantine, patient.database.clone()));
    }
    for file in ["config.py", ".env"] {
        places.push((patient.home.clone(), patient.home.join(file)));
    }
    places
}

async fn place(checker: &Checker<'_>, folder: &Path, like: &Path) -> Finding {
    let words = &checker.words;
    let name = format!("write {}", like.display());
    match heard(trial::write(folder, like).await) {
        Ok(()) => words.ok(name, "check-place-ok", &args([("path", path(folder))])),
        Err(failure) => {
            let told = args([
                ("path", path(folder)),
                ("user", super::people::own_user().into()),
            ]);
            words.failed_but(name, &failure, (mend(&failure), &told))
        }
    }
}

fn mend(failure: &Failure) -> &'static str {
    match failure.code {
        FailureCode::OwnerNotKept => "check-owner-mend",
        FailureCode::DiskFull => "check-full-mend",
        FailureCode::FileAccessDenied => "check-write-mend",
        _ => "check-folder-mend",
    }
}

async fn log(checker: &Checker<'_>, log: &Path) -> Finding {
    let words = &checker.words;
    let args = args([("path", path(log))]);
    match heard(trial::read(log).await) {
        Ok(()) => words.ok("log", "check-log-ok", &args),
        Err(failure) if failure.code == FailureCode::FileAccessDenied => {
            words.failed_but("log", &failure, ("check-read-mend", &args))
        }
        // REI writes it when it runs; a recovery can do without.
        Err(failure) => words
            .failed_but("log", &failure, ("check-log-mend", &args))
            .lenient(),
    }
}
