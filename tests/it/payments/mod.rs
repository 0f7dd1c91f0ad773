//! Payments: YooKassa's stand-in, REI's database, and the sync between them.

mod child;
mod kills;
mod pages;
mod people;
mod provider;
mod records;
mod rei;
mod sdk;
mod settle;
mod shop;
mod storm;
mod town;
