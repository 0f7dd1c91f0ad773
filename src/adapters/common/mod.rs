//! What several adapters need: names of backup files, file errors, durable writes.

pub(super) mod fs;
pub(super) mod names;
