//! The rehearsal: stand-ins for everything that lives elsewhere, also used by the tests.
//!
//! [`world::World`] puts them together around the program under test, which runs as a process of its
//! own. Nothing here is known to the rooms below: the program cannot tell a rehearsal from the real
//! thing.

mod auto;
pub mod bot_api;
pub mod cli;
mod dice;
pub mod drill;
pub mod error;
mod needs;
pub mod patient;
pub mod providers;
pub mod redis_server;
mod rehearsal;
pub mod s3;
pub mod service;
mod stage;
mod terminal;
pub mod units;
pub mod world;
pub mod yookassa;

pub use rehearsal::run;
