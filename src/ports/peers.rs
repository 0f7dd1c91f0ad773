//! The servers that this program and REI talk to: their certificates and their clocks.

use super::PortResult;
use async_trait::async_trait;
use jiff::Timestamp;
use url::Url;

/// What a short look at a server shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// When its certificate ends; absent without TLS.
    pub certificate_ends: Option<Timestamp>,
    /// Milliseconds by which this machine's clock is ahead of the server's (negative: behind), where
    /// the answer says what time it is. The server tells whole seconds: off by up to half a second.
    pub ahead_millis: Option<i64>,
}

/// Looks at servers, without any key and without trusting them: an ended certificate must be seen as
/// what it is.
#[async_trait]
pub trait Peers: Send + Sync {
    /// Asks for the headers of `/`. Repeatable; ends by itself within ten seconds.
    async fn look(&self, server: &Url) -> PortResult<Peer>;
}
