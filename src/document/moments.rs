//! The timeline in words.

use super::words::Words;
use crate::domain::case::Dossier;
use crate::domain::case::timeline::{Moment, What, moments};
use crate::domain::failure::{Arg, Args, Failure};
use crate::domain::ids::{RunId, StepId};
use jiff::Timestamp;

/// Characters of a note that the timeline tells; the whole of it stands among the notes.
const NOTE: usize = 140;

/// A line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// Its end, of something that lasted.
    pub until: Option<Timestamp>,
    /// What.
    pub text: String,
}

/// The timeline, line by line.
#[must_use]
pub fn lines(words: &Words<'_>, dossier: &Dossier) -> Vec<Line> {
    let told = |moment: Moment| Line {
        at: moment.at,
        until: moment.until,
        text: sentence(words, dossier, &moment.what),
    };
    moments(dossier).into_iter().map(told).collect()
}

fn sentence(words: &Words<'_>, dossier: &Dossier, what: &What) -> String {
    match what {
        What::Alert { cause, subject } => words.tell(
            "incident-line-alert",
            [(
                "cause",
                words.cause(cause.as_str(), subject.as_deref()).into(),
            )],
        ),
        What::AlertOver {
            cause,
            subject,
            lasted,
        } => words.tell(
            "incident-line-alert-over",
            [
                (
                    "cause",
                    words.cause(cause.as_str(), subject.as_deref()).into(),
                ),
                ("lasted", (*lasted).into()),
            ],
        ),
        What::Opened { by } => words.tell("incident-line-opened", [("by", words.who(by).into())]),
        What::Closed { by } => words.tell("incident-line-closed", [("by", words.who(by).into())]),
        What::FullCheck { passed } => {
            let passed = match passed {
                Some(true) => "yes",
                Some(false) => "no",
                None => "unknown",
            };
            words.tell("incident-line-full-check", [("passed", passed.into())])
        }
        What::Noticed { count } => {
            let count = Arg::Number(i64::try_from(*count).unwrap_or(i64::MAX));
            words.tell("incident-line-noticed", [("count", count)])
        }
        What::ProgramStarted => words.word("incident-line-program"),
        What::Note { nth } => note(words, dossier, *nth),
        of_run => step_or_gate(words, dossier, of_run),
    }
}

fn note(words: &Words<'_>, dossier: &Dossier, nth: usize) -> String {
    let Some(note) = dossier.case.notes.get(nth) else {
        return String::new();
    };
    let mut text: String = note.text.chars().take(NOTE).collect();
    if text.len() < note.text.len() {
        text.push('…');
    }
    let picture = if note.picture.is_some() { "yes" } else { "no" };
    words.tell(
        "incident-line-note",
        [
            ("by", words.who(&note.by).into()),
            ("text", text.into()),
            ("picture", picture.into()),
        ],
    )
}

fn step_or_gate(words: &Words<'_>, dossier: &Dossier, what: &What) -> String {
    let (run, key, mut blanks) = match what {
        What::Asked { run, gate } => (run, "asked", gated(words, gate)),
        What::Expired { run, gate } => (run, "expired", gated(words, gate)),
        What::Voided { run, gate } => (run, "voided", gated(words, gate)),
        What::Approved { run, gate, .. } => (run, "approved", gated(words, gate)),
        What::WentAlone { run, gate, .. } => (run, "went-alone", gated(words, gate)),
        What::Denied { run, gate, .. } => (run, "denied", gated(words, gate)),
        What::Started { run, .. } => (run, "started", Args::new()),
        What::Cancelled { run, .. } => (run, "cancelled", Args::new()),
        What::Resumed { run, .. } => (run, "resumed", Args::new()),
        What::RollBack { run, .. } => (run, "roll-back", Args::new()),
        What::Ended { run, outcome, took } => {
            let outcome = words.word(&format!("outcome-{}.short", outcome.as_str()));
            let mut blanks = one("outcome", outcome);
            blanks.insert("took".to_owned(), (*took).into());
            (run, "ended", blanks)
        }
        other => return of_step(words, dossier, other),
    };
    if let What::Approved { waited, .. }
    | What::Denied { waited, .. }
    | What::WentAlone { waited, .. } = what
    {
        blanks.insert("waited".to_owned(), (*waited).into());
    }
    if let What::WentAlone { reason, .. } = what {
        blanks.insert("reason".to_owned(), reason.as_str().into());
    }
    let title = super::words::run_of(dossier, *run).map(|run| words.scenario(run));
    blanks.insert("title".to_owned(), title.unwrap_or_default().into());
    told(words, what, (*run, key), blanks)
}

fn of_step(words: &Words<'_>, dossier: &Dossier, what: &What) -> String {
    let named = |run: &RunId, steps: &[StepId]| {
        let names = steps.iter().map(|step| words.step_of(dossier, *run, step));
        one("steps", names.collect::<Vec<_>>().join(", "))
    };
    let step = |run: &RunId, id: &StepId| one("step", words.step_of(dossier, *run, id));
    let (run, key, mut blanks) = match what {
        What::Done { run, steps } => (run, "done", named(run, steps)),
        What::Undone { run, steps } => (run, "undone", named(run, steps)),
        What::Failed { run, step: id, .. } => (run, "failed", step(run, id)),
        What::UndoFailed { run, step: id, .. } => (run, "undo-failed", step(run, id)),
        What::Doubt { run, step: id } => (run, "doubt", step(run, id)),
        What::Told { run, step: id, .. } => (run, "told", step(run, id)),
        What::Skipped { run, step: id, .. } => (run, "skipped", step(run, id)),
        What::Retried { run, step: id, .. } => (run, "retried", step(run, id)),
        _ => return String::new(),
    };
    match what {
        What::Failed { failure, times, .. } => {
            blanks.insert("times".to_owned(), i64::from(*times).into());
            blanks.insert("why".to_owned(), failed_because(words, failure).into());
        }
        What::UndoFailed { failure, .. } => {
            blanks.insert("why".to_owned(), failed_because(words, failure).into());
        }
        What::Told { happened, .. } => {
            let happened = if *happened { "yes" } else { "no" };
            blanks.insert("happened".to_owned(), happened.into());
        }
        What::Skipped { reason, .. } => {
            blanks.insert("reason".to_owned(), reason.as_str().into());
        }
        _ => {}
    }
    told(words, what, (*run, key), blanks)
}

/// The sentence, with the run and the person it tells of.
fn told(words: &Words<'_>, what: &What, (run, key): (RunId, &str), mut blanks: Args) -> String {
    blanks.insert("run".to_owned(), run.to_string().into());
    if let Some(by) = what.by() {
        blanks.insert("by".to_owned(), words.who(by).into());
    }
    words
        .i18n
        .plain(words.locale, &format!("incident-line-{key}"), &blanks)
}

/// What went wrong, as it was told then.
pub(super) fn failed_because(words: &Words<'_>, failure: &Failure) -> String {
    let key = format!("failure-{}", failure.code.as_str());
    words.i18n.plain(words.locale, &key, &failure.args)
}

fn gated(words: &Words<'_>, gate: &crate::domain::ids::GateId) -> Args {
    one("gate", words.gate(gate))
}

fn one(name: &str, value: String) -> Args {
    Args::from([(name.to_owned(), Arg::from(value))])
}
