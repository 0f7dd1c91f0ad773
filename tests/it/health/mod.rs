//! Each probe against the real thing, healthy and broken.

mod backups;
mod bot;
mod database;
mod disk;
mod ground;
mod hung;
mod log;
mod queue;
mod redis;
mod rounds;
mod servers;
mod services;
mod units;
