//! `rei-recovery` carries out REI Bot's disaster recovery runbook from a chat or a console.
//!
//! The rooms and who may import whom are described in `ARCHITECTURE.md`; `tests/it/guards` holds
//! the code against that table.

pub mod adapters;
pub mod domain;
pub mod ports;
pub mod runbook;

#[cfg(feature = "demo")]
pub mod demo;
