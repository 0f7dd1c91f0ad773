//! The chat: the real client and store, driven over HTTP as people drive it.

mod commands;
mod dialogues;
pub mod full_check;
mod parts;
mod presses;
mod pump;
mod recovery;
pub mod scene;
mod story;
mod strangers;
