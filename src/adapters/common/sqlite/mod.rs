//! What everybody needs who looks into REI's database: opening it without a trace, deadlines, what
//! SQLite's errors mean, and the names that `schema.toml` maps.

mod copy;
mod hold;
mod live;
mod names;
mod open;
mod query;

pub(crate) use copy::Target;
pub(crate) use hold::Held;
pub(crate) use live::look;
pub(crate) use names::{columns, missing, quoted, written};
pub(crate) use open::{Limit, Opened, at, read_header};
