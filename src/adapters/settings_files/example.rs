//! `.env` and the example it is made from.

use super::replace::{Original, temporary};
use super::{dotenv, failed};
use crate::adapters::common::fs::{create_new, file_error, remove_if_there, sync_folder};
use crate::adapters::common::ownership::{own, owner_of};
use crate::domain::database::Ownership;
use crate::ports::PortResult;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

const ENV: &str = ".env";
const EXAMPLE: &str = ".env.example";

/// Keys of the example that `.env` lacks or leaves empty, in the example's order, each once.
pub(super) fn missing_keys(home: &Path) -> PortResult<Vec<String>> {
    let bytes = |name| Original::read(&home.join(name)).map(|file| file.map(|file| file.bytes));
    let Some(example) = bytes(EXAMPLE)? else {
        return Ok(Vec::new());
    };
    let env = bytes(ENV)?.unwrap_or_default();
    let given: BTreeSet<_> = dotenv::entries(&env)
        .into_iter()
        .filter(|entry| !entry.span.is_empty())
        .map(|entry| entry.key)
        .collect();
    let mut told = BTreeSet::new();
    Ok(dotenv::entries(&example)
        .into_iter()
        .filter(|entry| !given.contains(entry.key) && told.insert(entry.key))
        .map(|entry| String::from_utf8_lossy(entry.key).into_owned())
        .collect())
}

/// Makes `.env` where there is none. It gets its name only once it is whole, and never takes the
/// place of another file, also not of one that came in between.
pub(super) fn make(home: &Path) -> PortResult<bool> {
    let env = home.join(ENV);
    let temporary = temporary(&env);
    remove_if_there(&temporary).map_err(|e| file_error(&env, &e, 0))?;
    if std::fs::symlink_metadata(&env).is_ok() {
        return Ok(false);
    }
    let Some(example) = Original::read(&home.join(EXAMPLE))? else {
        return Ok(false);
    };
    let made = write(home, &temporary, &example.bytes).and_then(|()| {
        match std::fs::hard_link(&temporary, &env) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(failed(&env, &error)),
        }
    });
    let _ = remove_if_there(&temporary);
    let made = made?;
    sync_folder(home)?;
    Ok(made)
}

/// It will hold secrets: for the owner of the folder alone.
fn write(home: &Path, temporary: &Path, bytes: &[u8]) -> PortResult<()> {
    let error_at = |error: &io::Error| file_error(&home.join(ENV), error, bytes.len() as u64);
    let folder = std::fs::metadata(home).map_err(|e| error_at(&e))?;
    let owner = Ownership {
        mode: 0o600,
        ..owner_of(&folder, 0)
    };
    let mut file = create_new(temporary, 0o600).map_err(|e| error_at(&e))?;
    own(&file, &home.join(ENV), owner)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|e| error_at(&e))
}
