//! An incident as it reads in the chat and in its document. The timeline is pure, and so is the
//! document: what they are made of is the same run that the other messages are tested with.

mod figures;

use super::super::sample::{Story, ann, at, bob, texts, view};
use super::super::tests::{shown, snapshot};
use super::super::watch_tests::{incident, redis_down, well};
use super::*;
use crate::domain::case::chart::Chart;
use crate::domain::case::dossier::Course;
use crate::domain::case::timeline::{What, moments};
use crate::domain::case::{Answer, Item, Lost, Note, Origin, Owner, Question};
use crate::domain::database::Loss;
use crate::domain::event::{Event, Outcome};
use crate::domain::health::history::{Piece, Resolution, Span, Track};
use crate::domain::health::{Condition, Part};
use crate::domain::ids::{IncidentId, RunId};
use crate::domain::operator::Actor;
use crate::i18n::Locale;
use jiff::civil::date;
use std::collections::BTreeMap;
use std::time::Duration;

/// What somebody who wants to break the document would write.
const HOSTILE: &str =
    "</td><script>alert(1)</script>\n- **bold** | `code` [x](javascript:1)\n# heading";

fn course(story: Story) -> Course {
    Course {
        run: story.run,
        journal: story.journal,
    }
}

fn unit_down() -> Span {
    let piece = |from, until, condition| Piece {
        from: at(from),
        until: at(until),
        condition,
    };
    Span {
        from: at("00:58:00"),
        until: at("01:07:00"),
        resolution: Resolution::Round,
        tracks: vec![Track {
            part: Part::Unit,
            subject: Some("rei_bot".into()),
            pieces: vec![
                piece("00:50:00", "01:03:33", Condition::Up),
                piece("01:03:33", "01:03:53", Condition::Down),
                piece("01:03:53", "01:07:00", Condition::Up),
            ],
        }],
        lines: Vec::new(),
    }
}

/// An alert, the recovery that answered it, and nothing of the people yet.
fn recovered() -> Dossier {
    let alert = incident(&[redis_down(), redis_down(), well(), well(), well()]);
    let story = Story::recovered();
    let (run, until) = (story.run.id, story.run.finished_at);
    let id = IncidentId(alert.number);
    let mut case = Case::new(
        Origin::Alert { incident: id },
        at("00:58:10"),
        at("00:59:00"),
        40,
    );
    case.id = CaseId(3);
    case.alerts = vec![id];
    case.runs = vec![run];
    case.over_at = until;
    Dossier {
        case,
        courses: vec![course(story)],
        alerts: vec![alert],
        trail: Vec::new(),
        span: Some(unit_down()),
        rto: Duration::from_secs(3600),
        rpo: Duration::from_secs(3600),
        now: at("01:30:00"),
    }
}

fn answer(text: &str) -> Answer {
    Answer {
        text: text.to_owned(),
        by: ann(),
        at: at("01:20:00"),
    }
}

/// The same with everything people can add.
fn written() -> Dossier {
    let mut dossier = recovered();
    let case = &mut dossier.case;
    let note = |time, text: &str, picture: Option<&str>| Note {
        at: at(time),
        by: bob(),
        text: text.to_owned(),
        picture: picture.map(str::to_owned),
        album: None,
    };
    case.notes = vec![
        note("01:01:00", "Users write that nothing answers", None),
        note("01:10:00", HOSTILE, Some(&"ab".repeat(32))),
    ];
    case.answers = BTreeMap::from([
        (
            Question::RootCause,
            answer("The disk was full:\n- logs were not rotated\n- nobody was told"),
        ),
        (Question::WentWell, answer("The backup was good.")),
        (Question::Improve, answer(HOSTILE)),
    ]);
    let item = |number, what: &str, owner, due| Item {
        number,
        what: what.to_owned(),
        owner,
        due,
        done: None,
        reminded: None,
    };
    case.items = vec![
        item(
            1,
            "Rotate the logs",
            Some(Owner::Person(bob())),
            Some(date(2026, 11, 20)),
        ),
        item(
            2,
            "Order a disk",
            Some(Owner::Named("@stores".into())),
            None,
        ),
    ];
    case.items[1].done = Some((ann(), at("01:25:00")));
    case.closed = Some((ann(), at("01:29:00")));
    dossier
}

