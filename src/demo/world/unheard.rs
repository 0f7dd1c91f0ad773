//! Payments whose webhook never comes: people were paying when the line was cut.

use super::{World, blocking};
use crate::demo::dice::Dice;
use crate::demo::error::{DemoError, DemoResult};
use crate::demo::patient::book::{Book, OFFERS, Payment, stamp, write};
use crate::demo::yookassa::YooKassa;
use crate::domain::money::Money;
use crate::domain::payment::PaymentStatus;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;

/// How they end: the last one is never paid.
const ENDS: [PaymentStatus; 4] = [
    PaymentStatus::Succeeded,
    PaymentStatus::Succeeded,
    PaymentStatus::Succeeded,
    PaymentStatus::Canceled,
];

/// A payment that REI knows as pending.
#[derive(Debug, Clone)]
pub struct Unheard {
    /// REI's row.
    pub row: String,
    /// What became of it at YooKassa.
    pub end: PaymentStatus,
}

impl World {
    /// Вера pays a few times: the rows wait, as REI writes them, and the bank decides a moment later.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn pay_unheard(&self) -> DemoResult<Vec<Unheard>> {
        let user = i64::try_from(self.cast.user.0).unwrap_or_default();
        let (database, yookassa) = (self.patient.database(), self.yookassa.clone());
        blocking(move || unheard(&database, &yookassa, user)).await
    }
}

/// This user pays a few times, and no webhook comes. Blocking.
///
/// # Errors
/// The database cannot be written.
pub(in crate::demo) fn unheard(
    database: &Path,
    yookassa: &YooKassa,
    user: i64,
) -> DemoResult<Vec<Unheard>> {
    let ends = ENDS.into_iter();
    ends.map(|end| pay(database, yookassa, (user, end)))
        .collect()
}

fn pay(
    database: &Path,
    yookassa: &YooKassa,
    (user, end): (i64, PaymentStatus),
) -> DemoResult<Unheard> {
    let now = Timestamp::now();
    let mut dice = Dice::new(now.as_nanosecond().unsigned_abs() as u64);
    let (row, at) = (dice.uuid(now.as_millisecond()), stamp(now));
    let offer = &OFFERS[dice.index(OFFERS.len())];
    let amount = Money::parse(offer.price, "RUB")
        .map_err(|error| DemoError::NotHere(format!("{}: {error}", offer.price)))?;
    let metadata = BTreeMap::from([("payment_id".to_owned(), row.clone())]);
    let provider_id = yookassa.begin(amount, metadata);
    write(database, |db| {
        Book(db).payment(&Payment {
            id: &row,
            user,
            provider_id: &provider_id,
            offer,
            status: "pending",
            at: &at,
        })
    })?;
    yookassa.turn(&provider_id, end);
    Ok(Unheard { row, end })
}
