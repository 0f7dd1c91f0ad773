//! What the program is about, without I/O and without a clock.
//!
//! Everything here is a value or a pure function: the journal's events and their fold, the decision
//! what comes next, the approval rules, failures, the audit trail's hash. Nothing in this room may
//! import another room, read a file, or ask what time it is.

pub mod action;
pub mod address;
pub mod alert;
pub mod approval;
pub mod audit;
pub mod backup;
pub mod break_glass;
pub mod campaign;
pub mod case;
pub mod catalogue;
pub mod checklist;
pub mod choice;
pub mod chore;
pub mod chronicle;
pub mod contacts;
pub mod database;
pub mod diagnosis;
pub mod event;
pub mod facts;
pub mod failure;
pub mod health;
pub mod ids;
pub mod install;
pub mod job;
pub mod locale;
pub mod manifest;
pub mod money;
pub mod operator;
pub mod own_copy;
pub mod payment;
pub mod period;
pub mod plan;
pub mod post;
pub mod provider;
pub mod queue;
pub mod rate;
pub mod retention;
pub mod run;
pub mod runbook;
pub mod schedule;
pub mod second_factor;
pub mod secret;
pub mod told;
pub mod trend;
pub mod unit;
pub mod wording;

pub use jiff::Timestamp;
