//! The rehearsal's parts: what the other tests stand on must hold by itself.

mod patient;
mod rehearsal;
mod services;
mod world;
