//! Everything that needs more than one part of the program at once.

#[cfg(feature = "demo")]
mod bot_api;
