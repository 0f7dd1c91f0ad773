//! The chat: the real client and store, driven over HTTP as people drive it.

mod commands;
mod dialogues;
mod presses;
mod pump;
mod recovery;
mod scene;
mod strangers;
