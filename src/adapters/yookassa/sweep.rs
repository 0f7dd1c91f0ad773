//! Going over YooKassa's lists.
//!
//! Each list is asked for between two fixed moments, so that payments that are begun meanwhile do not
//! push others from page to page; what comes twice all the same is kept once.

use super::http::{Api, Trouble};
use super::wire::{Page, Payment, Refund, Unreadable};
use crate::domain::payment::RemotePayment;
use crate::ports::PortResult;
use crate::ports::backups::Work;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// The most that a page may hold.
const PAGE: &str = "100";
/// Longest id that is asked for; YooKassa's have 36 characters.
const LONGEST_ID: usize = 64;

type Found = BTreeMap<String, RemotePayment>;

/// A list between two moments.
#[derive(Debug, Clone, Copy)]
struct List {
    name: &'static str,
    moment: &'static str,
    since: Timestamp,
    until: Timestamp,
}

/// What was begun, captured or refunded in that time.
pub(super) async fn sweep(
    api: &Api,
    since: Timestamp,
    until: Timestamp,
    work: &Work,
) -> PortResult<Found> {
    let list = |name, moment| List {
        name,
        moment,
        since,
        until,
    };
    let (begun, captured, refunds) = tokio::try_join!(
        payments(api, list("payments", "created_at"), work),
        payments(api, list("payments", "captured_at"), work),
        pages::<Refund>(api, list("refunds", "created_at"), |_| ()),
    )?;
    let mut found = begun;
    found.extend(captured);
    let refunded: BTreeSet<String> = refunds
        .into_iter()
        .map(|refund| refund.payment_id)
        .collect();
    let missing = refunded.into_iter().filter(|id| !found.contains_key(id));
    let missing: Vec<String> = missing.collect();
    let asked = stream::iter(missing).map(|id| async move { payment(api, &id).await });
    let asked: Vec<_> = asked.buffer_unordered(api.at_most()).try_collect().await?;
    found.extend(asked.into_iter().flatten().map(keyed));
    Ok(found)
}

/// One payment; nothing where YooKassa knows none of this id.
pub(super) async fn payment(api: &Api, id: &str) -> PortResult<Option<RemotePayment>> {
    if !could_be_an_id(id) {
        return Ok(None);
    }
    let url = api.address(&["payments", id]);
    let Some(payment) = api.get::<Payment>(&url).await? else {
        return Ok(None);
    };
    let payment = read(payment)?;
    if payment.id != id {
        let odd = format!("asked for payment {id}, got {}", payment.id);
        return Err(Trouble::Odd(odd).error());
    }
    Ok(Some(payment))
}

/// Whatever else stands in a row would ask for another thing than a payment.
fn could_be_an_id(id: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(fits)
}

async fn payments(api: &Api, list: List, work: &Work) -> PortResult<Found> {
    let seen = |count: usize| work.progress.advance(count as u64);
    let payments = pages::<Payment>(api, list, seen).await?;
    payments
        .into_iter()
        .map(|payment| Ok(keyed(read(payment)?)))
        .collect()
}

/// All pages of a list, one after the other: each names the next.
async fn pages<T: DeserializeOwned>(
    api: &Api,
    list: List,
    seen: impl Fn(usize),
) -> PortResult<Vec<T>> {
    let mut items = Vec::new();
    let mut cursors = BTreeSet::new();
    let mut cursor: Option<String> = None;
    loop {
        let url = list.address(api, cursor.as_deref());
        let found = api.get::<Page<T>>(&url).await?;
        let page = found.ok_or_else(|| Trouble::Missing.error())?;
        seen(page.items.len());
        items.extend(page.items);
        let Some(next) = page.next_cursor.filter(|next| !next.is_empty()) else {
            return Ok(items);
        };
        if !cursors.insert(next.clone()) {
            let odd = format!("the list of {} goes round in a circle", list.name);
            return Err(Trouble::Odd(odd).error());
        }
        cursor = Some(next);
    }
}

impl List {
    fn address(&self, api: &Api, cursor: Option<&str>) -> url::Url {
        let mut url = api.address(&[self.name]);
        let mut query = url.query_pairs_mut();
        let moment = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
        query
            .append_pair(&format!("{}.gte", self.moment), &moment(self.since))
            .append_pair(&format!("{}.lt", self.moment), &moment(self.until))
            .append_pair("limit", PAGE);
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        drop(query);
        url
    }
}

fn read(payment: Payment) -> PortResult<RemotePayment> {
    RemotePayment::try_from(payment).map_err(|Unreadable(why)| Trouble::Odd(why).error())
}

fn keyed(payment: RemotePayment) -> (String, RemotePayment) {
    (payment.id.clone(), payment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_can_ask_for_nothing_but_a_payment() {
        assert!(could_be_an_id("22e12f66-000f-5000-8000-18db351245c7"));
        for odd in ["", ".", "..", "a/b", "a?b", "%2e", "a b", &"x".repeat(65)] {
            assert!(!could_be_an_id(odd), "{odd}");
        }
    }
}
