//! REI's folder: what was switched, unpacked and run there.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A switch in one of REI's settings files, as the contract names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Switch {
    /// `YOOKASSA_MANUAL_MODE=True|False` in `config.py`.
    ManualPayments,
    /// `ENABLE_FALLBACK_PROVIDERS=true|false` in `.env`.
    FallbackProviders,
}

impl Switch {
    /// The file's name in `REI_HOME`.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::ManualPayments => "config.py",
            Self::FallbackProviders => ".env",
        }
    }

    /// The setting's name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::ManualPayments => "YOOKASSA_MANUAL_MODE",
            Self::FallbackProviders => "ENABLE_FALLBACK_PROVIDERS",
        }
    }

    /// How this file writes a truth.
    #[must_use]
    pub fn word(self, on: bool) -> &'static str {
        match (self, on) {
            (Self::ManualPayments, true) => "True",
            (Self::ManualPayments, false) => "False",
            (Self::FallbackProviders, true) => "true",
            (Self::FallbackProviders, false) => "false",
        }
    }
}

/// What switching did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switched {
    /// Which switch.
    pub switch: Switch,
    /// What the file said before; nothing where it had no such line.
    pub was: Option<bool>,
    /// The line's number, from 1.
    pub line: u64,
    /// Where the copy of the file as it was lies; nothing where nothing had to be changed.
    pub copy: Option<PathBuf>,
}

/// What unpacking did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpacked {
    /// Files written.
    pub files: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Files that stood there before and were put aside.
    pub replaced: u64,
}

/// A program's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramReport {
    /// Its exit code; nothing where a signal ended it.
    pub code: Option<i32>,
    /// The last lines it wrote, redacted, at most 2,000 characters.
    pub tail: String,
    /// How long it took, in milliseconds.
    pub millis: u64,
}
