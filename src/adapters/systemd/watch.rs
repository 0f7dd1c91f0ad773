//! Deciding from what is seen whether a start or a stop has ended, and how. Pure: the moments come
//! from the caller.

use super::observation::Observation;
use crate::domain::Timestamp;
use crate::domain::failure::FailureCode;
use crate::domain::unit::UnitState;
use std::time::Duration;
use tokio::time::Instant;

/// What a unit is brought to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    Up,
    Down,
}

impl Goal {
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::Up => "StartUnit",
            Self::Down => "StopUnit",
        }
    }

    pub(super) fn missed(self) -> FailureCode {
        match self {
            Self::Up => FailureCode::UnitDidNotStart,
            Self::Down => FailureCode::UnitDidNotStop,
        }
    }

    /// Whether there is nothing to do. A unit that came up only just now is still watched.
    pub(super) fn is_reached(self, seen: &Observation, settle: Duration, now: Timestamp) -> bool {
        let settled = seen
            .active_since
            .and_then(|since| Duration::try_from(now.duration_since(since)).ok())
            .is_some_and(|age| age >= settle);
        match self {
            _ if seen.job.is_some() => false,
            Self::Up => seen.state() == UnitState::Active && settled,
            Self::Down => seen.is_down(),
        }
    }
}

/// What the last look means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Reached,
    Missed,
    Wait,
    WaitUntil(Instant),
}

/// What is known of the job so far.
#[derive(Debug)]
pub(super) struct Watch {
    goal: Goal,
    job: String,
    pub(super) job_result: Option<String>,
    settle: Duration,
    /// When the unit was first seen up, and how many restarts it had then.
    up: Option<(Instant, Option<u32>)>,
}

impl Watch {
    pub(super) fn new(goal: Goal, job: String, settle: Duration) -> Self {
        Self {
            goal,
            job,
            job_result: None,
            settle,
            up: None,
        }
    }

    pub(super) fn judge(&mut self, seen: &Observation, now: Instant) -> Verdict {
        if seen.job.as_deref() == Some(self.job.as_str()) {
            return Verdict::Wait;
        }
        match self.goal {
            Goal::Up => self.judge_up(seen, now),
            Goal::Down => judge_down(seen),
        }
    }

    /// systemd removed a job, perhaps ours.
    pub(super) fn job_removed(&mut self, job: &str, result: String) {
        if job == self.job {
            self.job_result = Some(result);
        }
    }

    fn judge_up(&mut self, seen: &Observation, now: Instant) -> Verdict {
        match seen.state() {
            UnitState::Active => {
                let (first, restarts) = *self.up.get_or_insert((now, seen.restarts));
                let settled = first + self.settle;
                if restarts != seen.restarts {
                    Verdict::Missed
                } else if now >= settled {
                    Verdict::Reached
                } else {
                    Verdict::WaitUntil(settled)
                }
            }
            UnitState::Inactive | UnitState::Failed => Verdict::Missed,
            _ if seen.awaits_restart() => Verdict::Missed,
            UnitState::Activating | UnitState::Deactivating | UnitState::Unknown => Verdict::Wait,
        }
    }
}

fn judge_down(seen: &Observation) -> Verdict {
    match seen.state() {
        // Somebody else's job would bring it up again.
        _ if seen.job.is_some() => Verdict::Wait,
        UnitState::Inactive | UnitState::Failed => Verdict::Reached,
        UnitState::Active | UnitState::Activating => Verdict::Missed,
        UnitState::Deactivating | UnitState::Unknown => Verdict::Wait,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: &str = "/org/freedesktop/systemd1/job/1";

    fn seen(active: &str, sub: &str, restarts: u32) -> Observation {
        Observation {
            load: "loaded".into(),
            active: active.into(),
            sub: sub.into(),
            restarts: Some(restarts),
            ..Observation::default()
        }
    }

    fn watch(goal: Goal) -> Watch {
        Watch::new(goal, JOB.into(), Duration::from_secs(2))
    }

    #[test]
    fn a_started_unit_counts_only_after_it_stayed_up() {
        let (mut watch, now) = (watch(Goal::Up), Instant::now());
        let up = seen("active", "running", 0);
        let settled = now + Duration::from_secs(2);
        assert_eq!(watch.judge(&up, now), Verdict::WaitUntil(settled));
        assert_eq!(watch.judge(&up, settled), Verdict::Reached);
    }

    #[test]
    fn a_restart_between_two_looks_is_noticed() {
        let (mut watch, now) = (watch(Goal::Up), Instant::now());
        watch.judge(&seen("active", "running", 0), now);
        let later = now + Duration::from_secs(3);
        assert_eq!(
            watch.judge(&seen("active", "running", 1), later),
            Verdict::Missed
        );
    }

    #[test]
    fn nothing_is_decided_while_the_own_job_runs() {
        for goal in [Goal::Up, Goal::Down] {
            for active in ["active", "inactive", "failed", "deactivating"] {
                let mut running = seen(active, "", 0);
                running.job = Some(JOB.into());
                assert_eq!(watch(goal).judge(&running, Instant::now()), Verdict::Wait);
            }
        }
    }

    #[test]
    fn what_an_ended_job_left_decides() {
        let cases = [
            (Goal::Up, "activating", "auto-restart", Verdict::Missed),
            (Goal::Up, "activating", "start-post", Verdict::Wait),
            (Goal::Up, "failed", "failed", Verdict::Missed),
            (Goal::Up, "inactive", "dead", Verdict::Missed),
            (Goal::Down, "inactive", "dead", Verdict::Reached),
            (Goal::Down, "failed", "failed", Verdict::Reached),
            (Goal::Down, "active", "running", Verdict::Missed),
            (Goal::Down, "deactivating", "stop-sigterm", Verdict::Wait),
        ];
        for (goal, active, sub, verdict) in cases {
            let judged = watch(goal).judge(&seen(active, sub, 0), Instant::now());
            assert_eq!(judged, verdict, "{goal:?} {active} {sub}");
        }
    }

    #[test]
    fn another_job_keeps_a_stopped_unit_from_counting_as_down() {
        let mut down = seen("inactive", "dead", 0);
        down.job = Some("/org/freedesktop/systemd1/job/2".into());
        assert_eq!(
            watch(Goal::Down).judge(&down, Instant::now()),
            Verdict::Wait
        );
        let now = Timestamp::now();
        assert!(!Goal::Down.is_reached(&down, Duration::ZERO, now));
    }

    #[test]
    fn a_unit_that_came_up_just_now_is_not_left_unwatched() {
        let (now, settle) = (Timestamp::now(), Duration::from_secs(2));
        let mut up = seen("active", "running", 0);
        up.active_since = Some(now - Duration::from_secs(1));
        assert!(!Goal::Up.is_reached(&up, settle, now));
        up.active_since = Some(now - Duration::from_secs(3));
        assert!(Goal::Up.is_reached(&up, settle, now));
    }
}
