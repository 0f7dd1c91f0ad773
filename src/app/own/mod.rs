//! The program's own state: opened, watched, copied, and stood in for while it cannot be used.

mod command;
mod copier;
mod degraded;
mod restore;
mod watch;

pub use command::State;
pub(super) use command::run as command;
pub(super) use degraded::{Mended, live as live_without};
pub(super) use watch::watch;

use crate::config::BaseSettings;
use crate::domain::Timestamp;
use crate::ports::clock::SystemClock;
use crate::ports::own_copies::OwnState;
use crate::ports::vitals::Vitals;
use crate::store::{InstanceLock, LockError, OpenError, Store};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

/// Makes the hourly copies.
pub(super) fn copier(base: &BaseSettings) -> Arc<dyn OwnState> {
    Arc::new(copier::Copier::new(&base.state_dir, "copying"))
}

/// Why the state cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    /// In technical words.
    pub(super) why: String,
    /// The file in which damage was found at work, though it opened: only another file is tried.
    pub(super) file: Option<(u64, u64)>,
    /// It may be sound, and takes no writes.
    pub(super) unwritten: bool,
}

impl Broken {
    /// Damage that was found at work.
    pub(super) fn at_work(dir: &Path, why: String) -> Self {
        let file = identity(dir);
        if let Some(file) = file
            && let Err(error) = fs::write(dir.join(DAMAGED), mark(file))
        {
            tracing::warn!(%error, "the damage cannot be marked");
        }
        Self {
            why,
            file,
            unwritten: false,
        }
    }

    /// Damage that was found at work, before this start.
    fn marked(dir: &Path) -> Option<Self> {
        let file = identity(dir)?;
        let marked = fs::read_to_string(dir.join(DAMAGED)).ok()? == mark(file);
        marked.then(|| Self {
            why: "damage was found in it at work".to_owned(),
            file: Some(file),
            unwritten: false,
        })
    }

    fn unwritten(error: &impl std::fmt::Display) -> Self {
        Self {
            unwritten: true,
            ..Self::closed(error)
        }
    }

    fn closed(error: &impl std::fmt::Display) -> Self {
        Self {
            why: error.to_string(),
            file: None,
            unwritten: false,
        }
    }
}

/// The file that names the one in which damage was found at work. Such a file opens, so whoever comes
/// next (a console, the next start) would work on it.
const DAMAGED: &str = "damaged";

fn mark((device, inode): (u64, u64)) -> String {
    format!("{device}:{inode}")
}

/// Which file the state is.
fn identity(dir: &Path) -> Option<(u64, u64)> {
    let found = fs::metadata(dir.join("state.db")).ok()?;
    Some((found.dev(), found.ino()))
}

/// The state, and the right to work in its folder.
pub(super) struct Whole {
    pub(super) store: Store,
    pub(super) lock: InstanceLock,
}

/// What opening it gave.
pub(super) enum Opened {
    Whole(Whole),
    Broken(Broken),
}

/// Opens the state for the one that works on it: it must be sound and take writes.
///
/// # Errors
/// Another instance works on it.
pub(super) async fn open(dir: &Path) -> anyhow::Result<Opened> {
    let lock = match InstanceLock::take(dir, "rei-recovery run", Timestamp::now()) {
        Ok(lock) => lock,
        Err(error @ LockError::Held { .. }) => return Err(error.into()),
        Err(error) => return Ok(Opened::Broken(Broken::closed(&error))),
    };
    if let Some(broken) = Broken::marked(dir) {
        return Ok(Opened::Broken(broken));
    }
    let folder = dir.to_owned();
    let opening = move || Store::open_sound(&folder, Arc::new(SystemClock));
    let store = match tokio::task::spawn_blocking(opening).await? {
        Ok(store) => store,
        Err(error) => return Ok(Opened::Broken(Broken::closed(&error))),
    };
    Ok(match store.touch().await {
        Ok(()) => Opened::Whole(Whole { store, lock }),
        Err(error) => Opened::Broken(Broken::unwritten(&error)),
    })
}

/// The state for a command of the console; where it cannot be used, one that stands in for it.
///
/// # Errors
/// Not even that can be had.
pub(super) fn for_console(base: &BaseSettings) -> Result<(Store, Option<String>), OpenError> {
    let dir = &base.state_dir;
    let opened = match Broken::marked(dir) {
        Some(broken) => Err(broken.why),
        None => Store::open_kept(dir, Arc::new(SystemClock)).map_err(|error| error.to_string()),
    };
    match opened {
        Ok(store) => Ok((store, None)),
        Err(why) => {
            let store = Store::standing_in(Arc::new(SystemClock), &why)?;
            Ok((store, Some(why)))
        }
    }
}
