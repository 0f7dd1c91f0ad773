//! Notices to many: the book, the sender, and what a crash may cost.

mod book;
mod lists;
mod post;
mod random;
mod sending;
mod stage;
mod trouble;
