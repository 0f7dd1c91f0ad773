//! What REI does all day, one piece at a time, each in a transaction.

use super::errands::Errands;
use crate::demo::dice::Dice;
use crate::demo::patient::book::{Book, Job, OFFERS, Payment, cost, stamp};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

/// What the bot has at hand.
#[derive(Debug)]
pub(super) struct Rei {
    /// Who asks RQ and YooKassa.
    pub(super) errands: Errands,
    /// Whether payments are taken by hand.
    pub(super) manual: bool,
}

/// A line for the log; an error where somebody else refused.
type Line = Result<String, String>;

/// Somebody orders a picture, or pays when the credits do not suffice.
pub(super) fn serve_a_user(
    db: &mut Connection,
    dice: &mut Dice,
    rei: &mut Rei,
) -> rusqlite::Result<Line> {
    let (user, balance) = somebody(db, dice)?;
    let id = dice.uuid(Timestamp::now().as_millisecond());
    match balance < cost(false) {
        true if rei.manual => Ok(Ok(format!("{user} is asked to pay by hand"))),
        true => pay(db, dice, rei, (user, &id)),
        false => order(db, dice, rei, (user, &id)),
    }
}

fn begin(db: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    db.transaction_with_behavior(TransactionBehavior::Immediate)
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

/// The row comes once YooKassa knows the payment.
fn pay(
    db: &mut Connection,
    dice: &mut Dice,
    rei: &mut Rei,
    (user, id): (i64, &str),
) -> rusqlite::Result<Line> {
    let offer = &OFFERS[dice.index(OFFERS.len())];
    let provider_id = match rei.errands.pay(id, offer.price) {
        Ok(provider_id) => provider_id,
        Err(refused) => return Ok(Err(format!("cannot begin a payment: {refused}"))),
    };
    let tx = begin(db)?;
    Book(&tx).payment(&Payment {
        id,
        user,
        provider_id: &provider_id,
        offer,
        status: "succeeded",
        at: &stamp(Timestamp::now()),
    })?;
    tx.commit()?;
    Ok(Ok(format!("payment {id} of {} RUB by {user}", offer.price)))
}

/// The row comes first: a job without one would find nothing to do.
fn order(
    db: &mut Connection,
    dice: &mut Dice,
    rei: &mut Rei,
    (user, id): (i64, &str),
) -> rusqlite::Result<Line> {
    let (price, at) = (cost(false), stamp(Timestamp::now()));
    let seed = dice.below(1 << 32);
    let parameters =
        format!(r#"{{"prompt":"рыжий кот, акварель","aspect_ratio":"1:1","seed":{seed}}}"#);
    let tx = begin(db)?;
    let book = Book(&tx);
    book.job(&Job {
        id,
        user,
        video: false,
        status: "queued",
        params: &parameters,
        cost: price,
        error: None,
        at: &at,
    })?;
    book.credit(user, -price, ("job", Some(id)), &at)?;
    // What REI shows with every answer; it walks through the user's jobs.
    let jobs: i64 = tx
        .prepare_cached("SELECT count(*) FROM jobs WHERE user_id = ?1 AND params <> ''")?
        .query_row([user], |row| row.get(0))?;
    tx.commit()?;
    Ok(match rei.errands.order(id) {
        Ok(()) => Ok(format!("job {id} queued for {user}, {jobs} jobs so far")),
        Err(refused) => Err(format!("cannot queue job {id}: {refused}")),
    })
}
