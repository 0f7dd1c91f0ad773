//! What must not drift: rooms, locales, settings.

mod architecture;
mod settings;
mod source;
