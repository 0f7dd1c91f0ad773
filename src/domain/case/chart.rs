//! The picture of an incident as bars on one time axis, before anybody draws it.

use super::dossier::{Course, Dossier};
use crate::domain::diagnosis::Cause;
use crate::domain::event::Event;
use crate::domain::health::history::Track;
use crate::domain::health::{Condition, Part};
use crate::domain::ids::RunId;
use jiff::{SignedDuration, Timestamp};

/// Most lanes of each kind: a picture with more cannot be read.
const LANES: usize = 6;

/// The axis is never shorter.
const SHORTEST: SignedDuration = SignedDuration::from_secs(60);

/// A pause between two steps that is shorter is none.
const PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Where the axis begins.
    pub from: Timestamp,
    /// Where it ends.
    pub until: Timestamp,
    /// From top to bottom.
    pub lanes: Vec<Lane>,
    /// Moments of notes.
    pub notes: Vec<Timestamp>,
}

/// One line of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// What it tells of.
    pub name: Name,
    /// In order.
    pub bars: Vec<Bar>,
}

/// What a lane tells of.
#[derive(Clone, Debug, PartialEq)]
pub enum Name {
    /// An alert.
    Alert(Cause, Option<String>),
    /// A unit of REI.
    Unit(String),
    /// A recovery.
    Run(RunId),
}

/// Something that lasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
    /// What it was.
    pub shade: Shade,
}

/// What a bar stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shade {
    /// An alert was open.
    Alert,
    /// A unit was down.
    Down,
    /// It was not as it should be, or nobody could tell.
    Troubled,
    /// A step was at work.
    Work,
    /// A step that failed was at work.
    Failed,
    /// People were waited for.
    Waiting,
}

impl Shade {
    /// Every shade, in the order of the legend.
    pub const ALL: [Self; 6] = [
        Self::Alert,
        Self::Down,
        Self::Troubled,
        Self::Work,
        Self::Failed,
        Self::Waiting,
    ];

    /// The end of its locale key.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Down => "down",
            Self::Troubled => "troubled",
            Self::Work => "work",
            Self::Failed => "failed",
            Self::Waiting => "waiting",
        }
    }
}

impl Chart {
    /// The bars of an incident; with a little room on both sides.
    #[must_use]
    pub fn of(dossier: &Dossier) -> Self {
        let since = dossier.case.since;
        let until = dossier
            .case
            .until()
            .unwrap_or(dossier.now)
            .max(since + SHORTEST);
        let room = until.duration_since(since) / 40;
        let (from, until) = (since - room, until + room);
        let mut lanes: Vec<Lane> = dossier
            .alerts
            .iter()
            .take(LANES)
            .map(|alert| Lane {
                name: Name::Alert(alert.candidate.cause, alert.candidate.subject.clone()),
                bars: vec![Bar {
                    from: alert.since,
                    until: alert.until.unwrap_or(until),
                    shade: Shade::Alert,
                }],
            })
            .collect();
        let tracks = dossier.span.iter().flat_map(|span| &span.tracks);
        lanes.extend(tracks.filter_map(unit).take(LANES));
        lanes.extend(dossier.courses.iter().take(LANES).map(|it| lane(it, until)));
        for bar in lanes.iter_mut().flat_map(|lane| &mut lane.bars) {
            bar.from = bar.from.clamp(from, until);
            bar.until = bar.until.clamp(from, until);
        }
        let notes = dossier.case.notes.iter().map(|note| note.at);
        let notes = notes.filter(|at| (from..=until).contains(at)).collect();
        Self {
            from,
            until,
            lanes,
            notes,
        }
    }

    /// The shades that occur, in the order of the legend.
    pub fn shades(&self) -> impl Iterator<Item = Shade> {
        Shade::ALL.into_iter().filter(|shade| {
            let mut bars = self.lanes.iter().flat_map(|lane| &lane.bars);
            bars.any(|bar| bar.shade == *shade)
        })
    }
}

/// A unit that was not up all the time.
fn unit(track: &Track) -> Option<Lane> {
    if track.part != Part::Unit {
        return None;
    }
    let bars: Vec<Bar> = track
        .pieces
        .iter()
        .filter_map(|piece| {
            let shade = match piece.condition {
                Condition::Up => return None,
                Condition::Down => Shade::Down,
                Condition::Degraded | Condition::Unknown => Shade::Troubled,
            };
            Some(Bar {
                from: piece.from,
                until: piece.until,
                shade,
            })
        })
        .collect();
    (!bars.is_empty()).then(|| Lane {
        name: Name::Unit(track.subject.clone().unwrap_or_default()),
        bars,
    })
}

/// A recovery: its steps, and between them the waits for people.
fn lane(course: &Course, until: Timestamp) -> Lane {
    let mut bars: Vec<Bar> = Vec::new();
    let mut begun = None;
    let (started, ended) = (course.run.started_at, course.run.finished_at);
    for entry in &course.journal {
        let shade = match &entry.event {
            Event::StepStarted { .. } | Event::UndoStarted { .. } => {
                begun = Some(entry.at);
                continue;
            }
            Event::StepSucceeded { .. } | Event::UndoSucceeded { .. } => Shade::Work,
            Event::StepFailed { .. }
            | Event::UndoFailed { .. }
            | Event::StepInDoubt { .. }
            | Event::UndoInDoubt { .. } => Shade::Failed,
            _ => continue,
        };
        if let Some(from) = begun.take() {
            bars.push(Bar {
                from,
                until: entry.at,
                shade,
            });
        }
    }
    let open = begun.map(|from| Bar {
        from,
        until,
        shade: Shade::Work,
    });
    bars.extend(open);
    if let Some(started) = started {
        let waits = waits(&bars, started, ended.unwrap_or(until));
        bars.extend(waits);
        bars.sort_by_key(|bar| bar.from);
    }
    Lane {
        name: Name::Run(course.run.id),
        bars,
    }
}

/// The stretches in which nothing was at work.
fn waits(bars: &[Bar], started: Timestamp, ended: Timestamp) -> Vec<Bar> {
    let mut at = started;
    let mut found = Vec::new();
    let end = Bar {
        from: ended,
        until: ended,
        shade: Shade::Work,
    };
    for bar in bars.iter().chain(std::iter::once(&end)) {
        if bar.from.duration_since(at) >= PAUSE {
            found.push(Bar {
                from: at,
                until: bar.from,
                shade: Shade::Waiting,
            });
        }
        at = at.max(bar.until);
    }
    found
}
