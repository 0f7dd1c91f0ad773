use super::page::units;
use super::sample::{
    Story, ann, at, blemished, bob, catalogue, plan, policy, quarantined, request, runbook, texts,
    view,
};
use super::*;
use crate::domain::action::Action;
use crate::domain::audit::{AuditDraft, AuditEntry, GENESIS};
use crate::domain::chronicle;
use crate::domain::event::{Event, Outcome};
use crate::domain::facts::Facts;
use crate::domain::failure::FailureCode;
use crate::domain::ids::RunId;
use crate::domain::operator::Access;
use crate::domain::plan::Hold;
use std::collections::BTreeSet;

/// The card in both languages, as one text with its buttons.
pub(super) fn shown(now: &str, card: impl Fn(&View<'_>) -> Card) -> String {
    let i18n = texts();
    let each = Locale::ALL.iter().map(|locale| {
        let card = card(&view(&i18n, *locale, now));
        assert!(units(&card.html) <= LIMIT);
        let rows = card.keyboard.iter().map(|row| {
            let labels: Vec<_> = row
                .iter()
                .map(|button| format!("[{}]", button.label))
                .collect();
            labels.join(" ")
        });
        let rows: Vec<_> = rows.collect();
        format!("{}\n{}", card.html, rows.join("\n"))
    });
    let text: Vec<String> = each.collect();
    // No-break spaces are kept visible.
    text.join("\n----\n").replace('\u{a0}', "~")
}

macro_rules! snapshot {
    ($name:literal, $text:expr) => {
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false },
            { insta::assert_snapshot!($name, $text) })
    };
}
pub(super) use snapshot;

fn live(view: &View<'_>, run: &Run) -> Card {
    run::live(view, run, &policy(), None)
}

#[test]
fn a_plan_with_and_without_a_record() {
    let proved = Story::proposed(true).run;
    snapshot!("plan_proved", shown("01:00:05", |view| live(view, &proved)));
    let unproved = Story::proposed(false).run;
    snapshot!(
        "plan_unproved",
        shown("01:00:05", |view| live(view, &unproved))
    );
}

#[test]
fn a_run_under_way() {
    let mut story = Story::started();
    story.begin("fetch", 2);
    let transfer = run::Transfer {
        done: 100 << 20,
        total: 300 << 20,
    };
    let card = |view: &View<'_>| run::live(view, &story.run, &policy(), Some(transfer));
    snapshot!("run_fetching", shown("01:00:33", card));
    let asked = Story::asked().run;
    snapshot!("run_waiting", shown("01:02:30", |view| live(view, &asked)));
    let late = "02:12:30";
    assert!(shown(late, |view| live(view, &asked)).contains("is exceeded by"));
}

#[test]
fn a_run_that_recovered() {
    let run = Story::recovered().run;
    snapshot!("run_recovered", shown("01:05:30", |view| live(view, &run)));
    snapshot!(
        "report_recovered",
        shown("01:05:30", |view| report::card(view, &run))
    );
}

#[test]
fn a_request_and_its_end() {
    let asked = Story::asked().run;
    let card = |run: &Run| {
        let approval = run.approvals()[0].clone();
        let run = run.clone();
        move |view: &View<'_>| approval::card(view, &run, &approval, &policy())
    };
    snapshot!("approval_open", shown("01:02:30", card(&asked)));
    let granted = Story::approved().run;
    snapshot!("approval_granted", shown("01:05:30", card(&granted)));
    let mut denied = Story::asked();
    denied.then(Event::Denied {
        request: request().id,
        by: bob(),
    });
    let text = shown("01:05:30", card(&denied.run));
    assert!(text.contains("<b>Denied</b> by Bob"), "{text}");
    assert!(!text.contains("[Approve]"), "{text}");
}

/// The card of the halt in which this story ends.
fn halted(story: &Story, answer: Option<Event>) -> impl Fn(&View<'_>) -> Card {
    let run = story.run.clone();
    let hold = run.hold().unwrap();
    let entry = answer.map(|event| crate::domain::event::Entry {
        position: run.position + 1,
        at: at("01:06:00"),
        event,
    });
    move |view| {
        let answered = entry.as_ref().map(|entry| hold::Answered { entry });
        hold::card(view, &run, &hold, answered)
    }
}

