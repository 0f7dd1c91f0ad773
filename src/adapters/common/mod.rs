//! What several adapters need: names of backup files, file errors, durable writes, REI's database.

pub(super) mod fs;
pub(super) mod names;
pub(super) mod sqlite;
