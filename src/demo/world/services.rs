//! The patient's units and its Redis, as the world handles them: started, stopped, damaged, lost.

use super::{COMES_UP, World, blocking};
use crate::demo::error::{DemoError, DemoResult, at};
use crate::demo::patient::unfinished_jobs;
use crate::demo::redis_server;
use crate::demo::service::Errands;
use crate::demo::units::{self, Unit};
use std::fs;

impl World {
    /// Redis runs from the beginning, whoever manages REI's own units.
    pub(super) async fn start_redis(&self) -> DemoResult<()> {
        let (home, program) = (self.patient.home(), self.program_path.clone());
        blocking(move || units::start(Unit::Redis, &home, &program)).await
    }

    /// REI's past ended with a few jobs under way: they are in the queue.
    pub(super) async fn queue_what_is_open(&self) -> DemoResult<()> {
        let database = self.patient.database();
        let open = blocking(move || unfinished_jobs(&database)).await?;
        self.queue(open).await
    }

    /// Puts the jobs of these rows into the queue, by REI's own Python.
    ///
    /// # Errors
    /// Redis does not take one.
    pub async fn queue(&self, jobs: Vec<String>) -> DemoResult<()> {
        let home = self.patient.home();
        blocking(move || {
            let mut errands = Errands::new(&home);
            let mut jobs = jobs.iter();
            jobs.try_for_each(|job| errands.order(job).map_err(DemoError::NotHere))
        })
        .await
    }

    /// Damages what Redis holds.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn damage_redis(&self) -> DemoResult<()> {
        let home = self.patient.home();
        blocking(move || redis_server::damage(&home)).await
    }

    /// Server and disk are gone: what is left is REI's code on a new one, and the bucket. The
    /// program under test is stopped, and its state gone with the rest.
    ///
    /// # Errors
    /// Something cannot be taken away.
    pub async fn lose_everything(&self) -> DemoResult<()> {
        self.kill_bot().await?;
        let (patient, state) = (self.patient.clone(), self.root().join("state"));
        units::kill_all(&patient.home());
        self.until("the end of the units", COMES_UP, || {
            let up = Unit::ALL.into_iter().map(|unit| self.is_up(unit));
            let up = up.collect::<DemoResult<Vec<_>>>()?;
            Ok((!up.contains(&true)).then_some(()))
        })
        .await?;
        blocking(move || {
            redis_server::lose(&patient.home())?;
            patient.lose()?;
            fs::remove_dir_all(&state).map_err(at(&state))
        })
        .await
    }

    /// Starts the patient's units.
    ///
    /// # Errors
    /// One does not come up.
    pub async fn start_units(&self) -> DemoResult<()> {
        let (home, program) = (self.patient.home(), self.program_path.clone());
        blocking(move || {
            let mut units = Unit::ALL.into_iter();
            units.try_for_each(|unit| units::start(unit, &home, &program))
        })
        .await
    }

    /// Stops REI's own units.
    ///
    /// # Errors
    /// One does not go.
    pub async fn stop_units(&self) -> DemoResult<()> {
        let home = self.patient.home();
        blocking(move || {
            let mut units = Unit::REI.into_iter().rev();
            units.try_for_each(|unit| units::stop(unit, &home))
        })
        .await
    }

    /// Whether a unit's process lives.
    ///
    /// # Errors
    /// Its lock cannot be looked at.
    pub fn is_up(&self, unit: Unit) -> DemoResult<bool> {
        units::is_up(unit, &self.patient.home())
    }
}
