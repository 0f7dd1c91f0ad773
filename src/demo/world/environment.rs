//! The settings of the program under test, and its runbooks.

use super::WorldOptions;
use super::cast::{ADMIN_TOKEN, Cast, REI_TOKEN};
use super::partners::{SHOP, SHOP_KEY};
use crate::demo::error::{DemoError, DemoResult, at};
use crate::demo::patient::Patient;
use crate::demo::providers::{ProvidersOptions, ProvidersServer};
use crate::demo::redis_server;
use crate::demo::yookassa::YooKassa;
use crate::domain::action::Action;
use crate::runbook;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Credentials of the S3 stand-in.
pub(super) const ACCESS_KEY: &str = "rehearsal-key";
pub(super) const SECRET_KEY: &str = "rehearsal-secret";
pub(super) const BUCKET: &str = "rei-backups";
pub(super) const PREFIX: &str = "daily";

const PROVIDERS: &str = crate::runbook::providers::FILE;
const DATABASE: &str = "database-corruption.toml";

/// As the built-in runbooks write an action, and the period of one that watches.
const KIND: &str = "action.kind = ";
const PERIOD: &str = "action.for = ";
const WATCHES: [&str; 2] = ["\"watch-units\"", "\"watch-jobs\""];

/// The whole environment: nothing is inherited.
pub(super) type Environment = BTreeMap<String, String>;

/// What the settings speak of.
pub(super) struct Scene<'a> {
    pub(super) root: &'a Path,
    pub(super) cast: &'a Cast,
    pub(super) patient: &'a Patient,
    pub(super) telegram: String,
    pub(super) s3: String,
    pub(super) yookassa: &'a YooKassa,
}

/// The contract's settings for this world, with what the options say.
pub(super) fn environment(options: &WorldOptions, scene: &Scene<'_>) -> DemoResult<Environment> {
    let (cast, patient) = (scene.cast, scene.patient);
    let path = |path: &Path| path.display().to_string();
    let keys = ProvidersOptions::local();
    let team = format!("{},{}", cast.anna.0, cast.boris.0);
    let settings = [
        ("ADMIN_BOT_TOKEN", ADMIN_TOKEN.to_owned()),
        ("REI_BOT_TOKEN", REI_TOKEN.to_owned()),
        ("TELEGRAM_API_URL", scene.telegram.clone()),
        ("ADMIN_IDS", team.clone()),
        ("APPROVER_IDS", team),
        ("AUDIT_CHAT_ID", cast.team.chat_id().to_string()),
        // Whoever wants alerts sets an interval: they come unasked.
        ("MONITOR_INTERVAL", "0".to_owned()),
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
        ("YOOKASSA_SHOP_ID", SHOP.to_owned()),
        ("YOOKASSA_SECRET_KEY", SHOP_KEY.to_owned()),
        ("YOOKASSA_API_URL", scene.yookassa.api_url()),
        ("YOOKASSA_STATUS_URL", scene.yookassa.status_url()),
        ("NANO_BANANA_API_KEY", keys.nano_banana_key),
        ("KLING_ACCESS_KEY", keys.kling_access),
        ("KLING_SECRET_KEY", keys.kling_secret),
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

/// Writes `RUNBOOK_DIR`: the built-in runbooks with shorter watches, and what the options say.
pub(super) fn write_runbooks(
    options: &WorldOptions,
    folder: &Path,
    providers: &ProvidersServer,
) -> DemoResult<()> {
    fs::create_dir_all(folder).map_err(at(folder))?;
    let built_in = runbook::BUILT_IN.iter();
    let short =
        built_in.map(|(name, text)| Ok(((*name).to_owned(), hurried(name, text, options.watch)?)));
    let mut files = short.collect::<DemoResult<BTreeMap<_, _>>>()?;
    files.insert(PROVIDERS.to_owned(), providers.toml());
    files.extend(options.runbooks.iter().cloned());
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(at(&path))?;
    }
    Ok(())
}

/// The built-in runbook for a damaged database with another period of its watch.
///
/// # Errors
/// There is no such runbook any more, or no such period in it.
pub fn short_runbook(watch: Duration) -> DemoResult<String> {
    let mut all = runbook::BUILT_IN.iter();
    let found = all.find(|(name, _)| *name == DATABASE);
    let (name, text) =
        found.ok_or_else(|| DemoError::NotHere(format!("there is no {DATABASE}")))?;
    hurried(name, text, watch)
}

/// A built-in runbook with another period of all its watches, which a rehearsal cannot wait for. All
/// else stays, so that what is rehearsed is what is meant.
fn hurried(name: &str, text: &str, watch: Duration) -> DemoResult<String> {
    let mut watches = false;
    let mut short = String::with_capacity(text.len());
    for line in text.lines() {
        if line.starts_with(KIND) {
            watches = WATCHES.iter().any(|kind| line.ends_with(kind));
        }
        if watches && line.starts_with(PERIOD) {
            short.push_str(&format!("{PERIOD}\"{}ms\"", watch.as_millis()));
        } else {
            short.push_str(line);
        }
        short.push('\n');
    }
    let runbook = runbook::parse(name, &short, &|_| true)
        .map_err(|error| DemoError::NotHere(error.to_string()))?;
    let hurries = |action: &Action| match action {
        Action::WatchUnits { period, .. } | Action::WatchJobs { period, .. } => *period == watch,
        _ => true,
    };
    if runbook.steps.iter().all(|step| hurries(&step.action)) {
        Ok(short)
    } else {
        Err(DemoError::NotHere(format!(
            "a watch of {name} cannot be shortened"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runbooks_are_the_built_in_ones_but_for_their_watches() {
        let mut shortened = Vec::new();
        for (name, text) in runbook::BUILT_IN {
            let short = hurried(name, text, Duration::from_millis(1_500)).unwrap();
            assert_eq!(short.lines().count(), text.lines().count());
            let differing = text.lines().zip(short.lines()).filter(|(a, b)| a != b);
            shortened.extend(differing.map(|(a, b)| (*name, a, b.to_owned())));
        }
        let (one, two) = ("action.for = \"1m\"", "action.for = \"2m\"");
        let now = "action.for = \"1500ms\"".to_owned();
        let expected = [
            ("ai-outage.toml", two, now.clone()),
            ("data-loss.toml", one, now.clone()),
            ("database-corruption.toml", one, now.clone()),
            ("retry-failed.toml", one, now),
        ];
        assert_eq!(shortened, expected);
    }
}
