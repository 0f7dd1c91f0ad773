//! A short look at a server: the certificate it shows and the time it tells.
//!
//! Whether the certificate can be trusted is not asked here, for one that has ended must be seen all
//! the same. So nothing is sent that is a secret, nothing that is answered is believed but these two,
//! and no redirection is followed.

mod certificate;

use crate::domain::failure::FailureCode;
use crate::ports::peers::{Peer, Peers};
use crate::ports::{PortError, PortResult, redact};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use reqwest::header::DATE;
use reqwest::redirect::Policy;
use reqwest::tls::TlsInfo;
use reqwest::{Client, Response};
use std::time::Duration;
use url::Url;

/// Longest wait for a connection, and for the answer.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(10);
/// A server tells whole seconds: on the average it is half a second later.
const HALF: SignedDuration = SignedDuration::from_millis(500);

/// The HTTP client cannot be set up: the machine's TLS or name resolution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no HTTP client can be made: {0}")]
pub struct NoClient(String);

/// Servers over HTTP.
#[derive(Debug, Clone)]
pub struct HttpPeers {
    client: Client,
}

impl HttpPeers {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// The HTTP client cannot be set up.
    pub fn new() -> Result<Self, NoClient> {
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .redirect(Policy::none())
            .pool_max_idle_per_host(0)
            .tls_info(true)
            .danger_accept_invalid_certs(true)
            .user_agent(concat!("rei-recovery/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| NoClient(redact::error(&error)))?;
        Ok(Self { client })
    }
}

#[async_trait]
impl Peers for HttpPeers {
    async fn look(&self, server: &Url) -> PortResult<Peer> {
        let mut root = server.clone();
        root.set_path("/");
        root.set_query(None);
        // A name or password in an address is nobody's business here.
        let _ = root.set_username("");
        let _ = root.set_password(None);
        let left = Timestamp::now();
        let answer = self.client.head(root).send().await;
        let answer = answer.map_err(|error| silent(server, error))?;
        let back = Timestamp::now();
        let shown = answer.extensions().get::<TlsInfo>();
        Ok(Peer {
            certificate_ends: shown
                .and_then(TlsInfo::peer_certificate)
                .and_then(certificate::end),
            ahead_millis: date(&answer).map(|date| ahead(left, back, date)),
        })
    }
}

fn date(answer: &Response) -> Option<Timestamp> {
    let text = answer.headers().get(DATE)?.to_str().ok()?;
    Some(rfc2822::parse(text).ok()?.timestamp())
}

/// The server looked at its clock somewhere between the two moments.
fn ahead(left: Timestamp, back: Timestamp, date: Timestamp) -> i64 {
    let between = left.duration_until(back) / 2;
    let ours = left.duration_since(date) + between - HALF;
    i64::try_from(ours.as_millis()).unwrap_or(i64::MAX)
}

fn silent(server: &Url, error: reqwest::Error) -> PortError {
    PortError::new(FailureCode::ProviderDown)
        .with("service", server.host_str().unwrap_or_default())
        .because(redact::error(&error.without_url()))
        .transient()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_compared_in_the_middle_of_the_question() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (left, back) = (at("2026-11-23T03:00:10Z"), at("2026-11-23T03:00:11Z"));
        assert_eq!(ahead(left, back, at("2026-11-23T03:00:10Z")), 0);
        assert_eq!(ahead(left, back, at("2026-11-23T02:58:10Z")), 120_000);
        assert_eq!(ahead(left, back, at("2026-11-23T03:01:10Z")), -60_000);
    }
}
