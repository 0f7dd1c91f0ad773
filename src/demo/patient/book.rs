//! How REI writes: every credit moves the ledger and the balance together.

use crate::demo::error::{DemoResult, in_db};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::path::Path;
use std::time::Duration;

/// Writes to a database of REI's; the caller holds the transaction.
pub(in crate::demo) struct Book<'c>(pub(in crate::demo) &'c Connection);

/// A row of `jobs`.
pub(in crate::demo) struct Job<'a> {
    pub(in crate::demo) id: &'a str,
    pub(in crate::demo) user: i64,
    pub(in crate::demo) video: bool,
    pub(in crate::demo) status: &'a str,
    pub(in crate::demo) params: &'a str,
    pub(in crate::demo) cost: i64,
    pub(in crate::demo) error: Option<&'a str>,
    pub(in crate::demo) at: &'a str,
}

/// A row of `payments`.
pub(in crate::demo) struct Payment<'a> {
    pub(in crate::demo) id: &'a str,
    pub(in crate::demo) user: i64,
    pub(in crate::demo) provider_id: &'a str,
    pub(in crate::demo) offer: &'a Offer,
    pub(in crate::demo) status: &'a str,
    pub(in crate::demo) at: &'a str,
}

/// What can be bought.
pub(in crate::demo) struct Offer {
    pub(in crate::demo) price: &'static str,
    pub(in crate::demo) credits: i64,
}

/// REI's price list.
pub(in crate::demo) const OFFERS: [Offer; 4] = [
    Offer {
        price: "99.00",
        credits: 100,
    },
    Offer {
        price: "199.00",
        credits: 220,
    },
    Offer {
        price: "499.00",
        credits: 600,
    },
    Offer {
        price: "990.00",
        credits: 1300,
    },
];

/// Credits that an image and a video cost.
pub(in crate::demo) const fn cost(video: bool) -> i64 {
    if video { 60 } else { 10 }
}

/// A moment as REI writes it.
pub(in crate::demo) fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Writes to REI's database as REI itself does, in one transaction.
pub(in crate::demo) fn write<T>(
    database: &Path,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> DemoResult<T> {
    let run = || {
        let mut db = Connection::open(database)?;
        db.busy_timeout(Duration::from_secs(5))?;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    };
    run().map_err(in_db(database))
}

impl Book<'_> {
    pub(in crate::demo) fn user(
        &self,
        id: i64,
        name: Option<&str>,
        language: &str,
        at: &str,
    ) -> rusqlite::Result<()> {
        let sql = "INSERT INTO users (id, username, language, created_at, last_seen_at)
                   VALUES (?1, ?2, ?3, ?4, ?4)";
        self.0
            .prepare_cached(sql)?
            .execute(params![id, name, language, at])?;
        Ok(())
    }

    pub(in crate::demo) fn job(&self, job: &Job<'_>) -> rusqlite::Result<()> {
        let sql = "INSERT INTO jobs (id, user_id, provider, kind, status, params, cost, error,
                   attempts, created_at, updated_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?5 <> 'queued', ?9, ?9)";
        let (provider, kind) = if job.video {
            ("kling", "video")
        } else {
            ("nano_banana", "image")
        };
        self.0.prepare_cached(sql)?.execute(params![
            job.id, job.user, provider, kind, job.status, job.params, job.cost, job.error, job.at
        ])?;
        Ok(())
    }

    /// Moves credits: the ledger's row and the balance, which are never apart.
    pub(in crate::demo) fn credit(
        &self,
        user: i64,
        amount: i64,
        (reason, reference): (&str, Option<&str>),
        at: &str,
    ) -> rusqlite::Result<()> {
        let sql = "INSERT INTO ledger (user_id, amount, reason, reference, created_at)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut entry = self.0.prepare_cached(sql)?;
        entry.execute(params![user, amount, reason, reference, at])?;
        let sql = "UPDATE users SET balance = balance + ?2, last_seen_at = ?3 WHERE id = ?1";
        self.0
            .prepare_cached(sql)?
            .execute(params![user, amount, at])?;
        Ok(())
    }

    /// A payment; one that succeeded credits the ledger once.
    pub(in crate::demo) fn payment(&self, payment: &Payment<'_>) -> rusqlite::Result<()> {
        let sql = "INSERT INTO payments (id, user_id, provider_payment_id, amount, credits, status,
                   created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)";
        let offer = payment.offer;
        self.0.prepare_cached(sql)?.execute(params![
            payment.id,
            payment.user,
            payment.provider_id,
            offer.price,
            offer.credits,
            payment.status,
            payment.at
        ])?;
        if payment.status == "succeeded" {
            let reason = ("payment", Some(payment.id));
            self.credit(payment.user, offer.credits, reason, payment.at)?;
        }
        Ok(())
    }

    /// Settles a payment that was pending; the ledger follows.
    pub(in crate::demo) fn settle(&self, id: &str, at: &str) -> rusqlite::Result<()> {
        let sql = "UPDATE payments SET status = 'succeeded', updated_at = ?2
                   WHERE id = ?1 AND status = 'pending' RETURNING user_id, credits";
        let settled: Option<(i64, i64)> = self
            .0
            .prepare_cached(sql)?
            .query_row(params![id, at], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match settled {
            Some((user, credits)) => self.credit(user, credits, ("payment", Some(id)), at),
            None => Ok(()),
        }
    }
}
