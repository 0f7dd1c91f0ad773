//! What the tests stand on.

pub mod program;
pub mod python;
pub mod strace;
pub mod systemd_lab;
pub mod wait;
