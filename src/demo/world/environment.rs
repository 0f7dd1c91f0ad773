//! The settings of the program under test, and its runbooks.

use super::WorldOptions;
use super::cast::{ADMIN_TOKEN, Cast, REI_TOKEN};
use crate::demo::error::{DemoError, DemoResult, at};
use crate::demo::patient::Patient;
use crate::demo::redis_server;
use crate::domain::action::Action;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Credentials of the S3 stand-in.
pub(super) const ACCESS_KEY: &str = "rehearsal-key";
pub(super) const SECRET_KEY: &str = "rehearsal-secret";
pub(super) const BUCKET: &str = "rei-backups";
pub(super) const PREFIX: &str = "daily";

const RUNBOOK: &str = include_str!("../../../deploy/runbooks/database-corruption.toml");
const RUNBOOK_FILE: &str = "database-corruption.toml";

/// As the built-in runbook writes the period of its watch.
const WATCH: &str = "action.for = \"1m\"";

/// The whole environment: nothing is inherited.
pub(super) type Environment = BTreeMap<String, String>;

/// What the settings speak of.
pub(super) struct Scene<'a> {
    pub(super) root: &'a Path,
    pub(super) cast: &'a Cast,
    pub(super) patient: &'a Patient,
    pub(super) telegram: String,
    pub(super) s3: String,
}

/// The contract's settings for this world, with what the options say.
pub(super) fn environment(options: &WorldOptions, scene: &Scene<'_>) -> DemoResult<Environment> {
    let (cast, patient) = (scene.cast, scene.patient);
    let path = |path: &Path| path.display().to_string();
    let team = format!("{},{}", cast.anna.0, cast.boris.0);
    let settings = [
        ("ADMIN_BOT_TOKEN", ADMIN_TOKEN.to_owned()),
        ("REI_BOT_TOKEN", REI_TOKEN.to_owned()),
        ("TELEGRAM_API_URL", scene.telegram.clone()),
        ("ADMIN_IDS", team.clone()),
        ("APPROVER_IDS", team),
        ("AUDIT_CHAT_ID", cast.team.chat_id().to_string()),
        ("STATE_DIR", path(&scene.root.join("state"))),
        ("RUNBOOK_DIR", path(&scene.root.join("runbooks"))),
        ("UNIT_MANAGER", "command".to_owned()),
        (
            "UNIT_START_COMMAND",
            unit_command(options, "start", patient)?,
        ),
        ("UNIT_STOP_COMMAND", unit_command(options, "stop", patient)?),
        (
            "UNIT_STATUS_COMMAND",
            unit_command(options, "status", patient)?,
        ),
        ("REI_HOME", path(&patient.home())),
        ("REDIS_URL", redis_server::url(&patient.home())?),
        // Debian's pip refuses otherwise, although there is nothing to install.
        ("PIP_BREAK_SYSTEM_PACKAGES", "1".to_owned()),
        ("BACKUP_DIR", path(&patient.backup_dir())),
        ("S3_BUCKET", BUCKET.to_owned()),
        ("S3_PREFIX", PREFIX.to_owned()),
        ("S3_ENDPOINT_URL", scene.s3.clone()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
    ];
    let mut all: Environment = settings
        .map(|(name, value)| (name.to_owned(), value))
        .into();
    for (name, value) in &options.env {
        match value {
            Some(value) => all.insert(name.clone(), value.clone()),
            None => all.remove(name),
        };
    }
    Ok(all)
}

/// `<program> demo-unit <verb> {unit} --home <home>`, quoted as the settings are read.
fn unit_command(options: &WorldOptions, verb: &str, patient: &Patient) -> DemoResult<String> {
    let quoted = |path: &Path| {
        let text = path.display().to_string();
        let quoted = shlex::try_quote(&text).map(|quoted| quoted.into_owned());
        quoted.map_err(|_| DemoError::NotHere(format!("{text:?} cannot stand in a command")))
    };
    Ok(format!(
        "{} demo-unit {verb} {{unit}} --home {}",
        quoted(&options.program)?,
        quoted(&patient.home())?
    ))
}

/// Writes `RUNBOOK_DIR`: the built-in runbook with a shorter watch, and what the options say.
pub(super) fn write_runbooks(options: &WorldOptions, folder: &Path) -> DemoResult<()> {
    fs::create_dir_all(folder).map_err(at(folder))?;
    let mut files = BTreeMap::from([(RUNBOOK_FILE.to_owned(), short_runbook(options.watch)?)]);
    files.extend(options.runbooks.iter().cloned());
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(at(&path))?;
    }
    Ok(())
}

/// The built-in runbook, which a rehearsal cannot wait for, with another period of its watch.
///
/// # Errors
/// The built-in runbook has no such period any more.
pub fn short_runbook(watch: Duration) -> DemoResult<String> {
    let text = RUNBOOK.replace(WATCH, &format!("action.for = \"{}ms\"", watch.as_millis()));
    let runbook = crate::runbook::parse(RUNBOOK_FILE, &text, &|_| true)
        .map_err(|error| DemoError::NotHere(error.to_string()))?;
    let watches = runbook
        .steps
        .iter()
        .any(|step| matches!(&step.action, Action::WatchUnits { period, .. } if *period == watch));
    if watches {
        Ok(text)
    } else {
        Err(DemoError::NotHere(format!(
            "{RUNBOOK_FILE} holds no `{WATCH}`"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runbook_is_the_built_in_one_but_for_its_watch() {
        let text = short_runbook(Duration::from_millis(1_500)).unwrap();
        let differing: Vec<_> = RUNBOOK
            .lines()
            .zip(text.lines())
            .filter(|(a, b)| a != b)
            .collect();
        assert_eq!(
            differing,
            [("action.for = \"1m\"", "action.for = \"1500ms\"")]
        );
    }
}
