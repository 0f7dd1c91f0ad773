//! The tests' own servers and RQ.

#[allow(dead_code)]
#[path = "../../tests/it/support/python.rs"]
pub mod python;
#[allow(dead_code)]
#[path = "../../tests/it/support/redis.rs"]
pub mod redis;
#[allow(dead_code)]
#[path = "../../tests/it/support/rq.rs"]
pub mod rq;
