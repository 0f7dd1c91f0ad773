//! REI's past: people join, pay, draw, and are refunded, up to a chosen moment and then further.

use super::book::{Book, Job, OFFERS, Payment, cost};
use super::{Guest, people};
use crate::demo::dice::Dice;
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};

/// How long ago REI began, in seconds: 180 days.
const PAST: i64 = 180 * LAST_DAY;

/// REI became popular: every seventh job is of the last day, in seconds.
const LAST_DAY: i64 = 24 * 3600;

/// Jobs of so many last seconds before a cut are still under way.
const FRESH: i64 = 180;

/// The generator; it can be stopped at any moment and go on from there.
#[derive(Debug)]
pub(super) struct History {
    dice: Dice,
    began: i64,
    users: u64,
    jobs: u64,
    done: u64,
    guests: Vec<Guest>,
    members: Vec<Member>,
    pending: Vec<String>,
    clock: Clock,
}

#[derive(Debug)]
struct Member {
    id: i64,
    balance: i64,
}

impl History {
    /// A past that will have so many users and jobs at `now`.
    pub(super) fn new(seed: u64, (users, jobs): (u64, u64), now: Timestamp) -> Self {
        Self {
            dice: Dice::new(seed),
            began: now.as_second() - PAST,
            users: users.max(1),
            jobs: jobs.max(1),
            done: 0,
            guests: Vec::new(),
            members: Vec::new(),
            pending: Vec::new(),
            clock: Clock::default(),
        }
    }

    /// These people joined first.
    pub(super) fn guests(mut self, guests: &[Guest]) -> Self {
        self.guests = guests.iter().rev().cloned().collect();
        self
    }

    /// Lives on until this moment, in one transaction.
    pub(super) fn live(&mut self, db: &mut Connection, until: Timestamp) -> rusqlite::Result<()> {
        let until = until.as_second();
        let tx = db.transaction()?;
        self.finish_pending(&tx)?;
        while self.done < self.jobs && self.moment(self.done) <= until {
            let at = self.moment(self.done);
            self.join(&tx, at)?;
            self.draw(&tx, at, until)?;
            self.done += 1;
        }
        self.leave_payments_open(&tx, until)?;
        tx.commit()
    }

    /// When a job was ordered: evenly in the past, and evenly but more densely in the last day.
    fn moment(&self, job: u64) -> i64 {
        let (job, old) = (job as i64, (self.jobs - self.jobs / 7) as i64);
        let recent = (self.jobs as i64 - old).max(1);
        if job < old {
            self.began + (PAST - LAST_DAY) / old * job
        } else {
            self.began + PAST - LAST_DAY + LAST_DAY * (job - old) / recent
        }
    }

    /// Whoever should have joined by this moment does.
    fn join(&mut self, tx: &Transaction<'_>, at: i64) -> rusqlite::Result<()> {
        let due = self.users * self.done.saturating_add(1) / self.jobs;
        let due = usize::try_from(due.clamp(1, self.users)).unwrap_or(usize::MAX);
        let time = self.clock.time(at);
        while self.members.len() < due {
            let dice = &mut self.dice;
            let guest = self.guests.pop();
            let (id, name, language) = match &guest {
                Some(guest) => (
                    guest.id,
                    Some(guest.username.clone()),
                    guest.language.as_str(),
                ),
                None => {
                    let id = 190_000_000 + 3_000 * self.members.len() as i64;
                    let id = id + dice.below(3_000) as i64;
                    (id, people::username(dice), people::language(dice))
                }
            };
            let book = Book(tx);
            book.user(id, name.as_deref(), language, &time)?;
            book.credit(id, 30, ("bonus", None), &time)?;
            self.members.push(Member { id, balance: 30 });
        }
        Ok(())
    }

