//! The chat.

pub mod intent;
pub mod render;
