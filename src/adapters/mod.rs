//! The outside world behind the ports: one file or folder per technology.
//!
//! An adapter decides whether an error is transient and whether its effect may have happened; what
//! to do about it is the engine's business. No adapter knows another.

pub mod ai_providers;
pub mod backup_dir;
pub mod catalogue;
pub mod command_units;
mod common;
pub mod enclosure;
pub mod file_holders;
pub mod own_copies;
pub mod patient_log;
pub mod peers;
pub mod programs;
pub mod rei_bot;
pub mod rei_records;
pub mod rq;
pub mod s3;
pub mod saved_files;
pub mod scratch;
pub mod settings_files;
pub mod sqlite_backup;
pub mod sqlite_checks;
pub mod sqlite_files;
pub mod systemd;
pub mod this_host;
pub mod trial;
pub mod yookassa;
