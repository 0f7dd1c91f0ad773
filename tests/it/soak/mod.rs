//! Random recoveries with random faults and kills.
//!
//! Real are the own state, the engine and its worker, the verbs, the database's files and checks, the
//! backup folder, saved files, settings, and Redis; a model with a log stands for units, providers and
//! Telegram. A kill here drops the worker at a call's boundary with all it holds, and another one starts
//! over the same state; kills by a real signal at every position of a journal are `recovery/matrix`.
//!
//! The test plays a small number with fresh seeds. `SOAK_RUNS` makes it another number, and `SOAK_SEED`
//! the first seed; seeds count up from there. A failure is shrunk and shown with its seed:
//! `SOAK_SEED=… SOAK_RUNS=1 cargo test --test it soak::tests::recoveries`.

mod answer;
mod content;
mod fault;
mod ground;
mod house;
mod judge;
mod layer;
mod models;
mod person;
mod plant;
mod play;
mod ports;
mod records;
mod runs;
mod tests;
mod town;
mod witness;
