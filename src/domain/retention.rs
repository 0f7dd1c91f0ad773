//! Which backups may go: a pure rule over what the places hold.
//!
//! Only what this program took is ever named. Age counts from the newest *verified* backup of the
//! program's own in the same place, never from the clock: while no good new ones come, no old one
//! goes, and a clock that jumps ahead removes nothing.

use super::backup::{BackupTime, Place};
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

/// Those that may go, oldest first. Of each place there stay, however old: the newest verified one,
/// the newest verified one that this program took, and whatever else is needed for one to be left.
#[must_use]
pub fn spent(all: &[Kept], keep: Duration) -> Vec<Spent> {
    let mut spent: Vec<Spent> = all
        .iter()
        .filter(|kept| kept.own && is_old(kept, all, keep))
        .map(|kept| Spent {
            time: kept.time,
            place: kept.place.clone(),
            size: kept.size,
        })
        .collect();
    spent.sort();
    spent
}

/// Older than it is kept, counted from the newest verified own one; that one is not.
fn is_old(kept: &Kept, all: &[Kept], keep: Duration) -> bool {
    let here = || all.iter().filter(|other| other.place == kept.place);
    let verified = || here().filter(|other| other.verified);
    let newest_own = verified().filter(|other| other.own).map(|o| o.time).max();
    let newest = verified().map(|other| other.time).max();
    newest_own.is_some_and(|reference| {
        let age = reference.at().duration_since(kept.time.at());
        kept.time != reference
            && Some(kept.time) != newest
            && age > keep.try_into().unwrap_or(jiff::SignedDuration::MAX)
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

    #[test]
    fn what_is_older_than_it_is_kept_goes_oldest_first() {
        let all = [30, 3, 20, 5, 10].map(|hour| kept(hour, true, true));
        assert_eq!(hours(&spent(&all, HOUR * 14)), [3, 5, 10]);
        assert_eq!(hours(&spent(&all, HOUR * 100)), [0; 0]);
    }

    #[test]
    fn new_ones_that_are_not_good_push_no_good_one_out() {
        let mut all = vec![kept(1, true, true), kept(2, true, true)];
        all.extend((100..120).map(|hour| kept(hour, true, false)));
        assert_eq!(hours(&spent(&all, HOUR * 14)), [0; 0]);
    }

    #[test]
    fn what_rei_took_itself_is_never_named() {
        let all = [1, 2, 3].map(|hour| kept(hour, false, true));
        assert!(spent(&[&all[..], &[kept(500, true, true)]].concat(), HOUR).is_empty());
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
        #[test]
        fn no_place_ever_loses_its_last_good_one(
            all in proptest::collection::vec(any_kept(), 0..40),
            keep in 0u32..300,
        ) {
            // One name is one file in one place.
            let mut seen = BTreeSet::new();
            let all: Vec<Kept> = all
                .into_iter()
                .filter(|one| seen.insert((one.place.clone(), one.time)))
                .collect();
            let gone = spent(&all, HOUR * keep);
            let stays = |one: &&Kept| {
                !gone.iter().any(|s| (s.time, &s.place) == (one.time, &one.place))
            };
            for place in [Place::Folder, Place::S3] {
                let here = |one: &&Kept| one.place == place;
                let newest = |own: bool| {
                    all.iter()
                        .filter(here)
                        .filter(|one| one.verified && (one.own || !own))
                        .max_by_key(|one| one.time)
                };
                for best in [newest(false), newest(true)].into_iter().flatten() {
                    prop_assert!(stays(&best));
                }
                let before = all.iter().filter(here).count();
                let after = all.iter().filter(here).filter(stays).count();
                prop_assert!(before == 0 || after > 0);
                // Whatever went is the program's own, and younger ones of its age stayed.
                let verified_own = newest(true).map(|one| one.time.at());
                for one in all.iter().filter(here).filter(|one| !stays(one)) {
                    prop_assert!(one.own);
                    let age = verified_own.unwrap().duration_since(one.time.at());
                    prop_assert!(age > jiff::SignedDuration::try_from(HOUR * keep).unwrap());
                }
            }
            // Once is enough.
            let rest: Vec<Kept> = all.iter().filter(stays).cloned().collect();
            prop_assert!(spent(&rest, HOUR * keep).is_empty());
        }
    }
}
