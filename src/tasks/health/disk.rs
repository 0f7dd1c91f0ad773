//! The room on every file system that matters.

use super::Eyes;
use super::probe::Probe;
use super::words::number;
use crate::domain::failure::Arg;
use crate::domain::health::{Condition, Finding, Measure, Part, Sign, SignCode};
use crate::ports::host::Room;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Less than this share is little, and less than that is nothing to work with; in percent.
const LOW: u64 = 10;
const FULL: u64 = 2;

pub(super) fn probes(eyes: &Arc<Eyes>) -> Vec<Probe> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in &eyes.profile.folders {
        if !folders.contains(folder) {
            folders.push(folder.clone());
        }
    }
    let probe = |folder: PathBuf| {
        let asks = vec![(Part::Disk, Some(folder.display().to_string()))];
        Probe::new(eyes, asks, move |eyes| look(eyes, folder.clone()))
    };
    folders.into_iter().map(probe).collect()
}

async fn look(eyes: Arc<Eyes>, folder: PathBuf) -> Vec<Finding> {
    let host = &eyes.ports.host;
    let room = match host.room(&folder).await {
        Ok(room) => room,
        Err(error) => {
            eyes.memory.with(|known| known.devices.remove(&folder));
            let unknown = Finding::unknown(Part::Disk, error.into());
            return vec![unknown.of(folder.display().to_string())];
        }
    };
    eyes.memory
        .with(|known| known.devices.insert(folder.clone(), room.device));
    // A restore writes the new database beside the old one.
    let database = host.file(&eyes.profile.database).await.ok().flatten();
    let needed = database
        .filter(|file| file.identity.0 == room.device)
        .map_or(0, |file| file.size);
    vec![judge(&folder, &room, needed).of(folder.display().to_string())]
}

fn judge(folder: &Path, room: &Room, needed: u64) -> Finding {
    let percent = room.free_percent.min(room.files_percent.unwrap_or(100));
    let at = |code| Sign::new(code).with("path", folder.display().to_string());
    let sign = |code| {
        at(code)
            .with("free", Arg::Bytes(room.free))
            .with("percent", number(percent))
    };
    let mut found = Finding::up(Part::Disk);
    if room.read_only {
        found = found.with(Condition::Down, at(SignCode::DiskReadOnly));
    }
    if percent < FULL || room.free < needed {
        found = found.with(Condition::Down, sign(SignCode::DiskFull));
    } else if percent < LOW {
        found = found.with(Condition::Degraded, sign(SignCode::DiskLow));
    }
    found
        .measured(Measure::FreeBytes, Some(number(room.free)))
        .measured(Measure::FreePercent, Some(number(percent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(percent: u64, free: u64, needed: u64) -> Condition {
        let room = Room {
            device: 1,
            free,
            free_percent: percent,
            files_percent: None,
            read_only: false,
        };
        judge(Path::new("/x"), &room, needed).condition
    }

    #[test]
    fn room_is_little_by_share_and_nothing_by_what_a_restore_needs() {
        assert_eq!(judged(10, 1000, 100), Condition::Up);
        assert_eq!(judged(9, 1000, 100), Condition::Degraded);
        assert_eq!(judged(1, 1000, 100), Condition::Down);
        assert_eq!(judged(50, 99, 100), Condition::Down);
    }
}
