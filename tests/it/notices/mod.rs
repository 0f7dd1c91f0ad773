//! Notices to many: the book, the sender, the courier, and what a crash may cost.

mod book;
mod courier;
mod courier_files;
mod courier_scene;
mod lists;
mod post;
mod random;
mod sending;
mod stage;
mod trouble;
