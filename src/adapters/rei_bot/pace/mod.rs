//! The one pace for every use of REI's token: [`schedule`] says when, this waits until then.

mod ceiling;
mod margin;
pub mod schedule;
mod second;

use crate::ports::bot::{PaceNow, Turn};
use schedule::{Class, Left, Schedule};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// Calls a second that Telegram takes from a bot for nothing (Bot API FAQ).
const FREE: u32 = 30;
/// Calls a second that it takes for Stars (Bot API, `allow_paid_broadcast`).
const PAID: u32 = 1000;

/// Before the first turn: a process that was killed a moment ago may have used the token until then,
/// and its calls are not in our books. Evenly spaced ones need a gap between his and ours, no more.
const FIRST: Duration = Duration::from_millis(100);

/// Gives out turns, first come, first served.
#[derive(Debug)]
pub struct Pace {
    /// Whoever holds it is next. A waiter that goes away leaves the line and takes nothing with him.
    line: tokio::sync::Mutex<()>,
    schedule: Mutex<Schedule>,
    /// A turn may be due earlier than it seemed.
    earlier: Notify,
    start: Instant,
    paid: bool,
}

impl Pace {
    /// At `rate` calls a second; what is beyond the free allowance holds for paid turns only, and only
    /// where Telegram may charge for them.
    #[must_use]
    pub fn new(rate: u32, paid: bool) -> Self {
        let free = rate.min(FREE);
        let most = if paid { rate.min(PAID) } else { free };
        Self {
            line: tokio::sync::Mutex::new(()),
            schedule: Mutex::new(Schedule::new(free, most).from(FIRST)),
            earlier: Notify::new(),
            start: Instant::now(),
            paid,
        }
    }

    /// What a call is: never a paid one where Telegram may not charge.
    #[must_use]
    pub fn class(&self, media: bool, paid: bool) -> Class {
        let paid = paid && self.paid;
        Class { media, paid }
    }

    /// Waits for the next turn. Cancel safe.
    pub async fn turn(&self, class: Class) -> Turn {
        let _first = self.line.lock().await;
        loop {
            // Asked anew after every sleep: Telegram may have stalled everybody meanwhile.
            let taken = self.lock().take(class, self.start.elapsed());
            match taken {
                Ok(()) => return Turn::given(),
                Err(due) => tokio::select! {
                    () = sleep_until(self.start + due) => {}
                    () = self.earlier.notified() => {}
                },
            }
        }
    }

    /// A call leaves with its turn.
    pub fn leaves(&self, class: Class) -> Left {
        self.lock().leaves(class, self.start.elapsed())
    }

    /// A call was answered, or will not be.
    pub fn answered(&self, class: Class, left: Left) {
        if self.lock().answered(class, left, self.start.elapsed()) {
            self.earlier.notify_one();
        }
    }

    /// Telegram refused a call: everybody has to wait.
    pub fn told_to_wait(&self, class: Class, wait: Duration, left: Left) {
        self.lock()
            .told_to_wait(class, wait, left, self.start.elapsed());
    }

    /// How long everybody has to wait yet, if Telegram said so.
    #[must_use]
    pub fn stalled(&self) -> Option<Duration> {
        self.lock().stalled(self.start.elapsed())
    }

    /// The pace of this moment.
    #[must_use]
    pub fn now(&self) -> PaceNow {
        let now = self.start.elapsed();
        let mut schedule = self.lock();
        PaceNow {
            per_second: schedule.per_second(now),
            stalled: schedule.stalled(now),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
