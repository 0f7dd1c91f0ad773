//! A row for each person on a campaign's list.

use crate::domain::campaign::delivery::{Outcome, Standing, Tally};
use crate::domain::ids::CampaignId;
use crate::ports::campaigns::{Claimed, Enlisted, Row};
use crate::ports::journal::{StateError, StateResult};
use crate::store::unavailable;
use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, params};

pub(super) fn enlist(tx: &Connection, id: CampaignId, people: &[Enlisted]) -> StateResult<()> {
    let mut insert = tx
        .prepare_cached(
            "INSERT INTO campaign_people (campaign, person, language) VALUES (?1, ?2, ?3)
             ON CONFLICT (campaign, person) DO NOTHING",
        )
        .map_err(unavailable)?;
    for one in people {
        insert
            .execute(params![id.0, one.person, one.language])
            .map_err(unavailable)?;
    }
    Ok(())
}

/// Whose message was taken away since does not have it any more.
pub(super) fn enlist_reached(tx: &Connection, id: CampaignId, of: CampaignId) -> StateResult<u64> {
    tx.execute(
        "INSERT OR IGNORE INTO campaign_people (campaign, person, chat, language, message)
         SELECT ?1, had.person, had.chat, had.language, had.message FROM campaign_people had
         WHERE had.campaign = ?2 AND had.standing = 'sent' AND had.message IS NOT NULL
           AND NOT EXISTS (
             SELECT 1 FROM campaign_people gone
             WHERE gone.person = had.person AND gone.standing = 'sent' AND gone.campaign IN (
               SELECT id FROM campaigns
               WHERE campaign ->> '$.task.kind' = 'delete' AND campaign ->> '$.task.of' = ?2))",
        params![id.0, of.0],
    )
    .map(|added| added as u64)
    .map_err(unavailable)
}

pub(super) fn clear(tx: &Connection, id: CampaignId) -> StateResult<()> {
    let begun: bool = tx
        .query_row(
            "SELECT EXISTS (
               SELECT 1 FROM campaign_people WHERE campaign = ?1 AND standing <> 'pending')",
            [id.0],
            |row| row.get(0),
        )
        .map_err(unavailable)?;
    if begun {
        return Err(StateError::Conflict);
    }
    tx.execute("DELETE FROM campaign_people WHERE campaign = ?1", [id.0])
        .map(drop)
        .map_err(unavailable)
}

/// Corrections and deletions are no notices: they ring nobody's phone.
pub(super) fn noticed_since(
    tx: &Connection,
    people: &[i64],
    since: Timestamp,
) -> StateResult<Vec<i64>> {
    let mut query = tx
        .prepare_cached(
            "SELECT EXISTS (
               SELECT 1 FROM campaign_people p JOIN campaigns c ON c.id = p.campaign
               WHERE p.person = ?1 AND p.at >= ?2 AND p.standing IN ('sent', 'ambiguous')
                 AND c.campaign ->> '$.task.kind' = 'send')",
        )
        .map_err(unavailable)?;
    let mut noticed = Vec::new();
    for person in people {
        let row = params![person, since.as_second()];
        if query
            .query_row(row, |row| row.get(0))
            .map_err(unavailable)?
        {
            noticed.push(*person);
        }
    }
    Ok(noticed)
}

/// Who was surely not sent anything is as if nobody had tried, unless he is put off.
pub(super) fn settle(
    tx: &Connection,
    id: CampaignId,
    ended: &[(i64, Outcome)],
    now: i64,
) -> StateResult<()> {
    let mut update = tx
        .prepare_cached(
            "UPDATE campaign_people
             SET standing = ?3, reason = ?4, at = ?5,
                 message = coalesce(?6, message), chat = coalesce(?7, chat)
             WHERE campaign = ?1 AND person = ?2 AND standing = 'sending'",
        )
        .map_err(unavailable)?;
    for (person, outcome) in ended {
        let (message, chat) = match outcome {
            Outcome::Sent { message, moved } => (Some(*message), *moved),
            _ => (None, None),
        };
        let at = (*outcome != Outcome::Unsent).then_some(now);
        update
            .execute(params![
                id.0,
                person,
                outcome.standing().as_str(),
                outcome.reason(),
                at,
                message,
                chat
            ])
            .map_err(unavailable)?;
    }
    Ok(())
}

