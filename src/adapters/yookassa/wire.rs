//! YooKassa's answers, as its API reference describes them. What cannot be read is an error, never a
//! guess.

use crate::domain::money::Money;
use crate::domain::payment::{PaymentStatus, RemotePayment};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Why an answer cannot be used. Holds ids and words, never a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unreadable(pub(super) String);

/// A page of a list.
#[derive(Debug, Deserialize)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    #[serde(default)]
    pub(super) next_cursor: Option<String>,
}

/// A payment.
#[derive(Debug, Deserialize)]
pub(super) struct Payment {
    id: String,
    status: String,
    amount: Amount,
    #[serde(default)]
    refunded_amount: Option<Amount>,
    created_at: Timestamp,
    #[serde(default)]
    captured_at: Option<Timestamp>,
    #[serde(default)]
    test: bool,
    #[serde(default)]
    metadata: Option<BTreeMap<String, serde_json::Value>>,
}

#[derive(Debug, Deserialize)]
struct Amount {
    value: String,
    currency: String,
}

/// A refund; only whose it is.
#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    pub(super) payment_id: String,
}

/// The shop, by `GET /me`.
#[derive(Debug, Deserialize)]
pub(super) struct Shop {
    #[serde(default)]
    pub(super) account_id: Option<String>,
    #[serde(default)]
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) test: bool,
}

/// An error of the API.
#[derive(Debug, Deserialize)]
pub(super) struct Refusal {
    pub(super) code: String,
    #[serde(default)]
    pub(super) description: Option<String>,
}

impl TryFrom<Payment> for RemotePayment {
    type Error = Unreadable;

    fn try_from(payment: Payment) -> Result<Self, Unreadable> {
        let Payment { id, .. } = payment;
        let unknown = || Unreadable(format!("payment {id} has the status {:?}", payment.status));
        let status = PaymentStatus::from_word(&payment.status).ok_or_else(unknown)?;
        let amount = money(&id, &payment.amount)?;
        let refunded = match &payment.refunded_amount {
            Some(back) => money(&id, back)?,
            None => Money {
                minor: 0,
                currency: amount.currency.clone(),
            },
        };
        let metadata = payment.metadata.unwrap_or_default();
        Ok(Self {
            status,
            amount,
            refunded,
            created_at: payment.created_at,
            captured_at: payment.captured_at,
            test: payment.test,
            metadata: metadata.into_iter().map(plain).collect(),
            id,
        })
    }
}

fn money(id: &str, amount: &Amount) -> Result<Money, Unreadable> {
    Money::parse(&amount.value, &amount.currency)
        .map_err(|error| Unreadable(format!("payment {id}: {error}")))
}

/// Metadata are texts; whoever wrote a number there meant its digits.
fn plain((key, value): (String, serde_json::Value)) -> (String, String) {
    let text = match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    (key, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RemotePayment, Unreadable> {
        let payment: Payment = serde_json::from_str(text).unwrap();
        payment.try_into()
    }

    /// The example of the API reference, shortened.
    const PAYMENT: &str = r#"{
        "id": "22e12f66-000f-5000-8000-18db351245c7", "status": "succeeded", "paid": true,
        "amount": {"value": "10.00", "currency": "RUB"},
        "income_amount": {"value": "9.65", "currency": "RUB"},
        "refunded_amount": {"value": "2.50", "currency": "RUB"},
        "recipient": {"account_id": "100500", "gateway_id": "100700"}, "refundable": true,
        "captured_at": "2018-07-10T14:27:54.691Z", "created_at": "2018-07-10T14:26:30.123Z",
        "test": false, "metadata": {"payment_id": "a-1", "order": 37}
    }"#;

    #[test]
    fn a_payment_is_read_to_the_kopeck() {
        let payment = read(PAYMENT).unwrap();
        assert_eq!(payment.amount.minor, 1_000);
        assert_eq!(payment.refunded.minor, 250);
        assert_eq!(payment.status, PaymentStatus::Succeeded);
        assert_eq!(payment.metadata["payment_id"], "a-1");
        assert_eq!(payment.metadata["order"], "37");
        let captured = "2018-07-10T14:27:54.691Z".parse().unwrap();
        assert_eq!(payment.captured_at, Some(captured));
    }

    #[test]
    fn what_is_left_out_is_nothing_and_what_is_odd_is_an_error() {
        let bare = |status: &str, value: &str| {
            format!(
                r#"{{"id": "p", "status": "{status}", "created_at": "2018-07-10T14:26:30Z",
                    "amount": {{"value": "{value}", "currency": "RUB"}}}}"#
            )
        };
        let payment = read(&bare("pending", "1.00")).unwrap();
        assert_eq!((payment.refunded.minor, payment.test), (0, false));
        assert!(read(&bare("half_paid", "1.00")).is_err());
        assert!(read(&bare("pending", "1.005")).is_err());
    }
}
