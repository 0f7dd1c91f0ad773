//! A whole world around the program under test: Telegram with its people, S3, a patient with its
//! processes, and the program itself as a child process with nothing but the contract's settings.
//!
//! Everything lies in one temporary folder and ends with the [`World`].

mod bot;
mod building;
pub(super) mod cast;
mod crowd;
mod disk;
mod environment;
mod journal;
mod leaks;
mod options;
pub(super) mod partners;
mod services;
mod snare;
pub(super) mod unheard;

pub use bot::Console;
pub use cast::Cast;
pub use disk::OwnDisk;
pub use environment::short_runbook;
pub use journal::{Entry, StateView};
pub use options::WorldOptions;
pub use snare::Snare;
pub use unheard::Unheard;

use super::bot_api::BotApi;
use super::error::{DemoError, DemoResult, at};
use super::needs;
use super::patient::Patient;
use super::providers::ProvidersServer;
use super::s3::{S3Options, S3Server};
use super::units;
use super::yookassa::YooKassa;
use bot::Program;
use building::{build_patient, upload};
use environment::{ACCESS_KEY, BUCKET, PREFIX, SECRET_KEY, Scene};
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long the program may take until it asks Telegram for updates.
const COMES_UP: Duration = Duration::from_secs(30);

/// How often a condition is looked at that nothing announces.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// The world. Its parts may be used directly.
#[derive(Debug)]
pub struct World {
    /// Telegram.
    pub api: BotApi,
    /// The bucket.
    pub s3: S3Server,
    /// Where people pay.
    pub yookassa: YooKassa,
    /// Who paints.
    pub providers: ProvidersServer,
    /// The patient.
    pub patient: Patient,
    /// Who plays.
    pub cast: Cast,
    /// The program's own state.
    pub state: StateView,
    program: Program,
    program_path: PathBuf,
    // Dropped in this order: the file system before the folder that it is mounted in.
    disk: Option<OwnDisk>,
    dir: TempDir,
}

impl World {
    /// Builds it and starts what the options let run.
    ///
    /// # Errors
    /// A part cannot be built, or the program does not come up.
    pub async fn build(options: WorldOptions) -> DemoResult<Self> {
        blocking(needs::check).await?;
        let dir = tempfile::Builder::new()
            .prefix("rei-recovery-demo-")
            .tempdir()
            .map_err(at(&std::env::temp_dir()))?;
        let root = dir.path().to_owned();
        // What runs as the install folder's owner must be able to come there.
        fs::set_permissions(&root, fs::Permissions::from_mode(0o711)).map_err(at(&root))?;
        let api = BotApi::start(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let cast = Cast::enter(&api)?;
        let mut s3 = S3Options::local(&root.join("s3"), BUCKET, ACCESS_KEY, SECRET_KEY);
        s3.page_size = options.s3_page;
        let s3 = S3Server::start(s3).await.map_err(at(&root))?;
        let (disk, patient) = build_patient(&options, &root).await?;
        upload(&patient.backup_dir(), &s3.folder().join(PREFIX))?;
        crowd::settle(&api, &cast, &patient.database())?;
        let (yookassa, providers) = partners::open(&root, &patient, options.pace).await?;
        environment::write_runbooks(&options, &root.join("runbooks"), &providers)?;
        let scene = Scene {
            root: &root,
            cast: &cast,
            patient: &patient,
            telegram: api.url(),
            s3: s3.url(),
            yookassa: &yookassa,
        };
        let settings = environment::environment(&options, &scene)?;
        let world = Self {
            program: Program::new(options.program.clone(), settings, root.clone()),
            program_path: options.program.clone(),
            state: StateView::new(&root.join("state")),
            api,
            s3,
            yookassa,
            providers,
            patient,
            cast,
            disk,
            dir,
        };
        world.start_redis().await?;
        if options.units {
            world.queue_what_is_open().await?;
            world.start_units().await?;
        }
        if options.bot {
            world.start_bot().await?;
        }
        Ok(world)
    }

    /// The folder that holds everything.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.dir.path()
    }

    /// The program's settings.
    #[must_use]
    pub fn settings(&self) -> &BTreeMap<String, String> {
        self.program.environment()
    }

    /// The patient's own file system, where [`WorldOptions::own_disk`] asked for one.
    #[must_use]
    pub fn disk(&self) -> Option<&OwnDisk> {
        self.disk.as_ref()
    }

    /// Fills the patient's own file system. Blocking.
    ///
    /// # Errors
    /// It has none of its own.
    pub fn filled_disk(&self) -> DemoResult<()> {
        let shared = "the patient shares this machine's disk, which a rehearsal must not fill: a \
                      small file system of its own needs root";
        let disk = self
            .disk
            .as_ref()
            .ok_or_else(|| DemoError::NotHere(shared.to_owned()))?;
        disk.fill(0)
    }

