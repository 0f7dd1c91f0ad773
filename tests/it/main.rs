//! Everything that is tested on real components.

mod adapters;
#[cfg(feature = "demo")]
mod bot_api;
mod contracts;
mod support;
