//! Backups, the restore, and the database's files, on real files, file systems and an S3 server.

mod catalogue;
mod checks;
mod disk;
mod files;
pub mod fixture;
mod folder;
mod full_disk;
mod holders;
mod live;
mod loss;
mod other_store;
mod places;
mod s3;
mod stage;
