//! Pages that move between two of them: what is read twice or late is neither lost nor credited twice.

use super::shop::*;
use rei_recovery::demo::yookassa::YooKassa;
use rei_recovery::domain::payment::{PaymentStatus, RemotePayment};
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::payments::PaymentProvider;
use std::collections::BTreeSet;

/// Payments of three pages and a bit, which REI all knows as pending.
const PAYMENTS: usize = 330;

/// Users, in turn.
const USERS: usize = 7;

/// Begun before the newest one of the list, and known to nobody until the list is being read.
const NEWCOMERS: usize = 3;

fn id(n: usize) -> String {
    format!("p-{n:03}")
}

/// A payment; a lower number is a newer one, so that pages are in the order of numbers.
fn payment(n: usize, status: PaymentStatus) -> RemotePayment {
    let mut payment = remote(&id(n), status, 60);
    payment.created_at -= jiff::SignedDuration::from_secs(n as i64);
    payment
}

/// The shop's book, and REI's rows of all payments, those of the newcomers too.
async fn stage() -> (Database, YooKassa) {
    let (database, shop) = (Database::new(), stand_in().await);
    database
        .open()
        .execute_batch("DROP INDEX ledger_once")
        .unwrap();
    database.users(1..=USERS as i64);
    for n in 0..PAYMENTS {
        let status = match n % 110 {
            // These are paid while the list is read: 5 on its first page, 115 and 225 on later ones.
            5 => PaymentStatus::Pending,
            _ => PaymentStatus::Succeeded,
        };
        shop.add(payment(n, status));
    }
    for n in 0..PAYMENTS + NEWCOMERS {
        let user = 1 + (n % USERS) as i64;
        database.payment(&format!("row-{n:03}"), user, Some(&id(n)), "pending", 60);
    }
    (database, shop)
}

/// What happens between pages: somebody's payment appears at the head of the list, which pushes all
/// others on by one, and another one is paid.
fn commotion() -> Vec<RemotePayment> {
    let newcomer = |n: usize| {
        let mut newcomer = payment(0, PaymentStatus::Succeeded);
        newcomer.id = id(PAYMENTS + n);
        newcomer.created_at += jiff::SignedDuration::from_secs(1 + n as i64);
        newcomer
    };
    let paid = |n: usize| RemotePayment {
        captured_at: Some(jiff::Timestamp::now()),
        ..payment(n, PaymentStatus::Succeeded)
    };
    vec![
        newcomer(2),
        paid(225),
        newcomer(1),
        paid(115),
        newcomer(0),
        paid(5),
    ]
}

#[tokio::test]
async fn what_moves_between_pages_is_found_and_credited_once() {
    let (database, shop) = stage().await;
    shop.between_pages(commotion());
    let provider = adapter_of(&shop);
    let first = sync_now(&database, &provider, false).await;
    // Paid after its page was read: known to be pending by now, and settled by the next sync.
    let second = sync_now(&database, &provider, false).await;
    let all = (PAYMENTS + NEWCOMERS) as u64;
    assert_eq!(
        first.credited + second.credited,
        all,
        "{first:?} {second:?}"
    );
    assert!(first.credited >= all - 3, "{first:?}");
    for n in 0..PAYMENTS + NEWCOMERS {
        let row = format!("row-{n:03}");
        assert_eq!(database.status(&row), "succeeded", "{row}");
        assert_eq!(database.credits(&row), 1, "{row}");
    }
    assert_eq!((database.twice(), database.imbalances()), (0, 0));
    let third = sync_now(&database, &provider, false).await;
    assert_eq!((third.credited, third.updated), (0, 0), "{third:?}");
}

#[tokio::test]
async fn a_sweep_loses_nobody_whom_a_newcomer_pushes_over_the_edge_of_a_page() {
    let (_database, shop) = stage().await;
    shop.between_pages(commotion());
    let work = Work::default();
    let swept = adapter_of(&shop).sweep(ago(180), ago(0), &work).await;
    let swept: BTreeSet<String> = swept.unwrap().into_keys().collect();
    let missing = (0..PAYMENTS).map(id).filter(|id| !swept.contains(id));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<String>::new());
    // Begun and captured ones are two lists. Of what was pushed on, some were read on two pages.
    let listed = 2 * PAYMENTS - 3;
    assert!(work.progress.read().0 > listed as u64, "no page moved");
}
