//! `rei-recovery check` as a process, on installs that are whole and on broken ones.

mod broken;
mod healthy;
mod modes;
pub mod play;
mod rights;
mod silence;
