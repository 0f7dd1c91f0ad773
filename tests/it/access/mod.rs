//! Who gets in, and how often: the second factor, break-glass, and strangers by the thousand.

mod codes;
mod flood;
mod glass;
mod tries;