#[test]
fn what_needs_a_person() {
    let mut failed = Story::approved();
    failed.fail("stop");
    snapshot!("hold_failed", shown("01:05:30", halted(&failed, None)));
    let skipped = Event::StepSkipped {
        step: "stop".parse().unwrap(),
        reason: "they <are> down".into(),
        by: bob(),
    };
    snapshot!(
        "hold_answered",
        shown("01:06:30", halted(&failed, Some(skipped)))
    );

    let mut expired = Story::asked();
    expired.then(Event::ApprovalExpired {
        request: request().id,
    });
    assert_eq!(
        expired.run.hold(),
        Some(Hold::Expired("swap".parse().unwrap()))
    );
    snapshot!("hold_expired", shown("01:12:30", halted(&expired, None)));

    let mut doubt = Story::answering();
    doubt.begin("test-message", 1);
    doubt.then(Event::StepInDoubt {
        step: "test-message".parse().unwrap(),
        attempt: 1,
        failure: Failure::new(FailureCode::CutOff),
    });
    snapshot!("hold_in_doubt", shown("01:12:30", halted(&doubt, None)));

    let mut cancelled = Story::approved();
    cancelled.begin("stop", 1);
    cancelled.then(Event::CancelAsked { by: ann() });
    cancelled.then(Event::StepSucceeded {
        step: "stop".parse().unwrap(),
        attempt: 1,
        facts: crate::domain::facts::Facts::MessageSent,
    });
    assert_eq!(cancelled.run.hold(), Some(Hold::Cancelled));
    snapshot!(
        "hold_cancelled",
        shown("01:12:30", halted(&cancelled, None))
    );

    cancelled.then(Event::RollbackAsked { by: ann() });
    let step: crate::domain::ids::StepId = "stop".parse().unwrap();
    cancelled.then(Event::UndoStarted {
        step: step.clone(),
        attempt: 1,
    });
    cancelled.then(Event::UndoFailed {
        step,
        attempt: 1,
        failure: Failure::new(FailureCode::UnitDidNotStart)
            .with("unit", "rei_bot")
            .with("state", "failed"),
    });
    snapshot!(
        "hold_undo_failed",
        shown("01:12:30", halted(&cancelled, None))
    );
}

#[test]
fn a_cut_off_step() {
    let mut story = Story::approved();
    story.begin("quarantine", 2);
    story.then(Event::StepInDoubt {
        step: "quarantine".parse().unwrap(),
        attempt: 2,
        failure: Failure::new(FailureCode::CutOff),
    });
    let entry = story.journal.last().unwrap().clone();
    snapshot!(
        "cut_off",
        shown("01:05:30", |view| cut_off::card(view, &story.run, &entry))
    );
}

#[test]
fn where_no_database_stood_none_is_kept() {
    let mut story = Story::approved();
    let Facts::Quarantined(mut aside) = quarantined() else {
        panic!("it is one");
    };
    aside.files.clear();
    story.step("quarantine", 1, Facts::Quarantined(aside));
    story.then(Event::Aborted { by: bob() });
    let text = shown("01:05:30", |view| report::card(view, &story.run));
    assert!(text.contains("There was no old database"), "{text}");
    assert!(text.contains("Прежней базы не было"), "{text}");
    assert!(!text.contains("is kept in"), "{text}");
}

#[test]
fn who_cannot_start_reads_which_run_holds_rei() {
    let busy = |run: &Run| {
        let run = run.clone();
        move |view: &View<'_>| busy::card(view, &run, RunId(8))
    };
    let mut waiting = plan(false);
    waiting.runbook.title = "runbook-payment-outage".into();
    waiting.runbook.steps[0].action = Action::AwaitPayments {
        patience: Duration::from_secs(7_200),
    };
    let mut story = Story::of(waiting);
    story.then(Event::Started { by: ann() });
    story.begin("fetch", 1);
    snapshot!("busy_awaiting", shown("01:30:00", busy(&story.run)));
    let asked = Story::asked().run;
    snapshot!("busy_approval", shown("01:02:30", busy(&asked)));
    let mut failed = Story::approved();
    failed.fail("stop");
    let text = shown("01:05:30", busy(&failed.run));
    assert!(text.contains("It waits for a person"), "{text}");
    assert!(
        text.contains("send /cancel R-7 and choose Roll back"),
        "{text}"
    );
    assert!(
        text.contains("[Abort R-7]") && text.contains("[Прервать R-7]"),
        "{text}"
    );
}

#[test]
fn a_rolled_back_run_lost_nothing() {
    let mut story = Story::approved();
    story.fail("stop");
    story.then(Event::RollbackAsked { by: bob() });
    story.then(Event::Finished {
        outcome: Outcome::RolledBack,
    });
    snapshot!(
        "report_rolled_back",
        shown("01:05:30", |view| report::card(view, &story.run))
    );
}

