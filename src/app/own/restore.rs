//! A copy of the state put back in the place of what is there, and what was there kept.

use super::copier::Bench;
use crate::adapters::own_copies::{blocking, file_error, sync_folder, unpack};
use crate::domain::Timestamp;
use crate::domain::backup::BackupTime;
use crate::domain::failure::{Args, FailureCode};
use crate::domain::operator::Actor;
use crate::domain::own_copy::{self, OwnCopy};
use crate::ports::own_copies::OwnCopies;
use crate::ports::{PortError, PortResult};
use crate::store::{self, Inspection, OpenError, SealedHead, Settled};
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::path::{Path, PathBuf};

/// Where what was there is kept.
const ASIDE: &str = "set-aside";

/// The files of the state, the database first: one that is missing is unmistakable, and one without its
/// log opens clean and lacks what was committed.
const FILES: [&str; 4] = [
    "state.db",
    "state.db-wal",
    "state.db-shm",
    "state.db-journal",
];

/// What came of it.
pub(super) struct Restored {
    /// What the copy held.
    pub(super) inspection: Inspection,
    /// What was ended in it.
    pub(super) settled: Settled,
    /// Entries of the trail between the copy and what was there; absent where that cannot be read.
    pub(super) missing: Option<u64>,
    /// Where what was there is now; absent where there was nothing.
    pub(super) aside: Option<PathBuf>,
}

/// Fetches the copy, looks through it, ends in it what was under way, and puts it in place. Until
/// then nothing is changed.
///
/// # Errors
/// The copy cannot be fetched or is damaged, or a file cannot be used.
pub(super) async fn restore(
    dir: &Path,
    place: &dyn OwnCopies,
    (copy, by): (&OwnCopy, Actor),
) -> PortResult<Restored> {
    let bench = Bench::at(&dir.join("restoring"))?;
    let (packed, plain) = (bench.file("copy.gz"), bench.file("copy.db"));
    let (dir, time) = (dir.to_owned(), copy.time);
    place.fetch(time, &packed).await?;
    let unpacked = unpack(&packed, &plain).await;
    unpacked.map_err(|error| match error.code() {
        FailureCode::BackupDamaged => error.with("backup", own_copy::name(time)),
        _ => error,
    })?;
    blocking(move || put(&dir, &bench, &plain, (time, by))).await
}

fn put(
    dir: &Path,
    bench: &Bench,
    plain: &Path,
    (time, by): (BackupTime, Actor),
) -> PortResult<Restored> {
    let name = own_copy::name(time);
    let inspection = store::inspect(plain, dir).map_err(|error| match error {
        OpenError::File { path, source } => file_error(&path, &source, 0),
        OpenError::Newer(_) => PortError::new(FailureCode::StateNewer).with("copy", name.as_str()),
        OpenError::Database { reason, .. } => PortError::new(FailureCode::BackupDamaged)
            .with("backup", name.as_str())
            .because(reason),
    })?;
    let missing = missing(old_head(dir, bench), inspection.head);
    let now = Timestamp::now();
    let mut detail = Args::from([("copy".to_owned(), time.to_string().into())]);
    if let Some(missing) = missing {
        let missing = i64::try_from(missing).unwrap_or(i64::MAX);
        detail.insert("missing".to_owned(), missing.into());
    }
    let told = store::RestoreTold {
        actor: by,
        subject: name.clone(),
        detail,
        now,
    };
    // The copy is sound: what goes wrong now is this machine's.
    let settled = store::settle(plain, dir, told).map_err(|error| unusable(&error))?;
    own(plain, dir)?;
    let aside = set_aside(dir, now)?;
    let db = dir.join("state.db");
    if let Err(error) = fs::rename(plain, &db) {
        if let Some(aside) = &aside {
            bring_back(aside, dir);
        }
        return Err(file_error(&db, &error, 0));
    }
    sync_folder(dir)?;
    Ok(Restored {
        inspection,
        settled,
        missing,
        aside,
    })
}

