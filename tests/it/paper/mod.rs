//! What teams otherwise keep on paper: checklist, contacts, the runbooks' history.

mod checklist;
mod contacts;
mod keeper;
mod world;
