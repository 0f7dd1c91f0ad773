//! The scenarios: what breaks, what happens meanwhile, and what must be so at the end.

mod ai;
mod database;
mod loss;
mod payments;
mod people;
mod redis;

use super::proof::{Check, Played};
use crate::demo::cli::Scenario;
use crate::demo::error::DemoResult;
use crate::demo::world::{Entry, World};

/// A scenario under way.
pub(in crate::demo::auto) enum Scene {
    Database(database::Scene),
    Loss(loss::Scene),
    Redis(redis::Scene),
    Payments(payments::Scene),
    Ai(ai::Scene),
}

impl Scene {
    /// Looks at what is sound, and breaks it.
    pub(super) async fn set(world: &World, scenario: Scenario) -> DemoResult<Self> {
        Ok(match scenario {
            Scenario::DatabaseCorruption => Self::Database(database::set(world).await?),
            Scenario::DataLoss => Self::Loss(loss::set(world).await?),
            Scenario::RedisFailure => Self::Redis(redis::set(world).await?),
            Scenario::PaymentOutage => Self::Payments(payments::set(world).await?),
            Scenario::AiOutage => Self::Ai(ai::set(world).await?),
        })
    }

    /// What the world does by itself at this point of the run.
    pub(super) fn meanwhile(&mut self, world: &World, entry: &Entry) -> DemoResult<()> {
        match self {
            Self::Payments(scene) => scene.meanwhile(world, entry),
            Self::Ai(scene) => scene.meanwhile(world, entry),
            Self::Database(_) | Self::Loss(_) | Self::Redis(_) => Ok(()),
        }
    }

    /// Whether a person mended by hand what this step failed for.
    pub(super) fn mends(&self, world: &World, failed: &Entry) -> DemoResult<bool> {
        match self {
            Self::Loss(scene) => scene.mends(world, failed),
            _ => Ok(false),
        }
    }

    /// What must be so at the end.
    pub(super) async fn check(&self, world: &World, played: &Played) -> DemoResult<Vec<Check>> {
        match self {
            Self::Database(scene) => scene.check(world, played).await,
            Self::Loss(scene) => scene.check(world, played).await,
            Self::Redis(scene) => scene.check(world).await,
            Self::Payments(scene) => scene.check(world).await,
            Self::Ai(scene) => scene.check(world).await,
        }
    }
}
