//! The audit trail's table, its chain and the seal over its head.

use super::{Scope, Store, outbox, unavailable};
use crate::domain::audit::{AuditDraft, AuditEntry, ChainBreak, ChainCheck, GENESIS};
use crate::domain::failure::Arg;
use crate::domain::ids::RunId;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ports::journal::{AuditTrail, StateResult};
use crate::ports::redact;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::borrow::Cow;
use std::cmp::Ordering;

pub(super) struct Head {
    pub(super) seq: u64,
    hash: String,
    seal: String,
    broken: Option<u64>,
}

impl Head {
    /// Whether this key sealed it.
    pub(super) fn is_sealed_by(&self, key: &[u8; 32]) -> bool {
        seal(key, self.seq, &self.hash, self.broken) == self.seal
    }
}

/// Where the next entry goes.
struct Tip {
    seq: u64,
    prev: String,
    broken: Option<u64>,
}

/// The end of the trail as it is. What somebody else did to it must neither keep the program from
/// writing nor be covered by its next seal: the first such entry is kept in the head for good.
fn tip(scope: &Scope<'_>) -> StateResult<Tip> {
    let head = head(&scope.tx)?;
    let (sealed, hash) = head.as_ref().map_or((0, GENESIS.to_owned()), |head| {
        (head.seq, head.hash.clone())
    });
    let last: Option<(i64, String)> = scope
        .tx
        .query_row(
            "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()
        .map_err(unavailable)?;
    let (seq, prev) = last.map_or((0, GENESIS.to_owned()), |(seq, hash)| {
        (seq.cast_unsigned(), hash)
    });
    let forged = head
        .as_ref()
        .is_some_and(|head| !head.is_sealed_by(&scope.seal_key));
    let broken = head.and_then(|head| head.broken);
    let now_broken = match seq.cmp(&sealed) {
        Ordering::Greater => Some(sealed + 1),
        Ordering::Less => Some(seq + 1),
        Ordering::Equal if forged || prev != hash => Some(sealed.max(1)),
        Ordering::Equal => None,
    };
    Ok(Tip {
        seq: seq.max(sealed),
        prev,
        broken: broken.or(now_broken),
    })
}

#[async_trait]
impl AuditTrail for Store {
    async fn write(&self, draft: AuditDraft, posts: Vec<Owed>) -> StateResult<AuditEntry> {
        self.write_aside(move |scope| {
            let entry = append(scope, draft)?;
            outbox::push(scope, &posts)?;
            Ok(entry)
        })
        .await
    }

    async fn read(&self, from: u64, limit: u32) -> StateResult<Vec<AuditEntry>> {
        self.read(move |tx| {
            let mut query = tx
                .prepare_cached("SELECT * FROM audit WHERE seq >= ?1 ORDER BY seq LIMIT ?2")
                .map_err(unavailable)?;
            let rows = query
                .query_map(params![from.cast_signed(), limit], raw)
                .map_err(unavailable)?;
            rows.map(|row| decode(row.map_err(unavailable)?).map_err(unavailable))
                .collect()
        })
        .await
    }

    async fn tail(&self, limit: u32) -> StateResult<Vec<AuditEntry>> {
        let newest = self
            .read(|tx| Ok(head(tx)?.map_or(0, |head| head.seq)))
            .await?;
        AuditTrail::read(
            self,
            (newest + 1).saturating_sub(u64::from(limit)).max(1),
            limit,
        )
        .await
    }

    async fn verify(&self) -> StateResult<Result<u64, ChainBreak>> {
        let key = std::sync::Arc::clone(&self.seal_key);
        self.read(move |tx| verify(tx, &key)).await
    }
}

/// Appends an entry and, where it is to be announced, the group's line.
pub(super) fn append(scope: &Scope<'_>, mut draft: AuditDraft) -> StateResult<AuditEntry> {
    let announce = draft.announce;
    cleanse(&mut draft);
    let Tip { seq, prev, broken } = tip(scope)?;
    let entry = AuditEntry::seal(draft, seq + 1, scope.now, &prev);
    insert(&scope.tx, &entry)?;
    let seal = seal(&scope.seal_key, entry.seq, &entry.hash, broken);
    scope
        .tx
        .execute(
            "INSERT INTO audit_head (one, seq, hash, seal, broken) VALUES (1, ?1, ?2, ?3, ?4)
             ON CONFLICT (one) DO UPDATE SET seq = ?1, hash = ?2, seal = ?3, broken = ?4",
            params![
                entry.seq.cast_signed(),
                entry.hash,
                seal,
                broken.map(u64::cast_signed)
            ],
        )
        .map_err(unavailable)?;
    if announce && !scope.quiet {
        outbox::push(
            scope,
            &[Owed {
                to: Recipient::Team,
                post: Post::Audit { seq: entry.seq },
            }],
        )?;
    }
    Ok(entry)
}

/// The trail keeps everything for ever: no secret may get into it.
fn cleanse(draft: &mut AuditDraft) {
    let cleaned = |text: &mut String| {
        if let Cow::Owned(clean) = redact::clean(text) {
            *text = clean;
        }
    };
    cleaned(&mut draft.subject);
    for value in draft.detail.values_mut() {
        if let Arg::Text(text) = value {
            cleaned(text);
        }
    }
}

fn insert(tx: &Connection, entry: &AuditEntry) -> StateResult<()> {
    let actor = serde_json::to_string(&entry.actor).map_err(unavailable)?;
    let detail = serde_json::to_string(&entry.detail).map_err(unavailable)?;
    tx.execute(
        "INSERT INTO audit (seq, at, actor, verb, subject, run, outcome, detail, prev, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            entry.seq.cast_signed(),
            entry.at.to_string(),
            actor,
            entry.verb,
            entry.subject,
            entry.run.map(|run| run.0),
            entry.outcome,
            detail,
            entry.prev,
            entry.hash
        ],
    )
    .map(drop)
    .map_err(unavailable)
}