    /// The folder whose files are the bucket's backups.
    #[must_use]
    pub fn bucket(&self) -> PathBuf {
        self.s3.folder().join(PREFIX)
    }

    /// Starts `run` and waits until it asks for updates.
    ///
    /// # Errors
    /// It cannot be run, ended, or did not ask in time; the error shows what it printed.
    pub async fn start_bot(&self) -> DemoResult<()> {
        let before = self.api.count("getUpdates");
        self.spawn_bot()?;
        let polls = || match self.program.ended() {
            Some(status) => Err(self.bot_ended(status)),
            None => Ok((self.api.count("getUpdates") > before).then_some(())),
        };
        self.until("the bot's first poll", COMES_UP, polls).await
    }

    /// Starts `run` and waits for nothing: for when Telegram is unreachable, or it is to refuse.
    ///
    /// # Errors
    /// It cannot be run.
    pub fn spawn_bot(&self) -> DemoResult<()> {
        self.program.spawn()
    }

    fn bot_ended(&self, status: ExitStatus) -> DemoError {
        DemoError::Ended {
            program: "rei-recovery run".to_owned(),
            status: status.to_string(),
            output: self.program.log_tail(),
        }
    }

    /// Ends `run` with TERM and waits for its end.
    ///
    /// # Errors
    /// It does not end.
    pub async fn stop_bot(&self) -> DemoResult<Option<ExitStatus>> {
        self.program.send(Signal::TERM)?;
        self.program.wait().await
    }

    /// Kills `run` and waits until it is gone.
    ///
    /// # Errors
    /// It cannot be killed.
    pub async fn kill_bot(&self) -> DemoResult<Option<ExitStatus>> {
        self.program.send(Signal::KILL)?;
        self.program.wait().await
    }

    /// Waits until `run` ends by itself.
    ///
    /// # Errors
    /// It does not.
    pub async fn bot_end(&self) -> DemoResult<Option<ExitStatus>> {
        self.program.wait().await
    }

    /// The process of `run`, while it lives.
    #[must_use]
    pub fn bot_pid(&self) -> Option<u32> {
        self.program.pid()
    }

    /// All that `run` printed, over all its lives.
    #[must_use]
    pub fn bot_log(&self) -> String {
        self.program.log()
    }

    /// The last lines of it.
    #[must_use]
    pub fn bot_log_tail(&self) -> String {
        self.program.log_tail()
    }

    /// Ends everything in good order: the program with TERM, the units, Telegram.
    pub async fn close(&self) {
        if let Err(error) = self.stop_bot().await {
            tracing::warn!(%error, "the program does not end");
        }
        units::kill_all(&self.patient.home());
        self.api.stop().await;
    }

    /// Runs a console command beside it, with the same settings.
    ///
    /// # Errors
    /// It cannot be run or does not end.
    pub async fn console(&self, args: &[&str]) -> DemoResult<Console> {
        self.program.console(args).await
    }

    /// Waits until a look gives something.
    ///
    /// # Errors
    /// The look failed, or gave nothing in time; the error shows what the program printed last.
    pub async fn until<T>(
        &self,
        what: &str,
        within: Duration,
        mut look: impl FnMut() -> DemoResult<Option<T>>,
    ) -> DemoResult<T> {
        let deadline = Instant::now() + within;
        loop {
            if let Some(found) = look()? {
                return Ok(found);
            }
            if Instant::now() >= deadline {
                return Err(DemoError::Waited {
                    what: what.to_owned(),
                    within,
                    seen: self.program.log_tail(),
                });
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until the newest run has finished, and gives its number.
    ///
    /// # Errors
    /// It did not finish in time.
    pub async fn until_finished(&self, within: Duration) -> DemoResult<i64> {
        self.until("the end of the run", within, || {
            Ok(self
                .state
                .newest()?
                .and_then(|(run, phase)| (phase == "finished").then_some(run)))
        })
        .await
    }

    /// Waits until every message is delivered.
    ///
    /// # Errors
    /// Some still wait.
    pub async fn until_delivered(&self, within: Duration) -> DemoResult<()> {
        self.until("an empty outbox", within, || {
            // A recovery that has just ended is told of once more, as long as anybody is there.
            let more = self.program.pid().is_some() && self.state.unlisted()? > 0;
            Ok((!more && self.state.backlog()? == 0).then_some(()))
        })
        .await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // The program goes with its handle; the units are nobody's children.
        units::kill_all(&self.patient.home());
        // Every rehearsal is a rehearsal of this too; one that fails already says enough.
        if !std::thread::panicking() {
            let leaks = self.leaks();
            assert!(leaks.is_empty(), "secrets left the program: {leaks:#?}");
        }
    }
}

/// Does blocking work where it holds up nobody.
pub(in crate::demo) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> DemoResult<T> + Send + 'static,
) -> DemoResult<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(DemoError::NotHere(error.to_string())))
}
