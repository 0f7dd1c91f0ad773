//! What systemd's properties say about a unit at one moment.

use crate::domain::Timestamp;
use crate::domain::unit::{UnitName, UnitState, UnitStatus};
use std::collections::HashMap;
use zbus::{ObjectPath, OwnedVariant, Structure, Variant};

/// The properties that matter, in systemd's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Observation {
    /// The unit's real name, with suffix.
    pub(super) id: String,
    pub(super) load: String,
    pub(super) active: String,
    pub(super) sub: String,
    pub(super) result: String,
    /// Exit status or signal of the last main process, as `waitid` gives them.
    pub(super) exit: Option<(i32, i32)>,
    pub(super) restarts: Option<u32>,
    pub(super) pid: Option<u32>,
    pub(super) memory: Option<u64>,
    pub(super) changed_at: Option<Timestamp>,
    pub(super) active_since: Option<Timestamp>,
    /// The job that is queued for the unit or runs on it.
    pub(super) job: Option<String>,
}

impl Observation {
    pub(super) fn read(properties: &HashMap<String, OwnedVariant>) -> Self {
        let number = |name| get::<u32>(properties, name);
        let moment = |name| get::<u64>(properties, name).and_then(moment);
        Self {
            id: text(properties, "Id"),
            load: text(properties, "LoadState"),
            active: text(properties, "ActiveState"),
            sub: text(properties, "SubState"),
            result: text(properties, "Result"),
            exit: get::<i32>(properties, "ExecMainCode")
                .zip(get::<i32>(properties, "ExecMainStatus")),
            restarts: number("NRestarts"),
            pid: number("MainPID").filter(|pid| *pid != 0),
            // The largest number is systemd's "not counted".
            memory: get::<u64>(properties, "MemoryCurrent").filter(|bytes| *bytes != u64::MAX),
            changed_at: moment("StateChangeTimestamp"),
            active_since: moment("ActiveEnterTimestamp"),
            job: properties.get("Job").and_then(job_path),
        }
    }

    /// systemd knows no such unit, and nothing of it runs.
    pub(super) fn is_missing(&self) -> bool {
        self.load == "not-found" && self.is_down()
    }

    pub(super) fn is_down(&self) -> bool {
        matches!(self.state(), UnitState::Inactive | UnitState::Failed)
    }

    pub(super) fn state(&self) -> UnitState {
        match self.active.as_str() {
            "active" | "reloading" | "refreshing" => UnitState::Active,
            "activating" => UnitState::Activating,
            "deactivating" => UnitState::Deactivating,
            "inactive" => UnitState::Inactive,
            "failed" => UnitState::Failed,
            _ => UnitState::Unknown,
        }
    }

    /// It died and waits until systemd starts it again by itself.
    pub(super) fn awaits_restart(&self) -> bool {
        self.active == "activating" && self.sub.starts_with("auto-restart")
    }

    pub(super) fn status(&self, unit: &UnitName) -> UnitStatus {
        UnitStatus {
            unit: unit.clone(),
            state: self.state(),
            detail: self.detail(),
            restarts: self.restarts,
            since: self.changed_at,
            pid: self.pid,
            memory: self.memory,
        }
    }

    /// `SubState`, `Result`, and how the main process ended when it ended badly.
    pub(super) fn detail(&self) -> String {
        let mut words = vec![self.sub.clone()];
        if !self.result.is_empty() && self.result != "success" {
            words.push(self.result.clone());
            words.extend(self.exit.and_then(exit_words));
        }
        if !matches!(self.load.as_str(), "loaded" | "") {
            words.push(self.load.clone());
        }
        words.retain(|word| !word.is_empty());
        words.join(", ")
    }
}

/// `CLD_EXITED` is 1; `CLD_KILLED` and `CLD_DUMPED` are 2 and 3.
fn exit_words((code, status): (i32, i32)) -> Option<String> {
    match code {
        1 => Some(format!("status {status}")),
        2 | 3 => Some(format!("signal {status}")),
        _ => None,
    }
}

fn get<'a, T>(properties: &'a HashMap<String, OwnedVariant>, name: &str) -> Option<T>
where
    T: TryFrom<&'a OwnedVariant>,
{
    properties
        .get(name)
        .and_then(|value| T::try_from(value).ok())
}

fn text(properties: &HashMap<String, OwnedVariant>, name: &str) -> String {
    get::<&str>(properties, name).unwrap_or_default().to_owned()
}

/// Microseconds since the epoch; zero is systemd's "never".
fn moment(microseconds: u64) -> Option<Timestamp> {
    let signed = i64::try_from(microseconds).ok().filter(|us| *us > 0)?;
    Timestamp::from_microsecond(signed).ok()
}

/// The property is a pair of number and object; number zero means that there is no job.
fn job_path(value: &OwnedVariant) -> Option<String> {
    let pair = <&Structure<'_>>::try_from(value).ok()?;
    match pair.fields() {
        [Variant::U32(id), Variant::ObjectPath(path)] if *id != 0 => Some(plain(path)),
        _ => None,
    }
}

fn plain(path: &ObjectPath<'_>) -> String {
    path.as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties(pairs: Vec<(&str, Variant<'static>)>) -> HashMap<String, OwnedVariant> {
        pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), OwnedVariant::try_from(value).unwrap()))
            .collect()
    }

    #[test]
    fn a_crash_is_told_with_its_exit_status() {
        let seen = Observation::read(&properties(vec![
            ("LoadState", "loaded".into()),
            ("ActiveState", "activating".into()),
            ("SubState", "auto-restart".into()),
            ("Result", "exit-code".into()),
            ("ExecMainCode", 1_i32.into()),
            ("ExecMainStatus", 7_i32.into()),
            ("NRestarts", 3_u32.into()),
            ("MainPID", 0_u32.into()),
            ("StateChangeTimestamp", 1_700_000_000_000_000_u64.into()),
        ]));
        assert!(seen.awaits_restart());
        assert_eq!(seen.detail(), "auto-restart, exit-code, status 7");
        assert_eq!((seen.restarts, seen.pid), (Some(3), None));
        assert_eq!(
            seen.changed_at.map(|at| at.to_string()),
            Some("2023-11-14T22:13:20Z".into())
        );
    }

    #[test]
    fn memory_is_known_only_where_it_is_counted() {
        let memory = |bytes: u64| {
            Observation::read(&properties(vec![("MemoryCurrent", bytes.into())])).memory
        };
        assert_eq!(memory(4096), Some(4096));
        assert_eq!(memory(u64::MAX), None);
    }

    #[test]
    fn job_zero_is_no_job() {
        let job = |id: u32| {
            let path = ObjectPath::try_from("/org/freedesktop/systemd1/job/5").unwrap();
            Observation::read(&properties(vec![(
                "Job",
                Structure::from((id, path)).into(),
            )]))
            .job
        };
        assert_eq!(job(0), None);
        assert_eq!(job(5), Some("/org/freedesktop/systemd1/job/5".into()));
    }

    #[test]
    fn a_deleted_unit_that_still_runs_is_not_missing() {
        let mut seen = Observation {
            load: "not-found".into(),
            active: "inactive".into(),
            ..Observation::default()
        };
        assert!(seen.is_missing());
        seen.active = "active".into();
        assert!(!seen.is_missing());
    }
}
