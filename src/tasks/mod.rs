//! Work over several ports that the engine carries out and operators preview: the same code decides
//! in both places what a retry, a sync or a comparison is about.

pub mod differences;
pub mod payments;
pub mod pending;
pub mod retry;
