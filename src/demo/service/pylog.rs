//! `logs/bot.log` in the form of Python's logging, with its tracebacks.

use crate::demo::error::{DemoResult, at};
use jiff::Timestamp;
use rusqlite::ErrorCode;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A logger as REI configures it.
#[derive(Debug)]
pub(super) struct PythonLog {
    path: PathBuf,
    name: &'static str,
    file: File,
}

impl PythonLog {
    pub(super) fn open(path: &Path, name: &'static str) -> DemoResult<Self> {
        let file = File::options().append(true).create(true).open(path);
        Ok(Self {
            path: path.to_owned(),
            name,
            file: file.map_err(at(path))?,
        })
    }

    pub(super) fn info(&mut self, message: &str) -> DemoResult<()> {
        self.write(&self.line("INFO", message))
    }

    pub(super) fn warn(&mut self, message: &str) -> DemoResult<()> {
        self.write(&self.line("WARNING", message))
    }

    pub(super) fn error(&mut self, message: &str, error: &rusqlite::Error) -> DemoResult<()> {
        let text = format!(
            "{}Traceback (most recent call last):\n  \
             File \"bot/storage.py\", line 88, in _execute\n    \
             return self._db.execute(sql, params)\n{}\n",
            self.line("ERROR", message),
            exception(error),
        );
        self.write(&text)
    }

    fn line(&self, level: &str, message: &str) -> String {
        let now = Timestamp::now();
        let at = now.strftime("%Y-%m-%d %H:%M:%S");
        let millis = now.as_millisecond().rem_euclid(1000);
        format!("{at},{millis:03} - {} - {level} - {message}\n", self.name)
    }

    /// In one piece, as another process writes to the same file. A full disk loses the line, as it
    /// does with Python's logging, and does not end the process.
    fn write(&mut self, text: &str) -> DemoResult<()> {
        match self.file.write_all(text.as_bytes()) {
            Err(error) if error.kind() != std::io::ErrorKind::StorageFull => {
                Err(at(&self.path)(error))
            }
            _ => Ok(()),
        }
    }
}

/// What Python's sqlite3 raises for it.
fn exception(error: &rusqlite::Error) -> String {
    let class = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => "DatabaseError",
        Some(ErrorCode::ConstraintViolation) => "IntegrityError",
        _ => "OperationalError",
    };
    let text = match error {
        rusqlite::Error::SqliteFailure(_, Some(text)) => text.clone(),
        other => other.to_string(),
    };
    format!("sqlite3.{class}: {text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    fn failure(code: i32, text: &str) -> rusqlite::Error {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), Some(text.to_owned()))
    }

    #[test]
    fn errors_read_as_in_python() {
        let text = "database disk image is malformed";
        assert_eq!(
            exception(&failure(ffi::SQLITE_CORRUPT, text)),
            "sqlite3.DatabaseError: database disk image is malformed"
        );
        assert_eq!(
            exception(&failure(ffi::SQLITE_FULL, "database or disk is full")),
            "sqlite3.OperationalError: database or disk is full"
        );
    }
}
