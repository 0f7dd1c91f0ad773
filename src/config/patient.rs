//! REI Bot's place, files and units.

use super::problem::Problem;
use super::reader::{Read, Reader};
use super::setting::Key;
use super::table;
use super::values::{CommandLine, Host, Manager};
use crate::domain::unit::UnitName;
use std::path::PathBuf;

/// Where the patient is and what it consists of. It runs on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientSettings {
    /// `REI_HOME`, absolute.
    pub home: PathBuf,
    /// `REI_DB`, absolute.
    pub database: PathBuf,
    /// `REI_LOG`, absolute.
    pub log: PathBuf,
    /// `REI_UNITS`, in the order they are started.
    pub units: Vec<UnitName>,
    /// `REDIS_UNIT`.
    pub redis_unit: UnitName,
    /// `UNIT_MANAGER` with its commands.
    pub manager: UnitManager,
}

/// Who starts and stops units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitManager {
    /// systemd, over D-Bus.
    Systemd,
    /// A command for each.
    Command(UnitCommands),
}

/// The commands that stand in for a manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitCommands {
    /// `UNIT_START_COMMAND`.
    pub start: CommandLine,
    /// `UNIT_STOP_COMMAND`.
    pub stop: CommandLine,
    /// `UNIT_STATUS_COMMAND`.
    pub status: CommandLine,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Read<PatientSettings> {
    let home = reader.get(&table::REI_HOME);
    let database = reader.get(&table::REI_DB);
    let log = reader.get(&table::REI_LOG);
    let units = reader.get(&table::REI_UNITS);
    let redis_unit = reader.get(&table::REDIS_UNIT);
    let manager = manager(reader);
    let host = check_host(reader);
    let home = home?.0;
    host?;
    Ok(PatientSettings {
        database: database?.within(&home),
        log: log?.within(&home),
        home,
        units: units?.0,
        redis_unit: redis_unit?.0,
        manager: manager?,
    })
}

fn manager(reader: &mut Reader<'_>) -> Read<UnitManager> {
    let kind = reader.get(&table::UNIT_MANAGER);
    let start = reader.find(&table::UNIT_START_COMMAND);
    let stop = reader.find(&table::UNIT_STOP_COMMAND);
    let status = reader.find(&table::UNIT_STATUS_COMMAND);
    if kind? == Manager::Systemd {
        return Ok(UnitManager::Systemd);
    }
    let start = needed(reader, &table::UNIT_START_COMMAND, start);
    let stop = needed(reader, &table::UNIT_STOP_COMMAND, stop);
    let status = needed(reader, &table::UNIT_STATUS_COMMAND, status);
    Ok(UnitManager::Command(UnitCommands {
        start: start?,
        stop: stop?,
        status: status?,
    }))
}

fn needed(
    reader: &mut Reader<'_>,
    key: &Key<CommandLine>,
    found: Read<Option<CommandLine>>,
) -> Read<CommandLine> {
    match found? {
        Some(command) => Ok(command),
        None => reader.fail(
            Problem::of(
                key.row,
                "UNIT_MANAGER=command needs it, and it is not given",
            )
            .advise("Give all three UNIT_…_COMMAND, or set UNIT_MANAGER=systemd."),
        ),
    }
}

/// A remote patient would be looked for here, and whatever stands here instead be recovered.
fn check_host(reader: &mut Reader<'_>) -> Read<()> {
    match reader.get(&table::REI_HOST)? {
        Host::Local => Ok(()),
        Host::Ssh => reader.fail(
            Problem::of(table::REI_HOST.row, "this version reaches no other machine")
                .advise("Run rei-recovery on the machine that REI runs on, with REI_HOST=local."),
        ),
    }
}
