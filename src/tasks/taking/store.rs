//! One compressed stream into every place. A place that fails is let go of, and the others go on.

use super::{Taking, go_on};
use crate::domain::backup::BackupTime;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::manifest::Manifest;
use crate::ports::backups::{Fetched, Work};
use crate::ports::taking::{Deposit, Depot, Told};
use crate::ports::{PortError, PortResult};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures::StreamExt;
use futures::future::join_all;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

/// A backup on its way into its places.
pub(super) struct Store {
    slots: Vec<Slot>,
}

/// A place, with the backup in it as long as nothing failed there.
struct Slot {
    depot: Arc<dyn Depot>,
    deposit: PortResult<Box<dyn Deposit>>,
}

/// What the stream was.
pub(super) struct Packed {
    pub(super) plain: Fetched,
    /// Compressed size in bytes.
    pub(super) size: u64,
    pub(super) sha256: String,
}

impl Store {
    /// Begins in every place. What a place needs to clear its part away is noted before a byte goes
    /// there; without a note nothing goes there.
    pub(super) async fn begin(
        taking: &Taking,
        time: BackupTime,
        at_most: u64,
    ) -> Result<Self, Failure> {
        let mut slots = Vec::new();
        for depot in &taking.depots {
            slots.push(Slot {
                deposit: begin(taking, depot.as_ref(), (time, at_most)).await,
                depot: Arc::clone(depot),
            });
        }
        let store = Self { slots };
        store.is_of_use().map(|()| store)
    }

    /// Packs the file into all of them.
    pub(super) async fn fill(
        &mut self,
        taking: &Taking,
        file: &Path,
        work: &Work,
    ) -> Result<Packed, Failure> {
        let told = Told::default();
        let mut stream = taking.copies.packed(file, Arc::clone(&told));
        let (mut hash, mut size) = (Sha256::new(), 0);
        while let Some(chunk) = stream.next().await {
            go_on(work)?;
            let chunk = chunk?;
            hash.update(&chunk);
            size += chunk.len() as u64;
            let slots = self.slots.iter_mut();
            join_all(slots.map(|slot| slot.write(chunk.clone()))).await;
            self.is_of_use()?;
        }
        let plain = told.get().cloned();
        Ok(Packed {
            plain: plain.ok_or_else(|| PortError::new(FailureCode::CutOff))?,
            size,
            sha256: HEXLOWER.encode(&hash.finalize()),
        })
    }

    /// Makes it visible in every place that took all of it.
    pub(super) async fn publish(
        self,
        manifest: &Manifest,
    ) -> Vec<(Arc<dyn Depot>, PortResult<()>)> {
        let each = self.slots.into_iter().map(|slot| async move {
            let published = match slot.deposit {
                Ok(deposit) => deposit.publish(manifest).await,
                Err(error) => Err(error),
            };
            (slot.depot, published)
        });
        join_all(each).await
    }

    /// While any place takes it, it goes on.
    fn is_of_use(&self) -> Result<(), Failure> {
        let failures = || {
            self.slots
                .iter()
                .filter_map(|slot| slot.deposit.as_ref().err())
        };
        if failures().count() < self.slots.len() {
            return Ok(());
        }
        let first = failures().next().cloned();
        let none = || PortError::new(FailureCode::BackupPlaceMissing).with("place", "–");
        Err(first.unwrap_or_else(none).into())
    }
}

async fn begin(
    taking: &Taking,
    depot: &dyn Depot,
    (time, at_most): (BackupTime, u64),
) -> PortResult<Box<dyn Deposit>> {
    let (folder, name) = (taking.folder(time), depot.place().as_str());
    // A folder's half file has a name that is known without a token.
    taking.copies.note(&folder, name, "").await?;
    let deposit = depot.begin(time, at_most).await?;
    let token = deposit.token();
    if let Err(error) = taking.copies.note(&folder, name, &token).await {
        let _ = depot.clear(time, Some(&token)).await;
        return Err(error);
    }
    Ok(deposit)
}

impl Slot {
    async fn write(&mut self, chunk: Bytes) {
        if let Ok(deposit) = &mut self.deposit
            && let Err(error) = deposit.write(chunk).await
        {
            tracing::warn!(%error, place = self.depot.describe(), "a backup is not stored there");
            self.deposit = Err(error);
        }
    }
}
