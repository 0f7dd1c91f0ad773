//! The audit trail: append-only entries, each carrying the hash of the one before it.
//!
//! `hash` is the SHA-256 (hexadecimal) of the entry's compact JSON without the field `hash`, keys in
//! the order of [`AuditEntry`]. Anybody can recompute it from `audit export --format jsonl` alone.

use super::failure::{Arg, Args};
use super::ids::RunId;
use super::operator::Actor;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is to be written; the store adds number, time and hashes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditDraft {
    /// Who did it.
    pub actor: Actor,
    /// What he did: one of [`VERBS`].
    pub verb: String,
    /// To what: a step, a gate, a command.
    pub subject: String,
    /// In which run.
    pub run: Option<RunId>,
    /// How it ended: one of [`OUTCOMES`].
    pub outcome: String,
    /// The rest, typed.
    pub detail: Args,
    /// Whether the team's group reads it; strangers' repeated attempts are kept, not shouted.
    #[serde(skip)]
    pub announce: bool,
}

/// Every verb; the locales hold `audit-<verb>` for each.
pub const VERBS: &[&str] = &[
    "propose",
    "start",
    "ask-approval",
    "approve",
    "deny",
    "expire",
    "void",
    "ask-again",
    "offer-glass",
    "break-glass",
    "give-code",
    "turn-away",
    "pass-step",
    "begin-step",
    "finish-step",
    "cut-off",
    "not-done",
    "confirm-step",
    "retry",
    "skip",
    "cancel",
    "resume",
    "roll-back",
    "begin-undo",
    "finish-undo",
    "retry-undo",
    "abort",
    "finish-run",
    "command",
    "press",
    "happened",
    "not-happened",
    "start-program",
    "stop-program",
    "verify-backup",
    "full-check",
    "restore-beside",
    "copy-state",
    "restore-state",
    "begin-state",
    "choose-language",
    "open-alert",
    "close-alert",
    "mute-alert",
    "unmute-alert",
    "begin-campaign",
    "pause-campaign",
    "postpone-campaign",
    "finish-campaign",
    "begin-notice",
    "write-notice",
    "preview-notice",
    "ask-notice",
    "approve-notice",
    "deny-notice",
    "expire-notice",
    "clear-notice",
    "void-notice",
    "withdraw-notice",
    "pause-notice",
    "resume-notice",
    "abort-notice",
    "repeat-notice",
    "mark-blocked",
    "ask-chore",
    "begin-chore",
    "finish-chore",
    "cancel-chore",
    "remind-drill",
    "open-checklist",
    "tick-line",
    "untick-line",
    "waive-line",
    "close-checklist",
    "edit-contact",
    "page-on-call",
    "open-incident",
    "join-incident",
    "name-incident",
    "note-incident",
    "write-incident",
    "add-action",
    "finish-action",
    "reopen-action",
    "close-incident",
];

/// Every outcome; the locales hold `audit-outcome-<outcome>` for each.
pub const OUTCOMES: &[&str] = &["ok", "failed", "refused", "unknown", "pending"];

/// One entry of the trail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// From 1 without gaps.
    pub seq: u64,
    /// When, UTC.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What he did.
    pub verb: String,
    /// To what.
    pub subject: String,
    /// In which run.
    pub run: Option<RunId>,
    /// How it ended.
    pub outcome: String,
    /// The rest.
    pub detail: Args,
    /// Hash of the entry before; 64 zeros for the first.
    pub prev: String,
    /// Hash of this entry.
    pub hash: String,
}

/// The `prev` of the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[derive(Serialize)]
struct Hashed<'a> {
    seq: u64,
    at: Timestamp,
    actor: &'a Actor,
    verb: &'a str,
    subject: &'a str,
    run: Option<RunId>,
    outcome: &'a str,
    detail: &'a Args,
    prev: &'a str,
}

impl AuditEntry {
    /// Completes a draft.
    #[must_use]
    pub fn seal(draft: AuditDraft, seq: u64, at: Timestamp, prev: &str) -> Self {
        let AuditDraft {
            actor,
            verb,
            subject,
            run,
            outcome,
            detail,
            ..
        } = draft;
        let prev = prev.to_owned();
        let mut entry = Self {
            seq,
            at,
            actor,
            verb,
            subject,
            run,
            outcome,
            detail,
            prev,
            hash: String::new(),
        };
        entry.hash = entry.expected_hash();
        entry
    }

