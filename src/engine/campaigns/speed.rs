//! How fast a campaign goes out.

use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// What is looked back over.
const WINDOW: Duration = Duration::from_secs(10);
/// Ends within so long are counted together.
const GRAIN: Duration = Duration::from_millis(500);

/// Counts ends over a sliding window, in constant room.
#[derive(Debug)]
pub(super) struct Speed {
    begun: Instant,
    counts: VecDeque<(Instant, u32)>,
}

impl Speed {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            begun: now,
            counts: VecDeque::new(),
        }
    }

    /// One more has his end.
    pub(super) fn count(&mut self, now: Instant) {
        match self.counts.back_mut() {
            Some((at, count)) if now < *at + GRAIN => *count += 1,
            _ => self.counts.push_back((now, 1)),
        }
    }

    /// Ends a second.
    pub(super) fn per_second(&mut self, now: Instant) -> f64 {
        while (self.counts.front()).is_some_and(|(at, _)| *at + WINDOW < now) {
            self.counts.pop_front();
        }
        let span = now.duration_since(self.begun).clamp(GRAIN, WINDOW);
        let ended: u32 = self.counts.iter().map(|(_, count)| count).sum();
        f64::from(ended) / span.as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_of_the_last_seconds_alone() {
        let begun = Instant::now();
        let at = |millis| begun + Duration::from_millis(millis);
        let mut speed = Speed::new(begun);
        for tick in 0..100 {
            speed.count(at(tick * 40));
        }
        let early = speed.per_second(at(4_000));
        assert!((24.0..26.5).contains(&early), "{early}");
        assert!(speed.counts.len() <= 10, "{:?}", speed.counts);
        assert!(speed.per_second(at(10_000)) < 10.5);
        assert!(speed.per_second(at(20_000)).abs() < f64::EPSILON);
    }
}
