//! Everything that touches real components.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod guards;
mod settings;
