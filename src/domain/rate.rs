//! How often somebody may ask for something. Pure: the moment comes from outside.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// A burst, and one more after each so often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// So many at once after a rest.
    pub burst: u32,
    /// And one more each time this has passed.
    pub every: Duration,
}

/// A token bucket, kept as the moment at which it is full again.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    full_at: Instant,
}

impl Bucket {
    fn full(now: Instant) -> Self {
        Self { full_at: now }
    }

    /// How long until there is a token; nothing to wait for where there is one.
    fn wait(&self, rate: Rate, now: Instant) -> Option<Duration> {
        let spent = self.full_at.saturating_duration_since(now);
        let room = rate.every.saturating_mul(rate.burst.saturating_sub(1));
        spent.checked_sub(room).filter(|wait| !wait.is_zero())
    }

    fn take(&mut self, rate: Rate, now: Instant) {
        self.full_at = self.full_at.max(now) + rate.every;
    }

    fn is_full(&self, now: Instant) -> bool {
        self.full_at <= now
    }
}

/// Whether something is done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It is.
    Granted,
    /// It is not, and the person has not been told since he last kept to the rate.
    Refused {
        /// How long until it would be.
        wait: Duration,
    },
    /// It is not, and he was told.
    Ignored,
}

/// Rates of people, each and together. Its memory is bounded.
#[derive(Debug)]
pub struct Limiter {
    each: Rate,
    all: Rate,
    everybody: Option<Bucket>,
    people: HashMap<i64, Person>,
    room: usize,
}

#[derive(Debug)]
struct Person {
    bucket: Bucket,
    told: bool,
}

impl Limiter {
    /// `each` for one person, `all` for all of them together; at most `room` people are remembered.
    /// Whoever finds no room is ignored until somebody's bucket is full again.
    #[must_use]
    pub fn new(each: Rate, all: Rate, room: usize) -> Self {
        Self {
            each,
            all,
            everybody: None,
            people: HashMap::new(),
            room,
        }
    }

    /// Whether this person's next wish is done.
    pub fn admit(&mut self, person: i64, now: Instant) -> Admission {
        if !self.people.contains_key(&person) && self.people.len() >= self.room {
            self.people.retain(|_, other| !other.bucket.is_full(now));
            if self.people.len() >= self.room {
                return Admission::Ignored;
            }
        }
        let everybody = self.everybody.get_or_insert(Bucket::full(now));
        let found = self.people.entry(person).or_insert(Person {
            bucket: Bucket::full(now),
            told: false,
        });
        if found.bucket.is_full(now) {
            found.told = false;
        }
        let waits = [
            found.bucket.wait(self.each, now),
            everybody.wait(self.all, now),
        ];
        if let Some(wait) = waits.into_iter().flatten().max() {
            let told = std::mem::replace(&mut found.told, true);
            return if told {
                Admission::Ignored
            } else {
                Admission::Refused { wait }
            };
        }
        found.bucket.take(self.each, now);
        everybody.take(self.all, now);
        Admission::Granted
    }

    /// How many people are remembered.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.people.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const EACH: Rate = Rate {
        burst: 3,
        every: SECOND,
    };
    const ALL: Rate = Rate {
        burst: 5,
        every: SECOND,
    };

    fn granted(limiter: &mut Limiter, person: i64, now: Instant, times: usize) -> usize {
        let told = (0..times).map(|_| limiter.admit(person, now));
        told.filter(|told| *told == Admission::Granted).count()
    }

    #[test]
    fn a_burst_then_one_each_so_often_and_no_credit_beyond_the_burst() {
        let mut limiter = Limiter::new(EACH, ALL, 10);
        let begun = Instant::now();
        assert_eq!(granted(&mut limiter, 1, begun, 9), 3);
        assert_eq!(granted(&mut limiter, 1, begun + SECOND, 9), 1);
        assert_eq!(granted(&mut limiter, 1, begun + SECOND * 3600, 9), 3);
    }

    #[test]
    fn one_is_told_once_until_he_has_rested() {
        let mut limiter = Limiter::new(EACH, ALL, 10);
        let begun = Instant::now();
        granted(&mut limiter, 1, begun, 3);
        assert_eq!(limiter.admit(1, begun), Admission::Refused { wait: SECOND });
        assert_eq!(limiter.admit(1, begun), Admission::Ignored);
        // Going on at the edge of the rate begins no new telling.
        assert_eq!(limiter.admit(1, begun + SECOND), Admission::Granted);
        assert_eq!(limiter.admit(1, begun + SECOND), Admission::Ignored);
        let rested = begun + SECOND * 10;
        granted(&mut limiter, 1, rested, 3);
        assert!(matches!(
            limiter.admit(1, rested),
            Admission::Refused { .. }
        ));
    }

    #[test]
    fn all_together_have_a_rate_too_and_one_cannot_use_it_up_alone() {
        let mut limiter = Limiter::new(EACH, ALL, 10);
        let begun = Instant::now();
        assert_eq!(granted(&mut limiter, 1, begun, 100), 3);
        assert_eq!(granted(&mut limiter, 2, begun, 100), 2);
        assert_eq!(granted(&mut limiter, 3, begun, 100), 0);
    }

    #[test]
    fn whoever_comes_its_memory_is_bounded() {
        let mut limiter = Limiter::new(EACH, ALL, 10);
        let begun = Instant::now();
        for person in 0..100_000 {
            limiter.admit(person, begun);
            assert!(limiter.remembered() <= 10);
        }
        // When the others have rested there is room again.
        let later = begun + SECOND * 60;
        assert_eq!(limiter.admit(7, later), Admission::Granted);
    }
}
