//! What must not drift: rooms, locales, settings.

mod architecture;
mod attacks;
mod locales;
mod runbooks;
mod settings;
mod shown;
pub mod source;
