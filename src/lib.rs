//! `rei-recovery` carries out REI Bot's disaster recovery runbook from a chat or a console.
//!
//! The rooms and who may import whom are described in `ARCHITECTURE.md`; `tests/it/guards` holds
//! the code against that table.

pub mod adapters;
pub mod app;
pub mod cli;
pub mod config;
pub mod document;
pub mod domain;
pub mod engine;
pub mod http;
pub mod i18n;
pub mod ops;
pub mod picture;
pub mod ports;
pub mod runbook;
pub mod store;
pub mod tasks;
pub mod telegram;

#[cfg(feature = "demo")]
pub mod demo;
