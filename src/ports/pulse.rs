//! Signs of life: whoever works gives them, whoever watches asks how long ago the last one was.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long a failure counts when nothing was heard since. Longer than the longest pause between two
/// tries of whoever keeps the line, with the try itself.
const FAILURE_COUNTS: Duration = Duration::from_secs(60);

/// Something that beats as long as it lives.
#[derive(Debug)]
pub struct Pulse {
    began: Instant,
    /// Nanoseconds after `began`, plus one; 0 before the first.
    last: AtomicU64,
}

impl Default for Pulse {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            last: AtomicU64::new(0),
        }
    }
}

impl Pulse {
    /// It lives.
    pub fn beat(&self) {
        self.last.store(mark(self.began), Ordering::Relaxed);
    }

    /// How long ago the last beat was; nothing before the first.
    #[must_use]
    pub fn age(&self) -> Option<Duration> {
        age(self.began, self.last.load(Ordering::Relaxed))
    }

    /// Does this work and beats each time it gets a turn: work that looks after itself by a timer
    /// beats that often, work that is stuck does not.
    pub async fn follow<F: Future>(&self, work: F) -> F::Output {
        let mut work = pin!(work);
        poll_fn(|context| {
            self.beat();
            work.as_mut().poll(context)
        })
        .await
    }
}

/// A line to somebody else, kept up by trying again and again.
#[derive(Debug)]
pub struct Line {
    began: Instant,
    worked: AtomicU64,
    failed: AtomicU64,
}

/// How a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineState {
    /// Nothing was heard yet, good or bad.
    Silent,
    /// It worked, and no failure since counts any more.
    Fine,
    /// The last try failed, this long ago.
    Failing(Duration),
}

impl Default for Line {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            worked: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        }
    }
}

impl Line {
    /// A try worked.
    pub fn worked(&self) {
        self.worked.store(mark(self.began), Ordering::Relaxed);
    }

    /// A try failed.
    pub fn failed(&self) {
        self.failed.store(mark(self.began), Ordering::Relaxed);
    }

    /// How it is now.
    #[must_use]
    pub fn state(&self) -> LineState {
        let worked = self.worked.load(Ordering::Relaxed);
        let failed = self.failed.load(Ordering::Relaxed);
        match age(self.began, failed).filter(|_| failed > worked) {
            // Whoever keeps a line up says nothing of tries that bring no news.
            Some(ago) if worked == 0 || ago <= FAILURE_COUNTS => LineState::Failing(ago),
            _ if worked == 0 => LineState::Silent,
            _ => LineState::Fine,
        }
    }
}

fn mark(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_nanos()).map_or(u64::MAX, |nanos| nanos.saturating_add(1))
}

fn age(began: Instant, mark: u64) -> Option<Duration> {
    let mark = Duration::from_nanos(mark.checked_sub(1)?);
    Some(began.elapsed().saturating_sub(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_older_than_the_first_beat() {
        let pulse = Pulse::default();
        assert_eq!(pulse.age(), None);
        pulse.beat();
        assert!(pulse.age().is_some_and(|age| age < Duration::from_secs(5)));
    }

    #[tokio::test]
    async fn work_beats_at_each_turn() {
        let pulse = Pulse::default();
        let done = pulse.follow(async {
            tokio::task::yield_now().await;
            7
        });
        assert_eq!(done.await, 7);
        assert!(pulse.age().is_some());
    }

    #[test]
    fn a_line_is_what_its_last_try_was() {
        let line = Line::default();
        assert_eq!(line.state(), LineState::Silent);
        line.failed();
        assert!(matches!(line.state(), LineState::Failing(_)));
        line.worked();
        assert_eq!(line.state(), LineState::Fine);
        line.failed();
        assert!(matches!(line.state(), LineState::Failing(_)));
    }
}