#[test]
fn an_incident_in_the_chat() {
    let (fresh, full) = (recovered(), written());
    snapshot!(
        "incident_card",
        shown("01:30:00", |view| card(view, &fresh))
    );
    snapshot!(
        "incident_card_full",
        shown("01:30:00", |view| card(view, &full))
    );
    snapshot!(
        "incident_draft",
        shown("01:30:00", |view| draft(view, &fresh))
    );
    snapshot!(
        "incident_timeline",
        shown("01:30:00", |view| timeline(view, &full))
    );
    snapshot!(
        "incident_close",
        shown("01:30:00", |view| close(view, &fresh))
    );
    snapshot!("incident_none", shown("01:30:00", none));
    let both = [recovered(), written()];
    snapshot!("incident_list", shown("01:30:00", |view| list(view, &both)));
}

#[test]
fn what_is_asked_about_it() {
    let full = written();
    let root = Question::RootCause;
    snapshot!(
        "incident_question",
        shown("01:30:00", |view| question(view, &full, root, true))
    );
    snapshot!(
        "incident_question_group",
        shown("01:30:00", |view| question(
            view,
            &full,
            Question::WentWell,
            false
        ))
    );
    snapshot!(
        "incident_answers",
        shown("01:30:00", |view| answers(view, &full))
    );
    snapshot!(
        "incident_items",
        shown("01:30:00", |view| items(view, &full, 0))
    );
    snapshot!(
        "incident_owner",
        shown("01:30:00", |view| owner(
            view,
            &full,
            "Order a <disk>",
            true
        ))
    );
    snapshot!(
        "incident_due",
        shown("01:30:00", |view| due(
            view,
            full.case.id,
            "Order a disk",
            false
        ))
    );
    snapshot!(
        "incident_reminder",
        shown("01:30:00", |view| reminder(
            view,
            &full,
            &full.case.items[0]
        ))
    );
}

#[test]
fn the_document_in_both_languages() {
    let i18n = super::super::sample::texts();
    for (name, dossier) in [("draft", recovered()), ("full", written())] {
        for &locale in Locale::ALL {
            let words = Words {
                i18n: &i18n,
                locale,
            };
            let text = document::markdown(&document::write(&words, &dossier));
            let text = text.replace('\u{a0}', "~");
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!(format!("incident_document_{name}_{locale}"), text);
            });
        }
    }
}

#[test]
fn what_happened_is_folded_to_what_matters() {
    let told: Vec<What> = moments(&recovered())
        .into_iter()
        .map(|it| it.what)
        .collect();
    let steps: Vec<usize> = told
        .iter()
        .filter_map(|what| match what {
            What::Done { steps, .. } => Some(steps.len()),
            _ => None,
        })
        .collect();
    // One line before the approval, one after it.
    assert_eq!(steps, [1, 9], "{told:#?}");
    assert_eq!(told.len(), 8, "{told:#?}");
    // The same failure again and again is one line that counts.
    let mut story = Story::approved();
    for _ in 0..3 {
        story.fail("stop");
    }
    story.then(Event::Aborted { by: ann() });
    story.then(Event::Finished {
        outcome: Outcome::Aborted,
    });
    let mut dossier = recovered();
    dossier.courses = vec![course(story)];
    let told = moments(&dossier);
    let failed: Vec<u32> = told
        .iter()
        .filter_map(|moment| match moment.what {
            What::Failed { times, .. } => Some(times),
            _ => None,
        })
        .collect();
    assert_eq!(failed, [3]);
    let ends = told
        .iter()
        .filter(|it| matches!(it.what, What::Ended { .. }));
    assert_eq!(ends.count(), 1);
}

fn between(from: crate::domain::Timestamp, to: crate::domain::Timestamp) -> Duration {
    super::super::between(from, to)
}

