//! The questions that lists take.

use super::book::Refund;
use crate::domain::payment::{PaymentStatus, RemotePayment};
use jiff::Timestamp;

/// Items of a page when nobody says how many, and the most there are.
const USUAL: usize = 10;
const MOST: usize = 100;

/// Which parameter of a question is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong(pub(super) String);

/// A bound of a moment.
#[derive(Debug, Clone, Copy)]
struct Bound {
    captured: bool,
    kind: Kind,
    at: Timestamp,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    From,
    After,
    UpTo,
    Before,
}

/// What is asked for, and which page of it.
#[derive(Debug, Default)]
pub(super) struct Question {
    bounds: Vec<Bound>,
    status: Option<String>,
    payment: Option<String>,
    limit: Option<usize>,
    from: usize,
}

impl Question {
    /// Reads the parameters of an address. What the API does not know it refuses.
    pub(super) fn read(pairs: &[(String, String)]) -> Result<Self, Wrong> {
        let mut question = Self::default();
        for (name, value) in pairs {
            let understood = question.take(name, value);
            understood.ok_or_else(|| Wrong(name.clone()))?;
        }
        Ok(question)
    }

    fn take(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "limit" => {
                let limit: usize = value.parse().ok()?;
                self.limit = Some(limit).filter(|limit| (1..=MOST).contains(limit));
                self.limit.map(drop)
            }
            "cursor" => {
                self.from = value.strip_prefix("from-")?.parse().ok()?;
                Some(())
            }
            "status" => {
                PaymentStatus::from_word(value)?;
                self.status = Some(value.to_owned());
                Some(())
            }
            "payment_id" => {
                self.payment = Some(value.to_owned());
                Some(())
            }
            _ => {
                self.bounds.push(bound(name, value)?);
                Some(())
            }
        }
    }

    /// Whether it asks for a later page of a list.
    pub(super) fn goes_on(&self) -> bool {
        self.from > 0
    }

    pub(super) fn wants(&self, payment: &RemotePayment) -> bool {
        let fits = |bound: &Bound| match (bound.captured, payment.captured_at) {
            (false, _) => bound.holds(payment.created_at),
            (true, Some(at)) => bound.holds(at),
            (true, None) => false,
        };
        let status = self.status.as_deref();
        status.is_none_or(|status| status == payment.status.as_str())
            && self.bounds.iter().all(fits)
    }

    pub(super) fn wants_refund(&self, refund: &Refund) -> bool {
        let payment = self.payment.as_deref();
        payment.is_none_or(|payment| payment == refund.payment)
            && self
                .bounds
                .iter()
                .all(|bound| bound.holds(refund.created_at))
    }

    /// The items of the page, and where the next begins if there is one.
    pub(super) fn page<'a, T>(
        &self,
        items: impl Iterator<Item = &'a T>,
    ) -> (Vec<&'a T>, Option<String>) {
        let limit = self.limit.unwrap_or(USUAL);
        let mut page: Vec<&T> = items.skip(self.from).take(limit + 1).collect();
        let next = (page.len() > limit).then(|| format!("from-{}", self.from + limit));
        page.truncate(limit);
        (page, next)
    }
}

impl Bound {
    fn holds(&self, at: Timestamp) -> bool {
        match self.kind {
            Kind::From => at >= self.at,
            Kind::After => at > self.at,
            Kind::UpTo => at <= self.at,
            Kind::Before => at < self.at,
        }
    }
}

fn bound(name: &str, value: &str) -> Option<Bound> {
    let (moment, kind) = name.split_once('.')?;
    let captured = match moment {
        "created_at" => false,
        "captured_at" => true,
        _ => return None,
    };
    let kind = match kind {
        "gte" => Kind::From,
        "gt" => Kind::After,
        "lte" => Kind::UpTo,
        "lt" => Kind::Before,
        _ => return None,
    };
    let at = value.parse().ok()?;
    Some(Bound { captured, kind, at })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Question, Wrong> {
        let pairs = pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        Question::read(&pairs.collect::<Vec<_>>())
    }

    #[test]
    fn what_the_api_does_not_know_is_refused_by_name() {
        for (name, value) in [
            ("limit", "0"),
            ("limit", "101"),
            ("status", "paid"),
            ("created_at.since", "2026-11-23T00:00:00Z"),
            ("created_at.gte", "yesterday"),
            ("cursor", "7"),
            ("page", "2"),
        ] {
            let wrong = read(&[(name, value)]).unwrap_err();
            assert_eq!(wrong, Wrong(name.to_owned()), "{value}");
        }
    }

    #[test]
    fn the_last_page_names_no_next() {
        let items: Vec<u32> = (0..25).collect();
        let first = read(&[]).unwrap().page(items.iter());
        assert_eq!((first.0.len(), first.1.as_deref()), (10, Some("from-10")));
        let last = read(&[("limit", "10"), ("cursor", "from-15")]).unwrap();
        let last = last.page(items.iter());
        assert_eq!((last.0.len(), last.1), (10, None));
    }
}
