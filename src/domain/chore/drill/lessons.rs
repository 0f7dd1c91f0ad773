//! What is to be learnt from a drill.

use super::{Drilled, Function, Leg, LegState};
use crate::domain::chore::testing::Verdict;
use crate::domain::ids::StepId;
use std::time::Duration;

/// Below this share of the recovery no step is worth a word.
const WORTH: u64 = 25;

/// Something to improve, or to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lesson {
    /// It took longer than promised.
    OverRto {
        /// By so much.
        by: Duration,
    },
    /// More would be lost than promised: backups are taken too seldom.
    OverRpo {
        /// By so much.
        by: Duration,
    },
    /// The recovery stopped at a step.
    Stopped {
        /// Locale key of its title.
        title: String,
    },
    /// Something does not work afterwards.
    Broken(Function),
    /// Nobody could tell whether it works.
    Unproved(Function),
    /// The step that took most of the time.
    Slowest {
        /// Locale key of its title.
        title: String,
        /// Its time.
        took: Duration,
        /// Its share of all steps, in percent.
        share: u64,
    },
    /// A step that a drill cannot try.
    NotTried {
        /// Locale key of its title.
        title: String,
    },
    /// A program that was not run for real.
    StoodIn {
        /// Its name.
        program: String,
    },
}

impl Lesson {
    /// Whether it asks for a change.
    #[must_use]
    pub fn asks(&self) -> bool {
        match self {
            Self::OverRto { .. }
            | Self::OverRpo { .. }
            | Self::Stopped { .. }
            | Self::Broken(_)
            | Self::Unproved(_) => true,
            Self::Slowest { .. } | Self::NotTried { .. } | Self::StoodIn { .. } => false,
        }
    }
}

impl Drilled {
    /// What to improve, the most urgent first.
    #[must_use]
    pub fn lessons(&self) -> Vec<Lesson> {
        let mut lessons = self.promises();
        if !self.seen.wish.bad_backup {
            lessons.extend(self.stopped());
        }
        for look in &self.seen.looks {
            match look.verdict {
                Verdict::Fail => lessons.push(Lesson::Broken(look.function)),
                Verdict::Inconclusive => lessons.push(Lesson::Unproved(look.function)),
                Verdict::Pass => {}
            }
        }
        let legs = self.seen.recovery.as_ref().map(|it| it.legs.as_slice());
        let legs = legs.unwrap_or_default();
        lessons.extend(slowest(legs).filter(|_| !self.seen.wish.bad_backup));
        let untried = legs.iter().filter(|leg| leg.state == LegState::NotTried);
        lessons.extend(untried.map(|leg| Lesson::NotTried {
            title: leg.title.clone(),
        }));
        let programs = self.seen.recovery.iter().flat_map(|it| &it.stood_in);
        lessons.extend(programs.map(|program| Lesson::StoodIn {
            program: program.clone(),
        }));
        lessons
    }

    fn promises(&self) -> Vec<Lesson> {
        let over = |found: Option<Duration>, promised: u64| {
            let by = found?.checked_sub(Duration::from_millis(promised))?;
            (!by.is_zero()).then_some(by)
        };
        let rto = over(self.rto(), self.promise.rto).map(|by| Lesson::OverRto { by });
        let rpo = self.rpo().filter(|_| self.broke_rpo());
        let rpo = over(rpo, self.promise.rpo).map(|by| Lesson::OverRpo { by });
        rto.into_iter().chain(rpo).collect()
    }

    fn stopped(&self) -> Option<Lesson> {
        let recovery = self.seen.recovery.as_ref()?;
        let (step, _) = recovery.stopped.as_ref()?;
        Some(Lesson::Stopped {
            title: title(&recovery.legs, step),
        })
    }
}

fn title(legs: &[Leg], step: &StepId) -> String {
    let leg = legs.iter().find(|leg| leg.step == *step);
    leg.map_or_else(|| step.to_string(), |leg| leg.title.clone())
}

fn slowest(legs: &[Leg]) -> Option<Lesson> {
    let all: u64 = legs.iter().map(|leg| leg.took).sum();
    let leg = legs.iter().max_by_key(|leg| leg.took)?;
    let share = (leg.took * 100).checked_div(all)?;
    (share >= WORTH).then(|| Lesson::Slowest {
        title: leg.title.clone(),
        took: Duration::from_millis(leg.took),
        share,
    })
}
