//! What several adapters need: names of backup files, file errors, durable writes, owners, inflating,
//! running programs, REI's database.

pub(super) mod fs;
pub(super) mod gzip;
pub(super) mod manifest;
pub(super) mod names;
pub(super) mod own_folder;
pub(super) mod ownership;
pub(super) mod process;
pub(super) mod sqlite;
