//! What the engine and the operators' verbs both do, whole, over ports alone: the two rooms do not
//! know each other, and what one shows before must be what the other does afterwards.

pub mod audience;
pub mod cases;
pub mod checklists;
pub mod differences;
pub mod health;
pub mod own_copies;
pub mod payments;
pub mod pending;
pub mod recipients;
pub mod request;
pub mod retry;
pub mod taking;
pub mod testing;
