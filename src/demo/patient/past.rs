//! REI's payments as YooKassa has them.

use super::look::open;
use crate::demo::error::{DemoResult, in_db};
use crate::domain::money::Money;
use crate::domain::payment::{PaymentStatus, RemotePayment};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rusqlite::{Connection, Row};
use std::collections::BTreeMap;
use std::path::Path;

const PAYMENTS: &str = "SELECT id, provider_payment_id, amount, currency, status, created_at
                        FROM payments WHERE provider_payment_id IS NOT NULL";

/// Every payment with an id of YooKassa's. A row whose sum or time cannot be read is left out.
///
/// # Errors
/// The database is missing or damaged.
pub fn past_payments(database: &Path) -> DemoResult<Vec<RemotePayment>> {
    let read = |db: Connection| -> rusqlite::Result<Vec<RemotePayment>> {
        let mut rows = db.prepare(PAYMENTS)?;
        let all = rows.query_map([], remote)?;
        let all: rusqlite::Result<Vec<_>> = all.collect();
        Ok(all?.into_iter().flatten().collect())
    };
    open(database).and_then(read).map_err(in_db(database))
}

fn remote(row: &Row<'_>) -> rusqlite::Result<Option<RemotePayment>> {
    let (id, theirs): (String, String) = (row.get(0)?, row.get(1)?);
    let (value, currency): (String, String) = (row.get(2)?, row.get(3)?);
    let (status, created): (String, String) = (row.get(4)?, row.get(5)?);
    let (Ok(amount), Some(created_at)) = (Money::parse(&value, &currency), moment(&created)) else {
        return Ok(None);
    };
    let status = PaymentStatus::from_row(&status);
    Ok(Some(RemotePayment {
        id: theirs,
        status,
        amount,
        refunded: Money { minor: 0, currency },
        created_at,
        captured_at: (status == PaymentStatus::Succeeded).then_some(created_at),
        test: false,
        metadata: BTreeMap::from([("payment_id".to_owned(), id)]),
    }))
}

/// As REI writes it, in UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let civil = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}
