//! What is due when.

use super::problem::Problem;
use super::reader::{Read, Reader};
use super::setting::Key;
use super::table;
use super::values::Cron;
use crate::domain::schedule::{Event, Schedule};
use jiff::tz::TimeZone;
use std::time::Duration;

/// The calendar, in the team's zone.
#[derive(Clone, Debug)]
pub struct ScheduleSettings {
    /// `BACKUP_SCHEDULE`; absent while it is empty.
    pub backup: Option<Schedule>,
    /// `VERIFY_SCHEDULE`.
    pub test: Schedule,
    /// `DRILL_SCHEDULE`.
    pub drill: Schedule,
    /// `BACKUP_RETENTION`.
    pub retention: Duration,
}

impl ScheduleSettings {
    /// Each event that has one.
    #[must_use]
    pub fn all(&self) -> Vec<(Event, Schedule)> {
        let backup = self.backup.clone().map(|it| (Event::Backup, it));
        let others = [
            (Event::Test, self.test.clone()),
            (Event::Drill, self.drill.clone()),
        ];
        backup.into_iter().chain(others).collect()
    }
}

pub(super) fn read(reader: &mut Reader<'_>) -> Read<ScheduleSettings> {
    // A zone that is none is told of where it is read.
    let zone = reader.get(&table::TIMEZONE).map(|zone| zone.0);
    let zone = zone.unwrap_or(TimeZone::UTC);
    let backup = reader.find(&table::BACKUP_SCHEDULE);
    let backup = backup.and_then(|cron| match cron {
        Some(cron) => schedule(reader, &table::BACKUP_SCHEDULE, &cron, &zone).map(Some),
        None => Ok(None),
    });
    let mut given = |key: &Key<Cron>| {
        let cron = reader.get(key)?;
        schedule(reader, key, &cron, &zone)
    };
    let (test, drill) = (
        given(&table::VERIFY_SCHEDULE),
        given(&table::DRILL_SCHEDULE),
    );
    let retention = reader.get(&table::BACKUP_RETENTION);
    Ok(ScheduleSettings {
        backup: backup?,
        test: test?,
        drill: drill?,
        retention: retention?.0,
    })
}

fn schedule(
    reader: &mut Reader<'_>,
    key: &Key<Cron>,
    Cron(text): &Cron,
    zone: &TimeZone,
) -> Read<Schedule> {
    // The form was checked when it was read, in another zone.
    Schedule::parse(text, zone.clone())
        .or_else(|error| reader.fail(Problem::of(key.row, error.to_string()).given(key.row, text)))
}
