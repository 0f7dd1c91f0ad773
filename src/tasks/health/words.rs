//! Small things that several probes need.

use crate::domain::failure::{Arg, Failure};
use crate::domain::health::{Condition, Finding, Sign};
use crate::ports::PortResult;
use crate::ports::redact;
use jiff::Timestamp;
use std::time::Duration;

/// Characters of somebody else's words in a sign.
const LONGEST: usize = 160;
/// Longest wait for something that a finding can do without.
const EXTRA: Duration = Duration::from_millis(1200);

/// Somebody else's words: on one line, without tokens, not endless.
pub(super) fn cut(text: &str) -> String {
    let text = redact::tokens(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST).collect()
}

/// A count as an argument.
pub(super) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// From a moment to now, at least nothing.
pub(super) fn age(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}

/// A length as a measure, in seconds.
pub(super) fn seconds(length: Duration) -> i64 {
    number(length.as_secs())
}

/// A length as an argument.
pub(super) fn length(length: Duration) -> Arg {
    Arg::Seconds(length.as_secs())
}

/// Down, for this reason.
pub(super) fn down(finding: Finding, sign: Sign, failure: Failure) -> Finding {
    let mut found = finding.with(Condition::Down, sign);
    found.failure = Some(failure);
    found
}

/// What an extra look found; one that failed or took too long is left out.
pub(super) async fn extra<T>(look: impl Future<Output = PortResult<T>>) -> Option<T> {
    tokio::time::timeout(EXTRA, look).await.ok()?.ok()
}
