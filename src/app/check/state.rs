//! The program's own state: its folder, its database, and whether an instance is at work.

use super::finding::{Finding, args, path};
use super::{Checker, blocking, heard};
use crate::adapters::trial;
use crate::domain::failure::{Args, FailureCode};
use crate::store::{InstanceLock, Standing, standing};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A year of audit, runs and history stays far below this.
const ROOM: u64 = 64 << 20;

/// Bits that let others than the owner and his group look in.
const OTHERS: u32 = 0o007;

/// Bits that let anybody but the owner look in.
const GROUP: u32 = 0o077;

/// The folder and what is in it.
pub(super) async fn check(checker: &Checker<'_>) -> Vec<Finding> {
    let dir = checker.settings().base.state_dir.as_path();
    let mut findings = vec![folder(checker, dir).await];
    if dir.is_dir() {
        findings.extend(privacy(checker, dir));
        findings.extend(key(checker, dir));
        findings.push(database(checker, dir).await);
        findings.push(instance(checker, dir).await);
    }
    findings
}

/// Whether it can be written, or made where it is not there yet.
async fn folder(checker: &Checker<'_>, dir: &Path) -> Finding {
    let words = &checker.words;
    let there = dir.ancestors().find(|folder| folder.is_dir());
    let there = there.unwrap_or(Path::new("/"));
    if let Err(failure) = heard(trial::write(there, there).await) {
        let mend = args([
            ("path", path(dir)),
            ("user", super::people::own_user().into()),
        ]);
        return match failure.code {
            FailureCode::FileAccessDenied => {
                words.failed_but("state", &failure, ("check-state-mend", &mend))
            }
            _ => words.failed("state", &failure),
        };
    }
    let free = trial::free(there).await.unwrap_or_default();
    let found = args([
        ("path", path(dir)),
        ("free", crate::domain::failure::Arg::Bytes(free)),
    ]);
    match () {
        () if free < ROOM => words.wrong("state", "check-state-full", &found).lenient(),
        () if there != dir => words.ok("state", "check-state-new", &found),
        () => words.ok("state", "check-state-ok", &found),
    }
}

/// The audit trail's key and people's names are nobody else's business.
fn privacy(checker: &Checker<'_>, dir: &Path) -> Option<Finding> {
    let mode = |path: &Path| {
        std::fs::metadata(path)
            .ok()
            .map(|found| found.mode() & 0o7777)
    };
    let closed = |path: &Path| mode(path).is_none_or(|mode| mode & OTHERS == 0);
    let open = match closed(dir) {
        true => return None,
        // Others may pass through the folder as long as the files themselves are closed to them.
        false => ["state.db", "state.db-wal", "audit.key"].map(|name| dir.join(name)),
    };
    let open = open.iter().find(|file| !closed(file))?;
    let args = args([
        ("path", path(open)),
        ("folder", path(dir)),
        ("mode", format!("{:04o}", mode(open)?).into()),
    ]);
    let found = checker.words.wrong("state mode", "check-state-open", &args);
    Some(found.lenient())
}

/// Whoever reads the key can forge the seal of the trail, wherever he got the trail from.
fn key(checker: &Checker<'_>, dir: &Path) -> Option<Finding> {
    let file = dir.join("audit.key");
    let mode = std::fs::metadata(&file).ok()?.mode() & 0o7777;
    let args = args([
        ("path", path(&file)),
        ("mode", format!("{mode:04o}").into()),
    ]);
    let wrong = checker.words.wrong("audit key", "check-key-open", &args);
    (mode & GROUP != 0).then(|| wrong.lenient())
}

/// The settings and the files that they name hold what opens everything.
pub(super) async fn secrets(checker: &Checker<'_>) -> Vec<Finding> {
    let words = &checker.words;
    let files = checker.sources.secret_files();
    let mut findings = Vec::new();
    for file in &files {
        // One that cannot be looked at was read all the same, or is a problem of the settings.
        let Ok(found) = std::fs::metadata(file) else {
            continue;
        };
        let mode = found.mode() & 0o7777;
        let args = args([("path", path(file)), ("mode", format!("{mode:04o}").into())]);
        if mode & OTHERS != 0 {
            let name = format!("secrets {}", file.display());
            findings.push(words.wrong(name, "check-secret-open", &args).lenient());
        }
    }
    if findings.is_empty() && !files.is_empty() {
        findings.push(words.ok("secrets", "check-secret-ok", &Args::new()));
    }
    findings
}

async fn database(checker: &Checker<'_>, dir: &Path) -> Finding {
    let words = &checker.words;
    let name = "state.db";
    let args = args([("path", path(&dir.join(name)))]);
    let folder = dir.to_owned();
    match blocking(move || standing(&folder)).await {
        Some(Ok(Standing::Sound)) => words.ok(name, "check-state-db-ok", &args),
        Some(Ok(Standing::Absent)) => words.ok(name, "check-state-db-new", &args),
        Some(Ok(Standing::Newer)) => words.wrong(name, "check-state-db-newer", &args),
        Some(Ok(Standing::Damaged(first))) => {
            told(words.wrong(name, "check-state-db-damaged", &args), &first)
        }
        Some(Err(error)) => told(
            words.wrong(name, "check-state-db-closed", &args),
            &error.to_string(),
        ),
        None => words.wrong(name, "check-state-db-closed", &args),
    }
}

fn told(mut finding: Finding, cause: &str) -> Finding {
    finding.found = format!("{} ({cause})", finding.found);
    finding
}

/// Another instance is no error: the console works beside it.
async fn instance(checker: &Checker<'_>, dir: &Path) -> Finding {
    let words = &checker.words;
    let folder = dir.to_owned();
    match blocking(move || InstanceLock::holder(&folder)).await {
        Some(Ok(Some(Some(other)))) => {
            let args = args([
                ("pid", other.pid.to_string().into()),
                ("since", other.since.into()),
            ]);
            words.ok("instance", "check-instance-runs", &args)
        }
        Some(Ok(Some(None))) => words.ok("instance", "check-instance-unnamed", &Args::new()),
        Some(Ok(None)) => words.ok("instance", "check-instance-none", &Args::new()),
        Some(Err(error)) => {
            let wrong = words.wrong("instance", "check-instance-closed", &Args::new());
            told(wrong, &error.to_string())
        }
        None => words.wrong("instance", "check-instance-closed", &Args::new()),
    }
}
