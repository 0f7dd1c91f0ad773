//! A state that only stands in: in memory, for as long as the real one cannot be used.
//!
//! What belongs to the moment goes on in it: answers, buttons, alerts. Whatever would have to be known
//! tomorrow is refused with the reason.

use super::{OpenError, Store, closed, schema};
use crate::ports::clock::Clock;
use crate::ports::journal::{StateError, StateResult};
use std::path::Path;
use std::sync::Arc;

impl Store {
    /// An empty one. `why` is what is wrong with the real one.
    ///
    /// # Errors
    /// There is no memory, or no random numbers.
    pub fn standing_in(clock: Arc<dyn Clock>, why: &str) -> Result<Self, OpenError> {
        let path = Path::new(":memory:");
        let connection = schema::in_memory().map_err(|error| closed(path, &error))?;
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|error| closed(path, &error))?;
        let store = Self::over(connection, path, (clock, key))?;
        Ok(Self {
            stand_in: Some(why.into()),
            ..store
        })
    }

    /// Refuses what a state that only stands in must not take.
    pub(super) fn admit(&self) -> StateResult<()> {
        match &self.stand_in {
            Some(why) => Err(StateError::StandIn(why.to_string())),
            None => Ok(()),
        }
    }
}
