//! Everything that is tested on real components.

mod restore;
