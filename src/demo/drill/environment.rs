//! What the drill's recovery is told, and the programs it finds.

use super::ground::backups;
use super::halt::Halt;
use crate::adapters::enclosure::{Breach, Enclosure, MARK};
use crate::demo::bot_api::PersonId;
use crate::demo::error::at;
use crate::demo::patient::Patient;
use crate::demo::providers::{ProvidersOptions, ProvidersServer};
use crate::demo::redis_server;
use crate::demo::world::cast::{ADMIN_TOKEN, Cast};
use crate::demo::world::partners::{SHOP, SHOP_KEY};
use crate::demo::yookassa::YooKassa;
use crate::domain::action::Action;
use crate::domain::runbook::Runbook;
use crate::ports::drill::RUNBOOKS;
use crate::runbook::providers::FILE;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// The only folder in which the recovery finds programs.
const PROGRAMS: &str = "bin";
/// Where programs of this machine are.
const SYSTEM: &[&str] = &["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];
/// What every other program is.
const NOTHING: &str = "true";
/// The real one serves the drill alone.
const REDIS: &str = "redis-server";

/// Where everything is.
pub(super) struct Places<'a> {
    pub(super) folder: &'a Path,
    pub(super) program: &'a Path,
    pub(super) patient: &'a Patient,
    pub(super) telegram: String,
    pub(super) cast: &'a Cast,
    pub(super) yookassa: &'a YooKassa,
}

/// The recovery's whole environment: nothing is inherited.
pub(super) fn environment(of: &Places<'_>) -> Result<BTreeMap<String, String>, Halt> {
    let inside = |name: &str| of.folder.join(name).display().to_string();
    let home = of.patient.home();
    let keys = ProvidersOptions::local();
    let PersonId(admin) = of.cast.anna;
    let settings = [
        (MARK, of.folder.display().to_string()),
        ("ADMIN_BOT_TOKEN", ADMIN_TOKEN.to_owned()),
        ("TELEGRAM_API_URL", of.telegram.clone()),
        ("ADMIN_IDS", admin.to_string()),
        ("AUDIT_CHAT_ID", of.cast.team.chat_id().to_string()),
        ("MONITOR_INTERVAL", "0".to_owned()),
        ("STATE_DIR", inside("state")),
        ("RUNBOOK_DIR", inside(RUNBOOKS)),
        ("REI_HOME", home.display().to_string()),
        ("REI_DB", of.patient.database().display().to_string()),
        ("REI_LOG", of.patient.log().display().to_string()),
        ("BACKUP_DIR", backups(of.folder).display().to_string()),
        ("UNIT_MANAGER", "command".to_owned()),
        ("UNIT_START_COMMAND", unit_command(of, "start")?),
        ("UNIT_STOP_COMMAND", unit_command(of, "stop")?),
        ("UNIT_STATUS_COMMAND", unit_command(of, "status")?),
        ("REDIS_URL", redis_server::url(&home)?),
        ("YOOKASSA_SHOP_ID", SHOP.to_owned()),
        ("YOOKASSA_SECRET_KEY", SHOP_KEY.to_owned()),
        ("YOOKASSA_API_URL", of.yookassa.api_url()),
        ("YOOKASSA_STATUS_URL", of.yookassa.status_url()),
        ("NANO_BANANA_API_KEY", keys.nano_banana_key),
        ("KLING_ACCESS_KEY", keys.kling_access),
        ("KLING_SECRET_KEY", keys.kling_secret),
        ("PATH", inside(PROGRAMS)),
    ];
    let all = settings.into_iter();
    Ok(all.map(|(name, value)| (name.to_owned(), value)).collect())
}

fn unit_command(of: &Places<'_>, verb: &str) -> Result<String, Halt> {
    let quoted = |path: &Path| {
        let text = path.display().to_string();
        let quoted = shlex::try_quote(&text).map(|quoted| quoted.into_owned());
        quoted.map_err(|_| Halt::told(format!("{text:?} cannot stand in a command")))
    };
    let (program, home) = (quoted(of.program)?, quoted(&of.patient.home())?);
    Ok(format!("{program} demo-unit {verb} {{unit}} --home {home}"))
}

/// Puts the stand-ins in the place of the real providers; gives the folder of runbooks.
pub(super) fn write_providers(folder: &Path, providers: &ProvidersServer) -> Result<PathBuf, Halt> {
    let runbooks = folder.join(RUNBOOKS);
    fs::create_dir_all(&runbooks).map_err(at(&runbooks))?;
    let path = runbooks.join(FILE);
    fs::write(&path, providers.toml()).map_err(at(&path))?;
    Ok(runbooks)
}

/// Each program of the runbook is one that does nothing: it would change this machine, not the copy.
/// Gives their names.
pub(super) fn stand_in(
    enclosure: &Enclosure,
    runbook: &Runbook,
    redis: bool,
) -> Result<Vec<String>, Halt> {
    let folder = enclosure.folder().join(PROGRAMS);
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let nothing = found(NOTHING).ok_or_else(|| Halt::told("there is no `true` here"))?;
    if redis && let Some(real) = found(REDIS) {
        link(&real, &folder.join(REDIS))?;
    }
    let undo = runbook.undo.iter().map(|undo| &undo.action);
    let actions = runbook.steps.iter().map(|step| &step.action).chain(undo);
    let mut names = Vec::new();
    for action in actions {
        let Action::RunProgram { command } = action else {
            continue;
        };
        let name = command.first().cloned().unwrap_or_default();
        // A path leads to a program of this machine, or of REI's folder, which here is empty of them.
        if name.contains('/') || name.is_empty() || name == REDIS {
            return Err(Breach::Outside {
                name: "runbook".to_owned(),
                path: name.into(),
            }
            .into());
        }
        link(&nothing, &folder.join(&name))?;
        names.push(name);
    }
    names.sort();
    names.dedup();
    Ok(names)
}

fn found(program: &str) -> Option<PathBuf> {
    let mut places = SYSTEM.iter().map(|folder| Path::new(folder).join(program));
    places.find(|path| path.is_file())
}

fn link(to: &Path, path: &Path) -> Result<(), Halt> {
    match symlink(to, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(at(path)(error))?,
        _ => Ok(()),
    }
}
