//! REI's database: readable, of the mapped schema, and provably closed when it must be.

use super::finding::{Finding, args, count, path};
use super::{Checker, heard, runbooks};
use crate::adapters::file_holders::ProcHolders;
use crate::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use crate::domain::failure::{Arg, Args, Failure, FailureCode};
use crate::ports::database::{DatabaseChecks, FileHolders};
use crate::ports::glance::DatabaseGlance;

/// Nothing where `schema.toml` cannot be read: that is told elsewhere.
fn checks(checker: &Checker<'_>) -> Option<SqliteChecks> {
    let schema = runbooks::schema(&checker.settings().base).ok()?;
    Some(SqliteChecks::new(schema, CheckLimits::default()))
}

/// Whether it opens.
pub(super) async fn check(checker: &Checker<'_>) -> Vec<Finding> {
    let (words, name) = (&checker.words, "database");
    let database = &checker.settings().base.patient.database;
    let Some(checks) = checks(checker) else {
        return Vec::new();
    };
    let finding = match heard(checks.glance(database).await) {
        Ok(glance) => match glance.readable {
            Ok(()) => words.ok(
                name,
                "check-database-ok",
                &args([
                    ("path", path(database)),
                    ("size", Arg::Bytes(glance.size.unwrap_or_default())),
                    ("free", Arg::Bytes(glance.free)),
                ]),
            ),
            Err(failure) => unreadable(checker, &failure),
        },
        Err(failure) => words.failed(name, &failure),
    };
    vec![finding]
}

/// A broken database is what this program is for; one that we may not read is a broken installation.
fn unreadable(checker: &Checker<'_>, failure: &Failure) -> Finding {
    let args = args([("path", path(&checker.settings().base.patient.database))]);
    let words = &checker.words;
    match failure.code {
        FailureCode::FileAccessDenied => {
            words.failed_but("database", failure, ("check-read-mend", &args))
        }
        FailureCode::DatabaseMissing => words
            .failed_but("database", failure, ("check-database-missing-mend", &args))
            .lenient(),
        _ => words.failed("database", failure).lenient(),
    }
}

/// Whether every mapped table and column is there.
pub(super) async fn schema(checker: &Checker<'_>) -> Vec<Finding> {
    let (words, name) = (&checker.words, "schema");
    let Some(checks) = checks(checker) else {
        return Vec::new();
    };
    let missing = checks.missing(&checker.settings().base.patient.database);
    let finding = match heard(missing.await) {
        Ok(missing) if missing.is_empty() => words.ok(name, "check-schema-ok", &Args::new()),
        Ok(missing) => {
            let args = args([("missing", missing.join(", ").into())]);
            words.wrong(name, "check-schema-missing", &args)
        }
        Err(failure) => words.failed(name, &failure).lenient(),
    };
    vec![finding]
}

/// Without a sight of all processes no database is ever proved closed.
pub(super) async fn holders(checker: &Checker<'_>) -> Vec<Finding> {
    let (words, name) = (&checker.words, "open files");
    let report = ProcHolders.holders(&checker.settings().base.patient.database);
    let finding = match heard(report.await) {
        Ok(report) if report.hidden == 0 => {
            let args = args([("count", count(report.seen))]);
            words.ok(name, "check-holders-ok", &args)
        }
        Ok(report) => {
            let failure = Failure::new(FailureCode::HoldersHidden).with(
                "processes",
                i64::try_from(report.hidden).unwrap_or(i64::MAX),
            );
            words.failed_but(name, &failure, ("check-holders-mend", &Args::new()))
        }
        Err(failure) => words.failed(name, &failure),
    };
    vec![finding]
}
