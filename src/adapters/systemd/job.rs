//! A start or a stop: queue the job, then watch the unit until the goal is seen or missed.

use super::SystemdOptions;
use super::bus::{BusError, Link, Trouble};
use super::observation::Observation;
use super::signals::Signals;
use super::watch::{Goal, Verdict, Watch};
use crate::domain::unit::{UnitName, UnitState, UnitStatus};
use crate::ports::{PortError, PortResult};
use std::time::Duration;
use tokio::time::Instant;

/// The unit is looked at again after this time even without a signal, so that a lost signal costs
/// no more than this.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Who is brought where.
pub(super) struct Order<'a> {
    pub(super) link: &'a Link,
    pub(super) unit: &'a UnitName,
    pub(super) path: &'a str,
    pub(super) goal: Goal,
    pub(super) options: &'a SystemdOptions,
}

/// Queues the job and returns what was seen at its end.
pub(super) async fn run(order: Order<'_>) -> PortResult<UnitStatus> {
    let deadline = Instant::now() + order.options.job;
    let mut signals = Signals::listen(order.link, order.path, order.options.call)
        .await
        .map_err(|error| error.into_port(order.unit))?;
    let job = order
        .link
        .queue(order.goal.method(), &super::file_name(order.unit))
        .await
        .map_err(|error| order.not_queued(error))?;
    let mut watch = Watch::new(order.goal, job, order.options.settle);
    loop {
        let seen = order
            .link
            .observe(order.path)
            .await
            .map_err(|error| error.into_port(order.unit).unknown())?;
        signals.take_waiting(&mut watch);
        let now = Instant::now();
        let until = match watch.judge(&seen, now) {
            Verdict::Reached => return Ok(seen.status(order.unit)),
            Verdict::Missed => return Err(order.missed(&seen, &watch)),
            Verdict::Wait if now >= deadline => return Err(order.overdue(&seen)),
            Verdict::Wait => now + LOOK_AGAIN,
            Verdict::WaitUntil(settled) => settled.min(now + LOOK_AGAIN),
        };
        signals.wait(until.min(deadline), &mut watch).await;
    }
}

impl Order<'_> {
    /// systemd said no, or its answer was lost.
    fn not_queued(&self, error: BusError) -> PortError {
        match error.trouble() {
            Trouble::Refused => PortError::new(self.goal.missed())
                .with("unit", self.unit.as_str())
                .with("state", UnitState::Unknown.as_str())
                .because(error),
            Trouble::NoAnswer => error.into_port(self.unit).unknown(),
            _ => error.into_port(self.unit),
        }
    }

    fn not_seen(&self, seen: &Observation) -> PortError {
        PortError::new(self.goal.missed())
            .with("unit", self.unit.as_str())
            .with("state", seen.state().as_str())
    }

    fn missed(&self, seen: &Observation, watch: &Watch) -> PortError {
        let mut words = vec![seen.detail()];
        words.extend(
            watch
                .job_result
                .as_ref()
                .map(|result| format!("job {result}")),
        );
        words.extend(
            seen.restarts
                .filter(|n| *n > 0)
                .map(|n| format!("{n} restarts")),
        );
        let error = self.not_seen(seen).because(words.join(", "));
        // systemd is about to try again by itself.
        if seen.awaits_restart() {
            error.transient()
        } else {
            error
        }
    }

    fn overdue(&self, seen: &Observation) -> PortError {
        let waited = self.options.job.as_secs_f32();
        self.not_seen(seen)
            .because(format!("{}, not ended within {waited} s", seen.detail()))
            .unknown()
    }
}
