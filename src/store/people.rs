//! Languages, dialogues, buttons, migrated chats.

use super::{Store, nonce, unavailable};
use crate::ports::journal::StateResult;
use crate::ports::people::{Button, People};
use async_trait::async_trait;
use rusqlite::{OptionalExtension, Params, params};

impl Store {
    async fn lookup<T: rusqlite::types::FromSql + Send + 'static>(
        &self,
        sql: &'static str,
        keys: impl Params + Send + 'static,
    ) -> StateResult<Option<T>> {
        self.read(move |tx| {
            tx.query_row(sql, keys, |row| row.get(0))
                .optional()
                .map_err(unavailable)
        })
        .await
    }

    async fn change(
        &self,
        sql: &'static str,
        values: impl Params + Send + 'static,
    ) -> StateResult<()> {
        self.write_aside(move |scope| scope.tx.execute(sql, values).map(drop).map_err(unavailable))
            .await
    }
}

#[async_trait]
impl People for Store {
    async fn language(&self, person: i64) -> StateResult<Option<String>> {
        self.lookup("SELECT language FROM people WHERE id = ?1", [person])
            .await
    }

    async fn set_language(&self, person: i64, language: &str) -> StateResult<()> {
        self.change(
            "INSERT INTO people (id, language) VALUES (?1, ?2)
             ON CONFLICT (id) DO UPDATE SET language = ?2",
            (person, language.to_owned()),
        )
        .await
    }

    async fn dialogue(&self, chat: i64, person: i64) -> StateResult<Option<String>> {
        self.lookup(
            "SELECT dialogue FROM dialogues WHERE chat = ?1 AND person = ?2",
            [chat, person],
        )
        .await
    }

    async fn amend_dialogue(
        &self,
        chat: i64,
        person: i64,
        (before, after): (&str, &str),
    ) -> StateResult<()> {
        self.change(
            "UPDATE dialogues SET dialogue = ?4
             WHERE chat = ?1 AND person = ?2 AND dialogue = ?3",
            (chat, person, before.to_owned(), after.to_owned()),
        )
        .await
    }

    async fn set_dialogue(
        &self,
        chat: i64,
        person: i64,
        dialogue: Option<&str>,
    ) -> StateResult<()> {
        let Some(dialogue) = dialogue else {
            let sql = "DELETE FROM dialogues WHERE chat = ?1 AND person = ?2";
            return self.change(sql, [chat, person]).await;
        };
        self.change(
            "INSERT INTO dialogues (chat, person, dialogue) VALUES (?1, ?2, ?3)
             ON CONFLICT (chat, person) DO UPDATE SET dialogue = ?3",
            (chat, person, dialogue.to_owned()),
        )
        .await
    }

    async fn button(&self, chat: i64, intent: &str) -> StateResult<String> {
        let intent = intent.to_owned();
        self.write_aside(move |scope| {
            scope
                .tx
                .query_row(
                    "INSERT INTO buttons (nonce, chat, intent, made_at) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (chat, intent) DO UPDATE SET chat = chat RETURNING nonce",
                    params![nonce()?, chat, intent, scope.now.to_string()],
                    |row| row.get(0),
                )
                .map_err(unavailable)
        })
        .await
    }

    async fn pressed(&self, nonce: &str) -> StateResult<Option<Button>> {
        let nonce = nonce.to_owned();
        let row: Option<(i64, String, String)> = self
            .read(move |tx| {
                tx.query_row(
                    "SELECT chat, intent, made_at FROM buttons WHERE nonce = ?1",
                    [nonce],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                )
                .optional()
                .map_err(unavailable)
            })
            .await?;
        row.map(|(chat, intent, made_at)| {
            Ok(Button {
                chat,
                intent,
                made_at: made_at.parse().map_err(unavailable)?,
            })
        })
        .transpose()
    }

    async fn migrated(&self, chat: i64) -> StateResult<Option<i64>> {
        self.lookup("SELECT new FROM migrated_chats WHERE old = ?1", [chat])
            .await
    }

    async fn set_migrated(&self, old: i64, new: i64) -> StateResult<()> {
        self.write_aside(move |scope| {
            let run = |sql, values: [i64; 2]| {
                scope.tx.execute(sql, values).map(drop).map_err(unavailable)
            };
            run(
                "INSERT INTO migrated_chats (old, new) VALUES (?1, ?2)
                 ON CONFLICT (old) DO UPDATE SET new = ?2",
                [old, new],
            )?;
            // Buttons shown before stay pressable: their message moved with the group.
            run(
                "UPDATE OR IGNORE buttons SET chat = ?2 WHERE chat = ?1",
                [old, new],
            )
        })
        .await
    }
}
