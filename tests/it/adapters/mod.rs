//! Adapters that stand alone behind their port.
