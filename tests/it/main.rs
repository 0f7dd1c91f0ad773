//! Everything that touches real components.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(feature = "demo")]
mod access;
mod adapters;
#[cfg(feature = "demo")]
mod attack;
#[cfg(feature = "demo")]
mod bot_api;
#[cfg(feature = "demo")]
mod chat;
#[cfg(feature = "demo")]
mod check;
mod chores;
mod contracts;
#[cfg(feature = "demo")]
mod demo;
#[cfg(feature = "demo")]
mod drill;
mod guards;
#[cfg(feature = "demo")]
mod health;
#[cfg(feature = "demo")]
mod incident;
#[cfg(feature = "demo")]
mod install;
#[cfg(feature = "demo")]
mod notices;
#[cfg(feature = "demo")]
mod own;
#[cfg(feature = "demo")]
mod package;
#[cfg(feature = "demo")]
mod paper;
#[cfg(feature = "demo")]
mod payments;
mod queue;
#[cfg(feature = "demo")]
mod recovery;
#[cfg(feature = "demo")]
mod resist;
#[cfg(feature = "demo")]
mod restore;
mod settings;
mod soak;
mod support;
#[cfg(feature = "demo")]
mod taking;
#[cfg(feature = "demo")]
mod testing;
mod watch;
