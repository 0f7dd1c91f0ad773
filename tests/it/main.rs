//! Everything that is tested on real components.

mod adapters;
mod contracts;
mod support;