/// The audit trail of a story, as the store would write it.
fn trail(story: &Story) -> Vec<AuditEntry> {
    let mut run = Story::proposed(true).run;
    let entries = story.journal.iter().zip(1..).map(|(entry, seq)| {
        let draft = chronicle::audit(&run, &entry.event);
        run.apply(entry);
        AuditEntry::seal(draft, seq, entry.at, GENESIS)
    });
    entries.collect()
}

fn refused(verb: &str, why: &str) -> AuditEntry {
    let draft = AuditDraft {
        actor: ann(),
        verb: verb.into(),
        subject: "request-1".into(),
        run: None,
        outcome: "refused".into(),
        detail: args([("why", why.into()), ("by", "Bob".into())]),
        announce: true,
    };
    AuditEntry::seal(draft, 99, at("01:09:00"), GENESIS)
}

#[test]
fn the_audit_trail_in_lines() {
    let mut story = Story::recovered();
    story.fail("stop");
    let mut entries = trail(&story);
    entries.push(refused("approve", "own-request"));
    entries.push(refused("press", "unknown-button"));
    let card = |view: &View<'_>| {
        let items: Vec<_> = entries
            .iter()
            .map(|entry| audit::Item {
                entry,
                run: entry.run.map(|_| &story.run),
            })
            .collect();
        audit::tail(view, &items)
    };
    snapshot!("audit", shown("01:10:00", card));
}

#[test]
fn waiting_lines_share_a_message_up_to_its_limit() {
    let i18n = texts();
    let view = view(&i18n, Locale::En, "01:00:00");
    let lines: Vec<String> = (0..100)
        .map(|n| format!("{n} {}", "x".repeat(96)))
        .collect();
    let (taken, card) = audit::batch(&view, &lines, false);
    assert_eq!(taken, 41);
    assert!(card.html.ends_with(&lines[40]));
    let (fewer, marked) = audit::batch(&view, &lines, true);
    assert!(fewer <= taken && marked.html.starts_with("<i>Possible repeat"));
    let (one, cut) = audit::batch(&view, &["y".repeat(9000)], false);
    assert_eq!(one, 1);
    assert!(units(&cut.html) <= LIMIT);
}

#[test]
fn what_speaks_against_a_backup() {
    let (list, runbook) = (blemished(), runbook());
    let choice = |view: &View<'_>| backups::choice(view, &runbook, &list, 0);
    snapshot!("backup_choice_blemished", shown("01:00:00", choice));
    let run = Story::doubted().run;
    snapshot!("plan_doubted", shown("01:00:05", |view| live(view, &run)));
}

#[test]
fn lists_menus_and_help() {
    let list = catalogue();
    let runbook = runbook();
    let now = "01:00:00";
    let choice = |view: &View<'_>| backups::choice(view, &runbook, &list, 0);
    snapshot!("backup_choice", shown(now, choice));
    let older = |view: &View<'_>| backups::choice(view, &runbook, &list, 1);
    snapshot!("backup_choice_older", shown(now, older));
    snapshot!(
        "backups",
        shown(now, |view| backups::list(view, &list.clone().into(), 0))
    );
    let scenarios = |view: &View<'_>| menu::scenarios(view, &[&runbook], &[]);
    let suspected = [runbook.id.clone()];
    let suspect = |view: &View<'_>| menu::scenarios(view, &[&runbook], &suspected);
    snapshot!("scenarios_suspected", shown(now, suspect));
    snapshot!("scenarios", shown(now, scenarios));
    snapshot!("languages", shown(now, menu::languages));
    let access = Access {
        admins: BTreeSet::from([1]),
        approvers: BTreeSet::from([2]),
    };
    snapshot!("help", shown(now, |view| menu::help(view, &access, &ann())));
    let history = [
        Story::started().run,
        Story::recovered().run,
        Story::proposed(true).run,
    ];
    snapshot!("runs", shown("01:10:00", |view| runs::list(view, &history)));
}

#[test]
fn a_message_is_never_too_long() {
    let i18n = texts();
    let view = view(&i18n, Locale::Ru, "01:00:00");
    let mut page = Page::titled("<b>x</b>".into());
    page.lines((0..500).map(|n| format!("<b>строка {n}</b> 😀")));
    let text = page.text(&view);
    assert!(units(&text) <= LIMIT);
    assert!(text.ends_with(&view.say("cut-note")));
    assert_eq!(text.matches("<b>").count(), text.matches("</b>").count());
}