    /// The hash this entry must carry.
    #[must_use]
    pub fn expected_hash(&self) -> String {
        let Self {
            seq,
            at,
            actor,
            verb,
            subject,
            run,
            outcome,
            detail,
            prev,
            ..
        } = self;
        let hashed = Hashed {
            seq: *seq,
            at: *at,
            actor,
            verb,
            subject,
            run: *run,
            outcome,
            detail,
            prev,
        };
        // Plain data always serialises; an empty text would match no entry.
        let text = serde_json::to_vec(&hashed).unwrap_or_default();
        data_encoding::HEXLOWER.encode(&Sha256::digest(text))
    }
}

/// Why the trail cannot be trusted, and from which entry on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum ChainBreak {
    /// The number is not the one that must follow.
    #[error(
        "entry {seq} stands where entry {expected} must stand: entries are missing, doubled or reordered"
    )]
    Order {
        /// Found.
        seq: u64,
        /// Expected.
        expected: u64,
    },
    /// The entry does not follow the one before it.
    #[error("entry {seq} does not continue entry {before}: one of them was changed or replaced")]
    Link {
        /// Which.
        seq: u64,
        /// The one before.
        before: u64,
    },
    /// The entry's content does not match its hash.
    #[error("entry {seq} was changed after it was written")]
    Content {
        /// Which.
        seq: u64,
    },
    /// Entries at the end are gone.
    #[error("entry {seq} is missing at the end")]
    Missing {
        /// The first that is missing.
        seq: u64,
    },
    /// An entry at the end was not written by this program.
    #[error("entry {seq} was appended by someone else")]
    Foreign {
        /// The first that is foreign.
        seq: u64,
    },
    /// The seal over the last entry is not the program's own.
    #[error("the seal over entry {seq} is not this program's: the trail was rewritten up to there")]
    Seal {
        /// The sealed entry.
        seq: u64,
    },
}

impl ChainBreak {
    /// The part of the locale key `audit-break-<code>`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Order { .. } => "order",
            Self::Link { .. } => "link",
            Self::Content { .. } => "content",
            Self::Missing { .. } => "missing",
            Self::Foreign { .. } => "foreign",
            Self::Seal { .. } => "seal",
        }
    }

    /// The blanks of the message: `seq`, `expected`, `before`.
    #[must_use]
    pub fn args(&self) -> Args {
        let number = |value: u64| Arg::Text(value.to_string());
        let mut args = Args::new();
        match self {
            Self::Order { seq, expected } => {
                args.insert("seq".to_owned(), number(*seq));
                args.insert("expected".to_owned(), number(*expected));
            }
            Self::Link { seq, before } => {
                args.insert("seq".to_owned(), number(*seq));
                args.insert("before".to_owned(), number(*before));
            }
            Self::Content { seq }
            | Self::Missing { seq }
            | Self::Foreign { seq }
            | Self::Seal { seq } => {
                args.insert("seq".to_owned(), number(*seq));
            }
        }
        args
    }
}

/// Checks a chain entry by entry.
#[derive(Debug, Default)]
pub struct ChainCheck {
    last: Option<(u64, String)>,
}

impl ChainCheck {
    /// Takes the next entry in.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn push(&mut self, entry: &AuditEntry) -> Result<(), ChainBreak> {
        let (before, prev) = self.last.clone().unwrap_or((0, GENESIS.to_owned()));
        let seq = entry.seq;
        if seq != before + 1 {
            return Err(ChainBreak::Order {
                seq,
                expected: before + 1,
            });
        }
        if entry.hash != entry.expected_hash() {
            return Err(ChainBreak::Content { seq });
        }
        if entry.prev != prev {
            return Err(ChainBreak::Link { seq, before });
        }
        self.last = Some((seq, entry.hash.clone()));
        Ok(())
    }

    /// Number and hash of the last entry that was in order.
    #[must_use]
    pub fn head(&self) -> (u64, String) {
        self.last.clone().unwrap_or((0, GENESIS.to_owned()))
    }
}
