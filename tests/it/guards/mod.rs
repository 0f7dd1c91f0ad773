//! What must not drift: rooms, locales, settings.

mod architecture;
mod locales;
mod settings;
mod source;
