//! REI's units and Redis's.

use super::Eyes;
use super::memory::Trail;
use super::probe::Probe;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use crate::domain::unit::{UnitName, UnitState, UnitStatus};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// Restarts that lie further back are over.
const RECENT: SignedDuration = SignedDuration::from_mins(10);

pub(super) fn probes(eyes: &Arc<Eyes>) -> Vec<Probe> {
    let profile = &eyes.profile;
    let mut units = profile.units.clone();
    if !units.contains(&profile.redis_unit) {
        units.push(profile.redis_unit.clone());
    }
    let probe = |unit: UnitName| {
        let asks = vec![(Part::Unit, Some(unit.to_string()))];
        Probe::new(eyes, asks, move |eyes| look(eyes, unit.clone()))
    };
    units.into_iter().map(probe).collect()
}

async fn look(eyes: Arc<Eyes>, unit: UnitName) -> Vec<Finding> {
    let status = eyes.ports.units.status(&unit).await;
    let found = match status {
        Ok(status) => {
            let now = eyes.now();
            let restarts = recent_restarts(&eyes, &status, now);
            judge(&status, restarts, now)
        }
        // Redis may run elsewhere; REI's own units are named because they are there.
        Err(error)
            if error.code() == FailureCode::UnitNotFound && eyes.profile.units.contains(&unit) =>
        {
            let mut down = Finding::up(Part::Unit).with(
                Condition::Down,
                sign(SignCode::UnitDown, &unit).with("state", "not-found"),
            );
            down.failure = Some(error.into());
            down
        }
        Err(error) => Finding::unknown(Part::Unit, error.into()),
    };
    vec![found.of(unit.as_str())]
}

fn judge(status: &UnitStatus, restarts: u32, now: Timestamp) -> Finding {
    let mut found = Finding::up(Part::Unit);
    let state = |code| sign(code, &status.unit).with("state", status.state.as_str());
    found = match status.state {
        UnitState::Active => found,
        UnitState::Inactive | UnitState::Failed => {
            found.with(Condition::Down, state(SignCode::UnitDown))
        }
        UnitState::Activating | UnitState::Deactivating => {
            found.with(Condition::Degraded, state(SignCode::UnitChanging))
        }
        UnitState::Unknown => Finding::unknown(
            Part::Unit,
            Failure::new(FailureCode::UnitManagerUnreachable)
                .with("manager", "command")
                .because(&status.detail),
        ),
    };
    if restarts > 0 {
        let again = sign(SignCode::UnitRestarting, &status.unit);
        found = found.with(
            Condition::Degraded,
            again.with("restarts", i64::from(restarts)),
        );
    }
    let since = status
        .since
        .map(|since| now.duration_since(since).as_secs());
    found
        .measured(Measure::UptimeSeconds, since.filter(|age| *age >= 0))
        .measured(Measure::Restarts, status.restarts.map(i64::from))
        .measured(
            Measure::MemoryBytes,
            status.memory.and_then(|bytes| i64::try_from(bytes).ok()),
        )
}

/// How often it was restarted lately, as its counter grew from round to round. At the first look, a
/// unit that just came into its state and has restarts counted was restarted just now.
fn recent_restarts(eyes: &Eyes, status: &UnitStatus, now: Timestamp) -> u32 {
    let Some(counted) = status.restarts else {
        return 0;
    };
    eyes.memory.with(|known| {
        let trail = known.restarts.entry(status.unit.clone()).or_default();
        let first = trail.values().next().is_none();
        // A start by hand sets the counter back.
        if trail.values().last().is_some_and(|last| *last > counted) {
            *trail = Trail::default();
            trail.push(now, 0, RECENT);
        }
        trail.push(now, counted, RECENT);
        let changed_lately = || {
            let since = status.since?;
            Some(now.duration_since(since) < RECENT)
        };
        match first {
            true if changed_lately() == Some(true) => counted,
            true => 0,
            false => counted - trail.values().min().copied().unwrap_or(counted),
        }
    })
}

fn sign(code: SignCode, unit: &UnitName) -> Sign {
    Sign::new(code).with("unit", unit.as_str())
}