pub(super) fn head(tx: &Connection) -> StateResult<Option<Head>> {
    tx.query_row(
        "SELECT seq, hash, seal, broken FROM audit_head",
        [],
        |row| {
            Ok(Head {
                seq: row.get::<_, i64>(0)?.cast_unsigned(),
                hash: row.get(1)?,
                seal: row.get(2)?,
                broken: row.get::<_, Option<i64>>(3)?.map(i64::cast_unsigned),
            })
        },
    )
    .optional()
    .map_err(unavailable)
}

fn seal(key: &[u8; 32], seq: u64, hash: &str, broken: Option<u64>) -> String {
    blake3::keyed_hash(key, format!("{seq}:{hash}:{broken:?}").as_bytes())
        .to_hex()
        .to_string()
}

struct Raw {
    seq: i64,
    at: String,
    actor: String,
    verb: String,
    subject: String,
    run: Option<i64>,
    outcome: String,
    detail: String,
    prev: String,
    hash: String,
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        seq: row.get("seq")?,
        at: row.get("at")?,
        actor: row.get("actor")?,
        verb: row.get("verb")?,
        subject: row.get("subject")?,
        run: row.get("run")?,
        outcome: row.get("outcome")?,
        detail: row.get("detail")?,
        prev: row.get("prev")?,
        hash: row.get("hash")?,
    })
}

fn decode(raw: Raw) -> Result<AuditEntry, serde_json::Error> {
    use serde::de::Error;
    Ok(AuditEntry {
        seq: raw.seq.cast_unsigned(),
        at: raw.at.parse().map_err(serde_json::Error::custom)?,
        actor: serde_json::from_str(&raw.actor)?,
        verb: raw.verb,
        subject: raw.subject,
        run: raw.run.map(RunId),
        outcome: raw.outcome,
        detail: serde_json::from_str(&raw.detail)?,
        prev: raw.prev,
        hash: raw.hash,
    })
}

pub(super) fn verify(tx: &Connection, key: &[u8; 32]) -> StateResult<Result<u64, ChainBreak>> {
    let head = head(tx)?;
    let sealed = head.as_ref().map_or(0, |head| head.seq);
    let mut check = ChainCheck::default();
    let mut query = tx
        .prepare("SELECT * FROM audit ORDER BY seq")
        .map_err(unavailable)?;
    let rows = query.query_map([], raw).map_err(unavailable)?;
    for row in rows {
        let row = row.map_err(unavailable)?;
        let seq = row.seq.cast_unsigned();
        // A row that is no entry at all was not written by this program.
        let checked = decode(row)
            .map_err(|_| ChainBreak::Content { seq })
            .and_then(|entry| {
                check.push(&entry)?;
                if seq > sealed {
                    Err(ChainBreak::Foreign { seq })
                } else {
                    Ok(())
                }
            });
        if let Err(problem) = checked {
            return Ok(Err(problem));
        }
    }
    Ok(check_head(&check, head.as_ref(), key))
}

fn check_head(check: &ChainCheck, head: Option<&Head>, key: &[u8; 32]) -> Result<u64, ChainBreak> {
    let (last, hash) = check.head();
    let Some(head) = head else {
        return if last == 0 {
            Ok(0)
        } else {
            Err(ChainBreak::Foreign { seq: 1 })
        };
    };
    if last < head.seq {
        return Err(ChainBreak::Missing { seq: last + 1 });
    }
    if hash != head.hash || !head.is_sealed_by(key) {
        return Err(ChainBreak::Seal { seq: head.seq });
    }
    match head.broken {
        Some(seq) => Err(ChainBreak::Seal { seq }),
        None => Ok(last),
    }
}
