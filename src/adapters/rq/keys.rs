//! RQ's keys in Redis, as its versions 1.12 to 3.0 name them.

use crate::domain::job::JobId;

/// Every queue that was ever used, as full keys.
pub(super) const QUEUES: &str = "rq:queues";
/// Every worker that registered, as full keys.
pub(super) const WORKERS: &str = "rq:workers";
/// While it exists, workers take no jobs.
pub(super) const SUSPENDED: &str = "rq:suspended";
/// What stands before a queue's name.
pub(super) const QUEUE: &str = "rq:queue:";
/// What stands before the name of a queue's failed registry.
pub(super) const FAILED: &str = "rq:failed:";
/// What stands before a job's id.
const JOB: &str = "rq:job:";
/// Jobs on their way to a worker.
const INTERMEDIATE: &str = ":intermediate";

/// What a worker of RQ 3 is at, beside its hash.
const EXECUTIONS: &str = ":executions";

/// The set of what a worker is at (RQ 3; before, its hash tells).
pub(super) fn executions(worker: &str) -> String {
    format!("{worker}{EXECUTIONS}")
}

/// A queue's list.
pub(super) fn queue(name: &str) -> String {
    format!("{QUEUE}{name}")
}

/// The list of a queue's jobs that are on their way to a worker (RQ 1.15 and later).
pub(super) fn intermediate(name: &str) -> String {
    format!("{QUEUE}{name}{INTERMEDIATE}")
}

/// A registry of a queue: `failed`, `wip`, `scheduled`, …
pub(super) fn registry(kind: &str, queue: &str) -> String {
    format!("rq:{kind}:{queue}")
}

/// A job's hash.
pub(super) fn job(id: &str) -> String {
    format!("{JOB}{id}")
}

/// The stream of a job's results (RQ 1.12 and later on Redis 5 and later).
pub(super) fn results(id: &str) -> String {
    format!("rq:results:{id}")
}

/// The queue that this list belongs to; nothing for other keys, the lists of what is on its way too.
pub(super) fn queue_of(key: &str) -> Option<&str> {
    let name = key.strip_prefix(QUEUE)?;
    let other = name.ends_with(INTERMEDIATE) || name.contains(":intermediate:first_seen:");
    (!name.is_empty() && !other).then_some(name)
}

/// Whether this is the list of jobs on their way to a worker.
pub(super) fn is_intermediate(key: &str) -> bool {
    key.starts_with(QUEUE) && key.ends_with(INTERMEDIATE)
}

/// The job that this hash belongs to.
pub(super) fn job_of(key: &str) -> Option<&str> {
    let id = key.strip_prefix(JOB)?;
    let other = id.starts_with(':') || id.ends_with(":dependents");
    (!id.is_empty() && !other).then_some(id)
}

/// The type that RQ keeps at this key; nothing where we do not know.
pub(super) fn kind(key: &str) -> Option<&'static str> {
    let rest = key.strip_prefix("rq:")?;
    let (family, tail) = rest.split_once(':').unwrap_or((rest, ""));
    match family {
        "queues" | "workers" => Some("set"),
        "queue" if tail.contains(":intermediate:first_seen:") => Some("string"),
        "queue" => Some("list"),
        "job" if job_of(key).is_some() => Some("hash"),
        "job" => Some("set"),
        "failed" | "finished" | "canceled" | "deferred" | "scheduled" | "wip" => Some("zset"),
        "executions" => Some("zset"),
        "results" => Some("stream"),
        "worker" if tail.ends_with(EXECUTIONS) => Some("set"),
        "worker" | "execution" => Some("hash"),
        "suspended" => Some("string"),
        _ => None,
    }
}

/// The family of a key, for people: `rq:job`, `rq:queue`, and of others the part up to `:`.
pub(super) fn family(key: &str) -> &str {
    let start = match key.strip_prefix("rq:") {
        Some(_) => 3,
        None => 0,
    };
    let end = key[start..].find(':').map_or(key.len(), |at| start + at);
    &key[..end]
}

/// The job of an entry of `rq:wip:<queue>`: RQ 1.x writes the id, 2.x `id:execution`. An id may hold
/// colons itself, so both readings are given.
pub(super) fn running(member: &str) -> impl Iterator<Item = &str> {
    let cut = member.rsplit_once(':').map(|(id, _)| id);
    std::iter::once(member).chain(cut)
}

/// Keys and ids are bytes to Redis and text to RQ.
pub(super) fn text(bytes: &[u8]) -> JobId {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_rq_has_its_type() {
        for (key, wanted) in [
            ("rq:queues", Some("set")),
            ("rq:queue:default", Some("list")),
            ("rq:queue:default:intermediate", Some("list")),
            (
                "rq:queue:default:intermediate:first_seen:42",
                Some("string"),
            ),
            ("rq:job:42", Some("hash")),
            ("rq:job:42:dependents", Some("set")),
            ("rq:job::42:dependencies", Some("set")),
            ("rq:wip:default", Some("zset")),
            ("rq:workers:default", Some("set")),
            ("rq:worker:a.b", Some("hash")),
            ("rq:worker:a.b:executions", Some("set")),
            ("rq:scheduler-lock:default", None),
            ("session:1", None),
        ] {
            assert_eq!(kind(key), wanted, "{key}");
        }
    }

    #[test]
    fn families_are_what_people_know() {
        let families = [
            "rq:job:1",
            "rq:job::1:dependencies",
            "rq:queues",
            "session:1:x",
            "lone",
        ];
        let told: Vec<_> = families.iter().map(|key| family(key)).collect();
        assert_eq!(told, ["rq:job", "rq:job", "rq:queues", "session", "lone"]);
    }

    #[test]
    fn queues_and_jobs_are_told_from_what_stands_beside_them() {
        assert_eq!(queue_of("rq:queue:high"), Some("high"));
        assert_eq!(queue_of(&intermediate("high")), None);
        assert_eq!(job_of("rq:job:a-1"), Some("a-1"));
        assert_eq!(job_of("rq:job:a-1:dependents"), None);
        assert_eq!(job_of("rq:job::a-1:dependencies"), None);
        let both: Vec<_> = running("a-1:77").collect();
        assert_eq!(both, ["a-1:77", "a-1"]);
    }
}
