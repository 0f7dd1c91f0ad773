//! What the units find in their environment.

use crate::demo::error::{DemoResult, at};
use crate::demo::{redis_server, units};
use std::fs;
use std::path::Path;

/// In the units' folder.
const ENVIRONMENT: &str = "environment";

/// Sets what the units find in their environment from their next start on, as systemd's
/// `EnvironmentFile` does.
///
/// # Errors
/// The file cannot be written.
pub(in crate::demo) fn set_environment(
    home: &Path,
    variables: &[(&str, String)],
) -> DemoResult<()> {
    let path = units::folder(home)?.join(ENVIRONMENT);
    let lines = variables
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"));
    fs::write(&path, lines.collect::<String>()).map_err(at(&path))
}

/// What [`set_environment`] wrote, and where Redis is.
///
/// # Errors
/// The file cannot be read.
pub(super) fn environment(home: &Path) -> DemoResult<Vec<(String, String)>> {
    let path = units::folder(home)?.join(ENVIRONMENT);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        text => text.map_err(at(&path))?,
    };
    let given = text.lines().filter_map(|line| line.split_once('='));
    let mut all = vec![("REDIS_URL".to_owned(), redis_server::url(home)?)];
    all.extend(given.map(|(name, value)| (name.to_owned(), value.to_owned())));
    Ok(all)
}
