//! Backups that this program takes: on real files, a real S3 server, beside real writers.

mod consistent;
mod kills;
mod names;
mod people;
mod places;
mod prune;
mod refusals;
pub mod scene;
