//! REI's job queue: our adapter, real Redis servers, real RQ workers.

mod cut;
mod ground;
mod rebuild;
mod refusals;
mod requeue;
mod survey;
mod tls;
