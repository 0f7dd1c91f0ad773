//! What stands in the document, in the order of the runbook's template.

use super::blocks::{Block, Document, Section};
use super::course;
use super::moments::{Line, lines};
use super::words::Words;
use crate::domain::case::dossier::Recovery;
use crate::domain::case::{Case, Dossier, Item, Lost, Question};
use crate::domain::failure::Arg;
use crate::domain::run::Run;
use crate::domain::runbook::proposed_entry;
use std::collections::BTreeSet;
use std::time::Duration;

/// Evidence told of a suspected cause.
const EVIDENCE: usize = 3;

/// What an incident is called: as somebody named it, else by what it is about.
#[must_use]
pub fn title(words: &Words<'_>, dossier: &Dossier) -> String {
    if let Some(title) = &dossier.case.title {
        return title.clone();
    }
    // Whoever chose a recovery knew more than the monitor.
    let mut runs = dossier.courses.iter().map(|course| &course.run);
    if let Some(run) = runs.find(|run| run.plan.runbook.offered) {
        return words.scenario(run);
    }
    match dossier.suspected().first() {
        Some(first) => words.cause(first.cause.as_str(), first.subject.as_deref()),
        None => words.word("incident-untitled"),
    }
}

/// The whole document.
#[must_use]
pub fn write(words: &Words<'_>, dossier: &Dossier) -> Document {
    let case = &dossier.case;
    let mut sections = vec![
        plain(None, vec![summary(words, dossier)]),
        cause(words, dossier),
        asked(words, case, Question::WentWell),
        asked(words, case, Question::Improve),
        items(words, dossier),
        timeline(words, dossier),
    ];
    if case.answers.contains_key(&Question::DataLoss) {
        // What people know of it follows what the program knows.
        sections.insert(1, asked(words, case, Question::DataLoss));
    }
    sections.extend(course::sections(words, dossier));
    sections.extend(proposals(words, dossier));
    sections.extend(notes(words, dossier));
    let first = dossier
        .trail
        .first()
        .map_or(case.trail_from, |entry| entry.seq);
    let last = dossier.trail.last().map_or(first, |entry| entry.seq);
    let numbered = |seq: u64| Arg::Text(seq.to_string());
    Document {
        language: words.locale.as_str(),
        title: words.tell(
            "incident-doc-title",
            [
                ("incident", case.id.to_string().into()),
                ("title", title(words, dossier).into()),
            ],
        ),
        status: status(words, dossier),
        sections,
        source: words.tell(
            "incident-doc-source",
            [
                ("at", dossier.now.into()),
                ("first", numbered(first)),
                ("last", numbered(last)),
            ],
        ),
    }
}

fn plain(heading: Option<&str>, blocks: Vec<Block>) -> Section {
    Section {
        heading: heading.map(str::to_owned),
        blocks,
    }
}

/// Whether it is over, and whether the document is finished.
fn status(words: &Words<'_>, dossier: &Dossier) -> String {
    let case = &dossier.case;
    let state = match (&case.closed, case.until()) {
        (Some((by, at)), _) => words.tell(
            "incident-doc-closed",
            [("by", words.who(by).into()), ("at", (*at).into())],
        ),
        (None, Some(_)) => words.word("incident-doc-over"),
        (None, None) => words.word("incident-doc-open"),
    };
    let missing: Vec<String> = case
        .missing()
        .map(|question| words.word(&format!("incident-heading-{}", question.as_str())))
        .collect();
    let written = if missing.is_empty() {
        words.word("incident-doc-complete")
    } else {
        words.tell(
            "incident-doc-incomplete",
            [("missing", missing.join(", ").into())],
        )
    };
    format!("{state} {written}")
}

/// The first lines of the template.
fn summary(words: &Words<'_>, dossier: &Dossier) -> Block {
    let heading = |name: &str| words.word(&format!("incident-heading-{name}"));
    let mut facts = vec![
        (heading("date"), dates(words, dossier)),
        (heading("recovery-time"), recovery(words, dossier)),
        (heading("data-loss"), losses(words, dossier)),
    ];
    let down = dossier.downtime();
    if !down.is_empty() {
        let told = down.into_iter().map(|(unit, down)| {
            words.tell(
                "incident-doc-down",
                [("unit", unit.into()), ("down", down.into())],
            )
        });
        facts.push((heading("downtime"), told.collect()));
    }
    Block::Facts(facts)
}

fn dates(words: &Words<'_>, dossier: &Dossier) -> Vec<String> {
    let since = Arg::Time(dossier.case.since);
    vec![match dossier.case.until() {
        Some(until) => words.tell(
            "incident-doc-since-until",
            [
                ("since", since),
                ("until", words.brief(dossier.case.since, until).into()),
            ],
        ),
        None => words.tell("incident-doc-since", [("since", since)]),
    }]
}

