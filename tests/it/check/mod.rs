//! `rei-recovery check` as a process, on installs that are whole and on broken ones.

mod broken;
mod healthy;
pub mod play;
mod rights;
mod silence;
