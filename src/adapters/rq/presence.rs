//! Where jobs are: in a queue, on their way, with a worker, or planned.

use super::keys;
use super::session::Session;
use super::walk::{self, Keys};
use crate::domain::job::JobId;
use crate::ports::PortResult;
use std::collections::HashMap;

/// `rq:queue:*`, `rq:wip:*`, `rq:scheduled:*`, `rq:deferred:*`, and little else.
const PATTERN: &str = "rq:[qwsd]*:*";

/// A place where a job was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seat {
    /// The list or registry.
    pub(super) key: String,
    /// The entry, which in RQ 2.x is more than the id.
    pub(super) entry: String,
}

impl Seat {
    /// Whether a worker will take it from here whatever its status says.
    pub(super) fn is_list(&self) -> bool {
        self.key.starts_with(keys::QUEUE)
    }
}

/// All jobs that are somewhere.
#[derive(Debug, Default)]
pub(super) struct Presence {
    seats: HashMap<JobId, Vec<Seat>>,
}

impl Presence {
    /// Looks. Along the way that jobs take (planned, queue, on their way, with a worker), so that one
    /// that moves while we look is met at its next place.
    pub(super) async fn read(session: &mut Session<'_>) -> PortResult<Self> {
        let found = Keys::like(PATTERN).all(session).await?;
        let mut places: Vec<(u8, String)> = found
            .into_iter()
            .filter_map(|key| Some((rank(&key)?, key)))
            .collect();
        places.sort();
        let mut presence = Self::default();
        for (rank, key) in places {
            match rank {
                QUEUE | INTERMEDIATE => {
                    for id in walk::list(session, &key).await? {
                        presence.seat(&id, &key, &id);
                    }
                }
                _ => {
                    for entry in walk::members(session, &key).await? {
                        keys::running(&entry).for_each(|id| presence.seat(id, &key, &entry));
                    }
                }
            }
        }
        Ok(presence)
    }

    /// Where this job is.
    pub(super) fn of(&self, id: &str) -> &[Seat] {
        self.seats.get(id).map_or(&[], Vec::as_slice)
    }

    fn seat(&mut self, id: &str, key: &str, entry: &str) {
        let seat = Seat {
            key: key.to_owned(),
            entry: entry.to_owned(),
        };
        let seats = self.seats.entry(id.to_owned()).or_default();
        if !seats.contains(&seat) {
            seats.push(seat);
        }
    }
}

const PLANNED: u8 = 0;
const QUEUE: u8 = 1;
const INTERMEDIATE: u8 = 2;
const RUNNING: u8 = 3;

fn rank(key: &str) -> Option<u8> {
    let is = |kind: &str| key.starts_with(&keys::registry(kind, ""));
    if keys::is_intermediate(key) {
        Some(INTERMEDIATE)
    } else if keys::queue_of(key).is_some() {
        Some(QUEUE)
    } else if is("wip") {
        Some(RUNNING)
    } else {
        (is("scheduled") || is("deferred")).then_some(PLANNED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_looked_at_along_the_way() {
        let ranks = [
            "rq:deferred:default",
            "rq:scheduled:default",
            "rq:queue:default",
            "rq:queue:default:intermediate",
            "rq:wip:default",
        ]
        .map(rank);
        assert!(ranks.is_sorted() && ranks.iter().all(Option::is_some));
        for other in [
            "rq:queues",
            "rq:workers:default",
            "rq:scheduler:x",
            "rq:worker:a",
        ] {
            assert_eq!(rank(other), None, "{other}");
        }
    }
}