fn recovery(words: &Words<'_>, dossier: &Dossier) -> Vec<String> {
    let Some(took) = dossier.recovery() else {
        return vec![words.word("incident-doc-not-over")];
    };
    let Recovery {
        whole,
        before,
        work,
        waits,
    } = took;
    let met = if whole <= dossier.rto { "yes" } else { "no" };
    let mut told = vec![words.tell(
        "incident-doc-took",
        [
            ("whole", whole.into()),
            ("rto", dossier.rto.into()),
            ("met", met.into()),
            ("over", whole.saturating_sub(dossier.rto).into()),
        ],
    )];
    if dossier
        .courses
        .iter()
        .any(|it| it.run.finished_at.is_some())
    {
        told.push(words.tell(
            "incident-doc-took-parts",
            [
                ("before", before.into()),
                ("work", work.into()),
                ("waits", waits.into()),
            ],
        ));
    }
    told
}

/// What the program knows of, then what people say of it.
fn losses(words: &Words<'_>, dossier: &Dossier) -> Vec<String> {
    let several = dossier.courses.len() > 1;
    let mut told: Vec<String> = dossier
        .losses()
        .map(|(run, lost)| {
            let text = loss(words, dossier, &lost);
            if several {
                let run = Arg::from(run.id.to_string());
                words.tell(
                    "incident-doc-loss-of",
                    [("run", run), ("loss", text.into())],
                )
            } else {
                text
            }
        })
        .collect();
    let mut runs = dossier.courses.iter().map(|course| &course.run);
    if runs.any(|run| run.started_at.is_some() && run.finished_at.is_none()) {
        told.push(words.word("incident-doc-loss-open"));
    } else if told.is_empty() {
        told.push(words.word("incident-doc-loss-unknown"));
    }
    told
}

fn loss(words: &Words<'_>, dossier: &Dossier, lost: &Lost) -> String {
    let number = |count: u64| Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
    match lost {
        Lost::Nothing => words.word("incident-doc-loss-nothing"),
        Lost::Redis { keys, jobs } => match jobs {
            Some(jobs) => words.tell(
                "incident-doc-loss-redis",
                [("keys", number(*keys)), ("jobs", number(*jobs))],
            ),
            None => words.tell("incident-doc-loss-redis-untold", [("keys", number(*keys))]),
        },
        Lost::AfterBackup { span, most, rows } => {
            let length = span.unwrap_or(*most);
            let blanks = |rows: String| {
                [
                    ("minutes", minutes(length)),
                    ("length", length.into()),
                    ("exact", if span.is_some() { "yes" } else { "no" }.into()),
                    ("rpo", dossier.rpo.into()),
                    (
                        "met",
                        if length <= dossier.rpo { "yes" } else { "no" }.into(),
                    ),
                    ("rows", rows.into()),
                ]
            };
            let rows = rows.as_ref().map(|rows| {
                let lost = rows.iter().filter(|(_, count)| **count > 0);
                let told = lost.map(|(table, count)| {
                    words.tell(
                        "loss-row",
                        [("table", table.as_str().into()), ("count", number(*count))],
                    )
                });
                told.collect::<Vec<_>>().join(", ")
            });
            match rows {
                None => words.tell("incident-doc-loss-rows-unknown", blanks(String::new())),
                Some(none) if none.is_empty() => {
                    words.tell("incident-doc-loss-no-rows", blanks(none))
                }
                Some(rows) => words.tell("incident-doc-loss-rows", blanks(rows)),
            }
        }
    }
}

/// Whole minutes, rounded up: a lost half minute is not none.
fn minutes(length: Duration) -> Arg {
    let minutes = length.as_secs().div_ceil(60);
    Arg::Number(i64::try_from(minutes).unwrap_or(i64::MAX))
}

/// Why it happened: what people say, and what the monitor suspected.
fn cause(words: &Words<'_>, dossier: &Dossier) -> Section {
    let mut section = asked(words, &dossier.case, Question::RootCause);
    let suspected: Vec<String> = dossier
        .suspected()
        .into_iter()
        .map(|candidate| {
            let subject = candidate.subject.as_deref();
            words.tell(
                "incident-doc-suspect",
                [
                    (
                        "cause",
                        words.cause(candidate.cause.as_str(), subject).into(),
                    ),
                    (
                        "certainty",
                        words
                            .word(&format!("certainty-{}", candidate.certainty.as_str()))
                            .into(),
                    ),
                    ("evidence", words.evidence(candidate, EVIDENCE).into()),
                ],
            )
        })
        .collect();
    if !suspected.is_empty() {
        section
            .blocks
            .push(Block::Plain(words.word("incident-doc-suspected")));
        section.blocks.push(Block::Bullets(suspected));
    } else if let Some(course) = dossier.courses.first() {
        let by = words.who(&course.run.requester);
        let scenario = words.scenario(&course.run);
        section.blocks.push(Block::Plain(words.tell(
            "incident-doc-suspect-run",
            [("by", by.into()), ("scenario", scenario.into())],
        )));
    }
    section
}

