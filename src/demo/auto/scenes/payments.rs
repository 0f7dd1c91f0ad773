//! YooKassa fails while people pay: their money is taken, and no webhook ever comes.

use super::people;
use crate::demo::auto::proof::{Check, check_of};
use crate::demo::error::{DemoResult, at, in_db};
use crate::demo::terminal::say;
use crate::demo::world::{Entry, Unheard, World, blocking};
use crate::demo::yookassa::Outage;
use crate::domain::payment::PaymentStatus;
use rusqlite::{Connection, params};
use std::fs;

/// What was so before.
#[derive(Debug)]
pub(in crate::demo::auto) struct Scene {
    config: Vec<u8>,
    open: Vec<Unheard>,
    /// `config.py` while payments were taken by hand.
    manual: Option<Vec<u8>>,
}

/// People are paying when YooKassa fails.
pub(super) async fn set(world: &World) -> DemoResult<Scene> {
    let config = read_config(world)?;
    world.yookassa.set_outage(Some(Outage::Unavailable));
    let open = world.pay_unheard().await?;
    world
        .yookassa
        .announce(Some("Сбой при проведении платежей"));
    say(&format!(
        "YooKassa answers 503; {} people are paying, and no webhook will come of it\n",
        open.len()
    ));
    Ok(Scene {
        config,
        open,
        manual: None,
    })
}

fn read_config(world: &World) -> DemoResult<Vec<u8>> {
    let path = world.patient.home().join("config.py");
    fs::read(&path).map_err(at(&path))
}

impl Scene {
    /// YooKassa comes back when the run has begun to wait for it.
    pub(super) fn meanwhile(&mut self, world: &World, entry: &Entry) -> DemoResult<()> {
        if entry.kind() == "step-started" && entry.step() == Some("back") {
            self.manual = Some(read_config(world)?);
            world.yookassa.set_outage(None);
            world.yookassa.announce(None);
            say("          YooKassa is back");
        }
        Ok(())
    }

    /// Checks after the play.
    pub(super) async fn check(&self, world: &World) -> DemoResult<Vec<Check>> {
        let database = world.patient.database();
        let open = self.open.clone();
        let (right, twice) = blocking(move || {
            let look = || {
                let db = Connection::open(&database)?;
                let right = open.iter().map(|open| is_right(&db, open));
                let right: rusqlite::Result<Vec<bool>> = right.collect();
                Ok((right?, uncredited(&db)?))
            };
            look().map_err(in_db(&database))
        })
        .await?;
        let done = right.iter().filter(|right| **right).count();
        let config = read_config(world)?;
        let manual = self
            .manual
            .as_deref()
            .map(|manual| differing(&self.config, manual));
        Ok(vec![
            check_of(
                "each payment that was paid is credited once, the other canceled",
                done == right.len(),
                format!("{done} of {}", right.len()),
            ),
            check_of(
                "every payment REI has as paid stands once in the ledger",
                twice == 0,
                format!("{twice} others"),
            ),
            people::balances(world).await?,
            check_of(
                "config.py changed in one line while payments were taken by hand",
                manual
                    .as_ref()
                    .is_some_and(|lines| lines == &["YOOKASSA_MANUAL_MODE=True"]),
                manual.unwrap_or_default().join(", "),
            ),
            check_of(
                "config.py is what it was, byte for byte",
                config == self.config,
                format!("{} bytes", config.len()),
            ),
            people::told_once(world, 2),
        ])
    }
}

/// Whether row and ledger say what YooKassa says.
fn is_right(db: &Connection, open: &Unheard) -> rusqlite::Result<bool> {
    let sql = "SELECT status, (SELECT count(*) FROM ledger l WHERE l.reason = 'payment'
               AND l.reference = p.id AND l.amount = p.credits) FROM payments p WHERE id = ?1";
    let (status, credits): (String, i64) =
        db.query_row(sql, params![open.row], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let paid = open.end == PaymentStatus::Succeeded;
    Ok(status == open.end.as_str() && credits == i64::from(paid))
}

/// Paid payments that do not stand in the ledger exactly once.
fn uncredited(db: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT count(*) FROM payments p WHERE status = 'succeeded' AND 1 <> (
               SELECT count(*) FROM ledger l WHERE l.reason = 'payment' AND l.reference = p.id)";
    db.query_row(sql, [], |row| row.get(0))
}

/// Lines of the second text that differ from those of the first.
fn differing(before: &[u8], now: &[u8]) -> Vec<String> {
    let lines = |text: &[u8]| -> Vec<String> {
        let text = String::from_utf8_lossy(text).into_owned();
        text.split('\n').map(str::to_owned).collect()
    };
    let (before, now) = (lines(before), lines(now));
    if before.len() != now.len() {
        return now;
    }
    let pairs = before.into_iter().zip(now);
    pairs.filter(|(a, b)| a != b).map(|(_, b)| b).collect()
}
