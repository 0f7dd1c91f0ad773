//! REI's payments as its database has them.

use super::Eyes;
use super::probe::Probe;
use super::words::{age, length, number, seconds};
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use crate::domain::payment::{LocalPayment, PaymentStatus};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// How far back.
const SPAN: SignedDuration = SignedDuration::from_hours(24);
/// A payer has an hour; REI hears of the end within minutes.
const STUCK: Duration = Duration::from_secs(75 * 60);
/// What is open for longer was left open by somebody long ago.
const FORGOTTEN: Duration = Duration::from_secs(48 * 60 * 60);
/// Who began within the last ten minutes may still be typing.
const TYPING: Duration = Duration::from_secs(10 * 60);
/// The time in which so many began and none succeeded.
const TRYING: Duration = Duration::from_secs(60 * 60);
const SEVERAL: usize = 5;

pub(super) fn probe(eyes: &Arc<Eyes>) -> Probe {
    Probe::new(eyes, vec![(Part::Payments, None)], look)
}

async fn look(eyes: Arc<Eyes>) -> Vec<Finding> {
    let now = eyes.now();
    vec![match eyes.ports.records.payments(Some(now - SPAN)).await {
        Ok(rows) => judge(&rows, now),
        Err(error) => Finding::unknown(Part::Payments, error.into()),
    }]
}

fn judge(rows: &[LocalPayment], now: Timestamp) -> Finding {
    let begun = |row: &LocalPayment| age(now, row.created_at);
    let open = || rows.iter().filter(|row| row.status.is_open());
    let mut found = Finding::up(Part::Payments);
    let stuck = open()
        .map(begun)
        .filter(|age| (STUCK..FORGOTTEN).contains(age));
    let (count, oldest) = (stuck.clone().count(), stuck.max());
    if let Some(oldest) = oldest {
        found = found.with(
            Condition::Degraded,
            sign(SignCode::PaymentsStuck, count, oldest),
        );
    }
    let succeeded = rows
        .iter()
        .filter(|row| row.status == PaymentStatus::Succeeded);
    let last = succeeded.map(begun).min();
    let tried = rows
        .iter()
        .map(begun)
        .filter(|age| (TYPING..TRYING).contains(age));
    let count = tried.count();
    if count >= SEVERAL && last.is_none_or(|last| last >= TRYING) {
        let since = last.unwrap_or_else(|| Duration::try_from(SPAN).unwrap_or(TRYING));
        found = found.with(Condition::Down, sign(SignCode::PaymentsNone, count, since));
    }
    found
        .measured(Measure::Pending, Some(number(open().count() as u64)))
        .measured(Measure::AgeSeconds, last.map(seconds))
}

fn sign(code: SignCode, count: usize, age: Duration) -> Sign {
    Sign::new(code)
        .with("count", number(count as u64))
        .with("age", length(age))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;

    fn judged(rows: &[(PaymentStatus, i64)]) -> Finding {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let row = |(status, minutes): &(PaymentStatus, i64)| LocalPayment {
            id: "1".to_owned(),
            user: 1,
            provider_id: None,
            amount: Money::parse("1.00", "RUB").unwrap(),
            credits: 1,
            status: *status,
            credited: false,
            created_at: now - SignedDuration::from_mins(*minutes),
        };
        judge(&rows.iter().map(row).collect::<Vec<_>>(), now)
    }

    const OPEN: PaymentStatus = PaymentStatus::Pending;
    const PAID: PaymentStatus = PaymentStatus::Succeeded;

    #[test]
    fn open_for_longer_than_a_payer_has_is_stuck_until_it_is_forgotten() {
        assert!(!judged(&[(OPEN, 70)]).shows(SignCode::PaymentsStuck));
        assert!(judged(&[(OPEN, 80)]).shows(SignCode::PaymentsStuck));
        assert!(!judged(&[(OPEN, 60 * 49)]).shows(SignCode::PaymentsStuck));
    }

    #[test]
    fn one_success_among_many_tries_is_enough() {
        let tries: Vec<_> = (0..5).map(|n| (OPEN, 15 + n)).collect();
        assert!(judged(&tries).shows(SignCode::PaymentsNone));
        let paid = [tries.clone(), vec![(PAID, 50)]].concat();
        assert!(!judged(&paid).shows(SignCode::PaymentsNone));
        assert!(!judged(&tries[..4]).shows(SignCode::PaymentsNone));
        let typing: Vec<_> = (0..9).map(|n| (OPEN, n)).collect();
        assert!(!judged(&typing).shows(SignCode::PaymentsNone));
    }
}