/// A question with its answer, or that there is none.
fn asked(words: &Words<'_>, case: &Case, question: Question) -> Section {
    let heading = words.word(&format!("incident-heading-{}", question.as_str()));
    let block = match case.answers.get(&question) {
        Some(answer) => Block::Said {
            text: answer.text.clone(),
            by: said_by(words, &words.who(&answer.by), answer.at),
        },
        None => Block::Missing(words.word("incident-doc-missing")),
    };
    plain(Some(&heading), vec![block])
}

fn said_by(words: &Words<'_>, by: &str, at: jiff::Timestamp) -> String {
    words.tell("incident-doc-by", [("by", by.into()), ("at", at.into())])
}

fn items(words: &Words<'_>, dossier: &Dossier) -> Section {
    let heading = words.word("incident-heading-action-items");
    let items = &dossier.case.items;
    if items.is_empty() {
        let none = Block::Missing(words.word("incident-doc-no-items"));
        return plain(Some(&heading), vec![none]);
    }
    let today = dossier.now.to_zoned(words.zone().clone()).date();
    let row = |item: &Item| {
        let owner = item.owner.as_ref().map(|owner| owner.name().to_owned());
        let due = item.due.map(|due| words.day(due));
        let state = match &item.done {
            Some((by, at)) => words.tell(
                "incident-doc-done",
                [
                    ("by", words.who(by).into()),
                    (
                        "on",
                        words.day(at.to_zoned(words.zone().clone()).date()).into(),
                    ),
                ],
            ),
            None if item.is_late(today) => words.word("incident-doc-late"),
            None => words.word("incident-doc-to-do"),
        };
        let dash = || "–".to_owned();
        vec![
            item.number.to_string(),
            item.what.clone(),
            owner.unwrap_or_else(dash),
            due.unwrap_or_else(dash),
            state,
        ]
    };
    let head = ["number", "what", "owner", "due", "state"];
    let head = head.map(|name| words.word(&format!("incident-column-{name}")));
    let table = Block::Table {
        head: head.into(),
        rows: items.iter().map(row).collect(),
    };
    plain(Some(&heading), vec![table])
}

fn timeline(words: &Words<'_>, dossier: &Dossier) -> Section {
    let day = dossier.case.since;
    let row = |line: Line| {
        let at = words.brief(day, line.at);
        let until = line.until.map(|until| words.brief(day, until));
        let when = match until {
            Some(until) if until != at => format!("{at} – {until}"),
            _ => at,
        };
        vec![when, line.text]
    };
    let date = words.day(day.to_zoned(words.zone().clone()).date());
    let zone = day
        .to_zoned(words.zone().clone())
        .strftime("%Z")
        .to_string();
    let head = words.tell(
        "incident-column-time",
        [("day", date.into()), ("zone", zone.into())],
    );
    let table = Block::Table {
        head: vec![head, words.word("incident-column-happened")],
        rows: lines(words, dossier).into_iter().map(row).collect(),
    };
    let chart = Block::Chart {
        about: words.word("incident-doc-chart"),
    };
    let heading = words.word("incident-heading-timeline");
    plain(Some(&heading), vec![chart, table])
}

/// What may be put into the files of the runbooks that were carried out, once people told what is to be
/// improved.
fn proposals(words: &Words<'_>, dossier: &Dossier) -> Option<Section> {
    let learned = dossier.case.answers.get(&Question::Improve)?;
    let date = dossier.case.until().unwrap_or(dossier.now);
    let date = date.to_zoned(words.zone().clone()).date();
    let after = dossier.case.id.to_string();
    let runs = dossier.courses.iter().map(|course| &course.run);
    let mut seen = BTreeSet::new();
    let blocks: Vec<Block> = runs
        .filter(|run| has_begun(run) && seen.insert(run.plan.id().clone()))
        .flat_map(|run| {
            let version = run.plan.runbook.version;
            let entry = proposed_entry(version, date, &learned.text, Some(&after));
            let runbook = Arg::from(run.plan.id().to_string());
            let intro = words.tell("runbook-proposal", [("runbook", runbook)]);
            [Block::Plain(intro), Block::Code(entry)]
        })
        .collect();
    let heading = words.word("incident-heading-runbook");
    (!blocks.is_empty()).then(|| plain(Some(&heading), blocks))
}

/// Notes in full; the timeline tells only their beginnings.
fn notes(words: &Words<'_>, dossier: &Dossier) -> Option<Section> {
    if dossier.case.notes.is_empty() {
        return None;
    }
    let mut blocks = Vec::new();
    for note in &dossier.case.notes {
        let by = said_by(words, &words.who(&note.by), note.at);
        if !note.text.is_empty() {
            let text = note.text.clone();
            blocks.push(Block::Said {
                text,
                by: by.clone(),
            });
        }
        if let Some(content) = &note.picture {
            let content = content.clone();
            blocks.push(Block::Picture { content, about: by });
        }
    }
    Some(plain(Some(&words.word("incident-heading-notes")), blocks))
}

/// Whether a run is one of a recovery's that has anything to show.
pub(super) fn has_begun(run: &Run) -> bool {
    run.started_at.is_some()
}
