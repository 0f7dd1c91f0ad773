//! The scenarios: what breaks, what happens meanwhile, and what must be so at the end.

mod database;
mod redis;

use super::proof::{Check, Played};
use crate::demo::cli::Scenario;
use crate::demo::error::DemoResult;
use crate::demo::world::{Entry, World};

/// A scenario under way.
pub(in crate::demo::auto) enum Scene {
    Database(database::Scene),
    Redis(redis::Scene),
}

impl Scene {
    /// Looks at what is sound, and breaks it.
    pub(super) async fn set(world: &World, scenario: Scenario) -> DemoResult<Self> {
        Ok(match scenario {
            Scenario::DatabaseCorruption => Self::Database(database::set(world).await?),
            Scenario::RedisFailure => Self::Redis(redis::set(world).await?),
        })
    }

    /// What the world does by itself at this point of the run.
    pub(super) async fn meanwhile(&mut self, _world: &World, _entry: &Entry) -> DemoResult<()> {
        Ok(())
    }

    /// Whether a person mends by hand what this step failed for.
    pub(super) async fn mends(&mut self, _world: &World, _failed: &Entry) -> DemoResult<bool> {
        Ok(false)
    }

    /// What must be so at the end.
    pub(super) async fn check(&self, world: &World, played: &Played) -> DemoResult<Vec<Check>> {
        match self {
            Self::Database(scene) => scene.check(world, played).await,
            Self::Redis(scene) => scene.check(world).await,
        }
    }
}
