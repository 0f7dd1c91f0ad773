//! What an attacker would try. The list with the result of each stands in `deploy/THREATS.md`; what other
//! rooms try already is named there and not done again here.

mod bomb;
mod groups;
mod injection;
mod links;
mod output;
mod rights;
mod servers;
mod store;
mod updates;
