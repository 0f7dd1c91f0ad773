//! The test of backups: damaged ones, good ones, and what becomes of a test that is killed.

mod corpus;
mod damage;
mod good;
mod ground;
mod kills;
mod material;
mod renamed;