    /// Somebody orders a picture or a video, and pays first when the credits do not suffice.
    fn draw(&mut self, tx: &Transaction<'_>, at: i64, until: i64) -> rusqlite::Result<()> {
        let who = self.dice.index(self.members.len());
        let video = self.dice.percent(15);
        let (price, time) = (cost(video), self.clock.time(at));
        while self.members[who].balance < price {
            self.pay(tx, who, &time, at)?;
        }
        let id = self.dice.uuid(at * 1000);
        let (status, error) = self.outcome(until - at);
        let user = self.members[who].id;
        let parameters = people::params(&mut self.dice, video);
        let book = Book(tx);
        book.job(&Job {
            id: &id,
            user,
            video,
            status,
            params: &parameters,
            cost: price,
            error,
            at: &time,
        })?;
        book.credit(user, -price, ("job", Some(&id)), &time)?;
        self.members[who].balance -= price;
        if status == "refunded" {
            book.credit(user, price, ("refund", Some(&id)), &time)?;
            self.members[who].balance += price;
        }
        Ok(())
    }

    fn outcome(&mut self, age: i64) -> (&'static str, Option<&'static str>) {
        match self.dice.below(100) {
            _ if age < FRESH / 2 => ("queued", None),
            _ if age < FRESH => ("processing", None),
            0..93 => ("completed", None),
            93..98 => ("refunded", Some("provider returned 503: overloaded")),
            _ => ("failed", Some("timeout while waiting for the provider")),
        }
    }

    fn pay(
        &mut self,
        tx: &Transaction<'_>,
        who: usize,
        time: &str,
        at: i64,
    ) -> rusqlite::Result<()> {
        let dice = &mut self.dice;
        let offer = &OFFERS[dice.index(OFFERS.len())];
        let status = if dice.percent(8) {
            "canceled"
        } else {
            "succeeded"
        };
        let (id, provider_id) = (dice.uuid(at * 1000), provider_id(dice));
        Book(tx).payment(&Payment {
            id: &id,
            user: self.members[who].id,
            provider_id: &provider_id,
            offer,
            status,
            at: time,
        })?;
        if status == "succeeded" {
            self.members[who].balance += offer.credits;
        }
        Ok(())
    }

    /// A few people are just paying when the picture is taken.
    fn leave_payments_open(&mut self, tx: &Transaction<'_>, until: i64) -> rusqlite::Result<()> {
        let time = self.clock.time(until);
        for _ in 0..3.min(self.members.len()) {
            let dice = &mut self.dice;
            let who = dice.index(self.members.len());
            let (id, provider_id) = (dice.uuid(until * 1000), provider_id(dice));
            Book(tx).payment(&Payment {
                id: &id,
                user: self.members[who].id,
                provider_id: &provider_id,
                offer: &OFFERS[0],
                status: "pending",
                at: &time,
            })?;
            self.pending.push(id);
        }
        Ok(())
    }

    /// What was under way at the last cut has ended since.
    fn finish_pending(&mut self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        let time = self.clock.time(self.moment(self.done));
        tx.execute(
            "UPDATE jobs SET status = 'completed', updated_at = ?1
             WHERE status IN ('queued', 'processing')",
            params![time],
        )?;
        // The members' balances in memory stay lower than the real ones; they only decide who pays.
        for id in std::mem::take(&mut self.pending) {
            Book(tx).settle(&id, &time)?;
        }
        Ok(())
    }
}

/// YooKassa's payment ids look like this.
fn provider_id(dice: &mut Dice) -> String {
    let (a, b) = (dice.below(1 << 32), dice.below(1 << 48));
    format!("{a:08x}-000f-5000-8000-{b:012x}")
}

/// Moments as REI writes them, many times over: only the day needs a calendar.
#[derive(Debug, Default)]
struct Clock {
    day: i64,
    date: String,
}

impl Clock {
    fn time(&mut self, unix: i64) -> String {
        let (day, second) = (unix.div_euclid(LAST_DAY), unix.rem_euclid(LAST_DAY));
        if day != self.day || self.date.is_empty() {
            let midnight = Timestamp::from_second(day * LAST_DAY).unwrap_or(Timestamp::UNIX_EPOCH);
            self.date = midnight.strftime("%Y-%m-%d").to_string();
            self.day = day;
        }
        let (hour, minute) = (second / 3600, second / 60 % 60);
        format!("{} {hour:02}:{minute:02}:{:02}", self.date, second % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_clock_shows_what_the_calendar_shows() {
        let mut clock = Clock::default();
        for unix in [0, 59, 86_399, 86_400, 1_795_406_400, 1_795_492_799, 3] {
            let at = Timestamp::from_second(unix).unwrap();
            assert_eq!(clock.time(unix), crate::demo::patient::book::stamp(at));
        }
    }
}
