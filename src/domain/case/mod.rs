//! The file of an incident: what the team keeps of something that went wrong, from its first sign to
//! its lessons.
//!
//! People call it the incident. It is wider than the monitor's [`Incident`](super::alert::Incident),
//! which is one cause: a file takes in alerts, recoveries and notes. What happened is not copied into
//! it but told from the journals, the trail and the alerts whenever somebody asks ([`timeline`]); only
//! what people add is kept here.

pub mod chart;
pub mod dossier;
mod fit;
pub mod item;
pub mod timeline;

pub use dossier::{Dossier, Lost};
pub use fit::{Sign, Taken, take};
pub use item::{Item, Owner};

use super::ids::{CaseId, IncidentId, RunId};
use super::operator::Actor;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What comes so soon after everything was over still belongs to the same incident. As long as the
/// monitor takes an alert that comes back for the same one.
pub const QUIET: SignedDuration = SignedDuration::from_mins(30);

/// One that somebody opened by hand, and of which nothing is known to go on, takes in nothing more after
/// so long without a word of anybody.
pub const IDLE: SignedDuration = SignedDuration::from_hours(12);

/// Longest title, in characters.
pub const TITLE: usize = 120;

/// Longest note or answer, in characters: one message of Telegram.
pub const TEXT: usize = 4096;

/// Largest picture, in bytes.
pub const PICTURE: u64 = 10 << 20;

/// Most notes of one incident, and most pictures among them: a file stays something that can be sent.
pub const NOTES: usize = 200;
/// Most pictures of one incident.
pub const PICTURES: usize = 20;

/// Most replaced answers kept with one incident; the oldest go first.
const REPLACED: usize = 100;

/// Most action items of one incident.
pub const ITEMS: usize = 50;

/// What opened it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Origin {
    /// The first alert of a quiet time.
    Alert {
        /// Which.
        incident: IncidentId,
    },
    /// A recovery that began.
    Run {
        /// Which.
        run: RunId,
    },
    /// A person.
    Person {
        /// Who.
        actor: Actor,
    },
}

/// What somebody added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// His words, as he wrote them; empty beside a picture without a caption.
    pub text: String,
    /// The picture's SHA-256, hexadecimal, by which the shelf knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// The album that the picture came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub album: Option<String>,
}

/// A part of the document that only people can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Why it happened.
    RootCause,
    /// What was lost besides what the program knows of.
    DataLoss,
    /// What went well.
    WentWell,
    /// What needs improvement.
    Improve,
}

impl Question {
    /// Every question, in the order they are asked and stand in the document.
    pub const ALL: [Self; 4] = [
        Self::RootCause,
        Self::DataLoss,
        Self::WentWell,
        Self::Improve,
    ];

    /// The end of its locale keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RootCause => "root-cause",
            Self::DataLoss => "data-loss",
            Self::WentWell => "went-well",
            Self::Improve => "improve",
        }
    }

    /// Whether a document is not complete without its answer. What was lost the program knows of a
    /// recovery by itself.
    #[must_use]
    pub fn is_needed(self) -> bool {
        self != Self::DataLoss
    }
}

/// What somebody answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// His words.
    pub text: String,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// The file of an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Its number; given by the book.
    pub id: CaseId,
    /// Raised by each change.
    pub revision: u64,
    /// What a person called it.
    pub title: Option<String>,
    /// What opened it.
    pub origin: Origin,
    /// Its first sign.
    pub since: Timestamp,
    /// When the file was opened.
    pub opened_at: Timestamp,
    /// The trail before this entry has nothing of it.
    pub trail_from: u64,
    /// Alerts that belong to it, in the order they came.
    pub alerts: Vec<IncidentId>,
    /// Those of them that are not over.
    pub open_alerts: BTreeSet<IncidentId>,
    /// Runs that belong to it, in the order they began.
    pub runs: Vec<RunId>,
    /// Those of them that have not ended.
    pub open_runs: BTreeSet<RunId>,
    /// Since when nothing of it is open any more.
    pub over_at: Option<Timestamp>,
    /// What people added.
    pub notes: Vec<Note>,
    /// What people answered.
    pub answers: BTreeMap<Question, Answer>,
    /// Answers that were written anew, the oldest first: somebody's words are not lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<(Question, Answer)>,
    /// What is to be done.
    pub items: Vec<Item>,
    /// By whom and when it was closed.
    pub closed: Option<(Actor, Timestamp)>,
}

