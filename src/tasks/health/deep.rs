//! Long looks into the database, on a schedule and never within a round.

use super::Eyes;
use super::database::damaged;
use super::words::age;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::health::{Condition, Sign};
use crate::ports::backups::Work;
use jiff::Timestamp;
use std::time::Duration;

/// How deep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deep {
    /// `quick_check`: the structure of every page. For every hour.
    Quick,
    /// `integrity_check`, foreign keys and counts. For once a day.
    Full,
}

/// The last word of each depth.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    quick: Option<Verdict>,
    full: Option<Verdict>,
}

#[derive(Debug, Clone)]
struct Verdict {
    at: Timestamp,
    /// Of which file: another one in its place has not been judged.
    file: (u64, u64),
    sound: Result<(), Failure>,
}

/// What a round says of them.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Damage, if any.
    pub(super) sign: Option<(Condition, Sign)>,
    /// Since the last look that came to an end.
    pub(super) age: Option<Duration>,
}

pub(super) async fn look(eyes: &Eyes, depth: Deep, work: &Work) {
    let database = &eyes.profile.database;
    let file = || async {
        let file = eyes.ports.host.file(database).await.ok().flatten();
        file.map(|file| file.identity)
    };
    let Some(before) = file().await else { return };
    let checks = &eyes.ports.checks;
    let checked = match depth {
        Deep::Quick => checks.check_quickly(database, work).await,
        Deep::Full => checks.check_live(database, work).await.map(drop),
    };
    let sound = match checked {
        Ok(()) => Ok(()),
        Err(error) if error.code().is_about_content() => Err(Failure::from(error)),
        Err(error) => {
            tracing::warn!(%error, ?depth, "the database could not be checked");
            return;
        }
    };
    if file().await != Some(before) {
        return;
    }
    let verdict = Some(Verdict {
        at: eyes.now(),
        file: before,
        sound,
    });
    eyes.memory.with(|known| match depth {
        Deep::Quick => known.verdicts.quick = verdict,
        Deep::Full => known.verdicts.full = verdict,
    });
}

impl Verdicts {
    /// What is known of this file. Damage that the full check found is gone only when it finds none
    /// any more; damage that the quick one found, when either finds none.
    pub(super) fn told(&self, file: Option<(u64, u64)>, now: Timestamp) -> Told {
        let of_it = |verdict: &&Verdict| Some(verdict.file) == file;
        let full = self.full.as_ref().filter(of_it);
        let quick = self.quick.as_ref().filter(of_it);
        let since_full = |quick: &&Verdict| full.is_none_or(|full| full.at < quick.at);
        let bad = full
            .filter(|full| full.sound.is_err())
            .or_else(|| quick.filter(since_full));
        let newest = full.into_iter().chain(quick).map(|it| it.at).max();
        let sign = bad.and_then(|verdict| {
            let failure = verdict.sound.as_ref().err()?;
            Some((weight(failure), damaged(failure, age(now, verdict.at))))
        });
        Told {
            sign,
            age: newest.map(|at| age(now, at)),
        }
    }
}

/// Rows without a parent are no reason to restore; everything else is.
fn weight(failure: &Failure) -> Condition {
    match failure.code {
        FailureCode::ForeignKeysBroken => Condition::Degraded,
        _ => Condition::Down,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: (u64, u64) = (1, 2);

    fn verdict(second: i64, sound: bool) -> Option<Verdict> {
        let failure = Failure::new(FailureCode::IntegrityFailed).with("first", "page 3");
        Some(Verdict {
            at: Timestamp::from_second(second).unwrap(),
            file: FILE,
            sound: if sound { Ok(()) } else { Err(failure) },
        })
    }

    fn bad(quick: Option<Verdict>, full: Option<Verdict>, file: (u64, u64)) -> bool {
        let now = Timestamp::from_second(100).unwrap();
        let told = Verdicts { quick, full }.told(Some(file), now);
        told.sign.is_some()
    }

    #[test]
    fn damage_stays_until_a_look_as_deep_finds_none() {
        assert!(!bad(None, None, FILE));
        assert!(bad(verdict(1, false), None, FILE));
        assert!(!bad(verdict(1, false), verdict(2, true), FILE));
        assert!(bad(verdict(3, false), verdict(2, true), FILE));
        assert!(bad(verdict(3, true), verdict(2, false), FILE));
        assert!(!bad(verdict(3, true), verdict(4, true), FILE));
    }

    #[test]
    fn another_file_has_not_been_judged() {
        assert!(!bad(verdict(1, false), verdict(1, false), (1, 3)));
    }
}
