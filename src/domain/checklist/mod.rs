//! The checklist after a recovery or a drill: what must be true before everybody goes home.
//!
//! A line is settled by a person, or by a probe that can prove it. What a probe proved it may take back
//! when it sees otherwise later; what a person said stays. Each line counts its own changes, and a press
//! names the state of the line it was made on: two people at once cannot overwrite each other.

mod proof;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use proof::{Context, DRILLED, Probe, Report, Seen, Sent, Verified, judge, rehearsed};

use super::failure::Args;
use super::ids::{ChecklistId, ChoreId, LineId, RunId};
use super::operator::Actor;
use super::wording::Wording;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long nobody is reminded.
const FIRST_REMINDER: SignedDuration = SignedDuration::from_hours(1);
/// How long after that it is each time.
const NEXT_REMINDER: SignedDuration = SignedDuration::from_hours(4);

/// A checklist as its file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// In the order in which they are shown.
    pub lines: Vec<Item>,
}

/// A line as its file has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its id, unique in the checklist.
    pub id: LineId,
    /// What it says.
    pub text: Wording,
    /// What can prove it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<Probe>,
}

/// What a checklist is about. There is one for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum About {
    /// A recovery that ended.
    Run {
        /// Which.
        run: RunId,
    },
    /// A drill that ended.
    Drill {
        /// Which.
        chore: ChoreId,
    },
    /// Somebody wanted one.
    Hand,
}

impl About {
    /// What it is unique by; nothing where there may be many.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        match self {
            Self::Run { run } => Some(format!("run:{}", run.0)),
            Self::Drill { chore } => Some(format!("drill:{}", chore.0)),
            Self::Hand => None,
        }
    }
}

/// Who ticked a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Ticker {
    /// This person.
    Person {
        /// Who.
        actor: Actor,
    },
    /// The line's probe; [`Line::sight`] is the evidence.
    Probe,
}

/// How a line stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum State {
    /// Not settled.
    Open {
        /// When the probe that had ticked it saw otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fell: Option<Timestamp>,
    },
    /// Done.
    Ticked {
        /// By whom.
        by: Ticker,
        /// When.
        at: Timestamp,
    },
    /// Of no concern this time.
    NotApplicable {
        /// Who said so.
        by: Actor,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

/// What a probe saw, as of the moment from which on it has been so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sight {
    /// Since when.
    pub at: Timestamp,
    /// Whether what the line says is so.
    pub holds: bool,
    /// The blanks of the evidence.
    #[serde(default, skip_serializing_if = "Args::is_empty")]
    pub args: Args,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What it is about.
    pub item: Item,
    /// How it stands.
    pub state: State,
    /// Raised by each change of the state.
    pub turn: u32,
    /// What its probe last said for sure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sight: Option<Sight>,
    /// A person opened it again: only people settle it from now on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
}

impl Line {
    /// Whether nothing is left to do about it.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        !matches!(self.state, State::Open { .. })
    }

    fn turn_to(&mut self, state: State) {
        self.state = state;
        self.turn += 1;
    }
}

/// How a checklist stands as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Phase {
    /// People are at it.
    Open,
    /// Done.
    Closed {
        /// Who said so.
        by: Actor,
        /// When.
        at: Timestamp,
    },
}

/// A checklist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checklist {
    /// Its number.
    pub id: ChecklistId,
    /// Raised by each change: who changes it says which state he read.
    pub revision: u64,
    /// What it is about.
    pub about: About,
    /// Who opened it.
    pub opened_by: Actor,
    /// When.
    pub opened_at: Timestamp,
    /// When began what it is about: whoever was told since was told of it.
    pub began: Timestamp,
    /// When that was over: what shall prove that all is well must have been seen since.
    pub since: Timestamp,
    /// Its lines, in order.
    pub lines: Vec<Line>,
    /// As a whole.
    pub phase: Phase,
    /// When people are reminded next, while it is open.
    pub remind_at: Timestamp,
}

/// What a person does to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// It is done.
    Tick,
    /// It is not settled after all.
    Untick,
    /// It does not matter this time, and why.
    NotApplicable(String),
}

/// A press on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// Which line.
    pub line: LineId,
    /// The line's turn when it was shown.
    pub turn: u32,
    /// What.
    pub act: Act,
}

/// Why a press did nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The checklist is closed.
    Closed,
    /// There is no such line.
    NoSuchLine,
    /// Somebody or something changed the line since it was shown.
    MovedOn,
    /// So many lines are not settled.
    Left(usize),
}

/// What a look of the probes changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which line.
    pub line: LineId,
    /// Ticked, or open again.
    pub ticked: bool,
}

