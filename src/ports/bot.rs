//! REI Bot's side of Telegram. Sending only: reading its updates would break REI itself.

use super::PortResult;
use async_trait::async_trait;

/// A bot's webhook, as `getWebhookInfo` tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Webhook {
    /// Whether there is one.
    pub is_set: bool,
    /// Updates that wait.
    pub pending: u64,
    /// What went wrong when Telegram last tried, if it did within the last hour.
    pub last_error: Option<String>,
}

/// REI's own token.
#[async_trait]
pub trait ReiBot: Send + Sync {
    /// The user name behind the token. Repeatable.
    async fn username(&self) -> PortResult<String>;

    /// How its webhook does. Reading only.
    async fn webhook(&self) -> PortResult<Webhook>;

    /// Sends a text to a person who once started REI Bot. Not repeatable: an answer that was lost is
    /// an error with `unknown` set; where Telegram asks to come later, `transient` is set and the
    /// argument `retry_after` says when.
    async fn send(&self, person: i64, text: &str) -> PortResult<()>;
}

/// What REI Bot says in this program's name, in the reader's language.
#[async_trait]
pub trait Wording: Send + Sync {
    /// The text for this person.
    async fn test_message(&self, person: i64) -> String;

    /// A notice by its locale key, in the language that REI keeps of its user.
    async fn notice(&self, key: &str, language: &str) -> String;
}
