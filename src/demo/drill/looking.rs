//! After the recovery: does everything work that users need?

use super::breaking::{order, until};
use super::ground::{Ground, blocking};
use super::halt::Halt;
use crate::adapters::rei_records::{RecordsLimits, RecordsOptions, ReiRecords};
use crate::adapters::rq::{RqOptions, RqQueue};
use crate::adapters::sqlite_checks::{CheckLimits, SqliteChecks};
use crate::demo::patient::job_states;
use crate::demo::redis_server;
use crate::demo::units::{self, Unit};
use crate::domain::chore::drill::{Function, Look, Scenario};
use crate::domain::chore::testing::Verdict;
use crate::domain::database::{CheckReport, Counts};
use crate::domain::failure::{Arg, Args, Failure};
use crate::domain::payment::{PaymentStatus, RemotePayment};
use crate::ports::backups::Work;
use crate::ports::database::DatabaseChecks;
use crate::ports::queue::JobQueue;
use crate::ports::records::Records;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::fs;
use std::time::Instant;

/// Payments taken by hand.
const MANUAL: &str = "YOOKASSA_MANUAL_MODE=True";
/// Payments that were begun since then are those of the drill, and the newest of the backup.
const RECENT: SignedDuration = SignedDuration::from_hours(24);

/// Redis or RQ is not on this machine.
const NO_QUEUE: &str = "drill-saw-no-queue";
/// REI's tables have other names than the stand-ins know.
const OTHER_TABLES: &str = "drill-saw-other-tables";
/// Database or backup could not be counted.
const NOT_COUNTED: &str = "drill-saw-not-counted";

/// Looks at everything this scenario concerns. What cannot be looked at here is named, with the reason.
pub(super) async fn look(ground: &Ground, scenario: Scenario) -> Vec<Look> {
    let mut looks = vec![units_up(ground).await];
    looks.extend(content(ground).await);
    looks.push(ledger(ground).await);
    looks.push(match ground.queue {
        true => redis(ground).await,
        false => unseen(Function::Redis, NO_QUEUE),
    });
    looks.push(match (ground.queue, ground.usual_tables) {
        (true, true) => job(ground).await,
        (false, _) => unseen(Function::Job, NO_QUEUE),
        (true, false) => unseen(Function::Job, OTHER_TABLES),
    });
    if scenario.concerns(Function::Payments) {
        looks.push(match ground.usual_tables {
            true => payments(ground).await,
            false => unseen(Function::Payments, OTHER_TABLES),
        });
    }
    looks
}

/// What is in the database, and whether it is all that the backup held.
async fn content(ground: &Ground) -> [Look; 2] {
    let checks = SqliteChecks::new(ground.schema.clone(), CheckLimits::default());
    let database = ground.patient.database();
    match checks.check_live(&database, &Work::default()).await {
        Ok(report) => {
            let saved = ground.saved.as_ref();
            let rows = saved.map(|saved| rows(saved, &report));
            let rows = rows.unwrap_or_else(|| unseen(Function::Rows, NOT_COUNTED));
            [intact(&report), rows]
        }
        Err(error) => [
            unwell(Function::Database, error.into()),
            unseen(Function::Rows, NOT_COUNTED),
        ],
    }
}

/// Nobody could look at it, and nobody may take that for good.
fn unseen(function: Function, why: &str) -> Look {
    Look {
        function,
        verdict: Verdict::Inconclusive,
        saw: why.to_owned(),
        args: Args::new(),
        failure: None,
    }
}

fn saw<const N: usize>(function: Function, good: bool, saw: &str, args: [(&str, Arg); N]) -> Look {
    Look {
        function,
        verdict: if good { Verdict::Pass } else { Verdict::Fail },
        saw: saw.to_owned(),
        args: args.map(|(name, value)| (name.to_owned(), value)).into(),
        failure: None,
    }
}

/// What is in the database is a verdict; what could not be read is none.
fn unwell(function: Function, failure: Failure) -> Look {
    let verdict = if failure.code.is_about_content() {
        Verdict::Fail
    } else {
        Verdict::Inconclusive
    };
    Look {
        function,
        verdict,
        saw: "drill-saw-failure".to_owned(),
        args: Args::new(),
        failure: Some(failure),
    }
}

