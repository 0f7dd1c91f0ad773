//! The rehearsal: stand-ins for everything that lives elsewhere, also used by the tests.

pub mod bot_api;
pub mod s3;