/// The end of the trail that is there, read from a copy of its files: reading may change them.
fn old_head(dir: &Path, bench: &Bench) -> Option<SealedHead> {
    let old = bench.file("old.db");
    fs::copy(dir.join("state.db"), &old).ok()?;
    // Without it the file alone is read.
    drop(fs::copy(dir.join("state.db-wal"), bench.file("old.db-wal")));
    store::salvaged_head(&old, dir)
}

/// Only what the key sealed counts: anything may stand in a damaged file.
fn missing(old: Option<SealedHead>, copy: Option<SealedHead>) -> Option<u64> {
    let old = old.filter(|head| head.sealed)?;
    Some(old.seq.saturating_sub(copy.map_or(0, |head| head.seq)))
}

/// Moves the state's files into a folder of their own, which is given; nothing is removed. The key
/// stays: it seals what follows as well.
///
/// # Errors
/// A file cannot be moved.
pub(super) fn set_aside(dir: &Path, now: Timestamp) -> PortResult<Option<PathBuf>> {
    let there: Vec<&str> = FILES
        .into_iter()
        .filter(|name| dir.join(name).symlink_metadata().is_ok())
        .collect();
    if there.is_empty() {
        return Ok(None);
    }
    let above = dir.join(ASIDE);
    if let Err(error) = make(&above)
        && error.kind() != io::ErrorKind::AlreadyExists
    {
        return Err(file_error(&above, &error, 0));
    }
    let time = BackupTime::of(now).to_string();
    let names = std::iter::once(time.clone()).chain((2..100).map(|n| format!("{time}-{n}")));
    for name in names {
        let folder = above.join(name);
        match make(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            made => made.map_err(|error| file_error(&folder, &error, 0))?,
        }
        for name in there {
            if let Err(error) = fs::rename(dir.join(name), folder.join(name)) {
                bring_back(&folder, dir);
                return Err(file_error(&dir.join(name), &error, 0));
            }
        }
        sync_folder(&folder)?;
        own_as(&folder, dir)?;
        own_as(&above, dir)?;
        return Ok(Some(folder));
    }
    Err(file_error(&above, &io::ErrorKind::AlreadyExists.into(), 0))
}

/// Puts what was set aside where it was, the database last for the reason it went first. What cannot be
/// moved stays in the folder.
fn bring_back(aside: &Path, dir: &Path) {
    for name in FILES.into_iter().rev() {
        let (from, to) = (aside.join(name), dir.join(name));
        if from.exists()
            && let Err(error) = fs::rename(&from, &to)
        {
            tracing::error!(%error, from = %from.display(), "a file of the state stays aside");
        }
    }
    // A folder that holds nothing tells nothing.
    drop(fs::remove_dir(aside));
}

/// What keeps the state from being opened.
pub(super) fn unusable(error: &OpenError) -> PortError {
    match error {
        OpenError::File { path, source } => file_error(path, source, 0),
        OpenError::Newer(_) | OpenError::Database { .. } => {
            PortError::new(FailureCode::StateUnavailable).because(error)
        }
    }
}

fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(folder)
}

pub(super) fn own(file: &Path, dir: &Path) -> PortResult<()> {
    own_as(file, dir)?;
    own_as(&dir.join("audit.key"), dir)
}

/// Whoever runs this, the folder's owner must be able to use it.
pub(super) fn own_as(path: &Path, dir: &Path) -> PortResult<()> {
    let owned = || {
        let (is, wanted) = (fs::metadata(path)?, fs::metadata(dir)?);
        if (is.uid(), is.gid()) == (wanted.uid(), wanted.gid()) {
            return Ok(());
        }
        chown(path, Some(wanted.uid()), Some(wanted.gid()))
    };
    owned().map_err(|error| file_error(path, &error, 0))
}
