//! REI Bot's side of Telegram. Sending only: reading its updates would break REI itself.

use super::PortResult;
use async_trait::async_trait;

/// REI's own token.
#[async_trait]
pub trait ReiBot: Send + Sync {
    /// The user name behind the token. Repeatable.
    async fn username(&self) -> PortResult<String>;

    /// Sends a text to a person who once started REI Bot. Not repeatable: an answer that was lost is
    /// an error with `unknown` set.
    async fn send(&self, person: i64, text: &str) -> PortResult<()>;
}

/// What REI Bot says in a test message, in the reader's language.
#[async_trait]
pub trait Wording: Send + Sync {
    /// The text for this person.
    async fn test_message(&self, person: i64) -> String;
}