impl Case {
    /// A new one; its number is given by the book.
    #[must_use]
    pub fn new(origin: Origin, since: Timestamp, now: Timestamp, trail_from: u64) -> Self {
        Self {
            id: CaseId(0),
            revision: 0,
            title: None,
            origin,
            since,
            opened_at: now,
            trail_from,
            alerts: Vec::new(),
            open_alerts: BTreeSet::new(),
            runs: Vec::new(),
            open_runs: BTreeSet::new(),
            over_at: None,
            notes: Vec::new(),
            answers: BTreeMap::new(),
            replaced: Vec::new(),
            items: Vec::new(),
            closed: None,
        }
    }

    /// Whether it is not closed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// Whether what happens now belongs to it.
    #[must_use]
    pub fn takes_in(&self, now: Timestamp) -> bool {
        let goes_on = !(self.open_alerts.is_empty() && self.open_runs.is_empty());
        let (last, most) = match self.over_at {
            Some(over) => (over, QUIET),
            None => (self.last_word(), IDLE),
        };
        self.is_open() && (goes_on || now.duration_since(last) < most)
    }

    /// When somebody last wrote into it; else when it was opened.
    fn last_word(&self) -> Timestamp {
        let notes = self.notes.iter().map(|note| note.at);
        let answers = self.answers.values().map(|answer| answer.at);
        let words = notes.chain(answers);
        words.fold(self.opened_at, Timestamp::max)
    }

    /// Whether people have to do with it: more than an alert that came and went by itself.
    #[must_use]
    pub fn matters(&self) -> bool {
        matches!(self.origin, Origin::Person { .. })
            || self.title.is_some()
            || !(self.runs.is_empty() && self.notes.is_empty())
            || !(self.answers.is_empty() && self.items.is_empty())
    }

    /// Whether it may be closed without anybody: it went over by itself and nobody cared.
    #[must_use]
    pub fn closes_itself(&self, now: Timestamp) -> bool {
        self.is_open() && self.over_at.is_some() && !self.takes_in(now) && !self.matters()
    }

    /// The end of what it was about: nothing while something of it is open.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        self.over_at.or(self.closed.as_ref().map(|(_, at)| *at))
    }

    /// Takes an answer; one that stood there is kept beside it.
    pub fn answer(&mut self, question: Question, answer: Answer) {
        if let Some(before) = self.answers.insert(question, answer) {
            self.replaced.push((question, before));
            let over = self.replaced.len().saturating_sub(REPLACED);
            self.replaced.drain(..over);
        }
    }

    /// Needed questions without an answer.
    pub fn missing(&self) -> impl Iterator<Item = Question> {
        let needed = Question::ALL.into_iter().filter(|it| it.is_needed());
        needed.filter(|question| !self.answers.contains_key(question))
    }

    /// Whether the people's part of the document is written.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing().next().is_none()
    }

    /// The first question without an answer from this one on.
    #[must_use]
    pub fn next_question(&self, after: Option<Question>) -> Option<Question> {
        let mut rest = Question::ALL.into_iter();
        rest.find(|it| after.is_none_or(|after| *it > after) && !self.answers.contains_key(it))
    }

    /// Items that are not done.
    pub fn to_do(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.done.is_none())
    }

    /// An item by its number.
    #[must_use]
    pub fn item(&self, number: u32) -> Option<&Item> {
        self.items.iter().find(|item| item.number == number)
    }

    /// Pictures among its notes.
    #[must_use]
    pub fn pictures(&self) -> usize {
        let notes = self.notes.iter();
        notes.filter(|note| note.picture.is_some()).count()
    }
}

/// A text as it is kept: without what steers a terminal or turns the reading direction, not longer
/// than this, and with its line breaks.
#[must_use]
pub fn tidy(text: &str, most: usize) -> String {
    let harmless = |character: &char| {
        let turns = matches!(
            character,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
        ) || ('\u{202a}'..='\u{202e}').contains(character)
            || ('\u{2060}'..='\u{206f}').contains(character);
        *character == '\n' || !(turns || character.is_control())
    };
    let clean: String = text.chars().filter(harmless).take(most).collect();
    clean.trim().to_owned()
}
