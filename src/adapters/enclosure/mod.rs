//! A folder that a drill must not leave, and the processes that were started in it.
//!
//! Whatever is handed to a drill's processes goes through [`Enclosure::admit`] first: each path in it
//! lies in the folder, each address on this machine's loopback, and none of either is production's.

mod sweep;
mod values;

pub use sweep::{MARK, sweep};

use crate::ports::drill::Production;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use values::{Named, named};

/// What a drill's recovery is told must be there: a default would be production's.
pub const NEEDED: &[&str] = &[
    "ADMIN_BOT_TOKEN",
    "TELEGRAM_API_URL",
    "REI_HOME",
    "REI_DB",
    "REI_LOG",
    "STATE_DIR",
    "RUNBOOK_DIR",
    "BACKUP_DIR",
    "UNIT_MANAGER",
    "UNIT_START_COMMAND",
    "UNIT_STOP_COMMAND",
    "UNIT_STATUS_COMMAND",
    "REDIS_URL",
    "YOOKASSA_API_URL",
    "YOOKASSA_STATUS_URL",
    "PATH",
];

/// What must not be there at all: ways out that a drill has no use for.
const UNWANTED: &[&str] = &[
    "REI_BOT_TOKEN",
    "S3_BUCKET",
    "S3_ENDPOINT_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "HTTP_LISTEN",
    "DBUS_SYSTEM_BUS_ADDRESS",
];

/// Why something is not handed to a drill.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// A path that leads out of the drill's folder.
    #[error("{name}: {path} lies outside the drill's folder")]
    Outside {
        /// The setting.
        name: String,
        /// The path.
        path: PathBuf,
    },
    /// An address that is not of this machine's loopback.
    #[error("{name}: {host} is not on this machine's loopback")]
    Abroad {
        /// The setting.
        name: String,
        /// Its host.
        host: String,
    },
    /// It is production's.
    #[error("{name}: {what} is production's")]
    Production {
        /// The setting.
        name: String,
        /// The path or address.
        what: String,
    },
    /// A setting whose default would be production's.
    #[error("{0} is missing, and its default may be production's")]
    Missing(String),
    /// A setting that a drill has no use for.
    #[error("{0} leads out of the drill")]
    Unwanted(String),
    /// The folder itself.
    #[error("{folder} cannot hold a drill: {why}")]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        why: String,
    },
}

/// A drill's folder.
#[derive(Clone, Debug)]
pub struct Enclosure {
    folder: PathBuf,
    program: PathBuf,
    production: Production,
}

impl Enclosure {
    /// Around a folder that exists. `program` is this program, which the units' commands name.
    ///
    /// # Errors
    /// The folder leads elsewhere, lies in a folder of production's, or holds one.
    pub fn around(folder: &Path, program: &Path, production: &Production) -> Result<Self, Breach> {
        let refused = |why: String| Breach::Folder {
            folder: folder.to_owned(),
            why,
        };
        let real = folder.canonicalize().map_err(|e| refused(e.to_string()))?;
        for path in &production.paths {
            let path = settled(path).map_err(|e| refused(e.to_string()))?;
            if real.starts_with(&path) || path.starts_with(&real) {
                return Err(refused(format!("{} is production's", path.display())));
            }
        }
        Ok(Self {
            folder: real,
            program: program.to_owned(),
            production: production.clone(),
        })
    }

    /// The folder, without links.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Looks at everything that a recovery is told.
    ///
    /// # Errors
    /// The first thing that leads out.
    pub fn admit(&self, environment: &BTreeMap<String, String>) -> Result<(), Breach> {
        for name in NEEDED {
            if environment.get(*name).is_none_or(String::is_empty) {
                return Err(Breach::Missing((*name).to_owned()));
            }
        }
        for (name, value) in environment {
            if UNWANTED.contains(&name.as_str()) || name.ends_with("_FILE") {
                return Err(Breach::Unwanted(name.clone()));
            }
            self.admit_text(name, value)?;
        }
        Ok(())
    }

    /// Looks at every path and address in a text: a setting's value, or a line of a file.
    ///
    /// # Errors
    /// The first thing that leads out.
    pub fn admit_text(&self, name: &str, text: &str) -> Result<(), Breach> {
        for found in named(text) {
            match found {
                Named::Path(path) => self.admit_path(name, &path)?,
                Named::Address { host, address } => self.admit_address(name, &host, &address)?,
            }
        }
        Ok(())
    }

    /// Looks at the addresses in a file's text alone; what reads like a path may mean something else there.
    ///
    /// # Errors
    /// The first one that leads out.
    pub fn admit_addresses(&self, name: &str, text: &str) -> Result<(), Breach> {
        let lines = text.lines().map(str::trim);
        let named = lines.filter(|line| !line.starts_with('#')).flat_map(named);
        for found in named {
            if let Named::Address { host, address } = found {
                self.admit_address(name, &host, &address)?;
            }
        }
        Ok(())
    }

    fn admit_path(&self, name: &str, path: &Path) -> Result<(), Breach> {
        if path == self.program {
            return Ok(());
        }
        let outside = || Breach::Outside {
            name: name.to_owned(),
            path: path.to_owned(),
        };
        let real = settled(path).map_err(|_| outside())?;
        if real.starts_with(&self.folder) {
            return Ok(());
        }
        let mut theirs = self.production.paths.iter();
        let is_theirs = |their: &PathBuf| settled(their).is_ok_and(|their| real.starts_with(their));
        Err(if theirs.any(is_theirs) {
            Breach::Production {
                name: name.to_owned(),
                what: path.display().to_string(),
            }
        } else {
            outside()
        })
    }

    fn admit_address(&self, name: &str, host: &str, address: &str) -> Result<(), Breach> {
        if self.production.addresses.iter().any(|it| it == address) {
            return Err(Breach::Production {
                name: name.to_owned(),
                what: address.to_owned(),
            });
        }
        if values::is_loopback(host) {
            return Ok(());
        }
        Err(Breach::Abroad {
            name: name.to_owned(),
            host: host.to_owned(),
        })
    }
}

/// `host:port` of an address as [`Production`] has it, or the path of a socket.
#[must_use]
pub fn address_of(url: &url::Url) -> Option<String> {
    values::authority(url)
}

/// The path without links and `..`, also where its last parts do not exist yet.
fn settled(path: &Path) -> io::Result<PathBuf> {
    let mut missing = Vec::new();
    let mut there = path.to_owned();
    loop {
        match there.canonicalize() {
            Ok(real) => {
                let rest = missing.into_iter().rev();
                return Ok(rest.fold(real, |path: PathBuf, part| path.join(part)));
            }
            // A link to nothing leads somewhere once that is there.
            Err(error) if there.is_symlink() => return Err(error),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // `..` behind what does not exist may lead anywhere once it does.
                let name = there.file_name().ok_or(error)?.to_owned();
                missing.push(name);
                there.pop();
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
