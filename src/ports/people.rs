//! What the program remembers of people and chats: languages, half-finished dialogues, buttons.

use super::journal::StateResult;
use async_trait::async_trait;
use jiff::Timestamp;

/// A button somebody may press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// The chat it was shown in.
    pub chat: i64,
    /// What it means; JSON of the chat's own making.
    pub intent: String,
    /// When it was made.
    pub made_at: Timestamp,
}

/// Languages, dialogues, buttons, and a group's new id.
#[async_trait]
pub trait People: Send + Sync {
    /// The language a person chose.
    async fn language(&self, person: i64) -> StateResult<Option<String>>;

    /// Keeps the language a person chose.
    async fn set_language(&self, person: i64, language: &str) -> StateResult<()>;

    /// The half-finished dialogue of a person in a chat; JSON of the chat's own making.
    async fn dialogue(&self, chat: i64, person: i64) -> StateResult<Option<String>>;

    /// Changes a dialogue that still is as it was read; one that went on meanwhile stays.
    async fn amend_dialogue(
        &self,
        chat: i64,
        person: i64,
        (before, after): (&str, &str),
    ) -> StateResult<()>;

    /// Keeps or (with nothing) ends a dialogue.
    async fn set_dialogue(&self, chat: i64, person: i64, dialogue: Option<&str>)
    -> StateResult<()>;

    /// The nonce of a button with this intent in this chat; the same question gives the same nonce.
    async fn button(&self, chat: i64, intent: &str) -> StateResult<String>;

    /// The button behind a nonce.
    async fn pressed(&self, nonce: &str) -> StateResult<Option<Button>>;

    /// The id a chat has now, if it migrated.
    async fn migrated(&self, chat: i64) -> StateResult<Option<i64>>;

    /// A group became a supergroup.
    async fn set_migrated(&self, old: i64, new: i64) -> StateResult<()>;
}
