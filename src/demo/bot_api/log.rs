//! Every call that reached the server, in order.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;

/// Calls kept; a rehearsal may run for days, and a long poll comes every few seconds.
const KEPT: usize = 20_000;

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Still being handled (a long poll, or one that hangs).
    Open,
    /// Answered with a result.
    Done,
    /// Answered with an error.
    Refused {
        /// The status.
        code: u16,
        /// The text.
        description: String,
    },
    /// The connection was reset and nothing was done.
    ResetBefore,
    /// It was done, and the connection was reset instead of an answer.
    ResetAfter,
    /// It was done, and the answer never left.
    Hung,
}

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// Counts from 1.
    pub seq: u64,
    /// Unix second.
    pub at: i64,
    /// Username of the bot; the token is kept nowhere.
    pub bot: String,
    /// The method, spelt as Telegram spells it.
    pub method: String,
    /// `chat_id` when there was one.
    pub chat: Option<i64>,
    /// A line for people: message id and the beginning of the text.
    pub summary: String,
    /// The fields as they came; an uploaded file is its size.
    pub params: Value,
    /// How it ended.
    pub outcome: Outcome,
}

/// The ordered log with its counters.
#[derive(Debug, Default)]
pub(super) struct CallLog {
    calls: VecDeque<Call>,
    last: u64,
    counts: BTreeMap<String, u64>,
    refused: BTreeMap<u16, u64>,
}

impl CallLog {
    /// Writes a call down before it is handled, and names it for [`CallLog::close`].
    pub(super) fn open(&mut self, mut call: Call) -> u64 {
        self.last += 1;
        call.seq = self.last;
        *self.counts.entry(call.method.clone()).or_default() += 1;
        if self.calls.len() == KEPT {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
        self.last
    }

    pub(super) fn close(&mut self, seq: u64, outcome: Outcome) {
        if let Outcome::Refused { code, .. } = outcome {
            *self.refused.entry(code).or_default() += 1;
        }
        if let Some(call) = self.calls.iter_mut().rev().find(|c| c.seq == seq) {
            call.outcome = outcome;
        }
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter()
    }

    pub(super) fn count(&self, method: &str) -> u64 {
        self.counts.get(method).copied().unwrap_or_default()
    }

    pub(super) fn refused(&self, code: u16) -> u64 {
        self.refused.get(&code).copied().unwrap_or_default()
    }
}

/// The line for people.
pub(super) fn summary(params: &Value) -> String {
    let text = |name: &str| match &params[name] {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(text("message_id").map(|id| format!("#{id}")));
    parts.extend(text("callback_query_id").map(|id| format!("query {id}")));
    parts.extend(text("text").or_else(|| text("caption")));
    let line = parts.join(" ").replace('\n', " ⏎ ");
    match line.char_indices().nth(120) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}
