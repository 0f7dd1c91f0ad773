//! History of rounds, metrics, and what stands in `deploy/` for those who watch.

mod alerts;
mod deploy;
mod exposition;
mod history;
mod model;
mod promql;
mod scene;
mod server;
