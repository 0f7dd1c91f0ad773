//! What everybody needs who looks into REI's database: opening it without a trace, deadlines, what
//! SQLite's errors mean, and the names that `schema.toml` maps.

mod locks;
mod names;
mod open;
mod query;

pub(crate) use names::{columns, missing, quoted, written};
pub(crate) use open::{Limit, Opened, at, look_at_header};
