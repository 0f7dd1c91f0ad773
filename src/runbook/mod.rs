//! Runbooks and what else lies in their folder.

pub mod schema;
