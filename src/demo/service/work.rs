//! What REI does all day, one piece at a time, each in a transaction.

use crate::demo::dice::Dice;
use crate::demo::patient::book::{Book, Job, OFFERS, Payment, cost, stamp};
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

/// What was done for a user.
#[derive(Debug)]
pub(super) struct Served {
    /// For the log.
    pub(super) line: String,
    /// The row of a job that now belongs into the queue.
    pub(super) job: Option<String>,
}

/// Somebody orders a picture, or pays when the credits do not suffice.
pub(super) fn serve_a_user(db: &mut Connection, dice: &mut Dice) -> rusqlite::Result<Served> {
    let now = Timestamp::now();
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (user, balance) = somebody(&tx, dice)?;
    let (id, at) = (dice.uuid(now.as_millisecond()), stamp(now));
    let orders = balance >= cost(false);
    let line = match orders {
        true => order(&Book(&tx), dice, (user, &id, &at))?,
        false => pay(&Book(&tx), dice, (user, &id, &at))?,
    };
    // What REI shows with every answer; it walks through the user's jobs.
    let jobs: i64 = tx
        .prepare_cached("SELECT count(*) FROM jobs WHERE user_id = ?1 AND params <> ''")?
        .query_row([user], |row| row.get(0))?;
    tx.commit()?;
    Ok(Served {
        line: format!("{line}, {jobs} jobs so far"),
        job: orders.then_some(id),
    })
}

fn somebody(db: &Connection, dice: &mut Dice) -> rusqlite::Result<(i64, i64)> {
    let users: i64 = db
        .prepare_cached("SELECT count(*) FROM users")?
        .query_row([], |row| row.get(0))?;
    db.prepare_cached("SELECT id, balance FROM users LIMIT 1 OFFSET ?1")?
        .query_row([dice.below(users.unsigned_abs()) as i64], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
}

fn pay(
    book: &Book<'_>,
    dice: &mut Dice,
    (user, id, at): (i64, &str, &str),
) -> rusqlite::Result<String> {
    let offer = &OFFERS[dice.index(OFFERS.len())];
    let provider_id = format!(
        "{:08x}-000f-5000-8000-{:012x}",
        dice.below(1 << 32),
        dice.below(1 << 48)
    );
    book.payment(&Payment {
        id,
        user,
        provider_id: &provider_id,
        offer,
        status: "succeeded",
        at,
    })?;
    Ok(format!("payment {id} of {} RUB by {user}", offer.price))
}

fn order(
    book: &Book<'_>,
    dice: &mut Dice,
    (user, id, at): (i64, &str, &str),
) -> rusqlite::Result<String> {
    let price = cost(false);
    let seed = dice.below(1 << 32);
    let parameters =
        format!(r#"{{"prompt":"рыжий кот, акварель","aspect_ratio":"1:1","seed":{seed}}}"#);
    book.job(&Job {
        id,
        user,
        video: false,
        status: "queued",
        params: &parameters,
        cost: price,
        error: None,
        at,
    })?;
    book.credit(user, -price, ("job", Some(id)), at)?;
    Ok(format!("job {id} queued for {user}"))
}
