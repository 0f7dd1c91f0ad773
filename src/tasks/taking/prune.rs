//! What the places hold of ours, and removing what is old enough.

use super::{LISTING, Taking, go_on};
use crate::domain::Timestamp;
use crate::domain::backup::{Backup, BackupTime, Place};
use crate::domain::catalogue::ListedBackup;
use crate::domain::chore::taking::Pruned;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::manifest::Manifest;
use crate::domain::retention::{Kept, Spent, spent};
use crate::ports::PortResult;
use crate::ports::backups::Work;
use crate::ports::taking::Depot;
use futures::future::join_all;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A backup, with its manifest where this program took it.
type Holding = (ListedBackup, Option<Manifest>);

/// What the places hold, with the manifests of what this program took.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    all: Vec<Holding>,
    /// Manifests of ours without a backup: its removal was cut off.
    left: Vec<(Place, BackupTime)>,
    /// Places that gave no list, with the reason.
    pub silent: Vec<(Place, Failure)>,
}

impl Inventory {
    /// What may go, oldest first.
    #[must_use]
    pub fn spent(&self, keep: Duration, now: Timestamp) -> Vec<Spent> {
        let kept: Vec<Kept> = self.all.iter().map(kept).collect();
        spent(&kept, keep, now)
    }

    /// The manifest of a backup that this program took.
    #[must_use]
    pub fn manifest(&self, backup: &Backup) -> Option<&Manifest> {
        let same = |listed: &&Holding| {
            (listed.0.backup.time, &listed.0.backup.place) == (backup.time, &backup.place)
        };
        self.all.iter().find(same)?.1.as_ref()
    }

    fn backup(&self, spent: &Spent) -> Option<&Backup> {
        let mut own = self.all.iter().filter(|(_, manifest)| manifest.is_some());
        let found = own.find(|(listed, _)| {
            (listed.backup.time, &listed.backup.place) == (spent.time, &spent.place)
        });
        found.map(|(listed, _)| &listed.backup)
    }
}

/// A record that speaks of other bytes than the manifest verifies nothing.
fn kept((listed, manifest): &Holding) -> Kept {
    let record = listed.record.as_ref();
    let verified = record.is_some_and(|record| {
        let own = manifest.as_ref();
        own.is_none_or(|manifest| manifest.content == record.content)
    });
    Kept {
        time: listed.backup.time,
        place: listed.backup.place.clone(),
        size: listed.backup.size,
        own: manifest.is_some(),
        verified: verified && listed.failed.is_none() && listed.backup.size > 0,
    }
}

impl Taking {
    /// What all places hold now.
    pub async fn inventory(&self) -> Inventory {
        let each = self.depots.iter().map(|depot| async move {
            let found = self.inventory_of(depot.as_ref()).await;
            (depot.place(), found)
        });
        let mut inventory = Inventory::default();
        for (place, found) in join_all(each).await {
            match found {
                Ok((all, left)) => {
                    inventory.all.extend(all);
                    let here = left.into_iter().map(|time| (place.clone(), time));
                    inventory.left.extend(here);
                }
                Err(error) => inventory.silent.push((place, error.into())),
            }
        }
        inventory
    }

    /// What a place holds, and the times of manifests of ours that stand there alone.
    async fn inventory_of(&self, depot: &dyn Depot) -> PortResult<(Vec<Holding>, Vec<BackupTime>)> {
        let place = depot.place();
        let asked = async { tokio::join!(self.backups.listed(&place, LISTING), depot.manifests()) };
        let (listed, manifests) = asked.await;
        let (listed, manifests) = (listed?, manifests?);
        let there: BTreeSet<BackupTime> = listed.iter().map(|it| it.backup.time).collect();
        let by_time: BTreeMap<BackupTime, Manifest> = manifests
            .into_iter()
            .map(|manifest| (manifest.time, manifest))
            .collect();
        let own = |listed: ListedBackup| {
            let manifest = by_time.get(&listed.backup.time);
            let manifest = manifest.filter(|it| it.is_of(&listed.backup)).cloned();
            (listed, manifest)
        };
        let mut left: Vec<BackupTime> = by_time.keys().copied().collect();
        left.retain(|time| !there.contains(time));
        Ok((listed.into_iter().map(own).collect(), left))
    }

    /// What stands beside a backup goes after it: a kill between the two leaves it alone there.
    async fn clear_left(&self, inventory: &Inventory) {
        for (place, time) in &inventory.left {
            if let Some(depot) = self.depot(place)
                && let Err(error) = depot.clear(*time, None).await
            {
                tracing::warn!(%error, %time, "what stood beside a removed backup is still there");
            }
        }
    }

    /// What may go now, oldest first.
    pub async fn prunable(&self) -> (Vec<Spent>, Vec<(Place, Failure)>) {
        let inventory = self.inventory().await;
        (
            inventory.spent(self.retention, self.clock.now()),
            inventory.silent,
        )
    }

    /// Removes what is old enough, of `shown` alone where anything is named there. Told to end, it ends
    /// between two of them.
    pub(super) async fn prune(&self, shown: &[Spent], work: &Work) -> Pruned {
        let inventory = self.inventory().await;
        let mut pruned = Pruned::default();
        let named = |one: &Spent| {
            let mut shown_ones = shown.iter();
            shown.is_empty() || shown_ones.any(|s| (s.time, &s.place) == (one.time, &one.place))
        };
        for spent in inventory.spent(self.retention, self.clock.now()) {
            if !named(&spent) {
                continue;
            }
            match self.remove(&inventory, &spent, work).await {
                Ok(()) => pruned.removed.push(spent),
                Err(failure) => pruned.kept.push((spent, failure)),
            }
        }
        self.clear_left(&inventory).await;
        pruned.silent = inventory.silent;
        pruned
    }

    async fn remove(
        &self,
        inventory: &Inventory,
        spent: &Spent,
        work: &Work,
    ) -> Result<(), Failure> {
        go_on(work)?;
        let (depot, backup) = (self.depot(&spent.place), inventory.backup(spent));
        let (Some(depot), Some(backup)) = (depot, backup) else {
            return Err(Failure::new(FailureCode::BackupPlaceMissing));
        };
        Ok(depot.remove(backup).await?)
    }
}
