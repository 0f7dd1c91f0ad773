//! Units behind commands: Docker Compose, supervisord, an init script.
//!
//! Three commands are all there is to know: start and stop succeed with exit code 0, and the status
//! command says 0 for active and 3 for inactive, as `systemctl is-active` and LSB scripts do.
//! Anything else is unknown. What the start and stop commands say is not enough: the status is
//! asked until it is as wished.

mod command;
mod template;

use crate::domain::Timestamp;
use crate::domain::failure::FailureCode;
use crate::domain::unit::{UnitName, UnitState, UnitStatus};
use crate::ports::units::Units;
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use command::{Ended, RunError, Runner};
use std::time::Duration;
use template::Template;
use tokio::time::Instant;

pub use template::InvalidCommand;

/// How often the status is asked while it is waited for.
const ASK_EVERY: Duration = Duration::from_millis(250);

/// The commands and how long they are waited for.
#[derive(Debug, Clone)]
pub struct CommandUnitsOptions {
    /// Starts a unit; `{unit}` stands for its name.
    pub start: String,
    /// Stops a unit.
    pub stop: String,
    /// Tells a unit's status by its exit code.
    pub status: String,
    /// Names of environment variables that the commands must not see: this program's secrets.
    pub withheld: Vec<String>,
    /// Longest wait for the status command.
    pub call: Duration,
    /// Longest wait for the start or stop command.
    pub job: Duration,
    /// Longest wait for the status to follow a start or stop command that succeeded.
    pub follow: Duration,
    /// How long a started unit must stay up before it counts as started.
    pub settle: Duration,
}

impl CommandUnitsOptions {
    /// The usual waits: 10 s for a status, 120 s for a start or a stop, 30 s for the status to follow, 2 s
    /// to settle.
    #[must_use]
    pub fn new(start: &str, stop: &str, status: &str) -> Self {
        Self {
            start: start.to_owned(),
            stop: stop.to_owned(),
            status: status.to_owned(),
            withheld: Vec::new(),
            call: Duration::from_secs(10),
            job: Duration::from_secs(120),
            follow: Duration::from_secs(30),
            settle: Duration::from_secs(2),
        }
    }
}

/// Units that are managed by commands.
#[derive(Debug)]
pub struct CommandUnits {
    start: Template,
    stop: Template,
    status: Template,
    runner: Runner,
    call: Duration,
    job: Duration,
    follow: Duration,
    settle: Duration,
}

impl CommandUnits {
    /// Reads the commands; none is run yet.
    ///
    /// # Errors
    /// A command is empty, has unbalanced quotes, or names no `{unit}`.
    pub fn new(options: CommandUnitsOptions) -> Result<Self, InvalidCommand> {
        Ok(Self {
            start: options.start.parse()?,
            stop: options.stop.parse()?,
            status: options.status.parse()?,
            runner: Runner::new(options.withheld),
            call: options.call,
            job: options.job,
            follow: options.follow,
            settle: options.settle,
        })
    }

    async fn bring(&self, unit: &UnitName, goal: Goal) -> PortResult<UnitStatus> {
        let before = self.status(unit).await?;
        if goal.holds(before.state) {
            return Ok(before);
        }
        let template = match goal {
            Goal::Up => &self.start,
            Goal::Down => &self.stop,
        };
        match self.runner.run(&template.fill(unit), self.job).await {
            Ok(ended) if ended.code == Some(0) => self.await_goal(unit, goal).await,
            Ok(ended) => Err(self.missed(unit, goal, &ended.to_string()).await),
            Err(error @ RunError::Overdue(_)) => {
                Err(self.missed(unit, goal, &error.to_string()).await.unknown())
            }
            Err(error) => Err(cannot_run(template, &error)),
        }
    }

    /// Asks for the status until it is as wished, and for a start until it stayed so for a while.
    async fn await_goal(&self, unit: &UnitName, goal: Goal) -> PortResult<UnitStatus> {
        let deadline = Instant::now() + self.follow;
        let mut held_since = None;
        loop {
            let status = self.status(unit).await.map_err(PortError::unknown)?;
            let now = Instant::now();
            match (goal.holds(status.state), held_since) {
                (true, None) if goal == Goal::Down => return Ok(status),
                (true, None) => held_since = Some(now),
                (true, Some(since)) if now >= since + self.settle => return Ok(status),
                // It was up and is no longer: it died in its first moments.
                (false, Some(_)) => return Err(goal.not_seen(&status)),
                _ if now >= deadline => return Err(goal.not_seen(&status)),
                _ => {}
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
    }

    /// The command failed; the status tells what is there now.
    async fn missed(&self, unit: &UnitName, goal: Goal, detail: &str) -> PortError {
        let state = self
            .status(unit)
            .await
            .map_or(UnitState::Unknown, |status| status.state);
        goal.missed(unit, state).because(detail)
    }
}

#[async_trait]
impl Units for CommandUnits {
    async fn status(&self, unit: &UnitName) -> PortResult<UnitStatus> {
        let ended = self
            .runner
            .run(&self.status.fill(unit), self.call)
            .await
            .map_err(|error| cannot_run(&self.status, &error))?;
        Ok(UnitStatus {
            unit: unit.clone(),
            state: state(&ended),
            detail: ended.to_string(),
            restarts: None,
            since: None,
            pid: None,
            memory: None,
        })
    }

    async fn start(&self, unit: &UnitName) -> PortResult<UnitStatus> {
        self.bring(unit, Goal::Up).await
    }

    async fn stop(&self, unit: &UnitName) -> PortResult<UnitStatus> {
        self.bring(unit, Goal::Down).await
    }

    async fn recent_lines(
        &self,
        _unit: &UnitName,
        _since: Timestamp,
        _limit: usize,
    ) -> PortResult<Vec<String>> {
        Ok(Vec::new())
    }
}

fn state(ended: &Ended) -> UnitState {
    match ended.code {
        Some(0) => UnitState::Active,
        Some(3) => UnitState::Inactive,
        _ => UnitState::Unknown,
    }
}

fn cannot_run(template: &Template, error: &RunError) -> PortError {
    let failed = PortError::new(FailureCode::UnitCommandFailed)
        .with("command", template.program())
        .because(error);
    match error {
        RunError::Overdue(_) => failed.transient(),
        RunError::NotRun(_) => failed,
        // It ran, and nobody saw how it ended.
        RunError::Lost(_) => failed.unknown(),
    }
}

/// What a unit is brought to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    Up,
    Down,
}

impl Goal {
    fn holds(self, state: UnitState) -> bool {
        match self {
            Self::Up => state == UnitState::Active,
            Self::Down => state == UnitState::Inactive,
        }
    }

    fn missed(self, unit: &UnitName, state: UnitState) -> PortError {
        let code = match self {
            Self::Up => FailureCode::UnitDidNotStart,
            Self::Down => FailureCode::UnitDidNotStop,
        };
        PortError::new(code)
            .with("unit", unit.as_str())
            .with("state", state.as_str())
    }

    /// A status that says neither "active" nor "inactive" proves nothing.
    fn not_seen(self, status: &UnitStatus) -> PortError {
        let error = self
            .missed(&status.unit, status.state)
            .because(format!("status command: {}", status.detail));
        if status.state == UnitState::Unknown {
            error.unknown()
        } else {
            error
        }
    }
}
