//! A short look at the database file for `/status`.

use super::PortResult;
use async_trait::async_trait;
use jiff::Timestamp;
use serde::Serialize;
use std::path::Path;

/// What a short look shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Glance {
    /// Size of the main file in bytes; absent when it is missing.
    pub size: Option<u64>,
    /// Size of the WAL in bytes; absent when there is none.
    pub wal: Option<u64>,
    /// Newest modification of either.
    pub last_write: Option<Timestamp>,
    /// Whether it opens and its schema can be read; the reason where it does not.
    pub readable: Result<(), crate::domain::failure::Failure>,
    /// Free bytes on its file system.
    pub free: u64,
}

/// Looks at a database without writing to it. Ends by itself within two seconds.
#[async_trait]
pub trait DatabaseGlance: Send + Sync {
    /// The look.
    async fn glance(&self, database: &Path) -> PortResult<Glance>;
}
