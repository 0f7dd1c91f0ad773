//! What became of a notice, person by person.

use serde::{Deserialize, Serialize};

/// Why somebody can no longer be reached by REI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gone {
    /// He blocked REI.
    Blocked,
    /// His account is deleted or deactivated.
    Deactivated,
    /// Telegram knows no such chat, or he never started REI.
    NeverStarted,
}

impl Gone {
    /// Its word: in the state, in locale keys (`gone-<word>`) and in the CSV.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Deactivated => "deactivated",
            Self::NeverStarted => "never-started",
        }
    }

    /// Every kind.
    pub const ALL: &[Self] = &[Self::Blocked, Self::Deactivated, Self::NeverStarted];
}

/// How one attempt to send to one person ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// He has it.
    Sent {
        /// The message's number in his chat; of a deletion the one that is gone.
        message: i32,
        /// His chat's new id, where it changed.
        moved: Option<i64>,
    },
    /// He cannot be reached, for good.
    Gone(Gone),
    /// Telegram refused, for good; its words, without secrets.
    Refused(String),
    /// The answer was lost: he may have it.
    Ambiguous,
    /// Surely not sent: it is his turn again.
    Unsent,
    /// Surely not sent, and perhaps because of his own chat: it is his turn again after everybody's.
    PutOff,
}

/// The state of one person's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Not yet.
    Pending,
    /// On its way at this moment.
    Sending,
    /// Surely delivered.
    Sent,
    /// May be delivered.
    Ambiguous,
    /// Cannot be reached.
    Blocked,
    /// Refused.
    Failed,
}

impl Standing {
    /// Its word: in the state, in locale keys (`standing-<word>`) and in the CSV.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Ambiguous => "ambiguous",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
        }
    }

    /// Every state, in the order people read them.
    pub const ALL: &[Self] = &[
        Self::Sent,
        Self::Pending,
        Self::Sending,
        Self::Blocked,
        Self::Failed,
        Self::Ambiguous,
    ];
}

impl Outcome {
    /// The state it leaves the row in.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match self {
            Self::Sent { .. } => Standing::Sent,
            Self::Gone(_) => Standing::Blocked,
            Self::Refused(_) => Standing::Failed,
            Self::Ambiguous => Standing::Ambiguous,
            Self::Unsent | Self::PutOff => Standing::Pending,
        }
    }

    /// Why, in a word or in Telegram's words.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Gone(gone) => Some(gone.as_str()),
            Self::Refused(words) => Some(words),
            _ => None,
        }
    }
}

/// How many stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Not yet.
    pub pending: u64,
    /// On their way.
    pub sending: u64,
    /// Surely delivered.
    pub sent: u64,
    /// May be delivered.
    pub ambiguous: u64,
    /// Cannot be reached.
    pub blocked: u64,
    /// Refused.
    pub failed: u64,
}

impl Tally {
    /// The figure of a state.
    pub fn of(&mut self, standing: Standing) -> &mut u64 {
        match standing {
            Standing::Pending => &mut self.pending,
            Standing::Sending => &mut self.sending,
            Standing::Sent => &mut self.sent,
            Standing::Ambiguous => &mut self.ambiguous,
            Standing::Blocked => &mut self.blocked,
            Standing::Failed => &mut self.failed,
        }
    }

    /// Everybody.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.left() + self.sent + self.ambiguous + self.blocked + self.failed
    }

    /// Those whose end is not known yet.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.pending + self.sending
    }
}
