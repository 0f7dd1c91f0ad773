//! Who gets which notice, and what became of it.

use super::{Store, unavailable};
use crate::domain::facts::Noticed;
use crate::ports::journal::StateResult;
use crate::ports::notices::{Delivery, NoticeBook, NoticeId};
use crate::ports::records::Addressee;
use async_trait::async_trait;
use rusqlite::params;

#[async_trait]
impl NoticeBook for Store {
    async fn list(&self, notice: &NoticeId, people: &[Addressee]) -> StateResult<()> {
        let (run, step, people) = (notice.run.0, notice.step.to_string(), people.to_vec());
        self.write(move |scope| {
            let new = scope
                .tx
                .execute(
                    "INSERT INTO notices (run, step) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    params![run, step],
                )
                .map_err(unavailable)?;
            if new == 0 {
                return Ok(());
            }
            let mut insert = scope
                .tx
                .prepare_cached(
                    "INSERT INTO notice_people (run, step, person, language)
                     VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                )
                .map_err(unavailable)?;
            for person in &people {
                insert
                    .execute(params![run, step, person.id, person.language])
                    .map_err(unavailable)?;
            }
            Ok(())
        })
        .await
    }

    async fn is_listed(&self, notice: &NoticeId) -> StateResult<bool> {
        let (run, step) = (notice.run.0, notice.step.to_string());
        self.read(move |tx| {
            tx.prepare_cached("SELECT 1 FROM notices WHERE run = ?1 AND step = ?2")
                .and_then(|mut query| query.exists(params![run, step]))
                .map_err(unavailable)
        })
        .await
    }

    async fn settle_doubts(&self, notice: &NoticeId) -> StateResult<()> {
        self.turn(notice, None, ("sending", "ambiguous")).await
    }

    async fn due(&self, notice: &NoticeId, limit: u32) -> StateResult<Vec<Addressee>> {
        let (run, step) = (notice.run.0, notice.step.to_string());
        self.read(move |tx| {
            let mut query = tx
                .prepare_cached(
                    "SELECT person, language FROM notice_people
                     WHERE run = ?1 AND step = ?2 AND state = 'pending' ORDER BY person LIMIT ?3",
                )
                .map_err(unavailable)?;
            let rows = query
                .query_map(params![run, step, limit], |row| {
                    Ok(Addressee {
                        id: row.get(0)?,
                        language: row.get(1)?,
                    })
                })
                .map_err(unavailable)?;
            rows.map(|row| row.map_err(unavailable)).collect()
        })
        .await
    }

    async fn begin(&self, notice: &NoticeId, person: i64) -> StateResult<()> {
        self.turn(notice, Some(person), ("pending", "sending"))
            .await
    }

    async fn ended(&self, notice: &NoticeId, person: i64, how: Delivery) -> StateResult<()> {
        let word = match how {
            Delivery::Sent => "sent",
            Delivery::Blocked => "blocked",
            Delivery::Failed => "failed",
            Delivery::Ambiguous => "ambiguous",
            Delivery::Pending => "pending",
        };
        self.turn(notice, Some(person), ("sending", word)).await
    }

    async fn tally(&self, notice: &NoticeId) -> StateResult<Noticed> {
        let (run, step) = (notice.run.0, notice.step.to_string());
        self.read(move |tx| {
            let mut query = tx
                .prepare_cached(
                    "SELECT state, count(*) FROM notice_people WHERE run = ?1 AND step = ?2
                     GROUP BY state",
                )
                .map_err(unavailable)?;
            let rows = query
                .query_map(params![run, step], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
                })
                .map_err(unavailable)?;
            let mut tally = Noticed::default();
            for row in rows {
                let (state, count) = row.map_err(unavailable)?;
                let count = count.unsigned_abs();
                match state.as_str() {
                    "sent" => tally.sent = count,
                    "blocked" => tally.blocked = count,
                    "failed" => tally.failed = count,
                    "ambiguous" => tally.ambiguous = count,
                    _ => {}
                }
            }
            Ok(tally)
        })
        .await
    }
}

impl Store {
    /// One person's row, or everybody's, from one state to another.
    async fn turn(
        &self,
        notice: &NoticeId,
        person: Option<i64>,
        (from, to): (&'static str, &'static str),
    ) -> StateResult<()> {
        let (run, step) = (notice.run.0, notice.step.to_string());
        self.write(move |scope| {
            scope
                .tx
                .execute(
                    "UPDATE notice_people SET state = ?4
                     WHERE run = ?1 AND step = ?2 AND state = ?3 AND (?5 IS NULL OR person = ?5)",
                    params![run, step, from, to, person],
                )
                .map(drop)
                .map_err(unavailable)
        })
        .await
    }
}