/// Marks the next ones as on their way, and gives them. Who was put off has a time and
/// waits behind those who have none: nothing sorts first.
pub(super) fn claim(
    tx: &Connection,
    id: CampaignId,
    limit: u32,
    now: i64,
) -> StateResult<Vec<Claimed>> {
    let mut query = tx
        .prepare_cached(
            "SELECT person, chat, language, message FROM campaign_people
             WHERE campaign = ?1 AND standing = 'pending' ORDER BY at, person LIMIT ?2",
        )
        .map_err(unavailable)?;
    let next: Vec<Claimed> = query
        .query_map(params![id.0, limit], |row| {
            let person = row.get(0)?;
            Ok(Claimed {
                person,
                chat: row.get::<_, Option<i64>>(1)?.unwrap_or(person),
                language: row.get(2)?,
                message: row.get(3)?,
            })
        })
        .and_then(Iterator::collect)
        .map_err(unavailable)?;
    let mut mark = tx
        .prepare_cached(
            "UPDATE campaign_people SET standing = 'sending', at = ?3
             WHERE campaign = ?1 AND person = ?2",
        )
        .map_err(unavailable)?;
    for one in &next {
        mark.execute(params![id.0, one.person, now])
            .map_err(unavailable)?;
    }
    Ok(next)
}

pub(super) fn under_way(tx: &Connection) -> StateResult<Vec<CampaignId>> {
    let mut query = tx
        .prepare_cached("SELECT DISTINCT campaign FROM campaign_people WHERE standing = 'sending'")
        .map_err(unavailable)?;
    query
        .query_map([], |row| row.get(0).map(CampaignId))
        .and_then(Iterator::collect)
        .map_err(unavailable)
}

/// The time stays: then it went out, if it did.
pub(super) fn doubt(tx: &Connection, id: CampaignId) -> StateResult<u64> {
    tx.execute(
        "UPDATE campaign_people SET standing = 'ambiguous'
         WHERE campaign = ?1 AND standing = 'sending'",
        [id.0],
    )
    .map(|rows| rows as u64)
    .map_err(unavailable)
}

pub(super) fn take_up_doubts(tx: &Connection, id: CampaignId) -> StateResult<u64> {
    tx.execute(
        "UPDATE campaign_people SET standing = 'pending', at = NULL
         WHERE campaign = ?1 AND standing = 'ambiguous'",
        [id.0],
    )
    .map(|rows| rows as u64)
    .map_err(unavailable)
}

pub(super) fn tally(tx: &Connection, id: CampaignId) -> StateResult<Tally> {
    let mut query = tx
        .prepare_cached(
            "SELECT standing, count(*) FROM campaign_people WHERE campaign = ?1 GROUP BY standing",
        )
        .map_err(unavailable)?;
    let rows = query
        .query_map([id.0], |row| {
            Ok((row.get::<_, Word>(0)?, row.get::<_, i64>(1)?))
        })
        .map_err(unavailable)?;
    let mut tally = Tally::default();
    for row in rows {
        let (Word(standing), count) = row.map_err(unavailable)?;
        *tally.of(standing) = count.unsigned_abs();
    }
    Ok(tally)
}

pub(super) fn rows(
    tx: &Connection,
    id: CampaignId,
    (after, of): (Option<i64>, Option<Standing>),
    limit: u32,
) -> StateResult<Vec<Row>> {
    let mut query = tx
        .prepare_cached(
            "SELECT person, language, standing, reason, message, at FROM campaign_people
             WHERE campaign = ?1 AND person > ?2 AND (?3 IS NULL OR standing = ?3)
             ORDER BY person LIMIT ?4",
        )
        .map_err(unavailable)?;
    let of = of.map(Standing::as_str);
    query
        .query_map(params![id.0, after.unwrap_or(i64::MIN), of, limit], |row| {
            let at: Option<i64> = row.get(5)?;
            Ok(Row {
                person: row.get(0)?,
                language: row.get(1)?,
                standing: row.get::<_, Word>(2)?.0,
                reason: row.get(3)?,
                message: row.get(4)?,
                at: at.and_then(|at| Timestamp::from_second(at).ok()),
            })
        })
        .and_then(Iterator::collect)
        .map_err(unavailable)
}

/// A standing as it is written.
struct Word(Standing);

impl FromSql for Word {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        let mut all = Standing::ALL.iter().copied();
        all.find(|standing| standing.as_str() == word)
            .map(Self)
            .ok_or(FromSqlError::InvalidType)
    }
}
