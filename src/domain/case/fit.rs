//! To which incident something belongs that the trail tells of.

use super::{Case, Origin};
use crate::domain::diagnosis::Urgency;
use crate::domain::ids::{IncidentId, RunId};
use jiff::Timestamp;

/// Something that begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// An alert opened or came back.
    AlertOpened {
        /// Which.
        incident: IncidentId,
        /// Its first sign; of one that came back, the moment it did.
        since: Timestamp,
        /// How soon somebody should look. What nobody notices yet is listed with an incident, and
        /// neither makes one nor keeps it open: recovery time is not counted from it.
        urgency: Urgency,
    },
    /// An alert is over.
    AlertOver {
        /// Which.
        incident: IncidentId,
        /// Since when.
        at: Timestamp,
    },
    /// A run began.
    RunStarted {
        /// Which.
        run: RunId,
        /// When.
        at: Timestamp,
        /// Whether it is a recovery: what else runs (failed jobs that go back) joins an incident,
        /// makes none, and does not reopen one.
        recovers: bool,
    },
    /// A run ended.
    RunEnded {
        /// Which.
        run: RunId,
        /// When.
        at: Timestamp,
    },
}

/// What a sign did.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The incident as it is now.
    pub case: Case,
    /// Whether it is a new one.
    pub is_new: bool,
    /// Whether something joined it that it did not have.
    pub joined: bool,
}

/// Takes a sign in, given all incidents that are not closed. `seq` is its entry of the trail.
///
/// Nothing where it belongs to none: the end of what began before anything was followed, or a run that
/// is no recovery or an alert that nobody notices in a quiet time. Taking the same sign twice changes nothing the second time.
#[must_use]
pub fn take(open: &[Case], sign: Sign, seq: u64) -> Option<Taken> {
    let has = |case: &&Case| match sign {
        Sign::AlertOpened { incident, .. } | Sign::AlertOver { incident, .. } => {
            case.alerts.contains(&incident)
        }
        Sign::RunStarted { run, .. } | Sign::RunEnded { run, .. } => case.runs.contains(&run),
    };
    // What comes back after a quiet time is something new, even under its old number.
    let goes_on = |case: &&Case| match sign {
        Sign::AlertOpened {
            incident, since, ..
        } => case.open_alerts.contains(&incident) || case.takes_in(since),
        _ => true,
    };
    if let Some(own) = open.iter().rev().find(has).filter(goes_on) {
        let mut case = own.clone();
        apply(&mut case, sign);
        return Some(Taken {
            case,
            is_new: false,
            joined: false,
        });
    }
    let (origin, since, now) = beginning(sign)?;
    // The newest takes it in; an older one that nobody closed is being written about.
    let listed = matches!(sign, Sign::AlertOpened { .. }) && !opens(sign);
    let fits = |case: &&Case| case.takes_in(now) && !(listed && case.over_at.is_some());
    let present = open.last().filter(fits).cloned();
    let is_new = present.is_none();
    if is_new && !opens(sign) {
        return None;
    }
    let mut case = present.unwrap_or_else(|| Case::new(origin, since, now, seq));
    if opens(sign) {
        case.since = case.since.min(since);
    }
    apply(&mut case, sign);
    Some(Taken {
        case,
        is_new,
        joined: !is_new,
    })
}

/// Whether it makes an incident, and goes on with one that was over.
fn opens(sign: Sign) -> bool {
    match sign {
        Sign::AlertOpened { urgency, .. } => urgency != Urgency::Upkeep,
        Sign::RunStarted { recovers, .. } => recovers,
        Sign::AlertOver { .. } | Sign::RunEnded { .. } => false,
    }
}

/// What a new incident of it would be: its origin, its first sign, and the moment.
fn beginning(sign: Sign) -> Option<(Origin, Timestamp, Timestamp)> {
    match sign {
        Sign::AlertOpened {
            incident, since, ..
        } => Some((Origin::Alert { incident }, since, since)),
        Sign::RunStarted { run, at, .. } => Some((Origin::Run { run }, at, at)),
        Sign::AlertOver { .. } | Sign::RunEnded { .. } => None,
    }
}

