//! The whole program against people who may not, backups that are not good, and a real systemd.

mod attackers;
mod contents;
mod decisions;
mod failures;
mod large;
pub mod play;
mod silent_places;
mod systemd;
