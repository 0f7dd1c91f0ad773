//! The HTTP server over this house.

use super::compose::House;
use crate::domain::Timestamp;
use crate::http::{self, HttpParts, Limits};
use crate::ports::clock::SystemClock;
use crate::ports::journal::Generation;
use crate::ports::pulse::{Line, Pulse};
use crate::ports::vitals::Vitals;
use anyhow::Context;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// What the parts of this process tell about themselves while they work.
#[derive(Debug)]
pub(super) struct Signs {
    /// The worker's turns.
    pub worker: Arc<Pulse>,
    /// Updates from Telegram.
    pub telegram: Arc<Line>,
    began: Timestamp,
}

impl Signs {
    /// Of a process that begins now.
    pub(super) fn new() -> Self {
        Self {
            worker: Arc::default(),
            telegram: Arc::default(),
            began: Timestamp::now(),
        }
    }
}

/// Takes `HTTP_LISTEN`; nothing where it is not given.
///
/// # Errors
/// The address cannot be had.
pub(super) async fn bind(listen: Option<SocketAddr>) -> anyhow::Result<Option<TcpListener>> {
    let Some(address) = listen else {
        return Ok(None);
    };
    let bound = TcpListener::bind(address).await.with_context(|| {
        format!("HTTP_LISTEN={address} cannot be listened on: choose another address or port")
    })?;
    Ok(Some(bound))
}

/// What is looked at from outside. To be called by the process whose worker has just taken over.
///
/// # Errors
/// The state cannot be read.
pub(super) async fn parts(house: &House, signs: &Signs) -> anyhow::Result<Arc<HttpParts>> {
    let reign = house.store.figures().await?.reign;
    let reign = reign.context("nobody has taken the runs over")?;
    Ok(Arc::new(over(house, signs, reign)))
}

/// The same of a process that lives without a state: nothing is well.
pub(super) fn without_state(house: &House, signs: &Signs) -> Arc<HttpParts> {
    Arc::new(over(house, signs, Generation(0)))
}

fn over(house: &House, signs: &Signs, reign: Generation) -> HttpParts {
    HttpParts {
        vitals: Arc::new(house.store.clone()),
        rounds: house.monitor.observer.subscribe(),
        reign,
        worker: Arc::clone(&signs.worker),
        telegram: Arc::clone(&signs.telegram),
        scraped: Arc::clone(&house.keeper.sources.scraped),
        clock: Arc::new(SystemClock),
        began: signs.began,
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// Serves until it is told to stop.
pub(super) async fn serving(listener: TcpListener, parts: Arc<HttpParts>, stop: CancellationToken) {
    http::serve(listener, parts, Limits::default(), stop).await;
}
