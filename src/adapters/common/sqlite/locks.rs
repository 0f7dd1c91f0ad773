//! POSIX drops every lock that a process has on a file as soon as it closes any handle of it, even
//! one that SQLite knows nothing of. A look that ends while a transaction of ours is under way would
//! so take its locks from it, and REI could write, or remove the log, in the middle.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

static CLOSING: Mutex<()> = Mutex::new(());
/// Between two looks whether it is free.
const PAUSE: Duration = Duration::from_millis(2);

/// While it is held nobody here closes a handle of a live database that SQLite does not know of.
pub(super) type Undisturbed = MutexGuard<'static, ()>;

/// Waits until no transaction of ours is under way.
pub(super) fn undisturbed() -> Undisturbed {
    CLOSING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same, for at most so long.
pub(super) fn undisturbed_within(limit: Duration) -> Option<Undisturbed> {
    let until = Instant::now() + limit;
    loop {
        match CLOSING.try_lock() {
            Ok(held) => return Some(held),
            Err(TryLockError::Poisoned(held)) => return Some(held.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= until => return None,
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
        }
    }
}
