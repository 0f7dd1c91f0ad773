//! Writing down what the provider says of a payment: status, ledger and balance together, once,
//! whoever else does it at the same time.

use super::Book;
use super::payments::{CREDIT, amount};
use super::rows::{filled, moment, stamp};
use crate::domain::failure::FailureCode;
use crate::domain::money::Money;
use crate::domain::payment::{LocalPayment, PaymentStatus, Settled};
use crate::ports::records::Settlement;
use crate::ports::{PortError, PortResult};
use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

/// A row that became paid so shortly ago may get its credits from REI in the next moment.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

/// The row as it stands within the transaction.
struct Now {
    user: i64,
    provider_id: Option<String>,
    amount: Money,
    credits: i64,
    status: PaymentStatus,
    updated_at: Timestamp,
    credited: bool,
}

/// Looks again, then changes what is due. The caller holds the transaction.
pub(super) fn settle(book: &Book<'_>, due: &Settlement, at: Timestamp) -> PortResult<Settled> {
    let Some(now) = look(book, &due.row.id)? else {
        return Ok(Settled::Moved);
    };
    if !now.is_still(&due.row, &due.provider_id) || claimed_elsewhere(book, due, &now)? {
        return Ok(Settled::Moved);
    }
    match due.status {
        PaymentStatus::Succeeded => succeed(book, due, &now, at),
        _ if now.credited => Ok(Settled::Moved),
        status if now.status == status => Ok(Settled::Already),
        _ if now.status != due.row.status => Ok(Settled::Moved),
        _ => update(book, due, at).map(|()| Settled::Done),
    }
}

impl Now {
    /// What must not change between the comparison and now.
    fn is_still(&self, compared: &LocalPayment, provider_id: &str) -> bool {
        let same_payment = match &self.provider_id {
            Some(id) => id == provider_id,
            None => compared.provider_id.is_none(),
        };
        same_payment
            && self.user == compared.user
            && self.credits == compared.credits
            && self.amount == compared.amount
    }

    /// Paid according to the row, and no credits yet: REI may be between the two.
    fn is_half_done(&self, at: Timestamp) -> bool {
        let fresh = at.duration_since(self.updated_at).abs() < FRESH;
        self.status == PaymentStatus::Succeeded && !self.credited && fresh
    }
}

fn succeed(book: &Book<'_>, due: &Settlement, now: &Now, at: Timestamp) -> PortResult<Settled> {
    if now.credited && now.status == PaymentStatus::Succeeded {
        return Ok(Settled::Already);
    }
    if now.status != due.row.status || now.is_half_done(at) {
        return Ok(Settled::Moved);
    }
    if now.credited {
        update(book, due, at)?;
        let known = due.row.credited;
        return Ok(if known {
            Settled::Done
        } else {
            Settled::Already
        });
    }
    if due.row.credited {
        return Ok(Settled::Moved);
    }
    let Some(balance) = balance(book, now.user)? else {
        return Ok(Settled::NoUser);
    };
    credit(book, due, balance, at)?;
    update(book, due, at).map(|()| Settled::Done)
}

fn look(book: &Book<'_>, id: &str) -> PortResult<Option<Now>> {
    let sql = format!(
        "SELECT p.[payments.user_id], p.[payments.provider_payment_id], p.[payments.amount],
                p.[payments.currency], p.[payments.credits], p.[payments.status],
                unixepoch(p.[payments.updated_at], 'auto'),
                EXISTS (SELECT 1 FROM [ledger] WHERE {CREDIT} AND [ledger.reference] = ?1)
         FROM [payments] p WHERE p.[payments.id] = ?1"
    );
    let rows = book.opened.all(&book.sql(&sql), [id], |row| {
        let status: String = row.get(5)?;
        Ok(Now {
            user: row.get(0)?,
            provider_id: filled(row, 1)?,
            amount: amount(row, 2, &row.get::<_, String>(3)?)?,
            credits: row.get(4)?,
            status: PaymentStatus::from_row(&status),
            updated_at: moment(row, 6)?,
            credited: row.get(7)?,
        })
    })?;
    Ok(rows.into_iter().next())
}

/// A row that gets its provider's id only now must be the only one to have it. (Of those that had it,
/// the comparison saw all.)
fn claimed_elsewhere(book: &Book<'_>, due: &Settlement, now: &Now) -> PortResult<bool> {
    if now.provider_id.is_some() {
        return Ok(false);
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM [payments]
               WHERE [payments.provider_payment_id] = ?1 AND [payments.id] <> ?2)";
    let params = params![due.provider_id, due.row.id];
    book.opened.one(&book.sql(sql), params)
}

fn balance(book: &Book<'_>, user: i64) -> PortResult<Option<i64>> {
    let sql = "SELECT [users.balance] FROM [users] WHERE [users.id] = ?1";
    let found = book
        .opened
        .all(&book.sql(sql), [user], |row| row.get::<_, i64>(0))?;
    Ok(found.into_iter().next())
}

fn credit(book: &Book<'_>, due: &Settlement, balance: i64, at: Timestamp) -> PortResult<()> {
    let row = &due.row;
    // SQLite would turn a sum that does not fit into a float.
    let balance = balance.checked_add(row.credits).ok_or_else(|| {
        PortError::new(FailureCode::BalancesDiffer)
            .with("count", 1)
            .with("user", row.user)
            .because("the balance would leave the range of whole numbers")
    })?;
    let sql = "INSERT INTO [ledger] ([ledger.user_id], [ledger.amount], [ledger.reason],
               [ledger.reference], [ledger.created_at]) VALUES (?1, ?2, 'payment', ?3, ?4)";
    let params = params![row.user, row.credits, row.id, stamp(at)];
    book.opened.execute(&book.sql(sql), params)?;
    let sql = "UPDATE [users] SET [users.balance] = ?2 WHERE [users.id] = ?1";
    book.opened
        .execute(&book.sql(sql), params![row.user, balance])?;
    Ok(())
}

fn update(book: &Book<'_>, due: &Settlement, at: Timestamp) -> PortResult<()> {
    let sql = "UPDATE [payments] SET [payments.status] = ?2, [payments.updated_at] = ?3,
               [payments.provider_payment_id] = ?4 WHERE [payments.id] = ?1";
    let (status, at) = (due.status.as_str(), stamp(at));
    let params = params![due.row.id, status, at, due.provider_id];
    book.opened.execute(&book.sql(sql), params).map(drop)
}
