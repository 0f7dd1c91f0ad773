//! Notices to many: the book, the sender, the courier, what a crash may cost, and the people who write
//! and decide.

mod afterwards;
mod book;
mod clearing;
mod composing;
mod console;
mod courier;
mod courier_files;
mod courier_scene;
mod deciding;
mod kills;
mod lists;
mod post;
mod random;
mod sending;
mod stage;
mod steps;
mod trouble;
mod unreachable;
pub mod writer;
