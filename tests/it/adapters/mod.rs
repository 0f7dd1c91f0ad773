//! Adapters that stand alone behind their port.

mod patient_log;
mod rei_bot;