/// When and by whom a checklist is opened, and about what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// About what.
    pub about: About,
    /// Who opens it.
    pub by: Actor,
    /// Now.
    pub at: Timestamp,
    /// When began what it is about.
    pub began: Timestamp,
    /// When that was over.
    pub since: Timestamp,
}

impl Checklist {
    /// A new one; the store gives its number.
    #[must_use]
    pub fn open(template: &Template, opening: Opening) -> Self {
        let line = |item: &Item| Line {
            item: item.clone(),
            state: State::Open { fell: None },
            turn: 0,
            sight: None,
            by_hand: false,
        };
        Self {
            id: ChecklistId(0),
            revision: 0,
            about: opening.about,
            opened_by: opening.by,
            opened_at: opening.at,
            began: opening.began,
            since: opening.since,
            lines: template.lines.iter().map(line).collect(),
            phase: Phase::Open,
            remind_at: later(opening.at, FIRST_REMINDER),
        }
    }

    /// Whether people are at it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }

    /// A line by its id.
    #[must_use]
    pub fn line(&self, id: &LineId) -> Option<&Line> {
        self.lines.iter().find(|line| line.item.id == *id)
    }

    /// How many lines are not settled.
    #[must_use]
    pub fn left(&self) -> usize {
        self.lines.iter().filter(|line| !line.is_settled()).count()
    }

    /// A person's press on a line.
    ///
    /// # Errors
    /// It is closed; there is no such line; the line is no longer as it was shown.
    pub fn press(&mut self, by: &Actor, press: &Press, at: Timestamp) -> Result<(), Refusal> {
        if !self.is_open() {
            return Err(Refusal::Closed);
        }
        let mut lines = self.lines.iter_mut();
        let line = lines
            .find(|line| line.item.id == press.line)
            .ok_or(Refusal::NoSuchLine)?;
        let fits = match press.act {
            Act::Tick | Act::NotApplicable(_) => !line.is_settled(),
            Act::Untick => line.is_settled(),
        };
        if line.turn != press.turn || !fits {
            return Err(Refusal::MovedOn);
        }
        let by = by.clone();
        line.turn_to(match &press.act {
            Act::Tick => State::Ticked {
                by: Ticker::Person { actor: by },
                at,
            },
            Act::NotApplicable(reason) => State::NotApplicable {
                by,
                at,
                reason: reason.clone(),
            },
            Act::Untick => State::Open { fell: None },
        });
        line.by_hand |= press.act == Act::Untick;
        Ok(())
    }

    /// Takes in what the probes see now. Gives the lines that were ticked or opened by it; nothing
    /// where nothing is different from before, also not for those who only read.
    pub fn look(&mut self, see: impl Fn(Probe) -> Seen, at: Timestamp) -> Option<Vec<Moved>> {
        if !self.is_open() {
            return None;
        }
        let mut moved = Vec::new();
        let mut news = false;
        for line in &mut self.lines {
            let Some(probe) = line.item.probe else {
                continue;
            };
            let (holds, args) = match see(probe) {
                Seen::Proved(args) => (true, args),
                Seen::Refuted(args) => (false, args),
                Seen::Untold => continue,
            };
            let settles = holds && !line.is_settled() && !line.by_hand;
            let by = Ticker::Probe;
            let falls = !holds && matches!(&line.state, State::Ticked { by: it, .. } if *it == by);
            if settles || line.sight.as_ref().map(|sight| sight.holds) != Some(holds) {
                line.sight = Some(Sight { at, holds, args });
                news = true;
            } else if let Some(sight) = &mut line.sight
                && proof::differ(&sight.args, &args)
            {
                // Still so, by other evidence: another unit is down now.
                sight.args = args;
                news = true;
            }
            if settles {
                line.turn_to(State::Ticked { by, at });
            } else if falls {
                line.turn_to(State::Open { fell: Some(at) });
            }
            if settles || falls {
                moved.push(Moved {
                    line: line.item.id.clone(),
                    ticked: settles,
                });
            }
        }
        news.then_some(moved)
    }

    /// A person says that all is done.
    ///
    /// # Errors
    /// It is closed already; a line is not settled.
    pub fn close(&mut self, by: &Actor, at: Timestamp) -> Result<(), Refusal> {
        if !self.is_open() {
            return Err(Refusal::Closed);
        }
        match self.left() {
            0 => {
                self.phase = Phase::Closed { by: by.clone(), at };
                Ok(())
            }
            left => Err(Refusal::Left(left)),
        }
    }

    /// Whether people are to be reminded now; the next time is put off then. What was missed while the
    /// program was off is one reminder and not several.
    pub fn remind(&mut self, now: Timestamp) -> bool {
        let due = self.is_open() && self.remind_at <= now;
        if due {
            self.remind_at = later(now, NEXT_REMINDER);
        }
        due
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}
