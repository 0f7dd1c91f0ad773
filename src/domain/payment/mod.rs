//! Payments: REI's rows against what the provider knows, and what mends the difference.
//!
//! Pure: [`reconcile`] looks at both sides and says what is due; the adapter does it in one
//! transaction a payment, and looks again there.

mod reconcile;

pub use reconcile::reconcile;

use super::money::Money;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a payment stands, in REI's words and YooKassa's, which are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Not paid yet.
    Pending,
    /// Paid, to be captured.
    WaitingForCapture,
    /// Paid.
    Succeeded,
    /// Will never be paid.
    Canceled,
    /// A word of REI's own that this program does not know; such a row is left alone.
    Other,
}

impl PaymentStatus {
    /// From the word in REI's row.
    #[must_use]
    pub fn from_row(word: &str) -> Self {
        Self::from_word(word).unwrap_or(Self::Other)
    }

    /// From the word in the provider's answer, which knows no other than these four.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "pending" => Self::Pending,
            "waiting_for_capture" => Self::WaitingForCapture,
            "succeeded" => Self::Succeeded,
            "canceled" => Self::Canceled,
            _ => return None,
        })
    }

    /// The word in the row.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::WaitingForCapture => "waiting_for_capture",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
            Self::Other => "other",
        }
    }

    /// Whether it can still change by itself.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::WaitingForCapture)
    }
}

/// A row of `payments`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPayment {
    /// REI's own id.
    pub id: String,
    /// Who pays.
    pub user: i64,
    /// The provider's id; nothing where REI stopped before it had one.
    pub provider_id: Option<String>,
    /// What was asked for.
    pub amount: Money,
    /// What the ledger gets when it succeeds.
    pub credits: i64,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Whether the ledger has its row.
    pub credited: bool,
    /// When it was begun.
    pub created_at: Timestamp,
}

/// A payment as the provider knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemotePayment {
    /// The provider's id.
    pub id: String,
    /// Where it stands.
    pub status: PaymentStatus,
    /// What was paid or asked for.
    pub amount: Money,
    /// What went back to the payer; zero where nothing did.
    pub refunded: Money,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When the money came.
    pub captured_at: Option<Timestamp>,
    /// A payment of the test shop: never counted.
    pub test: bool,
    /// What REI wrote to it.
    pub metadata: BTreeMap<String, String>,
}

/// What is to be done about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// Paid: status and ledger in one transaction.
    Credit,
    /// Never paid: the row says so from now on.
    Cancel,
    /// Paid and not captured yet: the row says so from now on.
    AwaitCapture,
    /// Both sides agree, or it is still open on both.
    Nothing,
    /// Money went back to the payer: a person decides about the credits.
    LookAtRefund,
    /// Another amount or currency than REI asked for: a person decides.
    LookAtAmount,
    /// REI and the provider say things that do not go together: a person decides.
    LookAtStatus,
    /// More than one row lays claim to it: a person decides whose it is.
    LookAtClaim,
    /// The provider has it and REI has no row: it belongs to nobody whom we could name.
    Orphan,
    /// The row has no provider's id, or one that the provider does not know.
    Unknown,
}

impl Deed {
    /// Whether the program does it by itself.
    #[must_use]
    pub fn is_automatic(self) -> bool {
        matches!(self, Self::Credit | Self::Cancel | Self::AwaitCapture)
    }

    /// Whether a person has to look.
    #[must_use]
    pub fn needs_a_person(self) -> bool {
        !self.is_automatic() && self != Self::Nothing
    }

    /// The part of the locale key `deed-<name>`, and the word in `--json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credit => "credit",
            Self::Cancel => "cancel",
            Self::AwaitCapture => "await-capture",
            Self::Nothing => "nothing",
            Self::LookAtRefund => "look-at-refund",
            Self::LookAtAmount => "look-at-amount",
            Self::LookAtStatus => "look-at-status",
            Self::LookAtClaim => "look-at-claim",
            Self::Orphan => "orphan",
            Self::Unknown => "unknown",
        }
    }

    /// Every deed; the guard over the locales walks this list.
    pub const ALL: &[Self] = &[
        Self::Credit,
        Self::Cancel,
        Self::AwaitCapture,
        Self::Nothing,
        Self::LookAtRefund,
        Self::LookAtAmount,
        Self::LookAtStatus,
        Self::LookAtClaim,
        Self::Orphan,
        Self::Unknown,
    ];
}

/// A line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// REI's side.
    pub local: Option<LocalPayment>,
    /// The provider's side.
    pub remote: Option<RemotePayment>,
    /// What is due.
    pub deed: Deed,
}

/// What became of a payment that was to be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settled {
    /// Done now.
    Done,
    /// Somebody else (a late webhook) did it meanwhile.
    Already,
    /// The row is no longer as it was when it was compared: compare again.
    Moved,
    /// The row's user is not in the database: nothing was done.
    NoUser,
}

/// What a sync did, for people and the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReport {
    /// Rows and payments looked at.
    pub looked_at: u64,
    /// How many lines called for which deed; the key is [`Deed::as_str`].
    pub deeds: BTreeMap<String, u64>,
    /// Credited now.
    pub credited: u64,
    /// Credits given now.
    pub credits: i64,
    /// Credited by REI itself meanwhile.
    pub already: u64,
    /// Set to canceled or waiting now.
    pub updated: u64,
    /// Left for the next sync: the row moved while it was compared.
    pub moved: u64,
    /// What a person has to look at, at most the first 20: REI's id (or the provider's) and the deed.
    pub open: Vec<(String, String)>,
    /// Users whose payments were credited or canceled now, each once.
    pub users: Vec<i64>,
}

/// Open payments, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingPayments {
    /// Rows that are pending or wait for capture, by age: under an hour, under a day, older.
    pub by_age: [u64; 3],
    /// Their sum by currency, in hundredths.
    pub sums: BTreeMap<String, i64>,
    /// The oldest.
    pub oldest: Option<Timestamp>,
    /// The people concerned.
    pub users: u64,
}

#[cfg(test)]
mod tests;