/// Tags that stand open at the end, or the first that does not fit.
fn unbalanced(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html.strip_prefix("<!DOCTYPE html>").unwrap();
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>')?;
        rest = after;
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        match tag.strip_prefix('/') {
            Some(closed) if open.last() == Some(&closed) => drop(open.pop()),
            Some(_) => return Some(tag.to_owned()),
            None if ["meta", "img"].contains(&name) => {}
            None => open.push(name),
        }
    }
    (!open.is_empty()).then(|| open.join(" "))
}

#[test]
fn the_html_is_whole_and_nothing_in_it_is_markup_of_somebody_else() {
    let i18n = super::super::sample::texts();
    let mut dossier = written();
    let cat = Actor::telegram(9, "<img src=x onerror=alert(1)>\" onload=\"x");
    dossier.case.title = Some("<iframe> & \"quotes\" 'single'".into());
    dossier.case.notes[0].by = cat;
    let jpeg = [&[0xff, 0xd8, 0xff][..], b"rest"].concat();
    let svg = b"<svg onload=alert(1)>".to_vec();
    for (picture, inside) in [(jpeg, true), (svg, false)] {
        let pictures = BTreeMap::from([("ab".repeat(32), picture)]);
        let html = document::page(&i18n, Locale::En, &dossier, &pictures).unwrap();
        assert_eq!(unbalanced(&html), None);
        assert_eq!(html.contains("data:image/jpeg;base64,/9j/"), inside);
        assert!(html.contains("data:image/png;base64,"));
        for bad in [
            "<script",
            "<iframe",
            "<svg",
            "<img src=x",
            "onload=\"x\"",
            "http:",
            "https:",
        ] {
            assert!(!html.contains(bad), "{bad}");
        }
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(html.contains("@page"));
    }
}

#[test]
fn markdown_keeps_a_hostile_note_a_note() {
    let i18n = super::super::sample::texts();
    let words = Words {
        i18n: &i18n,
        locale: Locale::En,
    };
    let text = document::markdown(&document::write(&words, &written()));
    // In the proposed entry, a block of code of whole lines, nothing is markup.
    let (outside, entry): (Vec<_>, Vec<_>) = text
        .split("\n```")
        .enumerate()
        .partition(|(part, _)| part % 2 == 0);
    assert_eq!((outside.len(), entry.len()), (2, 1), "{text}");
    let text: String = outside.into_iter().map(|(_, part)| part).collect();
    for bad in [
        "<script",
        "[x](javascript",
        "\n# heading",
        "**bold**",
        "`code`",
    ] {
        assert!(!text.contains(bad), "{bad}\n{text}");
    }
}

#[test]
fn the_picture_has_a_lane_for_each_and_keeps_within_its_time() {
    let dossier = written();
    let chart = Chart::of(&dossier);
    assert_eq!(chart.lanes.len(), 3);
    assert_eq!(chart.notes.len(), 1);
    let mut bars = chart.lanes.iter().flat_map(|lane| &lane.bars);
    assert!(
        bars.all(|bar| chart.from <= bar.from && bar.from <= bar.until && bar.until <= chart.until)
    );
    // The thinnest things in it are really there: the marks of the axis, and a note.
    let i18n = super::super::sample::texts();
    let png = crate::picture::incident(&chart, &i18n, Locale::En).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let count = |ink: [u8; 3]| pixels.chunks(3).filter(|pixel| *pixel == ink).count();
    assert!(count([0xdc, 0xe2, 0xe8]) > 100);
    // Waiting is hatched, not hollow: more ink than its edges have.
    assert!(
        count([0x7e, 0x8f, 0xa3]) > 2000,
        "{}",
        count([0x7e, 0x8f, 0xa3])
    );
    // Whatever it is of, it can be drawn: nothing at all, and a year.
    let mut odd = recovered();
    odd.alerts.clear();
    odd.courses.clear();
    odd.span = None;
    odd.case.over_at = Some(odd.case.since + jiff::SignedDuration::from_hours(9000));
    for &locale in Locale::ALL {
        let png = crate::picture::incident(&Chart::of(&odd), &i18n, locale).unwrap();
        assert!(png.starts_with(b"\x89PNG"));
    }
}
