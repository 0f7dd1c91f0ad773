//! Backups that this program took: which they are, and which may go.

use super::Ops;
use crate::domain::backup::Place;
use crate::domain::catalogue::{Catalogue, ListedBackup};
use crate::domain::failure::Failure;
use crate::domain::manifest::Manifest;
use crate::domain::retention::Spent;
use crate::tasks::taking::Inventory;
use std::time::Duration;

/// Nobody who looks at a list waits longer for what stands beside the backups.
const BESIDE: Duration = Duration::from_secs(20);

/// What the places hold, and which of it this program took.
#[derive(Debug, Clone, Default)]
pub struct Holdings {
    /// The list.
    pub catalogue: Catalogue,
    inventory: Inventory,
}

impl Holdings {
    /// The manifest of a backup that this program took.
    #[must_use]
    pub fn manifest(&self, listed: &ListedBackup) -> Option<&Manifest> {
        self.inventory.manifest(&listed.backup)
    }
}

impl From<Catalogue> for Holdings {
    fn from(catalogue: Catalogue) -> Self {
        Self {
            catalogue,
            inventory: Inventory::default(),
        }
    }
}

/// What may go, and how long backups are kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spendable {
    /// Oldest first.
    pub spent: Vec<Spent>,
    /// `BACKUP_RETENTION`.
    pub retention: Duration,
    /// Places that gave no list, with the reason: nothing of them goes.
    pub silent: Vec<(Place, Failure)>,
}

impl Ops {
    /// What all places hold, with what this program took of it.
    pub async fn holdings(&self) -> Holdings {
        let inventory = tokio::time::timeout(BESIDE, self.patient.taking.inventory());
        let (catalogue, inventory) = tokio::join!(self.catalogue(), inventory);
        Holdings {
            catalogue,
            // Without it the list lacks a remark, and nothing else.
            inventory: inventory.unwrap_or_default(),
        }
    }

    /// What may go now.
    pub async fn spendable(&self) -> Spendable {
        let (spent, silent) = self.patient.taking.prunable().await;
        Spendable {
            spent,
            retention: self.patient.taking.retention,
            silent,
        }
    }

    /// Names of the places that a backup would go to.
    #[must_use]
    pub fn depots(&self) -> Vec<String> {
        let depots = self.patient.taking.depots.iter();
        depots.map(|depot| depot.describe()).collect()
    }
}
