//! Alerts: which diagnoses become an incident that people are told of, and when it is over.
//!
//! A [`Watch`] is what is remembered from round to round, and between two starts of the program: it is
//! stored as it is. [`Watch::observe`] takes one more round and answers with what is new. There is at
//! most one incident for a cause and its subject, and one that comes back soon is the same one again:
//! whoever tells people keeps one message for each [`Incident::number`] and edits it.
//!
//! - It opens when enough of the last rounds show it ([`Policy::open`]); where it is merely possible,
//!   more of them must ([`Policy::open_possible`]), unless all that speaks for it is that a server gives
//!   no answer in rounds that follow each other ([`Policy::open_silent`]).
//! - It is over after some rounds in a row that surely do not show it, and after more of them each time
//!   it came back ([`Policy::calm`]).
//! - A round that could not see what the incident rests on, or that merely repeats an earlier look, or in
//!   which another cause now explains its signs, changes nothing.

mod track;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod quiet;
#[cfg(test)]
mod tests;

use super::diagnosis::{Candidate, Cause, Certainty, Diagnosis};
use super::health::{Condition, Part, Round, SignCode};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use track::{Track, Verdict};

/// More than so many causes are never followed at once; whose incident is not open goes first.
const TRACKS: usize = 64;

/// When an incident opens, speaks again, and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// It opens when so many of the last so many rounds show it as likely or certain.
    pub open: (usize, usize),
    /// The same for what is only possible. Log lines and restarts count for five and ten minutes: one
    /// of them alone must not open anything.
    pub open_possible: (usize, usize),
    /// The same where a server beside the backups' gives no answer while others do: one round of it is
    /// a hiccup, and who hangs is of no more use to REI than who is down.
    pub open_silent: (usize, usize),
    /// It is over after so many rounds in a row that do not show it; doubled each time it came back,
    /// up to eight times as many.
    pub calm: u32,
    /// What comes back so soon after it was over is the same incident again.
    pub settle: SignedDuration,
    /// The first reminder comes after so long, the next after twice as long, and so on …
    pub remind: SignedDuration,
    /// … but never later than so.
    pub remind_at_least: SignedDuration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            open: (2, 3),
            open_possible: (8, 10),
            open_silent: (2, 2),
            calm: 3,
            settle: SignedDuration::from_mins(30),
            remind: SignedDuration::from_mins(30),
            remind_at_least: SignedDuration::from_hours(4),
        }
    }
}

/// How long somebody may want to hear no more of an incident.
pub const MUTED: SignedDuration = SignedDuration::from_hours(1);

/// The same, with what clocks may be corrected by meanwhile.
const LONGEST_MUTE: SignedDuration = SignedDuration::from_mins(65);

/// Somebody wants to hear no more of it for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mute {
    /// Of this cause …
    pub cause: Cause,
    /// … and this subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Until then.
    pub until: Timestamp,
}

/// What the rounds do not tell.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The moment of the round.
    pub now: Timestamp,
    /// What is muted. Mutes that are over do not matter.
    pub muted: &'a [Mute],
    /// Ids of the runbooks that are being carried out just now. A run that waits for a person carries
    /// out nothing.
    pub recovering: &'a [&'a str],
    /// The rules.
    pub policy: Policy,
}

/// Something that people are told of, from its beginning to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Counts up from 1; the same as long as it is the same incident.
    pub number: u64,
    /// The cause with its subject, certainty and evidence, as the last round had it that showed it.
    pub candidate: Candidate,
    /// The first round that showed it.
    pub since: Timestamp,
    /// The first of the good rounds that ended it; nothing while it is open.
    pub until: Option<Timestamp>,
    /// How often it was over and came back.
    pub returns: u32,
    /// Nobody is to be told of it until then.
    pub muted_until: Option<Timestamp>,
    /// Whether people were told of it.
    told: bool,
    reminders: u32,
    remind_at: Timestamp,
}

impl Incident {
    /// Whether it is not over.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.until.is_none()
    }
}

/// Something new about an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What is new.
    pub what: What,
    /// The incident as it is now.
    pub incident: Incident,
}

