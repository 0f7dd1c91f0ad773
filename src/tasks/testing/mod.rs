//! The test of backups: each place's newest one is restored into an empty private folder, looked at
//! in every way there is, and removed again.

mod hand;
mod judge;
mod restore;

pub use hand::TestHand;

use crate::domain::backup::{Backup, BackupTime, FailedVerification, Place, VerificationRecord};
use crate::domain::catalogue::is_future;
use crate::domain::chore::testing::{Finding, PlaceTest, Tested, Took};
use crate::domain::failure::{Arg, FailureCode};
use crate::ports::backups::{Backups, Work};
use crate::ports::clock::Clock;
use crate::ports::database::{DatabaseChecks, DatabaseFiles};
use crate::ports::scratch::Scratch;
use crate::ports::{PortError, PortResult};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long a place may take for its list.
const LISTING: Duration = Duration::from_secs(20);

/// How the names of tests' work folders begin.
const FOLDERS: &str = "backup-test-";

/// In the order in which they are tested: the nearer one first.
const PLACES: [Place; 2] = [Place::Folder, Place::S3];

/// What a test needs.
#[derive(Clone)]
pub struct Tester {
    /// Backups.
    pub backups: Arc<dyn Backups>,
    /// Decompresses them.
    pub files: Arc<dyn DatabaseFiles>,
    /// Looks into them.
    pub checks: Arc<dyn DatabaseChecks>,
    /// Where they are restored.
    pub scratch: Arc<dyn Scratch>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The live database, which knows what a backup should hold.
    pub database: PathBuf,
    /// Longest recovery.
    pub rto: Duration,
    /// Greatest age of the newest backup.
    pub rpo: Duration,
}

/// What is to be tested.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// Name of the work folder: of this test alone.
    pub name: &'a str,
    /// Which backup; without one the newest of each place.
    pub backup: Option<BackupTime>,
    /// Earlier tests, the newest first.
    pub earlier: &'a [Tested],
}

impl Tester {
    /// Tests, and leaves nothing behind but what it found. Each place's verdict is remembered: a record
    /// of what is good, a note of what is not.
    ///
    /// # Errors
    /// `cut-off` when it was told to stop, `backup-not-found` when no place holds the wanted backup.
    pub async fn test(&self, order: Order<'_>, work: &Work) -> PortResult<Tested> {
        let mut places = Vec::new();
        for place in PLACES {
            if self.backups.place(&place).is_some() {
                work.progress.restart();
                places.extend(self.place(place, order, work).await);
            }
            if work.cancel.is_cancelled() {
                return Err(PortError::new(FailureCode::CutOff));
            }
        }
        match order.backup {
            Some(backup) if places.is_empty() => Err(PortError::new(FailureCode::BackupNotFound)
                .with("backup", backup.to_string())
                .with("place", "")),
            _ => Ok(Tested {
                places,
                rto: self.rto.as_secs(),
                rpo: self.rpo.as_secs(),
            }),
        }
    }

    /// Removes what a test of this name may have left.
    ///
    /// # Errors
    /// The folder cannot be removed.
    pub async fn tidy(&self, name: &str) -> PortResult<()> {
        self.scratch.clear(name).await
    }

    /// Removes what any test may have left.
    ///
    /// # Errors
    /// The first folder that cannot be removed; the others are gone.
    pub async fn sweep(&self) -> PortResult<()> {
        let mut result = Ok(());
        for name in self.scratch.names().await? {
            if name.starts_with(FOLDERS) {
                result = result.and(self.scratch.clear(&name).await);
            }
        }
        result
    }

    /// The test of one place; nothing where it does not hold the wanted backup.
    async fn place(&self, place: Place, order: Order<'_>, work: &Work) -> Option<PlaceTest> {
        let chosen = match self.choose(&place, order.backup).await {
            Ok(None) if order.backup.is_some() => return None,
            Ok(None) => Err(PortError::new(FailureCode::NoBackup)),
            Ok(Some(backup)) => Ok(backup),
            Err(error) => Err(error),
        };
        let backup = match chosen {
            Ok(backup) => backup,
            Err(error) => return Some(untested(place, error)),
        };
        let test = self.backup(&backup, order, work).await;
        if let Err(error) = self.scratch.clear(order.name).await {
            tracing::warn!(%error, "a tested backup could not be removed");
        }
        Some(test)
    }

