//! A unit's newest lines, through `journalctl`.

use super::SystemdOptions;
use crate::domain::Timestamp;
use crate::domain::failure::FailureCode;
use crate::ports::{PortError, PortResult};
use serde::Deserialize;
use std::io::ErrorKind;
use std::process::{Output, Stdio};
use tokio::process::Command;

/// Longest line that is kept, in characters.
const LINE_LENGTH: usize = 2_000;

pub(super) async fn recent(
    options: &SystemdOptions,
    unit: &str,
    since: Timestamp,
    limit: usize,
) -> PortResult<Vec<String>> {
    let run = Command::new(&options.journalctl)
        .args(arguments(unit, since, limit))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    match tokio::time::timeout(options.call, run).await {
        Ok(Ok(output)) if output.status.success() => Ok(lines(&output.stdout, limit)),
        Ok(Ok(output)) => refused(&output),
        Ok(Err(error)) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Ok(Err(error)) => Err(unreadable(&error.to_string())),
        Err(_) => Err(unreadable("journalctl did not end in time").transient()),
    }
}

fn arguments(unit: &str, since: Timestamp, limit: usize) -> Vec<String> {
    let microseconds = since.as_microsecond().max(0);
    let (seconds, rest) = (microseconds / 1_000_000, microseconds % 1_000_000);
    vec![
        "--quiet".into(),
        "--no-pager".into(),
        "--output=json".into(),
        "--output-fields=MESSAGE".into(),
        // Newest first: with a moment to begin at, a limit alone would give the oldest.
        "--reverse".into(),
        format!("--unit={unit}"),
        format!("--since=@{seconds}.{rest:06}"),
        format!("--lines={limit}"),
    ]
}

/// Oldest first. An entry may hold several lines; the newest ones count.
fn lines(output: &[u8], limit: usize) -> Vec<String> {
    let entries: Vec<String> = output
        .split(|byte| *byte == b'\n')
        .filter_map(message)
        .collect();
    let newest_last = entries.iter().rev().flat_map(|entry| entry.lines());
    let all: Vec<&str> = newest_last.collect();
    all[all.len().saturating_sub(limit)..]
        .iter()
        .map(|line| line.chars().take(LINE_LENGTH).collect())
        .collect()
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "MESSAGE")]
    message: Option<Message>,
}

/// The journal gives bytes that are no text as numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Message {
    Text(String),
    Bytes(Vec<u8>),
}

/// An entry without a message, or one too large to be shown, has no lines.
fn message(entry: &[u8]) -> Option<String> {
    let entry: Entry = serde_json::from_slice(entry).ok()?;
    match entry.message? {
        Message::Text(text) => Some(text),
        Message::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// A machine without a journal keeps no lines, which is no error.
fn refused(output: &Output) -> PortResult<Vec<String>> {
    let words = String::from_utf8_lossy(&output.stderr);
    if words.contains("No journal files were found") {
        return Ok(Vec::new());
    }
    let first = words.lines().next().unwrap_or_default();
    Err(unreadable(&format!("{}: {first}", output.status)))
}

fn unreadable(detail: &str) -> PortError {
    PortError::new(FailureCode::UnitManagerUnreachable)
        .with("manager", "journald")
        .because(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_is_given_to_the_microsecond() {
        let at = Timestamp::from_microsecond(1_700_000_000_000_042).unwrap();
        let arguments = arguments("rei_bot.service", at, 20);
        assert!(arguments.contains(&"--since=@1700000000.000042".to_owned()));
        assert!(arguments.contains(&"--unit=rei_bot.service".to_owned()));
    }

    #[test]
    fn the_newest_lines_stay_when_an_entry_holds_several() {
        let output = b"{\"MESSAGE\":\"c\\nd\"}\n{\"MESSAGE\":\"a\\nb\"}\n";
        assert_eq!(lines(output, 3), ["b", "c", "d"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_far_as_they_go() {
        let output = b"{\"MESSAGE\":[104,105,255]}\n{\"MESSAGE\":null}\n{}\nnonsense\n";
        assert_eq!(lines(output, 9), ["hi\u{fffd}"]);
    }
}
