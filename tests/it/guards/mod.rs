//! What must not drift: rooms, locales, settings.

mod architecture;
mod locales;
mod runbooks;
mod settings;
pub mod source;
