//! Codes and break-glass, as they read.

use super::sample::{Story, ann, at, policy, request};
use super::tests::shown;
use super::*;
use crate::domain::approval::Policy;
use crate::domain::event::{Event, Outcome};
use crate::domain::ids::RequestId;

fn first() -> RequestId {
    request().id
}

fn with_glass() -> Policy {
    Policy {
        break_glass: Some(Duration::from_secs(300)),
        ..policy()
    }
}

fn offered() -> Run {
    let mut story = Story::asked();
    story.later(300);
    let from = at("01:05:00");
    let request = first();
    story.then(Event::GlassOffered { request, from });
    story.run
}

fn broken() -> Run {
    let mut story = Story::asked();
    story.then(Event::GlassBroken {
        request: first(),
        by: ann(),
        reason: "both are on a plane <b>".to_owned(),
    });
    story.run
}

fn assert_says(text: &str, all: &[&str]) {
    for said in all {
        assert!(text.contains(said), "{said}\n{text}");
    }
}

#[test]
fn going_on_alone_is_a_row_of_its_own_and_only_when_it_is_due() {
    let run = offered();
    let card = |now, policy: Policy| {
        shown(now, |view| {
            approval::card(view, &run, &run.approvals()[0], &policy)
        })
    };
    let due = card("01:08:00", with_glass());
    assert_says(
        &due,
        &["\n[🚨 Go on alone]", "\n[🚨 Продолжить в одиночку]"],
    );
    for (now, policy) in [("01:04:59", with_glass()), ("01:08:00", policy())] {
        let text = card(now, policy);
        assert!(!text.contains('🚨'), "{text}");
    }
}

#[test]
fn whoever_went_on_alone_is_named_with_his_reason_everywhere() {
    let mut run = broken();
    let reason = "both are on a plane &lt;b&gt;";
    let shout = shown("01:08:00", |view| {
        glass::card(view, &run, &run.approvals()[0]).unwrap()
    });
    assert_says(
        &shout,
        &[
            "BREAK-GLASS · R-7",
            "АВАРИЙНЫЙ ДОСТУП · R-7",
            "Ann &lt;ops&gt;",
            reason,
        ],
    );
    let settled = shown("01:08:00", |view| {
        approval::card(view, &run, &run.approvals()[0], &with_glass())
    });
    assert_says(&settled, &["Break-glass", "Аварийный доступ", reason]);
    assert!(!settled.contains("<b>Approved</b>"), "{settled}");
    run.apply(&crate::domain::event::Entry {
        position: run.position + 1,
        at: at("01:20:00"),
        event: Event::Finished {
            outcome: Outcome::Aborted,
        },
    });
    let report = shown("01:30:00", |view| report::card(view, &run));
    assert_says(&report, &["break-glass", "аварийный доступ", reason]);
}

#[test]
fn the_question_for_a_code_says_what_it_lets_happen() {
    let run = offered();
    for (alone, said) in [
        (false, ["To approve", "Чтобы одобрить"]),
        (true, ["To go on alone", "в одиночку"]),
    ] {
        let text = shown("01:08:00", |view| {
            let html = code::of_run(view, (&run, &run.approvals()[0]), alone);
            menu::text(view, html)
        });
        assert_says(&text, &said);
        assert_says(&text, &["R-7", "/cancel"]);
    }
}
