//! The shop's payments and refunds.

use crate::demo::dice::Dice;
use crate::domain::money::Money;
use crate::domain::payment::{PaymentStatus, RemotePayment};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};

/// Money that went back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refund {
    pub(super) id: String,
    pub(super) payment: String,
    pub(super) amount: Money,
    pub(super) created_at: Timestamp,
}

/// Everything the shop knows.
#[derive(Debug)]
pub struct Book {
    payments: BTreeMap<(Timestamp, String), RemotePayment>,
    moments: HashMap<String, Timestamp>,
    keys: HashMap<Vec<u8>, String>,
    refunds: Vec<Refund>,
    dice: Dice,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            payments: BTreeMap::new(),
            moments: HashMap::new(),
            keys: HashMap::new(),
            refunds: Vec::new(),
            dice: Dice::new(0x5eed),
        }
    }
}

impl Book {
    pub(super) fn new_id(&mut self, at: Timestamp) -> String {
        self.dice.uuid(at.as_millisecond())
    }

    pub(super) fn put(&mut self, payment: RemotePayment) {
        let (id, at) = (payment.id.clone(), payment.created_at);
        if let Some(before) = self.moments.insert(id.clone(), at) {
            self.payments.remove(&(before, id.clone()));
        }
        self.payments.insert((at, id), payment);
    }

    /// What was begun under this idempotence key.
    pub(super) fn begun(&self, key: &[u8]) -> Option<RemotePayment> {
        self.payment(self.keys.get(key)?).cloned()
    }

    pub(super) fn put_under(&mut self, key: &[u8], payment: RemotePayment) {
        self.keys.insert(key.to_vec(), payment.id.clone());
        self.put(payment);
    }

    /// Newest first.
    pub(super) fn payments(&self) -> impl Iterator<Item = &RemotePayment> {
        self.payments.values().rev()
    }

    /// Newest first.
    pub(super) fn refunds(&self) -> impl Iterator<Item = &Refund> {
        self.refunds.iter().rev()
    }

    pub(super) fn payment(&self, id: &str) -> Option<&RemotePayment> {
        let at = *self.moments.get(id)?;
        self.payments.get(&(at, id.to_owned()))
    }

    fn payment_mut(&mut self, id: &str) -> Option<&mut RemotePayment> {
        let at = *self.moments.get(id)?;
        self.payments.get_mut(&(at, id.to_owned()))
    }

    pub(super) fn turn(
        &mut self,
        id: &str,
        status: PaymentStatus,
        at: Timestamp,
    ) -> Option<RemotePayment> {
        let payment = self.payment_mut(id)?;
        payment.status = status;
        if status == PaymentStatus::Succeeded {
            payment.captured_at = Some(at);
        }
        Some(payment.clone())
    }

    pub(super) fn refund(&mut self, id: &str, minor: i64, at: Timestamp) -> Option<Refund> {
        let refund_id = self.new_id(at);
        let payment = self.payment_mut(id)?;
        payment.refunded.minor += minor;
        let refund = Refund {
            id: refund_id,
            payment: id.to_owned(),
            amount: Money {
                minor,
                currency: payment.amount.currency.clone(),
            },
            created_at: at,
        };
        self.refunds.push(refund.clone());
        Some(refund)
    }
}
