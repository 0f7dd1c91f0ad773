//! A database of REI's, a stand-in of YooKassa, and what looks at both.

use rei_recovery::adapters::rei_records::{RecordsLimits, RecordsOptions, ReiRecords};
use rei_recovery::adapters::yookassa::{
    YooKassa as Adapter, YooKassaKeys, YooKassaLimits, YooKassaOptions as AdapterOptions,
};
use rei_recovery::demo::yookassa::{YooKassa, YooKassaOptions};
use rei_recovery::domain::money::Money;
use rei_recovery::domain::payment::{PaymentStatus, RemotePayment, SyncReport};
use rei_recovery::ports::backups::Work;
use rei_recovery::runbook::schema;
use rei_recovery::tasks::payments::{Sides, Span, sync};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

use jiff::{SignedDuration, Timestamp};

pub const SHOP: &str = "100500";
pub const SECRET: &str = "test_a-secret-nobody-may-see";

pub fn rub(minor: i64) -> Money {
    Money {
        minor,
        currency: "RUB".to_owned(),
    }
}

/// So many minutes ago.
pub fn ago(minutes: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_mins(minutes)
}

pub fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A payment at the provider, begun so many minutes ago.
pub fn remote(id: &str, status: PaymentStatus, minutes: i64) -> RemotePayment {
    let created_at = ago(minutes);
    RemotePayment {
        id: id.to_owned(),
        status,
        amount: rub(19_900),
        refunded: rub(0),
        created_at,
        captured_at: (status == PaymentStatus::Succeeded).then_some(created_at),
        test: false,
        metadata: BTreeMap::new(),
    }
}

/// REI's database in a folder of its own.
pub struct Database {
    _folder: TempDir,
    path: PathBuf,
}

impl Database {
    /// In WAL mode, as REI's is.
    pub fn new() -> Self {
        Self::in_mode("wal")
    }

    pub fn in_mode(mode: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bot.db");
        let db = Connection::open(&path).unwrap();
        db.pragma_update(None, "journal_mode", mode).unwrap();
        db.execute_batch(include_str!("../restore/schema.sql"))
            .unwrap();
        let _folder = folder;
        Self { _folder, path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Another connection, as REI has one.
    pub fn open(&self) -> Connection {
        let db = Connection::open(&self.path).unwrap();
        db.busy_timeout(Duration::from_secs(60)).unwrap();
        db
    }

    pub fn users(&self, ids: std::ops::RangeInclusive<i64>) {
        let db = self.open();
        db.execute_batch("BEGIN").unwrap();
        for id in ids {
            let sql = "INSERT INTO users (id, created_at) VALUES (?1, '2026-01-01 00:00:00')";
            db.execute(sql, [id]).unwrap();
        }
        db.execute_batch("COMMIT").unwrap();
    }

    /// A row of 199.00 for 220 credits, begun so many minutes ago.
    pub fn payment(&self, id: &str, user: i64, provider: Option<&str>, status: &str, minutes: i64) {
        let at = stamp(ago(minutes));
        self.open()
            .execute(
                "INSERT INTO payments VALUES (?1, ?2, ?3, '199.00', 'RUB', 220, ?4, ?5, ?5)",
                params![id, user, provider, status, at],
            )
            .unwrap();
    }

    pub fn status(&self, payment: &str) -> String {
        let sql = "SELECT status FROM payments WHERE id = ?1";
        self.open().query_row(sql, [payment], |r| r.get(0)).unwrap()
    }

    pub fn number(&self, sql: &str) -> i64 {
        self.open().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Rows that the ledger has for a payment.
    pub fn credits(&self, payment: &str) -> i64 {
        let sql = "SELECT count(*) FROM ledger WHERE reason = 'payment' AND reference = ?1";
        self.open().query_row(sql, [payment], |r| r.get(0)).unwrap()
    }

    /// Payments in the ledger more than once.
    pub fn twice(&self) -> i64 {
        self.number(
            "SELECT count(*) FROM (SELECT 1 FROM ledger WHERE reason = 'payment'
             GROUP BY reference HAVING count(*) > 1)",
        )
    }

    /// Users whose balance is not the sum of their ledger.
    pub fn imbalances(&self) -> i64 {
        self.number(
            "SELECT count(*) FROM users u WHERE balance <>
             (SELECT coalesce(sum(amount), 0) FROM ledger WHERE user_id = u.id)",
        )
    }

    pub fn records(&self) -> ReiRecords {
        self.records_with(RecordsLimits::default())
    }

    /// The records together with the database, which ends with its handle.
    pub fn records_kept(self) -> (Self, ReiRecords) {
        let records = self.records();
        (self, records)
    }

    pub fn records_with(&self, limits: RecordsLimits) -> ReiRecords {
        ReiRecords::new(RecordsOptions {
            database: self.path.clone(),
            schema: schema::built_in().unwrap(),
            tasks: [("kling".to_owned(), "kling.task_id".to_owned())].into(),
            limits,
        })
    }
}

pub async fn stand_in() -> YooKassa {
    let options = YooKassaOptions::local(SHOP, SECRET);
    YooKassa::start(options).await.unwrap()
}

/// Limits of a client that has no time to lose.
pub fn hasty() -> YooKassaLimits {
    YooKassaLimits {
        first_pause: Duration::from_millis(20),
        longest_pause: Duration::from_millis(500),
        attempts: 12,
        refusals: 200,
        ..YooKassaLimits::default()
    }
}

pub fn adapter(api: &str, status: &str, limits: YooKassaLimits) -> Adapter {
    Adapter::new(AdapterOptions {
        keys: Some(YooKassaKeys {
            shop: SHOP.to_owned(),
            secret: SECRET.into(),
        }),
        api: api.parse().unwrap(),
        status: status.parse().unwrap(),
        limits,
    })
    .unwrap()
}

pub fn adapter_of(shop: &YooKassa) -> Adapter {
    adapter(&shop.api_url(), &shop.status_url(), hasty())
}

/// One sync of the last three hours.
pub async fn sync_now(database: &Database, provider: &Adapter, dry_run: bool) -> SyncReport {
    let records = database.records();
    let sides = Sides {
        records: &records,
        provider,
    };
    let span = Span {
        since: ago(180),
        until: Timestamp::now(),
    };
    sync(sides, span, dry_run, &Work::default()).await.unwrap()
}