fn number(number: usize) -> Arg {
    Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

async fn units_up(ground: &Ground) -> Look {
    let home = ground.patient.home();
    let all: Vec<Unit> = if ground.queue {
        Unit::ALL.to_vec()
    } else {
        Unit::REI.to_vec()
    };
    let of = all.len();
    let up = blocking(move || {
        let up = all.into_iter().map(|unit| units::is_up(unit, &home));
        let up = up.collect::<Result<Vec<_>, _>>()?;
        Ok(up.into_iter().filter(|up| *up).count())
    })
    .await;
    match up {
        Ok(up) => saw(
            Function::Units,
            up == of,
            "drill-saw-units",
            [("up", number(up)), ("of", number(of))],
        ),
        Err(halt) => unwell(Function::Units, halt.into()),
    }
}

fn intact(report: &CheckReport) -> Look {
    let tables = number(report.counts.len());
    saw(
        Function::Database,
        true,
        "drill-saw-database",
        [("tables", tables)],
    )
}

/// Rows may have come since; none may be missing.
fn rows(saved: &CheckReport, now: &CheckReport) -> Look {
    let sum = |counts: &Counts| {
        Arg::Number(i64::try_from(counts.values().sum::<u64>()).unwrap_or(i64::MAX))
    };
    let kept =
        |(table, count): (&String, &u64)| now.counts.get(table).is_some_and(|it| it >= count);
    saw(
        Function::Rows,
        saved.counts.iter().all(kept),
        "drill-saw-rows",
        [("rows", sum(&now.counts)), ("saved", sum(&saved.counts))],
    )
}

async fn ledger(ground: &Ground) -> Look {
    let records = ReiRecords::new(RecordsOptions {
        database: ground.patient.database(),
        schema: ground.schema.clone(),
        tasks: BTreeMap::new(),
        limits: RecordsLimits::default(),
    });
    match records.imbalances(0, &Work::default()).await {
        Ok((count, _)) => {
            let differing = Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
            let key = "drill-saw-ledger";
            saw(Function::Ledger, count == 0, key, [("count", differing)])
        }
        Err(error) => unwell(Function::Ledger, error.into()),
    }
}

async fn redis(ground: &Ground) -> Look {
    let asked = async {
        let url = redis_server::url(&ground.patient.home())?;
        let queue = RqQueue::new(RqOptions::new(SecretString::from(url))).map_err(Halt::told)?;
        queue.prove_writable().await?;
        Ok::<_, Halt>(queue.view().await?)
    };
    match asked.await {
        Ok(view) => {
            let waiting: u64 = view.queues.iter().map(|queue| queue.waiting).sum();
            let waiting = Arg::Number(i64::try_from(waiting).unwrap_or(i64::MAX));
            let workers = number(view.workers.len());
            let args = [("waiting", waiting), ("workers", workers)];
            let served = !view.workers.is_empty();
            saw(Function::Redis, served, "drill-saw-redis", args)
        }
        Err(halt) => unwell(Function::Redis, halt.into()),
    }
}

/// Somebody orders a picture, and gets it.
async fn job(ground: &Ground) -> Look {
    let (home, database) = (ground.patient.home(), ground.patient.database());
    let begun = Instant::now();
    let done = blocking(move || {
        let ids = order(&home, &database, 1)?;
        until("a new job to be done", || {
            let states = job_states(&database)?;
            let done = |id| states.get(id).is_some_and(|job| job.status == "completed");
            Ok(ids.iter().all(done))
        })
    })
    .await;
    match done {
        Ok(()) => {
            let took = begun.elapsed().into();
            saw(Function::Job, true, "drill-saw-job", [("took", took)])
        }
        Err(halt) => Look {
            verdict: Verdict::Fail,
            ..unwell(Function::Job, halt.into())
        },
    }
}

/// Every recent payment is what YooKassa says it is, and none is taken by hand any more.
async fn payments(ground: &Ground) -> Look {
    let config = fs::read_to_string(ground.patient.home().join("config.py"));
    let by_hand = config.is_ok_and(|text| text.lines().any(|line| line == MANUAL));
    let database = ground.patient.database();
    let remote = ground.yookassa.payments();
    let since = Timestamp::now()
        .saturating_sub(RECENT)
        .unwrap_or(Timestamp::MIN);
    let counted = blocking(move || {
        let known = |it: &RemotePayment| it.status != PaymentStatus::Other;
        let mut recent = remote
            .into_iter()
            .filter(|it| it.created_at >= since && known(it));
        recent.try_fold((0, 0), |(all, right), payment| {
            let is_right = settled(&database, &payment.id, payment.status)?;
            Ok((all + 1, right + usize::from(is_right)))
        })
    })
    .await;
    match counted {
        Ok((all, right)) => saw(
            Function::Payments,
            all == right && !by_hand,
            "drill-saw-payments",
            [("right", number(right)), ("all", number(all))],
        ),
        Err(halt) => unwell(Function::Payments, halt.into()),
    }
}

/// Row and ledger say what YooKassa says, once.
fn settled(database: &std::path::Path, id: &str, status: PaymentStatus) -> Result<bool, Halt> {
    let sql = "SELECT status, (SELECT count(*) FROM ledger l
               WHERE l.reason = 'payment' AND l.reference = p.id)
               FROM payments p WHERE provider_payment_id = ?1";
    let ask = || {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        let db = rusqlite::Connection::open_with_flags(database, flags)?;
        db.query_row(sql, [id], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
        })
    };
    let (row, credits) = ask().map_err(crate::demo::error::in_db(database))?;
    let paid = i64::from(status == PaymentStatus::Succeeded);
    Ok(row == status.as_str() && credits == paid)
}
