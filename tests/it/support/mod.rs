//! What the tests stand on.

pub mod cut;
pub mod observer;
pub mod program;
pub mod python;
pub mod redis;
pub mod rq;
pub mod services;
pub mod strace;
pub mod systemd_lab;
pub mod wait;