    /// The wanted backup of a place, or its newest. One from the future does not hide the others.
    async fn choose(
        &self,
        place: &Place,
        wanted: Option<BackupTime>,
    ) -> PortResult<Option<Backup>> {
        let listed = self.backups.listed(place, LISTING).await?;
        let mut all = listed.into_iter().map(|listed| listed.backup);
        let now = self.clock.now();
        Ok(all.find(|backup| match wanted {
            Some(time) => backup.time == time,
            None => !is_future(backup.time, now),
        }))
    }

    async fn backup(&self, backup: &Backup, order: Order<'_>, work: &Work) -> PlaceTest {
        let age = self.clock.now().duration_since(backup.time.at());
        let mut test = PlaceTest {
            place: backup.place.clone(),
            backup: Some(backup.time),
            size: backup.size,
            age: Duration::try_from(age).unwrap_or_default().as_secs(),
            findings: Vec::new(),
            took: Took::default(),
            content: None,
        };
        match self.restored(backup, order.name, &mut test, work).await {
            Ok(restored) => {
                test.findings = self.judged(&restored, &test, order).await;
                if test.is_sound() {
                    self.remember(backup, restored.record(backup, self.clock.now()))
                        .await;
                }
            }
            Err(error) => {
                let error = self.of_the_backup(error).await;
                if !work.cancel.is_cancelled() {
                    self.condemn(backup, &test, error.code()).await;
                }
                test.content = None;
                test.findings = vec![error.into()];
            }
        }
        test.findings.extend(self.promises(&test, order));
        test.findings
            .sort_by_key(|f| std::cmp::Reverse(f.verdict()));
        test
    }

    /// The check was made in full: a restore of these bytes need not pay for it again.
    async fn remember(&self, backup: &Backup, record: VerificationRecord) {
        if let Err(error) = self.backups.keep(&backup.place, &record).await {
            tracing::warn!(%error, "the record of a verification could not be kept");
        }
    }

    /// Names that the live database lacks as well were renamed by REI, and `schema.toml` does not know
    /// yet: that says nothing of the backup.
    async fn of_the_backup(&self, error: PortError) -> PortError {
        if error.code() != FailureCode::SchemaDiffers {
            return error;
        }
        let Some(Arg::Text(missing)) = error.failure.args.get("missing").cloned() else {
            return error;
        };
        let other = |code| PortError::new(code).with("missing", missing.as_str());
        match self.checks.missing(&self.database).await {
            Err(unread) => other(FailureCode::SchemaUncertain).because(unread),
            Ok(live) => {
                let lacks = |name: &str| live.iter().any(|it| it == name);
                match missing.split(", ").all(lacks) {
                    true => other(FailureCode::SchemaOutdated),
                    false => error,
                }
            }
        }
    }

    /// What is damaged is not called a good one again, whoever asks.
    async fn condemn(&self, backup: &Backup, test: &PlaceTest, code: FailureCode) {
        let content = test.content.as_ref().map(|content| &content.hash);
        let now = self.clock.now();
        let failed = match code {
            FailureCode::SchemaDiffers => {
                Some(FailedVerification::of_other_schema(backup, content, now))
            }
            code => FailedVerification::of(backup, content, code, now),
        };
        if let Some(failed) = failed
            && let Err(error) = self.backups.condemn(&failed).await
        {
            tracing::warn!(%error, "that a verification failed could not be remembered");
        }
    }
}

fn untested(place: Place, error: PortError) -> PlaceTest {
    PlaceTest {
        place,
        backup: None,
        size: 0,
        age: 0,
        findings: vec![error.into()],
        took: Took::default(),
        content: None,
    }
}

impl From<PortError> for Finding {
    fn from(error: PortError) -> Self {
        Self::Failed {
            failure: error.into(),
        }
    }
}
