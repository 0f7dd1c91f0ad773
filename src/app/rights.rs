//! The rights of the service are its own, and nobody's that it starts.
//!
//! Its unit gives them as ambient capabilities, and those pass to every program that is run. What
//! `pip3` finds in REI's folder was written by whoever can write there: with `CAP_DAC_OVERRIDE` it would
//! read this bot's token.

use rustix::io::Errno;

/// From here on what is started has no more rights than its user. This process keeps its own. Called
/// while there is one thread: others get the rights of the one that makes them.
///
/// # Errors
/// The kernel refuses, which it has no reason to.
pub(super) fn keep() -> Result<(), Errno> {
    match rustix::thread::clear_ambient_capability_set() {
        // A kernel that knows of none has passed none on.
        Err(Errno::INVAL) => Ok(()),
        done => done,
    }
}
