//! What Redis says of a job that is somewhere or claims to be, and what becomes of it in a rebuild.

use super::presence::Seat;
use redis::{RedisError, Value, from_redis_value_ref};

/// What Redis says of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// RQ's word; empty where there is nothing to run.
    pub(super) status: String,
    /// When it was last put or taken.
    pub(super) moment: String,
    /// When it ended.
    ended: String,
}

impl Standing {
    /// From two answers: whether it has data, and its fields. What is no hash has neither.
    pub(super) fn read(answers: &[Result<Value, RedisError>]) -> Self {
        let [Ok(has_data), Ok(fields)] = answers else {
            return Self::default();
        };
        let has_data = from_redis_value_ref::<bool>(has_data).unwrap_or_default();
        let fields = from_redis_value_ref::<[Option<String>; 4]>(fields).unwrap_or_default();
        let [status, enqueued, started, ended] = fields.map(Option::unwrap_or_default);
        match has_data {
            true => Self {
                status,
                moment: format!("{enqueued}{started}"),
                ended,
            },
            false => Self::default(),
        }
    }

    /// What becomes of it, by where it was seen; what ended after `settled` is no leftover.
    pub(super) fn verdict(&self, seats: &[Seat], settled: &str) -> Verdict {
        let listed = seats.iter().any(Seat::is_list);
        if self.status.is_empty() {
            Verdict::Stranded
        } else if listed {
            Verdict::Present
        } else if self.is_over(settled) {
            Verdict::Stranded
        } else if seats.is_empty() && self.has_a_seat() {
            Verdict::Doubtful
        } else {
            Verdict::Present
        }
    }

    /// Whether such a job must be somewhere. A word that we do not know (RQ 3 holds jobs back as
    /// `rate_limited`) may have a place that we do not know either.
    fn has_a_seat(&self) -> bool {
        let words = ["created", "queued", "started", "scheduled", "deferred"];
        words.contains(&self.status.as_str())
    }

    fn is_over(&self, settled: &str) -> bool {
        let words = ["finished", "failed", "stopped", "canceled"];
        words.contains(&self.status.as_str()) && self.ended.as_str() <= settled
    }
}

/// What becomes of a job that is somewhere or claims to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It will run, runs, or waits for its time.
    Present,
    /// It says so, and is nowhere: lost, or just changing hands.
    Doubtful,
    /// It will never run.
    Stranded,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_will_run_is_left_alone_and_what_never_will_is_made_anew() {
        let seat = |key: &str| Seat {
            key: key.into(),
            entry: "1".into(),
        };
        let (queue, wip) = ([seat("rq:queue:a")], [seat("rq:wip:a")]);
        let says = |status: &str| Standing {
            status: status.into(),
            ..Standing::default()
        };
        for (status, seats, expected) in [
            ("queued", &queue[..], Verdict::Present),
            // Pushed by hand: it runs all the same.
            ("failed", &queue[..], Verdict::Present),
            ("started", &wip[..], Verdict::Present),
            ("finished", &wip[..], Verdict::Stranded),
            ("queued", &[][..], Verdict::Doubtful),
            ("rate_limited", &[][..], Verdict::Present),
            ("failed", &[][..], Verdict::Stranded),
            ("", &queue[..], Verdict::Stranded),
        ] {
            assert_eq!(
                says(status).verdict(seats, "2026"),
                expected,
                "{status} {seats:?}"
            );
        }
        let just_ended = Standing {
            ended: "2027".into(),
            ..says("finished")
        };
        assert_eq!(just_ended.verdict(&[], "2026"), Verdict::Present);
    }
}
