//! Rows of `payments`.

use super::Book;
use super::rows::{filled, moment};
use crate::domain::money::Money;
use crate::domain::payment::{LocalPayment, PaymentStatus};
use crate::ports::PortResult;
use jiff::Timestamp;
use rusqlite::types::{Type, Value};
use rusqlite::{Params, Row};

/// The second condition says no more than the first; with it the index `ledger_once`, which covers
/// these two reasons, may be used.
pub(super) const CREDIT: &str =
    "[ledger.reason] = 'payment' AND [ledger.reason] IN ('payment', 'refund')";

/// Open ones, and those begun or changed since then; without a moment the open ones alone.
pub(super) fn since(book: &Book<'_>, since: Option<Timestamp>) -> PortResult<Vec<LocalPayment>> {
    let open = "p.[payments.status] IN ('pending', 'waiting_for_capture')";
    match since {
        None => select(book, open, []),
        Some(since) => {
            let condition = format!(
                "{open} OR unixepoch(p.[payments.created_at], 'auto') >= ?1
                 OR unixepoch(p.[payments.updated_at], 'auto') >= ?1"
            );
            select(book, &condition, [since.as_second()])
        }
    }
}

/// Rows whose own or provider's id is in the list.
pub(super) fn named(book: &Book<'_>, names: &str) -> PortResult<Vec<LocalPayment>> {
    let condition = "p.[payments.id] IN (SELECT value FROM json_each(?1))
                     OR p.[payments.provider_payment_id] IN (SELECT value FROM json_each(?1))";
    select(book, condition, [names])
}

fn select(book: &Book<'_>, condition: &str, params: impl Params) -> PortResult<Vec<LocalPayment>> {
    let sql = format!(
        "SELECT p.[payments.id], p.[payments.user_id], p.[payments.provider_payment_id],
                p.[payments.amount], p.[payments.currency], p.[payments.credits],
                p.[payments.status],
                p.[payments.id] IN (SELECT [ledger.reference] FROM [ledger] WHERE {CREDIT}
                                    AND [ledger.reference] IS NOT NULL),
                unixepoch(p.[payments.created_at], 'auto')
         FROM [payments] p WHERE {condition}
         ORDER BY p.[payments.created_at], p.[payments.id]"
    );
    book.opened.all(&book.sql(&sql), params, payment)
}

fn payment(row: &Row<'_>) -> rusqlite::Result<LocalPayment> {
    let status: String = row.get(6)?;
    Ok(LocalPayment {
        id: row.get(0)?,
        user: row.get(1)?,
        provider_id: filled(row, 2)?,
        amount: amount(row, 3, &row.get::<_, String>(4)?)?,
        credits: row.get(5)?,
        status: PaymentStatus::from_row(&status),
        credited: row.get(7)?,
        created_at: moment(row, 8)?,
    })
}

/// An amount as text, or as a whole number where a column took it for one. Never a float.
pub(super) fn amount(row: &Row<'_>, index: usize, currency: &str) -> rusqlite::Result<Money> {
    let text = match row.get(index)? {
        Value::Text(text) => text,
        Value::Integer(whole) => whole.to_string(),
        other => {
            let name = "amount".to_owned();
            return Err(rusqlite::Error::InvalidColumnType(
                index,
                name,
                other.data_type(),
            ));
        }
    };
    Money::parse(&text, currency)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(e)))
}