/// What is new about an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is there: a new message. Comes late where it was muted when it began.
    Opened,
    /// Certainty or evidence changed: an edit of the message.
    Updated {
        /// It became more certain, or shows something that it did not.
        worse: bool,
    },
    /// It was over and is back: an edit of the message.
    Returned,
    /// It is still there: a short new message.
    Reminder,
    /// It is over: an edit of the message.
    Resolved {
        /// From the first round that showed it to the first good one.
        lasted: Duration,
    },
    /// It is muted from now on: an edit of the message.
    Muted,
    /// It is no longer muted: an edit of the message. If it is open, a reminder comes with it.
    Unmuted,
}

/// What is remembered from round to round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    tracks: Vec<Track>,
    opened: u64,
}

impl Watch {
    /// Takes one more round with its diagnosis and says what is new, in the order of the diagnosis.
    pub fn observe(
        &mut self,
        round: &Round,
        diagnosis: &Diagnosis,
        context: &Context<'_>,
    ) -> Vec<Change> {
        for one in diagnosis.leading() {
            if !self.tracks.iter().any(|track| track.is_of(one)) {
                self.tracks.push(Track::new(one));
            }
        }
        let mut changes = Vec::new();
        for track in &mut self.tracks {
            let held = context.recovering.iter();
            if held.into_iter().any(|runbook| track.cause.is_of(runbook)) {
                track.hold();
                continue;
            }
            let verdict = verdict(track, round, diagnosis);
            changes.extend(track.step(&verdict, &mut self.opened, context));
        }
        self.tracks.retain(|track| !track.is_idle(context));
        self.shrink();
        changes
    }

    /// The incidents that are not over, the oldest first.
    pub fn open(&self) -> impl Iterator<Item = &Incident> {
        let mut open: Vec<&Incident> = self.incidents().filter(|one| one.is_open()).collect();
        open.sort_by_key(|incident| incident.number);
        open.into_iter()
    }

    /// An incident that is open or was until a short while ago.
    #[must_use]
    pub fn find(&self, number: u64) -> Option<&Incident> {
        self.incidents().find(|incident| incident.number == number)
    }

    fn incidents(&self) -> impl Iterator<Item = &Incident> {
        let tracks = self.tracks.iter();
        tracks.filter_map(|track| track.incident.as_ref())
    }

    fn shrink(&mut self) {
        while self.tracks.len() > TRACKS {
            let is_open = |track: &Track| track.incident.as_ref().is_some_and(Incident::is_open);
            let quiet = self.tracks.iter().position(|track| !is_open(track));
            self.tracks.remove(quiet.unwrap_or(0));
        }
    }
}

/// What a round says of one cause.
fn verdict<'a>(track: &Track, round: &Round, diagnosis: &'a Diagnosis) -> Verdict<'a> {
    if let Some(one) = diagnosis.find(track.cause, track.subject.as_deref()) {
        let leads = diagnosis
            .leading()
            .any(|leading| std::ptr::eq(leading, one));
        return match is_fresh(one, round) && (leads || track.is_open()) {
            true => Verdict::Shown(one),
            false => Verdict::Nothing,
        };
    }
    // What it rests on is known from the last round that showed it.
    let Some(rests_on) = track.rests_on() else {
        return Verdict::Gone;
    };
    let others = diagnosis.candidates.iter().flat_map(|one| &one.evidence);
    if others
        .into_iter()
        .any(|other| other.follows && other.is_same(rests_on))
    {
        return Verdict::Explained;
    }
    let unseen = round
        .of(rests_on.part)
        .any(|found| found.subject == rests_on.subject && found.condition == Condition::Unknown);
    if unseen {
        Verdict::Nothing
    } else {
        Verdict::Gone
    }
}

/// Whether anything that speaks for it was seen just now, and not by an earlier look.
fn is_fresh(one: &Candidate, round: &Round) -> bool {
    one.tells().any(|evidence| {
        let findings = round.of(evidence.part);
        findings
            .filter(|found| found.subject == evidence.subject)
            .any(|found| found.is_fresh())
    })
}

/// How much a round that shows it counts.
const POSSIBLE: u8 = 1;
const SILENT: u8 = 2;
const LIKELY: u8 = 3;

fn level(one: &Candidate) -> u8 {
    match one.certainty {
        Certainty::Certain | Certainty::Likely => LIKELY,
        // A list of backups may take long, and nothing waits for it.
        Certainty::Possible => match one.tells().next() {
            Some(first) if first.sign.code == SignCode::Silent && first.part != Part::Backups => {
                SILENT
            }
            _ => POSSIBLE,
        },
    }
}
