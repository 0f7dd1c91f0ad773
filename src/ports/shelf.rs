//! The shelf: files that go with notices, kept in the state folder by their content.

use super::journal::StateResult;
use crate::domain::campaign::message::MediaKind;
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Files by the SHA-256 of their content, and the ids that Telegram gave them under REI's token.
#[async_trait]
pub trait Shelf: Send + Sync {
    /// Keeps a file and gives its content's SHA-256, hexadecimal. Durable when it returns; the same
    /// content is kept once.
    async fn keep(&self, bytes: Vec<u8>) -> StateResult<String>;

    /// Takes away what was last kept before `before` and is not among `used`, with the ids that
    /// Telegram gave it. Repeatable; tells how many files went.
    async fn sweep(&self, used: BTreeSet<String>, before: Timestamp) -> StateResult<u64>;

    /// Where a file lies; nothing where it is not kept (any more).
    async fn path(&self, content: &str) -> StateResult<Option<PathBuf>>;

    /// The `file_id` that this bot may send instead of the file.
    async fn file_id(
        &self,
        bot: i64,
        content: &str,
        kind: MediaKind,
    ) -> StateResult<Option<String>>;

    /// Remembers it; with nothing, forgets one that Telegram no longer takes.
    async fn set_file_id(
        &self,
        bot: i64,
        content: &str,
        kind: MediaKind,
        file_id: Option<&str>,
    ) -> StateResult<()>;
}
