//! What several adapters need: names of backup files, file errors, durable writes, owners, inflating,
//! running programs.

pub(super) mod fs;
pub(super) mod gzip;
pub(super) mod names;
pub(super) mod ownership;
pub(super) mod process;
