//! REI's job queue: our adapter, real Redis servers, real RQ workers.
