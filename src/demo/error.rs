//! What can go wrong while a rehearsal is set up or played.

use super::bot_api::ControlError;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// An error of the rehearsal; never one of the program that is rehearsed.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file or a folder.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A database of the patient, or the state.
    #[error("{path}: {source}")]
    Sqlite {
        /// Which.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A program that was to be run.
    #[error("cannot run {program}: {source}")]
    Spawn {
        /// Which.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// A program that ended otherwise than it should.
    #[error("{program} ended with {status}: {output}")]
    Ended {
        /// Which.
        program: String,
        /// How.
        status: String,
        /// The end of what it printed.
        output: String,
    },
    /// The chat.
    #[error(transparent)]
    Chat(#[from] ControlError),
    /// A wait was in vain.
    #[error("waited {within:?} in vain for {what}\n{seen}")]
    Waited {
        /// What for.
        what: String,
        /// How long.
        within: Duration,
        /// What there was instead.
        seen: String,
    },
    /// A unit that is not one of the patient's.
    #[error("there is no unit `{0}` here: redis, rei_bot and rei_bot_workers are")]
    NoSuchUnit(String),
    /// The machine does not allow it.
    #[error("{0}")]
    NotHere(String),
}

/// What the rehearsal returns.
pub type DemoResult<T> = Result<T, DemoError>;

/// Names the file in an error.
pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> DemoError {
    let path = path.to_owned();
    move |source| DemoError::File {
        path: path.clone(),
        source,
    }
}

/// Names the database in an error.
pub(super) fn in_db(path: &Path) -> impl Fn(rusqlite::Error) -> DemoError {
    let path = path.to_owned();
    move |source| DemoError::Sqlite {
        path: path.clone(),
        source,
    }
}
