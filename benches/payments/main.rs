//! The sync of pending payments against the official Python SDK one by one: same machine, same run,
//! same stand-in of the API in a process of its own.
//!
//! `cargo bench --bench payments -- [payments] [milliseconds a call] [calls at once]` (2000, 50, 16).
//! Calls beyond the last number are answered 429. Ours runs twice: with payments that one sweep finds,
//! and with such that are too old for it, so that each is asked for by its id.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

#[path = "../../tests/it/support/python.rs"]
mod python;

use anyhow::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use rei_recovery::adapters::rei_records::{RecordsLimits, RecordsOptions, ReiRecords};
use rei_recovery::adapters::yookassa::{
    YooKassa as Adapter, YooKassaKeys, YooKassaLimits, YooKassaOptions as AdapterOptions,
};
use rei_recovery::demo::yookassa::{Weather, YooKassa, YooKassaOptions};
use rei_recovery::domain::money::Money;
use rei_recovery::domain::payment::{PaymentStatus, RemotePayment};
use rei_recovery::ports::backups::Work;
use rei_recovery::runbook::schema;
use rei_recovery::tasks::payments::{Sides, Span, sync};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SHOP: &str = "100500";
const SECRET: &str = "bench";
const AIM: f64 = 10.0;

#[tokio::main]
async fn main() -> Result<()> {
    // `cargo bench` adds an argument of its own.
    let given: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let number = |at: usize, usual: u64| given.get(at).map_or(Ok(usual), |text| text.parse());
    if given.first().is_some_and(|first| first == "serve") {
        return serve(number(1, 0)?, number(2, 0)?, number(3, 0)?).await;
    }
    let (count, millis, at_once) = (number(0, 2000)?, number(1, 50)?, number(2, 16)?);
    println!("{count} payments, {millis} ms a call, at most {at_once} calls at once");
    let shop = Shop::start(count, millis, at_once)?;
    let sdk = one_by_one(&shop, count).await?;
    println!("SDK one by one      {sdk:8.2} s");
    for (name, old) in [("ours, by a sweep", false), ("ours, each by its id", true)] {
        let seconds = ours(&shop, count, old).await?;
        let ratio = sdk / seconds;
        println!("{name:20}{seconds:8.2} s   {ratio:.1} times as fast (aim {AIM})");
    }
    Ok(())
}

/// The stand-in in a process of its own.
struct Shop {
    child: Child,
    url: String,
}

