//! What the tests stand on.

pub mod systemd_lab;
pub mod wait;