fn apply(case: &mut Case, sign: Sign) {
    let ended = match sign {
        Sign::AlertOpened { incident, .. } => {
            if !case.alerts.contains(&incident) {
                case.alerts.push(incident);
            }
            if opens(sign) {
                case.open_alerts.insert(incident);
            }
            None
        }
        Sign::RunStarted { run, .. } => {
            if !case.runs.contains(&run) {
                case.runs.push(run);
            }
            // While something is open, REI is not recovered before this has ended too.
            if opens(sign) || case.over_at.is_none() {
                case.open_runs.insert(run);
            }
            None
        }
        Sign::AlertOver { incident, at } => case.open_alerts.remove(&incident).then_some(at),
        Sign::RunEnded { run, at } => case.open_runs.remove(&run).then_some(at),
    };
    let calm = case.open_alerts.is_empty() && case.open_runs.is_empty();
    match ended {
        Some(at) if calm => case.over_at = Some(case.over_at.unwrap_or(at).max(at)),
        _ if !calm => case.over_at = None,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::{IDLE, QUIET};
    use crate::domain::ids::CaseId;
    use crate::domain::operator::Actor;
    use jiff::SignedDuration;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    /// What becomes of the incidents when these signs come, each with its number in the trail.
    fn after(signs: &[Sign]) -> Vec<Case> {
        let mut open: Vec<Case> = Vec::new();
        for (seq, sign) in (1..).zip(signs) {
            let Some(taken) = take(&open, *sign, seq) else {
                continue;
            };
            // Once more, as after a crash between the two: it changes nothing.
            if let Some(known) = open
                .iter_mut()
                .find(|it| it.id == taken.case.id && !taken.is_new)
            {
                *known = taken.case;
            } else {
                let id = CaseId(i64::try_from(open.len()).unwrap() + 1);
                open.push(Case { id, ..taken.case });
            }
        }
        open
    }

    fn opened(number: u64, minute: i64) -> Sign {
        alert(number, minute, Urgency::Outage)
    }

    fn alert(number: u64, minute: i64, urgency: Urgency) -> Sign {
        Sign::AlertOpened {
            incident: IncidentId(number),
            since: at(minute),
            urgency,
        }
    }

    fn over(number: u64, minute: i64) -> Sign {
        Sign::AlertOver {
            incident: IncidentId(number),
            at: at(minute),
        }
    }

    fn started(run: i64, minute: i64, recovers: bool) -> Sign {
        Sign::RunStarted {
            run: RunId(run),
            at: at(minute),
            recovers,
        }
    }

    fn ended(run: i64, minute: i64) -> Sign {
        Sign::RunEnded {
            run: RunId(run),
            at: at(minute),
        }
    }

    #[test]
    fn alerts_and_the_recovery_of_one_time_are_one_incident() {
        let signs = [
            opened(1, 0),
            opened(2, 1),
            started(7, 5, true),
            over(1, 6),
            ended(7, 20),
            over(2, 21),
        ];
        let all = after(&signs);
        assert_eq!(all.len(), 1);
        assert_eq!(
            all[0].origin,
            Origin::Alert {
                incident: IncidentId(1)
            }
        );
        assert_eq!(all[0].alerts, [IncidentId(1), IncidentId(2)]);
        assert_eq!(all[0].runs, [RunId(7)]);
        assert_eq!(all[0].over_at, Some(at(21)));
        // Everything twice is everything once.
        let twice: Vec<Sign> = signs.iter().flat_map(|sign| [*sign, *sign]).collect();
        assert_eq!(after(&twice)[0].runs, [RunId(7)]);
    }

    #[test]
    fn after_a_quiet_time_another_one_opens() {
        let quiet = QUIET.as_mins();
        let soon = [opened(1, 0), over(1, 10), opened(2, 9 + quiet)];
        assert_eq!(after(&soon).len(), 1);
        assert_eq!(after(&soon)[0].over_at, None);
        let later = [opened(1, 0), over(1, 10), opened(2, 10 + quiet)];
        assert_eq!(after(&later).len(), 2);
        // What came back belongs where it was, and its end too.
        let back = [opened(1, 0), over(1, 10), opened(1, 12), over(1, 30)];
        assert_eq!(after(&back)[0].over_at, Some(at(30)));
    }

    #[test]
    fn failed_jobs_that_go_back_make_no_incident() {
        assert!(after(&[started(3, 0, false), ended(3, 1), over(9, 2)]).is_empty());
        let joined = after(&[opened(1, 0), started(3, 1, false)]);
        assert_eq!(joined[0].runs, [RunId(3)]);
    }

    #[test]
    fn one_that_a_person_opened_takes_in_what_follows() {
        let by_hand = Origin::Person {
            actor: Actor::system(),
        };
        let mut case = Case::new(by_hand, at(0), at(0), 1);
        case.id = CaseId(1);
        let taken = take(&[case.clone()], opened(4, 500), 2).unwrap();
        assert!(!taken.is_new && taken.joined);
        assert!(!taken.case.closes_itself(at(5000)));
        // Nobody cared for it for half a day: what comes then is something else …
        let later = IDLE.as_mins() + 1;
        assert!(take(&[case.clone()], opened(4, later), 2).unwrap().is_new);
        // … unless somebody wrote something meanwhile, or something of it goes on.
        let mut noted = case.clone();
        noted.notes.push(crate::domain::case::Note {
            at: at(later - 60),
            by: Actor::system(),
            text: "Still slow".into(),
            picture: None,
            album: None,
        });
        assert!(take(&[noted], opened(4, later), 2).unwrap().joined);
        let running = take(&[case.clone()], opened(4, 5), 2).unwrap().case;
        assert!(take(&[running], opened(5, later), 3).unwrap().joined);
        // One that was closed takes in nothing, even at once.
        case.closed = Some((Actor::system(), at(1)));
        assert!(take(&[case], opened(4, 2), 2).unwrap().is_new);
    }

    #[test]
    fn what_nobody_notices_neither_makes_an_incident_nor_lengthens_one() {
        let minor = |number, minute| alert(number, minute, Urgency::Upkeep);
        assert!(after(&[minor(1, 0), over(1, 5)]).is_empty());
        // Listed, but neither its beginning nor its end counts.
        let during = [opened(1, 10), minor(2, 0), over(1, 20), over(2, 900)];
        let all = after(&during);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].alerts.len(), 2);
        assert_eq!((all[0].since, all[0].over_at), (at(10), Some(at(20))));
        // After the recovery it does not even reopen, nor do failed jobs that go back.
        let recovery = [opened(1, 0), started(7, 5, true), over(1, 18), ended(7, 20)];
        let then = [
            minor(2, 25),
            over(2, 500),
            started(8, 26, false),
            ended(8, 40),
        ];
        let all = after(&[&recovery[..], &then].concat());
        assert_eq!((all.len(), all[0].over_at), (1, Some(at(20))));
        assert_eq!(all[0].runs, [RunId(7), RunId(8)]);
        assert_eq!(all[0].alerts, [IncidentId(1)]);
        // Trouble does, and so does what came back: from then on, not from its first sign.
        let trouble = [alert(3, 30, Urgency::Trouble), over(3, 50)];
        let all = after(&[&recovery[..], &trouble].concat());
        assert_eq!((all.len(), all[0].over_at), (1, Some(at(50))));
        let back = after(&[&recovery[..], &[opened(1, 600), over(1, 620)]].concat());
        assert_eq!(back.len(), 2);
        assert_eq!((back[1].since, back[1].over_at), (at(600), Some(at(620))));
        assert_eq!(back[0].over_at, Some(at(20)));
    }

    #[test]
    fn what_went_over_by_itself_closes_itself() {
        let all = after(&[opened(1, 0), over(1, 10)]);
        assert!(!all[0].closes_itself(at(20)));
        assert!(all[0].closes_itself(at(60)));
        let recovered = after(&[opened(1, 0), started(1, 2, true), ended(1, 5), over(1, 10)]);
        assert!(!recovered[0].closes_itself(at(60)));
    }
}
