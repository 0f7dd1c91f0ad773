//! What people changed of the contacts in the chat, and when on-call was last paged. Durable when a call
//! returns.

use super::campaigns::Telling;
use super::journal::StateResult;
use crate::domain::contacts::Book;
use async_trait::async_trait;

/// The book of changes.
#[async_trait]
pub trait Contacts: Send + Sync {
    /// The book; an empty one where nobody changed anything yet.
    async fn book(&self) -> StateResult<Book>;

    /// Writes a book that was read as `book.revision`; `Conflict` when it has changed since.
    async fn keep(&self, book: Book, telling: Telling) -> StateResult<()>;
}