impl Shop {
    fn start(count: u64, millis: u64, at_once: u64) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .args([count, millis, at_once].map(|number| number.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut url = String::new();
        let stdout = child.stdout.take().context("no output")?;
        BufReader::new(stdout).read_line(&mut url)?;
        let url = url.trim().to_owned();
        ensure!(!url.is_empty(), "the stand-in did not start");
        Ok(Self { child, url })
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until the parent is gone: half the ids are recent, half are old.
async fn serve(count: u64, millis: u64, at_once: u64) -> Result<()> {
    let shop = YooKassa::start(YooKassaOptions::local(SHOP, SECRET)).await?;
    for (old, n) in [false, true]
        .iter()
        .flat_map(|old| (0..count).map(move |n| (*old, n)))
    {
        shop.add(payment(&id(old, n), begun(old)));
    }
    shop.set_weather(Weather {
        delay: Duration::from_millis(millis),
        at_once: usize::try_from(at_once).ok(),
        ..Weather::default()
    });
    println!("{}", shop.api_url());
    tokio::task::spawn_blocking(|| std::io::stdin().lines().count()).await?;
    Ok(())
}

fn id(old: bool, n: u64) -> String {
    format!("{}-{n:06}", if old { "old" } else { "new" })
}

fn begun(old: bool) -> Timestamp {
    Timestamp::now() - SignedDuration::from_mins(if old { 20_000 } else { 90 })
}

fn payment(id: &str, at: Timestamp) -> RemotePayment {
    let rub = |minor| Money {
        minor,
        currency: "RUB".to_owned(),
    };
    RemotePayment {
        id: id.to_owned(),
        status: PaymentStatus::Succeeded,
        amount: rub(19_900),
        refunded: rub(0),
        created_at: at,
        captured_at: Some(at),
        test: false,
        metadata: BTreeMap::new(),
    }
}

/// A database whose rows are all pending.
struct Database {
    _folder: TempDir,
    path: PathBuf,
}

impl Database {
    fn new(count: u64, old: bool) -> Result<Self> {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let path = folder.path().join("bot.db");
        let db = Connection::open(&path)?;
        db.pragma_update(None, "journal_mode", "wal")?;
        db.execute_batch(include_str!("../../tests/it/restore/schema.sql"))?;
        let at = begun(old).strftime("%Y-%m-%d %H:%M:%S").to_string();
        db.execute_batch("BEGIN")?;
        for n in 0..count {
            let user = i64::try_from(n)?;
            let sql = "INSERT INTO users (id, created_at) VALUES (?1, ?2)";
            db.execute(sql, params![user, at])?;
            let sql =
                "INSERT INTO payments VALUES (?1, ?2, ?3, '199.00', 'RUB', 220, 'pending', ?4, ?4)";
            db.execute(sql, params![format!("r-{n}"), user, id(old, n), at])?;
        }
        db.execute_batch("COMMIT")?;
        Ok(Self {
            _folder: folder,
            path,
        })
    }

    /// REI has the database open while it is synced.
    fn used(&self) -> Result<Connection> {
        let db = Connection::open(&self.path)?;
        db.query_row("SELECT count(*) FROM users", [], |_| Ok(()))?;
        Ok(db)
    }

    fn ensure_settled(&self, count: u64) -> Result<()> {
        let sql = "SELECT count(*) FROM ledger JOIN users ON users.id = user_id
                   WHERE amount = 220 AND balance = 220 AND reason = 'payment'";
        let found: i64 = self.used()?.query_row(sql, [], |row| row.get(0))?;
        ensure!(
            found.unsigned_abs() == count,
            "only {found} of {count} were credited"
        );
        Ok(())
    }
}

async fn one_by_one(shop: &Shop, count: u64) -> Result<f64> {
    let python = python::with("yookassa", &["yookassa==3.13.0"]);
    let database = Database::new(count, false)?;
    let _rei = database.used()?;
    let begun = Instant::now();
    let status = Command::new(python)
        .args(["-c", include_str!("sdk.py"), SHOP, SECRET, &shop.url])
        .arg(&database.path)
        .status()?;
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(status.success(), "the SDK's script ended with {status}");
    database.ensure_settled(count)?;
    Ok(seconds)
}

async fn ours(shop: &Shop, count: u64, old: bool) -> Result<f64> {
    let database = Database::new(count, old)?;
    let _rei = database.used()?;
    let (records, provider) = (records(&database.path)?, adapter(&shop.url)?);
    let sides = Sides {
        records: &records,
        provider: &provider,
    };
    let span = Span {
        since: Timestamp::now() - SignedDuration::from_mins(if old { 5 } else { 120 }),
        until: Timestamp::now(),
    };
    let begun = Instant::now();
    let report = sync(sides, span, false, &Work::default()).await?;
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(report.credited == count, "{report:?}");
    database.ensure_settled(count)?;
    Ok(seconds)
}

fn records(database: &Path) -> Result<ReiRecords> {
    Ok(ReiRecords::new(RecordsOptions {
        database: database.to_owned(),
        schema: schema::built_in()?,
        tasks: BTreeMap::new(),
        limits: RecordsLimits::default(),
    }))
}

fn adapter(url: &str) -> Result<Adapter> {
    Ok(Adapter::new(AdapterOptions {
        keys: Some(YooKassaKeys {
            shop: SHOP.to_owned(),
            secret: SECRET.into(),
        }),
        api: url.parse()?,
        status: url.parse()?,
        limits: YooKassaLimits::default(),
    })?)
}
