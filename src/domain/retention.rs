//! Which backups may go: a pure rule over what the places hold.
//!
//! Only what this program took is ever named. Age counts from the third newest *verified* backup of the
//! program's own in the same place, never from the clock: while no good new ones come, no old one
//! goes. The three newest verified ones stay, however old, and one or two that a clock named which ran
//! ahead make nothing old. A name from the future tells nothing: it speaks for no removal, of itself
//! neither.

use super::backup::{BackupTime, Place};
use super::catalogue::is_future;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A backup, as far as the rule asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Which.
    pub time: BackupTime,
    /// Where it lies.
    pub place: Place,
    /// Compressed size in bytes.
    pub size: u64,
    /// This program took it: its manifest stands beside it and speaks of these bytes.
    pub own: bool,
    /// It was checked in full, and nothing speaks against it.
    pub verified: bool,
}

/// A backup that may go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Spent {
    /// Which.
    pub time: BackupTime,
    /// Where it lies.
    pub place: Place,
    /// Compressed size in bytes.
    pub size: u64,
}

/// So many verified ones that this program took stay in each place, and age counts from the oldest of
/// them.
const FLOOR: usize = 3;

/// Those that may go, oldest first. Of each place there stay, however old: the `FLOOR` newest verified
/// ones that this program took, and everything while there are fewer.
#[must_use]
pub fn spent(all: &[Kept], keep: Duration, now: Timestamp) -> Vec<Spent> {
    let mut spent: Vec<Spent> = all
        .iter()
        .filter(|kept| kept.own && is_old(kept, all, keep, now))
        .map(|kept| Spent {
            time: kept.time,
            place: kept.place.clone(),
            size: kept.size,
        })
        .collect();
    spent.sort();
    spent
}

