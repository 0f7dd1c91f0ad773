//! YooKassa fails while people pay; and the sync alone.

use super::patient::{self, Told};
use super::{Scene, good};
use rei_recovery::demo::bot_api::PersonId;
use rei_recovery::demo::world::{Entry, World};
use rei_recovery::demo::yookassa::Outage;
use rei_recovery::domain::money::Money;
use rei_recovery::domain::payment::PaymentStatus;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// How the payments of the three users end.
const ENDS: [PaymentStatus; 3] = [
    PaymentStatus::Succeeded,
    PaymentStatus::Canceled,
    PaymentStatus::Succeeded,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_payments_is_killed_anywhere() {
    super::killed_anywhere::<OutageOfPayments>(25).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_of_payments_is_killed_anywhere() {
    super::killed_anywhere::<Sync>(7).await;
}

/// Payments whose webhook never came: the row, its user, its end at YooKassa.
struct Open(Vec<(String, PersonId, PaymentStatus)>);

impl Open {
    fn begin(world: &World) -> Self {
        let pairs = patient::users(world).into_iter().zip(ENDS);
        Self(
            pairs
                .map(|(user, end)| (pay(world, user, end), user, end))
                .collect(),
        )
    }

    /// Row and ledger say what YooKassa says, and nothing says it twice.
    fn assert_settled(&self, world: &World) {
        let db = Connection::open(world.patient.database()).unwrap();
        let sql = "SELECT status, (SELECT count(*) FROM ledger l WHERE l.reference = p.id),
                   (SELECT coalesce(sum(amount), 0) FROM ledger l WHERE l.reference = p.id)
                   FROM payments p WHERE id = ?1";
        for (row, _, end) in &self.0 {
            let read = db.query_row(sql, [row], |it| Ok((it.get(0)?, it.get(1)?, it.get(2)?)));
            let found: (String, i64, i64) = read.unwrap();
            let paid = i64::from(*end == PaymentStatus::Succeeded);
            assert_eq!(found, (end.as_str().to_owned(), paid, 220 * paid), "{row}");
        }
    }
}

fn pay(world: &World, user: PersonId, end: PaymentStatus) -> String {
    let row = patient::id("pay");
    let metadata = BTreeMap::from([("payment_id".to_owned(), row.clone())]);
    let amount = Money::parse("199.00", "RUB").unwrap();
    let remote = world.yookassa.begin(amount, metadata);
    patient::write(
        &world.patient.database(),
        &format!(
            "INSERT INTO payments (id, user_id, provider_payment_id, amount, credits, status,
               created_at, updated_at)
             VALUES ('{row}', {}, '{remote}', '199.00', 220, 'pending',
               datetime('now', '-10 minutes'), datetime('now', '-10 minutes'));",
            user.0
        ),
    );
    assert!(world.yookassa.turn(&remote, end));
    row
}

struct Sync {
    open: Open,
    told: Told,
}

impl Scene for Sync {
    const BEGIN: &[&str] = &["payments", "sync"];

    async fn set(world: &World) -> Self {
        Self {
            open: Open::begin(world),
            told: Told::until_now(world),
        }
    }

    async fn assert_mended(self, world: &World, _: i64) {
        self.open.assert_settled(world);
        assert!(self.told.since(world).values().all(Vec::is_empty));
    }
}

struct OutageOfPayments {
    open: Open,
    told: Told,
    config: Vec<u8>,
    /// `config.py` while payments were taken by hand.
    manual: Option<Vec<u8>>,
}

impl Scene for OutageOfPayments {
    const BEGIN: &[&str] = &["recover", "payment-outage"];

    async fn set(world: &World) -> Self {
        world.yookassa.set_outage(Some(Outage::Unavailable));
        world.yookassa.announce(Some("Сбой"));
        Self {
            open: Open::begin(world),
            told: Told::until_now(world),
            config: patient::file(world, "config.py"),
            manual: None,
        }
    }

    /// YooKassa is back before the run asks for it: a provider that is down is asked again after 15
    /// seconds only.
    fn meanwhile(&mut self, world: &World, entry: &Entry) {
        if (entry.kind(), entry.step()) == ("step-started", Some("tell-delayed")) {
            self.manual = Some(patient::file(world, "config.py"));
            world.yookassa.set_outage(None);
            world.yookassa.announce(None);
        }
    }

    async fn assert_mended(self, world: &World, run: i64) {
        self.open.assert_settled(world);
        let lines = |text: &[u8]| String::from_utf8(text.to_vec()).unwrap();
        let (was, manual) = (lines(&self.config), lines(&self.manual.unwrap()));
        let switched = was.replace("YOOKASSA_MANUAL_MODE=False", "YOOKASSA_MANUAL_MODE=True");
        assert_eq!(manual, switched);
        assert_eq!(lines(&patient::file(world, "config.py")), was);
        // Everybody of the delay, who has paid of the credit as well.
        let told = self.told.since(world);
        assert_eq!(patient::ambiguous(world, run), 0);
        for (_, user, end) in &self.open.0 {
            let least = 1 + usize::from(*end == PaymentStatus::Succeeded);
            assert!(told[&user.0].len() >= least, "{user:?}: {told:#?}");
        }
        let aside = patient::put_aside(world, run);
        let copies = aside.iter().filter(|name| name.contains("config.py"));
        assert_eq!(copies.count(), 2, "one for each way: {aside:#?}");
        let left = good(world.state.under_way());
        assert_eq!(left, None);
    }
}
