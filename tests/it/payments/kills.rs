//! The syncing program is killed again and again, while REI writes and webhooks come.

use super::child;
use super::shop::*;
use super::town;
use rei_recovery::demo::yookassa::{Weather, YooKassa};
use rei_recovery::domain::payment::PaymentStatus;
use rusqlite::Connection;
use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

const PAYMENTS: usize = 5_000;
const KILLS: u64 = 24;
/// Credits between two kills, at most.
const STRIDE: u64 = 120;
/// Webhooks that come between two kills: more credits than these are the program's own.
const LATE: u64 = 12;
const SIGKILL: i32 = 9;

/// SplitMix64, so that every run kills at the same counts.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (z ^ (z >> 27)) % end
    }
}

fn credited(db: &Connection) -> u64 {
    let sql = "SELECT count(*) FROM ledger WHERE reason = 'payment'";
    db.query_row(sql, [], |row| row.get::<_, i64>(0))
        .unwrap()
        .unsigned_abs()
}

/// Runs a sync until it has given so many credits, or (`early`, while it still asks the provider) has
/// made so many calls, and kills it there.
async fn kill_one(database: &Database, shop: &YooKassa, dice: &mut Dice, early: bool) {
    let db = database.open();
    let (before, calls) = (credited(&db), shop.traffic().calls);
    let mut child = child::start(database, &shop.api_url());
    let (credits, asked) = (
        before + LATE + 1 + dice.below(STRIDE),
        calls + 1 + dice.below(60),
    );
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let there = match early {
            true => shop.traffic().calls >= asked,
            false => credited(&db) >= credits,
        };
        if there {
            break;
        }
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none(), "it ended before it was killed: {ended:?}");
        assert!(Instant::now() < deadline, "it does not get on");
        tokio::time::sleep(Duration::from_micros(200 + dice.below(800))).await;
    }
    child.start_kill().unwrap();
    let status = child.wait().await.unwrap();
    assert_eq!(status.signal(), Some(SIGKILL), "{status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_point_it_credits_each_payment_once() {
    let weather = Weather {
        delay: Duration::from_millis(1),
        errors: 1,
        at_once: Some(20),
        per_second: None,
    };
    let (database, shop, town, rei) = town::busy(PAYMENTS, weather).await;
    let mut dice = Dice(0x5eed);
    let mut late = town.late().into_iter();
    for kill in 0..KILLS {
        for id in late.by_ref().take(LATE as usize) {
            shop.turn(&id, PaymentStatus::Succeeded);
        }
        kill_one(&database, &shop, &mut dice, kill % 6 == 5).await;
        assert_eq!((database.twice(), database.imbalances()), (0, 0));
    }
    for id in late {
        shop.turn(&id, PaymentStatus::Succeeded);
    }
    let mut last = child::start(&database, &shop.api_url());
    assert!(last.wait().await.unwrap().success());
    // REI may have been in the middle of a payment that the last sync left to it.
    drop(rei);
    sync_now(&database, &adapter_of(&shop), false).await;
    town.assert_settled(&database);
}
