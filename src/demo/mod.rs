//! The rehearsal: stand-ins for everything that lives elsewhere, also used by the tests.

pub mod bot_api;
pub mod cli;
mod dice;
pub mod error;
pub mod patient;
pub mod s3;
pub mod service;
pub mod units;
pub mod world;
