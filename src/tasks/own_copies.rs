//! A copy of the own state into every place, and what is in them.

use crate::domain::backup::{BackupTime, Place};
use crate::domain::catalogue::is_future;
use crate::domain::failure::FailureCode;
use crate::domain::own_copy::{OwnCopy, spent};
use crate::ports::PortError;
use crate::ports::own_copies::{OwnCopies, OwnState};
use futures::future::join_all;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// A place that takes longer is given up for this time, besides a second for each [`SLOWEST`] bytes: the
/// others wait for it before they get their next copy.
const PATIENCE: Duration = Duration::from_mins(15);

/// Bytes a second below which a line is no line.
const SLOWEST: u64 = 64 * 1024;

/// What became of a copy in a place.
#[derive(Debug)]
pub struct Put {
    /// Which place.
    pub place: Place,
    /// Its name for people.
    pub name: String,
    /// Why it is not there.
    pub result: Result<(), PortError>,
}

/// Makes a copy and puts it into every place; then removes there what may go.
///
/// # Errors
/// There is nothing to put anywhere: the state gives no copy.
pub async fn make(
    state: &dyn OwnState,
    places: &[Arc<dyn OwnCopies>],
    now: Timestamp,
) -> Result<Vec<Put>, PortError> {
    let made = state.copy().await?;
    let made = made.as_ref();
    let time = BackupTime::of(now);
    let size = made.file().metadata().map_or(0, |found| found.len());
    let patience = PATIENCE + Duration::from_secs(size / SLOWEST);
    let deadline = Instant::now() + patience;
    let each = places.iter().map(|place| async move {
        let put = tokio::time::timeout_at(deadline, place.put(time, made.file()));
        let too_slow = |_| Err(PortError::new(FailureCode::TimedOut).with("seconds", patience));
        let result = put.await.unwrap_or_else(too_slow);
        if result.is_ok() {
            let cleared = tokio::time::timeout_at(deadline, clear(place.as_ref(), time));
            // What is not removed now is removed an hour later.
            drop(cleared.await);
        }
        Put {
            place: place.place(),
            name: place.describe(),
            result,
        }
    });
    Ok(join_all(each).await)
}

/// What cannot be removed now can be an hour later.
async fn clear(place: &dyn OwnCopies, made: BackupTime) {
    let removed = async {
        let times: Vec<_> = place.list().await?.iter().map(|copy| copy.time).collect();
        for time in spent(&times, made) {
            place.remove(time).await?;
        }
        Ok::<(), PortError>(())
    };
    if let Err(error) = removed.await {
        tracing::warn!(%error, place = place.describe(), "old copies of the own state stay");
    }
}

/// What all places hold.
#[derive(Debug, Default)]
pub struct Copies {
    /// Newest first; of equal ones the nearest first.
    pub found: Vec<OwnCopy>,
    /// Places that gave no answer.
    pub unreadable: Vec<(Place, PortError)>,
}

impl Copies {
    /// Asks all places at once.
    pub async fn of(places: &[Arc<dyn OwnCopies>]) -> Self {
        let answers = join_all(places.iter().map(|place| place.list())).await;
        let mut copies = Self::default();
        for (place, answer) in places.iter().zip(answers) {
            match answer {
                Ok(found) => copies.found.extend(found),
                Err(error) => copies.unreadable.push((place.place(), error)),
            }
        }
        // Stable: places stand in their order.
        copies
            .found
            .sort_by_key(|copy| std::cmp::Reverse(copy.time));
        copies
    }

    /// The newest one, or the one of this time; in this place, where one is named. A name from the
    /// future was given by a clock that ran ahead: it is not the newest.
    #[must_use]
    pub fn choose(
        &self,
        time: Option<BackupTime>,
        place: Option<&Place>,
        now: Timestamp,
    ) -> Option<&OwnCopy> {
        self.found.iter().find(|copy| {
            let fits = match time {
                Some(time) => copy.time == time,
                None => !is_future(copy.time, now),
            };
            fits && place.is_none_or(|place| *place == copy.place)
        })
    }
}
