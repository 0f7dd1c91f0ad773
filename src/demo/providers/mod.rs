//! Stand-ins of both AI providers on one loopback port: what of their APIs the program asks, with a
//! switch each for what goes wrong with the real ones.

mod gemini;
mod kling;
mod server;
mod state;

pub use state::{Endpoint, Mood, Service, TaskWord};

use crate::runbook::providers::BUILT_IN;
use state::State;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// Hosts of the real ones, as the built-in `providers.toml` names them.
const REAL: [&str; 2] = [
    "https://generativelanguage.googleapis.com",
    "https://api-singapore.klingai.com",
];

/// Where it listens and which keys are right.
#[derive(Debug, Clone)]
pub struct ProvidersOptions {
    /// Where to listen; port 0 takes a free one.
    pub addr: SocketAddr,
    /// `NANO_BANANA_API_KEY`.
    pub nano_banana_key: String,
    /// `KLING_ACCESS_KEY`.
    pub kling_access: String,
    /// `KLING_SECRET_KEY`.
    pub kling_secret: String,
}

impl ProvidersOptions {
    /// On a free loopback port, with keys that are good for nothing else.
    #[must_use]
    pub fn local() -> Self {
        Self {
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            nano_banana_key: "rehearsal-gemini-key".into(),
            kling_access: "rehearsal-kling-access".into(),
            kling_secret: "rehearsal-kling-secret".into(),
        }
    }
}

/// The running stand-ins; they end with their handle.
#[derive(Debug)]
pub struct ProvidersServer {
    addr: SocketAddr,
    state: Arc<State>,
    accept: AbortHandle,
}

impl ProvidersServer {
    /// Starts serving, everything in order.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn start(options: ProvidersOptions) -> io::Result<Self> {
        let listener = TcpListener::bind(options.addr).await?;
        let addr = listener.local_addr()?;
        let state = Arc::new(State::new(options));
        let router = gemini::routes()
            .merge(kling::routes())
            .with_state(Arc::clone(&state));
        let accept = tokio::spawn(server::accept(listener, router)).abort_handle();
        Ok(Self {
            addr,
            state,
            accept,
        })
    }

    /// Its address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The built-in `providers.toml` with these stand-ins in the place of the real ones.
    #[must_use]
    pub fn toml(&self) -> String {
        REAL.iter().fold(BUILT_IN.to_owned(), |text, real| {
            text.replace(real, &self.url())
        })
    }

    /// From now on a service is like this; requests that hang notice it too.
    pub fn set_mood(&self, service: Service, mood: Mood) {
        self.state.set_mood(service, mood);
    }

    /// How a service is now.
    #[must_use]
    pub fn mood(&self, service: Service) -> Mood {
        self.state.mood(service)
    }

    /// Kling knows this task from now on.
    pub fn set_task(&self, id: &str, endpoint: Endpoint, word: TaskWord) {
        self.state.set_task(id, endpoint, word);
    }

    /// By so many seconds Kling's clock is ahead of this machine's.
    pub fn set_clock(&self, ahead: i64) {
        self.state.set_clock(ahead);
    }

    /// Requests that were answered or held, as `GET /path`, with their tokens where they had some.
    #[must_use]
    pub fn requests(&self) -> Vec<(String, Option<String>)> {
        self.state.requests()
    }
}

impl Drop for ProvidersServer {
    fn drop(&mut self) {
        self.accept.abort();
    }
}
