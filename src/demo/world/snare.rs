//! Holding the program at an exact place of a run's journal, so that it can be killed there.
//!
//! A trigger in its own `state.db` turns the insertion of one event into a query without end. The
//! effect of the step has happened then and its outcome is not written: the place where a kill hurts
//! most. Nothing in the program knows of it, and the database itself proves that it died there: the
//! event before is the last one.

use super::World;
use crate::demo::error::{DemoResult, in_db};
use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use std::time::{Duration, Instant};

/// The state is held locked for so long only by a program that is caught: its own transactions take
/// milliseconds.
const CAUGHT_AFTER: Duration = Duration::from_millis(600);

/// A snare that was laid; taken away with [`Snare::remove`].
#[derive(Debug)]
pub struct Snare<'w> {
    world: &'w World,
    position: u64,
    /// The newest run, where it had ended: the snare is for one after it.
    over: Option<i64>,
}

impl World {
    /// Lays a snare: the program will be caught when it writes the event of this position, of the run
    /// under way or, when none is, of the next. The program must have made its state; it may be
    /// running.
    ///
    /// # Errors
    /// The state cannot be written.
    pub fn snare(&self, position: u64) -> DemoResult<Snare<'_>> {
        let newest = self.state.newest()?;
        let over = newest.and_then(|(run, phase)| (phase == "finished").then_some(run));
        self.change_state(&format!(
            "CREATE VIEW demo_forever AS
               WITH RECURSIVE forever(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM forever)
               SELECT n FROM forever;
             CREATE TRIGGER demo_snare BEFORE INSERT ON events WHEN NEW.position = {position}
               BEGIN SELECT count(*) FROM demo_forever; END;"
        ))?;
        Ok(Snare {
            world: self,
            position,
            over,
        })
    }

    fn change_state(&self, sql: &str) -> DemoResult<()> {
        let change = || {
            let db = Connection::open(self.state.path())?;
            db.busy_timeout(Duration::from_secs(10))?;
            db.execute_batch(&format!("BEGIN IMMEDIATE; {sql} COMMIT;"))
        };
        change().map_err(in_db(self.state.path()))
    }
}

impl Snare<'_> {
    /// Waits until the program is caught, and kills it there. Gives the run's journal as it is then:
    /// its last event is the one before the snare.
    ///
    /// # Errors
    /// It was not caught in time, or died elsewhere.
    pub async fn kill_there(&self, within: Duration) -> DemoResult<Vec<super::Entry>> {
        let mut locked_since = None;
        let what = format!("the program to come to position {}", self.position);
        let caught = self.world.until(&what, within, || {
            if !self.is_locked()? {
                locked_since = None;
                return Ok(None);
            }
            let since = *locked_since.get_or_insert_with(Instant::now);
            let there = self.journal()?.len() as u64 + 1 == self.position;
            Ok((there && since.elapsed() >= CAUGHT_AFTER).then_some(()))
        });
        caught.await?;
        self.world.kill_bot().await?;
        self.journal()
    }

    /// Takes the snare away; the program must not be in it.
    ///
    /// # Errors
    /// The state cannot be written.
    pub fn remove(self) -> DemoResult<()> {
        self.world
            .change_state("DROP TRIGGER demo_snare; DROP VIEW demo_forever;")
    }

    fn journal(&self) -> DemoResult<Vec<super::Entry>> {
        match self.world.state.newest()? {
            Some((run, _)) if Some(run) != self.over => self.world.state.journal(run),
            _ => Ok(Vec::new()),
        }
    }

    fn is_locked(&self) -> DemoResult<bool> {
        let path = self.world.state.path();
        let try_lock = || {
            let mut db = Connection::open(path)?;
            db.busy_timeout(Duration::ZERO)?;
            db.transaction_with_behavior(TransactionBehavior::Immediate)?
                .rollback()
        };
        match try_lock() {
            Ok(()) => Ok(false),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(true),
            Err(error) => Err(in_db(path)(error)),
        }
    }
}