/// Older than it is kept, counted from the last of those that stay.
fn is_old(kept: &Kept, all: &[Kept], keep: Duration, now: Timestamp) -> bool {
    let mut stay: Vec<BackupTime> = all
        .iter()
        .filter(|other| other.place == kept.place && other.own && other.verified)
        .map(|other| other.time)
        .filter(|time| !is_future(*time, now))
        .collect();
    stay.sort_unstable_by(|a, b| b.cmp(a));
    stay.get(FLOOR - 1).is_some_and(|reference| {
        let age = reference.at().duration_since(kept.time.at());
        age > keep.try_into().unwrap_or(jiff::SignedDuration::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const HOUR: Duration = Duration::from_secs(3600);

    fn kept(hour: i64, own: bool, verified: bool) -> Kept {
        Kept {
            time: BackupTime::of(Timestamp::from_second(hour * 3600).unwrap()),
            place: Place::Folder,
            size: 1,
            own,
            verified,
        }
    }

    fn hours(spent: &[Spent]) -> Vec<i64> {
        let hour = |one: &Spent| one.time.at().as_second() / 3600;
        spent.iter().map(hour).collect()
    }

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(hour * 3600).unwrap()
    }

    #[test]
    fn what_is_older_than_it_is_kept_goes_oldest_first() {
        let all = [31, 30, 3, 32, 20, 5, 10].map(|hour| kept(hour, true, true));
        assert_eq!(hours(&spent(&all, HOUR * 14, at(32))), [3, 5, 10]);
        assert_eq!(hours(&spent(&all, HOUR * 100, at(32))), [0; 0]);
    }

    #[test]
    fn new_ones_that_are_not_good_push_no_good_one_out() {
        let mut all = vec![kept(1, true, true), kept(2, true, true)];
        all.extend((100..120).map(|hour| kept(hour, true, false)));
        assert_eq!(hours(&spent(&all, HOUR * 14, at(120))), [0; 0]);
    }

    #[test]
    fn what_rei_took_itself_is_never_named() {
        let all = [1, 2, 3].map(|hour| kept(hour, false, true));
        let own = [500, 501, 502].map(|hour| kept(hour, true, true));
        assert!(spent(&[all, own].concat(), HOUR, at(502)).is_empty());
    }

    /// Backups of each hour of a day, kept for two, and a clock that is 15 days ahead for a while.
    #[test]
    fn a_clock_that_ran_ahead_costs_no_backup() {
        let ahead = 24 + 15 * 24;
        let mut all: Vec<Kept> = (0..24).map(|hour| kept(hour, true, true)).collect();
        for jumped in [ahead, ahead + 1] {
            all.push(kept(jumped, true, true));
            assert_eq!(hours(&spent(&all, HOUR * 48, at(jumped))), [0; 0]);
        }
        // It is put right: what it named is no measure, and each new backup stays.
        for hour in 24..50 {
            all.push(kept(hour, true, true));
            assert_eq!(hours(&spent(&all, HOUR * 48, at(hour))), [0; 0]);
        }
    }

    fn any_kept() -> impl Strategy<Value = Kept> {
        (0i64..400, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
            |(hour, own, verified, s3)| Kept {
                place: if s3 { Place::S3 } else { Place::Folder },
                ..kept(hour, own, verified)
            },
        )
    }

    proptest! {
        /// Whatever the clock shows when it is asked, and whatever clocks gave the names.
        #[test]
        fn no_place_ever_loses_its_last_good_ones(
            all in proptest::collection::vec(any_kept(), 0..40),
            keep in 0u32..300,
            now in 0i64..400,
        ) {
            // One name is one file in one place.
            let mut seen = BTreeSet::new();
            let all: Vec<Kept> = all
                .into_iter()
                .filter(|one| seen.insert((one.place.clone(), one.time)))
                .collect();
            let gone = spent(&all, HOUR * keep, at(now));
            let stays = |one: &&Kept| {
                !gone.iter().any(|s| (s.time, &s.place) == (one.time, &one.place))
            };
            for place in [Place::Folder, Place::S3] {
                let good = |one: &&Kept| one.place == place && one.verified && one.own;
                let before = all.iter().filter(good).count();
                let after = all.iter().filter(good).filter(stays).count();
                prop_assert!(after >= before.min(FLOOR));
                // Whatever went is the program's own, and younger good ones of no future stayed.
                let here = |one: &&Kept| one.place == place;
                for one in all.iter().filter(here).filter(|one| !stays(one)) {
                    prop_assert!(one.own && !is_future(one.time, at(now)));
                    let age = jiff::SignedDuration::try_from(HOUR * keep).unwrap();
                    let younger = |other: &&Kept| {
                        other.time.at().duration_since(one.time.at()) > age
                            && !is_future(other.time, at(now))
                    };
                    let left = all.iter().filter(good).filter(stays).filter(younger);
                    prop_assert!(left.count() >= FLOOR);
                }
            }
            // Once is enough.
            let rest: Vec<Kept> = all.iter().filter(stays).cloned().collect();
            prop_assert!(spent(&rest, HOUR * keep, at(now)).is_empty());
        }

        /// A backup an hour, and a removal with each, while the clock jumps for two of them and comes
        /// back: nothing of the last days is ever lost.
        #[test]
        fn a_clock_that_jumps_loses_nothing_of_the_last_days(
            from in 0i64..150,
            length in 1i64..3,
            off in -2000i64..2000,
        ) {
            const KEEP: i64 = 48;
            let (begin, jumped) = (10_000, 10_000 + from..10_000 + from + length);
            let mut all: Vec<Kept> = Vec::new();
            for hour in begin..begin + 200 {
                let shown = if jumped.contains(&hour) { hour + off } else { hour };
                if all.iter().all(|one| one.time.at() != at(shown)) {
                    all.push(kept(shown, true, true));
                }
                let gone = hours(&spent(&all, HOUR * u32::try_from(KEEP).unwrap(), at(shown)));
                all.retain(|one| !hours_of(one, &gone));
                for recent in (hour - KEEP).max(begin)..=hour {
                    let lost = all.iter().all(|one| one.time.at() != at(recent));
                    prop_assert!(!lost || jumped.contains(&recent), "{recent} is lost at {hour}");
                }
            }
        }
    }

    fn hours_of(one: &Kept, hours: &[i64]) -> bool {
        hours.contains(&(one.time.at().as_second() / 3600))
    }
}
