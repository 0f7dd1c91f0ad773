//! What came out of a step, as a text's key with typed blanks: people read it in their language, in
//! the chat as well as at the console.

use super::facts::{Facts, Noticed, Retried};
use super::failure::{Arg, Args};
use super::install::Switched;
use super::queue::{RedisHealth, RedisRole};
use std::time::Duration;

/// The key of a text with its blanks.
pub type Told = (&'static str, Args);

impl Facts {
    /// What can be said in one text; nothing where it takes several, or where there is nothing to say.
    #[must_use]
    pub fn told(&self) -> Option<Told> {
        Some(match self {
            Self::RedisAnswers(health)
            | Self::RedisChecked {
                health: Some(health),
                ..
            } => redis(health),
            Self::Flushed(flushed) => ("facts-flushed", args([("keys", number(flushed.keys))])),
            Self::Rebuilt(rebuilt) => (
                "facts-rebuilt",
                args([
                    ("added", number(rebuilt.added)),
                    ("present", number(rebuilt.present)),
                ]),
            ),
            Self::QueueMoves {
                workers,
                waiting,
                taken,
            } => (
                "facts-queue-moves",
                args([
                    ("workers", number(*workers)),
                    ("waiting", number(*waiting)),
                    ("taken", number(*taken)),
                ]),
            ),
            Self::Retried(retried) => jobs(retried),
            Self::Noticed(noticed) => notices(noticed),
            other => return other.told_of_the_folder(),
        })
    }

    fn told_of_the_folder(&self) -> Option<Told> {
        Some(match self {
            Self::Switched(switched) => switch(switched),
            Self::Ran(report) => {
                let took = Duration::from_millis(report.millis);
                ("facts-ran", args([("took", took.into())]))
            }
            Self::Unpacked(unpacked) => (
                "facts-unpacked",
                args([
                    ("files", number(unpacked.files)),
                    ("bytes", Arg::Bytes(unpacked.bytes)),
                    ("replaced", number(unpacked.replaced)),
                ]),
            ),
            Self::SettingsReady { made } => {
                let made = if *made { "yes" } else { "no" };
                ("facts-settings-ready", args([("made", made.into())]))
            }
            Self::Balance { balance } => ("facts-balance", args([("balance", (*balance).into())])),
            Self::Webhook {
                pending,
                last_error,
                is_set,
            } => (
                "facts-webhook",
                args([
                    ("set", if *is_set { "yes" } else { "no" }.into()),
                    ("pending", number(*pending)),
                    ("error", last_error.as_deref().unwrap_or("none").into()),
                ]),
            ),
            _ => return None,
        })
    }
}

fn args<const N: usize>(pairs: [(&str, Arg); N]) -> Args {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn number(number: u64) -> Arg {
    Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

fn redis(health: &RedisHealth) -> Told {
    let role = match health.role {
        RedisRole::Master => "master",
        RedisRole::Replica => "replica",
        RedisRole::Sentinel => "sentinel",
    };
    let saved = health.persistence_error.is_none();
    (
        "facts-redis-up",
        args([
            ("version", health.version.as_str().into()),
            ("role", role.into()),
            ("keys", number(health.keys)),
            ("memory", Arg::Bytes(health.memory)),
            ("persistence", if saved { "ok" } else { "failed" }.into()),
        ]),
    )
}

fn jobs(retried: &Retried) -> Told {
    let left = retried.finished + retried.stopped + retried.settled + retried.expired;
    (
        "facts-retried",
        args([
            ("requeued", number(retried.requeued)),
            ("made", number(retried.made)),
            ("left", number(left)),
            ("finished", number(retried.finished)),
            ("stopped", number(retried.stopped)),
            ("settled", number(retried.settled)),
            ("expired", number(retried.expired)),
            ("unproved", number(retried.unproved)),
        ]),
    )
}

fn switch(switched: &Switched) -> Told {
    let changed = switched.copy.is_some();
    (
        "facts-switched",
        args([
            ("was", if changed { "changed" } else { "same" }.into()),
            ("line", number(switched.line)),
        ]),
    )
}

fn notices(noticed: &Noticed) -> Told {
    (
        "facts-noticed",
        args([
            ("sent", number(noticed.sent)),
            ("blocked", number(noticed.blocked)),
            ("failed", number(noticed.failed)),
            ("ambiguous", number(noticed.ambiguous)),
        ]),
    )
}
