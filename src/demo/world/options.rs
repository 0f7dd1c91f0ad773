//! What world to build.

use crate::demo::patient::PatientOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The knobs. Everything has a value that makes a whole world.
#[derive(Debug, Clone)]
pub struct WorldOptions {
    /// The program under test; also the patient's processes and their manager.
    pub(super) program: PathBuf,
    pub(super) patient: PatientOptions,
    pub(super) env: Vec<(String, Option<String>)>,
    pub(super) watch: Duration,
    pub(super) pace: Option<Duration>,
    pub(super) runbooks: Vec<(String, String)>,
    pub(super) disk: Option<Disk>,
    pub(super) s3_page: u16,
    pub(super) units: bool,
    pub(super) bot: bool,
}

/// A file system for the patient.
#[derive(Debug, Clone, Copy)]
pub(super) struct Disk {
    pub(super) bytes: u64,
    pub(super) needed: bool,
}

impl WorldOptions {
    /// A tiny patient whose units run, and the bot beside it.
    #[must_use]
    pub fn new(program: impl AsRef<Path>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            patient: PatientOptions::tiny(),
            env: Vec::new(),
            watch: Duration::from_millis(300),
            pace: None,
            runbooks: Vec::new(),
            disk: None,
            s3_page: 1000,
            units: true,
            bot: true,
        }
    }

    /// Another patient. The people of the chat join its users.
    #[must_use]
    pub fn patient(mut self, patient: PatientOptions) -> Self {
        self.patient = patient;
        self
    }

    /// One more setting, or another value of one.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.to_owned(), Some(value.into())));
        self
    }

    /// Without a setting that the world would have.
    #[must_use]
    pub fn unset(mut self, name: &str) -> Self {
        self.env.push((name.to_owned(), None));
        self
    }

    /// How long a recovery watches the units after their start.
    #[must_use]
    pub fn watch(mut self, period: Duration) -> Self {
        self.watch = period;
        self
    }

    /// How long REI's bot waits before each user it serves: a day leaves the patient alone.
    #[must_use]
    pub fn pace(mut self, wait: Duration) -> Self {
        self.pace = Some(wait);
        self
    }

    /// A file of `RUNBOOK_DIR`, instead of the built-in one.
    #[must_use]
    pub fn runbook(mut self, file: &str, text: impl Into<String>) -> Self {
        self.runbooks.push((file.to_owned(), text.into()));
        self
    }

    /// The install folder is a file system of its own with room for so many bytes, which can then be
    /// filled without harm. Needs root.
    #[must_use]
    pub fn own_disk(mut self, bytes: u64) -> Self {
        self.disk = Some(Disk {
            bytes,
            needed: true,
        });
        self
    }

    /// The same where it is allowed, and the machine's own disk where it is not.
    #[must_use]
    pub fn own_disk_if_allowed(mut self, bytes: u64) -> Self {
        self.disk = Some(Disk {
            bytes,
            needed: false,
        });
        self
    }

    /// Objects per page of the bucket's listing.
    #[must_use]
    pub fn s3_page(mut self, objects: u16) -> Self {
        self.s3_page = objects;
        self
    }

    /// The patient's units do not run yet.
    #[must_use]
    pub fn units_down(mut self) -> Self {
        self.units = false;
        self
    }

    /// The bot does not run yet.
    #[must_use]
    pub fn bot_down(mut self) -> Self {
        self.bot = false;
        self
    }
}
