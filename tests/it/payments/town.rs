//! Many payments of every sort, and what must have become of each in the end.

use super::rei::Rei;
use super::shop::*;
use rei_recovery::demo::yookassa::{Weather, YooKassa};
use rei_recovery::domain::payment::{PaymentStatus, RemotePayment};
use rusqlite::params;
use std::collections::BTreeMap;

const USERS: i64 = 300;
/// What nobody in REI asked for, per town.
const ORPHANS: usize = 12;

/// A sort of payment: REI's word, the provider's, what is odd about it, and how many of a hundred.
#[derive(Debug, Clone, Copy)]
struct Sort {
    name: &'static str,
    share: usize,
    here: &'static str,
    there: PaymentStatus,
    /// What REI's row says in the end, and whether its ledger has it.
    end: (&'static str, bool),
}

const fn sort(
    name: &'static str,
    share: usize,
    (here, there): (&'static str, PaymentStatus),
    end: (&'static str, bool),
) -> Sort {
    Sort {
        name,
        share,
        here,
        there,
        end,
    }
}

use PaymentStatus::{Canceled, Pending, Succeeded, WaitingForCapture};

const SORTS: [Sort; 13] = [
    sort("paid", 40, ("pending", Succeeded), ("succeeded", true)),
    sort("late", 12, ("pending", Pending), ("succeeded", true)),
    sort("done", 12, ("succeeded", Succeeded), ("succeeded", true)),
    sort(
        "captured",
        6,
        ("waiting_for_capture", Succeeded),
        ("succeeded", true),
    ),
    sort("canceled", 10, ("pending", Canceled), ("canceled", false)),
    sort(
        "waiting",
        4,
        ("pending", WaitingForCapture),
        ("waiting_for_capture", false),
    ),
    sort("revived", 2, ("canceled", Succeeded), ("succeeded", true)),
    sort("named", 4, ("pending", Succeeded), ("succeeded", true)),
    sort("nameless", 2, ("pending", Succeeded), ("pending", false)),
    sort("refunded", 2, ("pending", Succeeded), ("pending", false)),
    sort("test", 2, ("pending", Succeeded), ("pending", false)),
    sort("other-sum", 2, ("pending", Succeeded), ("pending", false)),
    sort("unknown", 2, ("pending", Succeeded), ("pending", false)),
];

/// A town whose REI writes and hears of payments while it is synced, on a bad day of YooKassa's. The
/// index that would forbid a second credit is missing, as it is in many an installation.
pub async fn busy(payments: usize, weather: Weather) -> (Database, YooKassa, Town, Rei) {
    let (database, shop) = (Database::new(), stand_in().await);
    database
        .open()
        .execute_batch("DROP INDEX ledger_once")
        .unwrap();
    let town = Town::build(&database, &shop, payments);
    let rei = Rei::start(database.path());
    shop.tell_to(Some(rei.callback()));
    shop.set_weather(weather);
    (database, shop, town, rei)
}

/// One payment of the town.
#[derive(Debug, Clone)]
struct Case {
    id: String,
    provider: String,
    sort: Sort,
    old: bool,
}

/// All of them.
#[derive(Debug, Clone)]
pub struct Town {
    cases: Vec<Case>,
}

impl Town {
    /// Builds both sides. Some payments are older than any sweep: they are only found by their ids.
    pub fn build(database: &Database, shop: &YooKassa, count: usize) -> Self {
        let slots: Vec<Sort> = SORTS
            .iter()
            .flat_map(|sort| std::iter::repeat_n(*sort, sort.share))
            .collect();
        let cases: Vec<Case> = (0..count)
            .map(|n| {
                // 37 and 100 have no common divisor: every sort in turn.
                let sort = slots[n * 37 % slots.len()];
                Case {
                    id: format!("r-{n:05}"),
                    provider: format!("p-{n:05}"),
                    sort,
                    old: n % 25 == 0
                        && !matches!(sort.name, "named" | "nameless" | "late" | "revived"),
                }
            })
            .collect();
        database.users(1..=USERS);
        let town = Self { cases };
        town.write_rows(database);
        for case in &town.cases {
            town.put(shop, case);
        }
        for n in 0..ORPHANS {
            shop.add(remote(&format!("orphan-{n}"), Succeeded, 20));
        }
        town
    }

    fn write_rows(&self, database: &Database) {
        let db = database.open();
        db.execute_batch("BEGIN").unwrap();
        for (n, case) in (0..).zip(&self.cases) {
            let (user, at) = (1 + n % USERS, stamp(ago(case.minutes())));
            let nameless = matches!(case.sort.name, "named" | "nameless");
            let provider = (!nameless).then_some(&case.provider);
            db.execute(
                "INSERT INTO payments VALUES (?1, ?2, ?3, '199.00', 'RUB', 220, ?4, ?5, ?5)",
                params![case.id, user, provider, case.sort.here, at],
            )
            .unwrap();
            if case.sort.here == "succeeded" {
                let sql = "INSERT INTO ledger (user_id, amount, reason, reference, created_at)
                           VALUES (?1, 220, 'payment', ?2, ?3)";
                db.execute(sql, params![user, case.id, at]).unwrap();
                let sql = "UPDATE users SET balance = balance + 220 WHERE id = ?1";
                db.execute(sql, [user]).unwrap();
            }
        }
        db.execute_batch("COMMIT").unwrap();
    }

    fn put(&self, shop: &YooKassa, case: &Case) {
        if case.sort.name == "unknown" {
            return;
        }
        let mut payment: RemotePayment = remote(&case.provider, case.sort.there, case.minutes());
        match case.sort.name {
            "named" => payment.metadata = name(&case.id),
            "test" => payment.test = true,
            "other-sum" => payment.amount = rub(19_800),
            _ => {}
        }
        shop.add(payment);
        if case.sort.name == "refunded" {
            shop.refund(&case.provider, 100);
        }
    }

    /// Those that are paid only while the sync is under way.
    pub fn late(&self) -> Vec<String> {
        let late = self.cases.iter().filter(|case| case.sort.name == "late");
        late.map(|case| case.provider.clone()).collect()
    }

    /// Ledger rows that payments have in the end.
    pub fn credits(&self) -> usize {
        self.cases.iter().filter(|case| case.sort.end.1).count()
    }

    /// What a person has to look at in the end.
    pub fn odd(&self) -> usize {
        let odd = ["nameless", "refunded", "other-sum", "unknown"];
        let cases = self.cases.iter().filter(|c| odd.contains(&c.sort.name));
        // A payment without a row, whose row has no name, is an orphan beside it.
        let orphans = self.cases.iter().filter(|c| c.sort.name == "nameless");
        cases.count() + orphans.count() + ORPHANS
    }

    /// Holds the database against what must have become of each payment.
    pub fn assert_settled(&self, database: &Database) {
        assert_eq!(database.twice(), 0, "payments credited twice");
        assert_eq!(database.imbalances(), 0, "balances that are no sums");
        let db = database.open();
        let sql = "SELECT p.status, (SELECT count(*) FROM ledger l WHERE l.reason = 'payment'
                   AND l.reference = p.id AND l.user_id = p.user_id AND l.amount = p.credits)
                   FROM payments p WHERE p.id = ?1";
        let mut look = db.prepare(sql).unwrap();
        for case in &self.cases {
            let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let found: (String, i64) = look.query_row([&case.id], read).unwrap();
            let (status, credited) = case.sort.end;
            let expected = (status.to_owned(), i64::from(credited));
            assert_eq!(found, expected, "{case:?}");
        }
    }
}

impl Case {
    fn minutes(&self) -> i64 {
        if self.old { 20_000 } else { 90 }
    }
}

fn name(row: &str) -> BTreeMap<String, String> {
    [("payment_id".to_owned(), row.to_owned())].into()
}
