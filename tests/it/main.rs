//! Everything that touches real components.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod adapters;
#[cfg(feature = "demo")]
mod bot_api;
mod contracts;
mod guards;
mod settings;
mod support;
