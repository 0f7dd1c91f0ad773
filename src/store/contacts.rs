//! The book of changed contacts: one row.

use super::{Store, audit, outbox, unavailable};
use crate::domain::contacts::Book;
use crate::ports::campaigns::Telling;
use crate::ports::contacts::Contacts;
use crate::ports::journal::{StateError, StateResult};
use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};

#[async_trait]
impl Contacts for Store {
    async fn book(&self) -> StateResult<Book> {
        self.read(|tx| {
            let text: Option<String> = tx
                .query_row("SELECT book FROM contacts", [], |row| row.get(0))
                .optional()
                .map_err(unavailable)?;
            text.map_or_else(
                || Ok(Book::default()),
                |text| serde_json::from_str(&text).map_err(unavailable),
            )
        })
        .await
    }

    async fn keep(&self, mut book: Book, telling: Telling) -> StateResult<()> {
        let read = book.revision.cast_signed();
        book.revision += 1;
        let text = serde_json::to_string(&book).map_err(unavailable)?;
        self.write(move |scope| {
            let kept = scope.tx.execute(
                "INSERT INTO contacts (one, revision, book) VALUES (1, ?1 + 1, ?2)
                 ON CONFLICT (one) DO UPDATE SET revision = revision + 1, book = ?2
                 WHERE revision = ?1",
                params![read, text],
            );
            if kept.map_err(unavailable)? == 0 {
                return Err(StateError::Conflict);
            }
            for draft in telling.audit {
                audit::append(scope, draft)?;
            }
            outbox::push(scope, &telling.posts)
        })
        .await
    }
}
