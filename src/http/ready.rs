//! Whether this program lives, and whether it can do its work.

use super::HttpParts;
use crate::ports::journal::{StateError, StateResult};
use crate::ports::pulse::LineState;
use crate::ports::vitals::Figures;
use serde::Serialize;
use std::time::Duration;

/// The worker looks twice a second.
const LATELY: Duration = Duration::from_secs(30);

/// How long the own state may take to answer.
pub(super) const STATE_ANSWERS: Duration = Duration::from_secs(2);

/// What is answered.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) ok: bool,
    checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    reason: String,
}

/// The process lives: its worker gets its turns. A step that is being carried out may keep it busy for
/// long, and whoever restarts this program for that would cut the step off.
pub(super) async fn alive(parts: &HttpParts) -> Report {
    let age = parts.worker.age();
    let lately = age.is_some_and(|age| age < LATELY);
    // Asked only in doubt: whether the process lives must not depend on the disk.
    let busy = !lately && figures(parts).await.is_ok_and(|state| state.under_way > 0);
    report(vec![worker(age, busy)])
}

/// What `/healthz` says.
pub async fn is_alive(parts: &HttpParts) -> bool {
    alive(parts).await.ok
}

/// It can carry out a recovery. Whether Telegram is reached does not count: messages wait, and the
/// console does without.
pub async fn is_able(parts: &HttpParts) -> bool {
    able(parts).await.iter().all(|check| check.ok)
}

/// It can do its work: the state takes writes, this worker owns the runs, Telegram is reached.
pub(super) async fn ready(parts: &HttpParts) -> Report {
    let mut checks = able(parts).await;
    checks.push(telegram(parts));
    report(checks)
}

async fn able(parts: &HttpParts) -> Vec<Check> {
    let written = within(parts.vitals.touch());
    let (written, figures) = tokio::join!(written, figures(parts));
    let age = parts.worker.age();
    let busy = figures.as_ref().is_ok_and(|state| state.under_way > 0);
    let state = match written {
        Ok(()) => check("state", true, "state.db can be written".to_owned()),
        Err(error) => check("state", false, error),
    };
    vec![state, worker(age, busy), lease(parts, figures)]
}

fn worker(age: Option<Duration>, busy: bool) -> Check {
    let Some(age) = age else {
        return check("worker", false, "has not begun".to_owned());
    };
    let seconds = age.as_secs();
    match (age < LATELY, busy) {
        (true, _) => check("worker", true, format!("looked {seconds} s ago")),
        (false, true) => check(
            "worker",
            true,
            format!("busy with a step, looked {seconds} s ago"),
        ),
        (false, false) => check("worker", false, format!("has not looked for {seconds} s")),
    }
}

fn lease(parts: &HttpParts, figures: Result<Figures, String>) -> Check {
    let reason = match figures {
        Ok(state) if state.reign == Some(parts.reign) => {
            return check("lease", true, "this worker owns the runs".to_owned());
        }
        Ok(_) => "another process owns the runs".to_owned(),
        Err(error) => error,
    };
    check("lease", false, reason)
}

fn telegram(parts: &HttpParts) -> Check {
    match parts.telegram.state() {
        LineState::Fine => check("telegram", true, "updates come in".to_owned()),
        LineState::Silent => check("telegram", false, "nothing was heard yet".to_owned()),
        LineState::Failing(ago) => {
            let seconds = ago.as_secs();
            check(
                "telegram",
                false,
                format!("the last try failed {seconds} s ago"),
            )
        }
    }
}

/// Whether updates come in.
pub(super) fn is_reached(parts: &HttpParts) -> bool {
    parts.telegram.state() == LineState::Fine
}

fn report(checks: Vec<Check>) -> Report {
    let ok = checks.iter().all(|check| check.ok);
    Report { ok, checks }
}

fn check(name: &'static str, ok: bool, reason: String) -> Check {
    Check { name, ok, reason }
}

/// The state's figures, if they come in time.
pub(super) async fn figures(parts: &HttpParts) -> Result<Figures, String> {
    within(parts.vitals.figures()).await
}

async fn within<T>(asked: impl Future<Output = StateResult<T>>) -> Result<T, String> {
    let told = |error: StateError| error.to_string();
    match tokio::time::timeout(STATE_ANSWERS, asked).await {
        Ok(answer) => answer.map_err(told),
        Err(_) => {
            let seconds = STATE_ANSWERS.as_secs();
            Err(format!("state.db did not answer within {seconds} s"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_step_excuses_the_worker_and_silence_does_not() {
        let ok = |seconds, busy| worker(Some(Duration::from_secs(seconds)), busy).ok;
        assert!(ok(1, false) && ok(1, true) && ok(3000, true));
        assert!(!ok(3000, false));
        assert!(!worker(None, true).ok, "it never began");
    }
}
