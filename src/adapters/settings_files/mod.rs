//! REI's settings files: one line of `config.py` or `.env` is read and switched, and `.env` is made
//! from its example.
//!
//! The files belong to somebody else. They are read as bytes, and all that is not the one value
//! stays: line ends, comments, blanks, quotes, what is no UTF-8. A file that cannot be understood for
//! sure is left alone.

mod dotenv;
mod example;
mod python;
mod replace;
mod rows;
mod stand;

use super::common::fs::{blocking, file_error, remove_if_there};
use crate::domain::failure::FailureCode;
use crate::ports::install::{SettingsFiles, Switch, Switched};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use replace::Original;
use rustix::io::Errno;
use stand::{Edit, Trouble};
use std::io;
use std::path::{Path, PathBuf};

/// Files on the local machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct LocalSettings;

#[async_trait]
impl SettingsFiles for LocalSettings {
    async fn read(&self, home: &Path, switch: Switch) -> PortResult<Option<bool>> {
        let home = home.to_owned();
        blocking(move || {
            let file = original(&home, switch)?;
            stand::read(&file.bytes, switch).map_err(|t| refused(&file.path, switch, t))
        })
        .await
    }

    async fn set(
        &self,
        home: &Path,
        switch: Switch,
        on: bool,
        keep: &Path,
    ) -> PortResult<Switched> {
        let (home, keep) = (home.to_owned(), keep.to_owned());
        blocking(move || set(&home, switch, on, &keep)).await
    }

    async fn missing_keys(&self, home: &Path) -> PortResult<Vec<String>> {
        let home = home.to_owned();
        blocking(move || example::missing_keys(&home)).await
    }

    async fn make_env(&self, home: &Path) -> PortResult<bool> {
        let home = home.to_owned();
        blocking(move || example::make(&home)).await
    }
}

fn original(home: &Path, switch: Switch) -> PortResult<Original> {
    let path = home.join(switch.file());
    let missing = || {
        PortError::new(FailureCode::SettingsFileMissing).with("path", path.display().to_string())
    };
    Original::read(&path)?.ok_or_else(missing)
}

fn set(home: &Path, switch: Switch, on: bool, keep: &Path) -> PortResult<Switched> {
    let file = original(home, switch)?;
    remove_if_there(&replace::temporary(&file.path)).map_err(|e| failed(&file.path, &e))?;
    let edit = stand::set(&file.bytes, switch, on);
    let Edit { was, line, bytes } = edit.map_err(|t| refused(&file.path, switch, t))?;
    let Some(bytes) = bytes else {
        let stands = || Switched {
            switch,
            was,
            line,
            copy: None,
        };
        let before = replace::kept(keep, &file.path)?;
        return Ok(done_before(&file, switch, on, before).unwrap_or_else(stands));
    };
    let copy = Some(replace::keep_copy(&file, keep)?);
    file.replace(&bytes)?;
    Ok(Switched {
        switch,
        was,
        line,
        copy,
    })
}

/// What an attempt that was cut off after its rename would have answered: a copy is there, and
/// switched it is this very file.
fn done_before(
    file: &Original,
    switch: Switch,
    on: bool,
    kept: Vec<(PathBuf, Vec<u8>)>,
) -> Option<Switched> {
    kept.into_iter().find_map(|(path, held)| {
        let Edit { was, line, bytes } = stand::set(&held, switch, on).ok()?;
        (bytes.as_ref() == Some(&file.bytes)).then_some(Switched {
            switch,
            was,
            line,
            copy: Some(path),
        })
    })
}

fn refused(path: &Path, switch: Switch, trouble: Trouble) -> PortError {
    let code = match trouble {
        Trouble::Double => FailureCode::SettingsLineDouble,
        Trouble::Unknown => FailureCode::SettingsValueUnknown,
        Trouble::OpenEnd => {
            let why = "it ends inside a string, brackets or a continued line, so none can be added";
            return failed(path, &io::Error::other(why));
        }
    };
    PortError::new(code)
        .with("path", path.display().to_string())
        .with("key", switch.key())
}

fn failed(path: &Path, error: &io::Error) -> PortError {
    match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(Errno::LOOP) => {
            PortError::new(FailureCode::SettingsFileLink).with("path", path.display().to_string())
        }
        _ => file_error(path, error, 0),
    }
}
