//! The SQLite that REI's own processes have loaded.

use super::Eyes;
use crate::ports::PortResult;
use jiff::SignedDuration;

/// It changes when REI is installed anew.
const KEEP: SignedDuration = SignedDuration::from_mins(10);

/// Its version; nothing while none of REI's processes that can be looked at has it loaded.
pub(super) async fn version(eyes: &Eyes) -> PortResult<Option<String>> {
    let now = eyes.now();
    let known = eyes.memory.with(|known| known.sqlite.clone());
    if let Some((at, version)) = known
        && now.duration_since(at) < KEEP
    {
        return Ok(Some(version));
    }
    for unit in &eyes.profile.units {
        let Some(pid) = eyes.ports.units.status(unit).await?.pid else {
            continue;
        };
        // Gone since, or another user's: the next one may tell.
        if let Ok(Some(version)) = eyes.ports.host.sqlite_of(pid).await {
            let seen = Some((now, version.clone()));
            eyes.memory.with(|known| known.sqlite = seen);
            return Ok(Some(version));
        }
    }
    Ok(None)
}

/// From 3.7.0 to 3.51.2 it can lose commits when a write-ahead log is begun anew.
pub(super) fn is_old(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
    let mut next = || parts.next().flatten();
    match (next(), next(), next()) {
        (Some(major), Some(minor), Some(patch)) => {
            let version = (major, minor, patch);
            ((3, 7, 0)..(3, 51, 3)).contains(&version)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_old;

    #[test]
    fn versions_are_numbers_and_not_text() {
        for old in ["3.7.0", "3.40.1", "3.51.2"] {
            assert!(is_old(old), "{old}");
        }
        for fine in ["3.6.23", "3.51.3", "3.52.0", "4.0.0", "", "x"] {
            assert!(!is_old(fine), "{fine}");
        }
    }
}
