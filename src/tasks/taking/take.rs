//! One backup, from the copy to the proof that every place gives it back.

use super::store::Store;
use super::{LISTING, Taking, copy_in, go_on};
use crate::domain::backup::{Backup, BackupTime, FailedVerification};
use crate::domain::chore::taking::{Stored, Taken, Took};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::manifest::{Manifest, Origin};
use crate::ports::backups::{Fetched, Work};
use crate::ports::taking::Depot;
use crate::ports::{PortError, PortResult};
use futures::future::join_all;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A second is a name. So many of them may be taken by others.
const NAMES: u32 = 60;

impl Taking {
    /// Takes a backup into all places. One place that fails keeps none of the others from having it; it is
    /// named in what is returned.
    ///
    /// # Errors
    /// REI's database cannot be copied or is damaged, or no place has the backup.
    pub async fn take(&self, work: &Work) -> Result<Taken, Failure> {
        if let Err(error) = self.tidy().await {
            tracing::warn!(%error, "what an earlier backup left cannot be cleared away yet");
        }
        let time = self.free_name().await?;
        let taken = self.make(time, work).await;
        if let Err(error) = self.clear(time).await {
            tracing::warn!(%error, "the rest of a backup is cleared away the next time");
        }
        taken
    }

    /// The present second, or the next one whose name nobody has.
    async fn free_name(&self) -> Result<BackupTime, Failure> {
        let all = self.backups.catalogue(LISTING).await;
        let now = self.clock.now();
        let names =
            (0..NAMES).map(|second| BackupTime::of(now + Duration::from_secs(second.into())));
        let mut free = names.filter(|name| all.find(*name).is_none());
        let taken = || PortError::new(FailureCode::PlaceTaken).with("path", now.to_string());
        Ok(free.next().ok_or_else(taken)?)
    }

    async fn make(&self, time: BackupTime, work: &Work) -> Result<Taken, Failure> {
        let (folder, mut lap) = (self.folder(time), Lap::begin());
        let file = copy_in(&folder);
        self.copies.prepare(&folder).await?;
        let copied = self.copies.copy(&self.database, &file, work).await?;
        let copy = lap.millis();
        go_on(work)?;
        let checked = self.checks.check_copy(&file, work).await;
        let (report, missing) = checked.map_err(|error| self.about_the_original(error))?;
        let check = lap.millis();
        go_on(work)?;
        let mut store = Store::begin(self, time, copied.bytes).await?;
        let packed = store.fill(self, &file, work).await?;
        let manifest = Manifest {
            time,
            content: packed.plain.content,
            bytes: packed.plain.bytes,
            counts: report.counts,
            sqlite: report.sqlite,
            verified_at: None,
            taken: Origin {
                size: packed.size,
                sha256: packed.sha256,
                schema: copied.schema,
                program: self.program.to_owned(),
            },
        };
        let published = store.publish(&manifest).await;
        let stored = lap.millis();
        let places = self.read_back(&manifest, published, work).await;
        let took = Took {
            copy,
            check,
            store: stored,
            read_back: lap.millis(),
        };
        let taken = taken(manifest, places, (copied.held, took))?;
        Ok(Taken { missing, ..taken })
    }

    /// Every byte of the copy is REI's: what is wrong with it is wrong there.
    fn about_the_original(&self, error: PortError) -> PortError {
        match error.failure.args.contains_key("path") && error.code().is_about_content() {
            true => error.with("path", self.database.display().to_string()),
            false => error,
        }
    }

    async fn read_back(
        &self,
        manifest: &Manifest,
        published: Vec<(Arc<dyn Depot>, PortResult<()>)>,
        work: &Work,
    ) -> Vec<Stored> {
        let each = published.into_iter().map(|(depot, published)| async move {
            let (there, proved) = match published {
                // It may have become visible all the same.
                Err(error) if !error.unknown => (false, Err(error)),
                outcome => self.prove(manifest, depot.as_ref(), outcome, work).await,
            };
            Stored {
                place: depot.place(),
                name: depot.describe(),
                there,
                failure: proved.err().map(Failure::from),
            }
        });
        join_all(each).await
    }

    /// Whether the place shows it, and whether it gives back what was put there.
    async fn prove(
        &self,
        manifest: &Manifest,
        depot: &dyn Depot,
        outcome: PortResult<()>,
        work: &Work,
    ) -> (bool, PortResult<()>) {
        let backup = match self.find(manifest, depot).await {
            Ok(Some(backup)) => backup,
            Ok(None) => return (false, outcome.and_then(|()| Err(missing(manifest, depot)))),
            Err(error) => return (outcome.is_ok(), Err(error)),
        };
        (true, self.prove_content(manifest, &backup, work).await)
    }

    async fn find(&self, manifest: &Manifest, depot: &dyn Depot) -> PortResult<Option<Backup>> {
        let listed = self.backups.listed(&depot.place(), LISTING).await?;
        let mut backups = listed.into_iter().map(|listed| listed.backup);
        Ok(backups.find(|backup| manifest.is_of(backup)))
    }

    async fn prove_content(
        &self,
        manifest: &Manifest,
        backup: &Backup,
        work: &Work,
    ) -> PortResult<()> {
        let place = self.backups.place(&backup.place);
        let place = place.ok_or_else(|| PortError::new(FailureCode::BackupPlaceMissing))?;
        // Its own progress: what people follow is the backup, not the way back.
        let alone = Work {
            cancel: work.cancel.clone(),
            ..Work::default()
        };
        let fetched = self.copies.read_back(place, backup, &alone).await;
        let proved = fetched.and_then(|fetched| compare(manifest, &fetched));
        let now = self.clock.now();
        match &proved {
            Ok(()) => {
                self.backups
                    .keep(&backup.place, &manifest.verified(now))
                    .await
            }
            Err(error) => {
                if let Some(failed) = FailedVerification::of(backup, None, error.code(), now) {
                    self.backups.condemn(&failed).await?;
                }
                proved
            }
        }
    }
}

fn compare(manifest: &Manifest, fetched: &Fetched) -> PortResult<()> {
    match fetched.content == manifest.content && fetched.bytes == manifest.bytes {
        true => Ok(()),
        false => Err(PortError::new(FailureCode::ContentMismatch)
            .with("backup", manifest.time.to_string())
            .with("expected", manifest.content.short())
            .with("found", fetched.content.short())),
    }
}

fn missing(manifest: &Manifest, depot: &dyn Depot) -> PortError {
    PortError::new(FailureCode::BackupNotFound)
        .with("backup", manifest.time.to_string())
        .with("place", depot.describe())
}

/// A backup that no place has was not taken.
fn taken(
    manifest: Manifest,
    places: Vec<Stored>,
    (held, took): (Option<Duration>, Took),
) -> Result<Taken, Failure> {
    if places.iter().all(|stored| !stored.there) {
        let first = places.into_iter().find_map(|stored| stored.failure);
        return Err(first.unwrap_or_else(|| Failure::new(FailureCode::BackupPlaceMissing)));
    }
    Ok(Taken {
        time: manifest.time,
        bytes: manifest.bytes,
        size: manifest.taken.size,
        counts: manifest.counts,
        held_millis: held.map(millis),
        took,
        places,
        missing: Vec::new(),
        pruned: None,
    })
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

/// The time from one part to the next.
struct Lap(Instant);

impl Lap {
    fn begin() -> Self {
        Self(Instant::now())
    }

    fn millis(&mut self) -> u64 {
        let now = Instant::now();
        millis(now.duration_since(std::mem::replace(&mut self.0, now)))
    }
}
