//! Lines of the audit trail.

use super::page::{LIMIT, units};
use super::{Card, Page, View, args, steps};
use crate::domain::audit::AuditEntry;
use crate::domain::failure::{Arg, Args};
use crate::domain::ids::StepId;
use crate::domain::operator::ActorKind;
use crate::domain::run::Run;

/// One entry, with the run it belongs to where that can be read.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// The entry.
    pub entry: &'a AuditEntry,
    /// Its run.
    pub run: Option<&'a Run>,
}

/// One entry in one line: number, time, run, what happened, why not.
#[must_use]
pub fn line(view: &View<'_>, item: Item<'_>) -> String {
    let entry = item.entry;
    let run = entry.run.map_or(String::new(), |run| format!(" {run}"));
    let text = sentence(view, item);
    let head = format!("#{} {}{run}", entry.seq, view.brief(entry.at));
    format!("<code>{head}</code> {text}{}", because(view, entry))
}

/// How many of these lines one message takes, and the message.
#[must_use]
pub fn batch(view: &View<'_>, lines: &[String], repeat: bool) -> (usize, Card) {
    let mut page = Page::default();
    let mut room = LIMIT;
    if repeat {
        let mark = view.say("audit-repeat");
        room -= units(&mark) + 1;
        page.line(mark);
    }
    let mut taken = 0;
    for line in lines {
        match room.checked_sub(units(line) + 1) {
            Some(left) => room = left,
            // A single line longer than a message is cut by the page rather than never told.
            None if taken == 0 => {}
            None => break,
        }
        page.line(line.as_str());
        taken += 1;
        if room == 0 {
            break;
        }
    }
    (taken, page.plain(view))
}

/// The newest entries, for `/audit`: as many of the newest as one message takes.
#[must_use]
pub fn tail(view: &View<'_>, items: &[Item<'_>]) -> Card {
    if items.is_empty() {
        return Page::titled(view.say("audit-empty")).plain(view);
    }
    let mut room = LIMIT - 200;
    let mut lines: Vec<String> = items
        .iter()
        .rev()
        .map(|item| line(view, *item))
        .take_while(|line| {
            let left = room.checked_sub(units(line) + 1);
            room = left.unwrap_or(0);
            left.is_some()
        })
        .collect();
    lines.reverse();
    let mut page = Page::titled(view.say("audit-title"));
    if lines.len() < items.len() {
        page.line(view.say("cut-note"));
    }
    page.lines(lines);
    page.plain(view)
}

fn sentence(view: &View<'_>, item: Item<'_>) -> String {
    let entry = item.entry;
    let detail = &entry.detail;
    let gate = match detail.get("gate") {
        Some(Arg::Text(gate)) => gate
            .parse()
            .map_or_else(|_| gate.clone(), |gate| view.gate(&gate)),
        _ => String::new(),
    };
    let person = if entry.actor.kind == ActorKind::System {
        "program"
    } else {
        "person"
    };
    let mut values = args([
        ("actor", view.who(&entry.actor)),
        ("title", subject(view, item).into()),
        ("outcome", entry.outcome.as_str().into()),
        ("gate", gate.into()),
        ("by", person.into()),
        ("backup", "none".into()),
        ("attempt", Arg::Number(1)),
        ("result", "".into()),
        ("expires", "".into()),
        ("task", "send".into()),
        ("count", Arg::Number(0)),
        ("kind", "".into()),
        ("verdict", "".into()),
        ("late", "no".into()),
        ("missed", Arg::Number(0)),
        ("due", "".into()),
        ("checklist", "".into()),
        ("field", "".into()),
        ("because", "".into()),
        ("reason", "".into()),
    ]);
    let told = [
        "backup",
        "attempt",
        "result",
        "task",
        "count",
        "checklist",
        "field",
        "kind",
        "verdict",
        "late",
        "missed",
        "because",
        "reason",
    ];
    for name in told {
        if let Some(value) = detail.get(name) {
            values.insert(name.to_owned(), value.clone());
        }
    }
    for name in ["expires", "due"] {
        if let Some(Arg::Time(at)) = detail.get(name) {
            values.insert(name.to_owned(), view.at(*at));
        }
    }
    view.i18n
        .html(view.locale, &format!("audit-{}", entry.verb), &values)
}

/// The subject as people know it: a step's title, a gate, a scenario.
fn subject(view: &View<'_>, item: Item<'_>) -> String {
    let AuditEntry { verb, subject, .. } = item.entry;
    match verb.as_str() {
        "ask-approval" | "ask-again" => subject
            .parse()
            .map_or_else(|_| subject.clone(), |gate| view.gate(&gate)),
        "propose" => {
            let key = format!("runbook-{subject}");
            if view.i18n.has(&key) {
                view.word(&key)
            } else {
                subject.clone()
            }
        }
        "tick-line" | "untick-line" | "waive-line" => {
            titled(view, &format!("checklist-{subject}"), subject)
        }
        "edit-contact" | "page-on-call" => titled(view, &format!("contact-{subject}"), subject),
        "open-alert" | "close-alert" | "mute-alert" | "unmute-alert" => {
            let Some(Arg::Text(cause)) = item.entry.detail.get("cause") else {
                return subject.clone();
            };
            named(view, &format!("cause-{cause}"), &Args::new(), cause)
        }
        _ => {
            let step = subject.parse::<StepId>().ok();
            match (item.run, step) {
                (Some(run), Some(step)) => steps::title_of(view, &run.plan, &step),
                _ => subject.clone(),
            }
        }
    }
}

/// What the built-in files name has words of its own; what a team named keeps its id.
fn titled(view: &View<'_>, key: &str, subject: &str) -> String {
    if view.i18n.has(key) {
        view.word(key)
    } else {
        subject.to_owned()
    }
}

/// Why it was refused or failed; the reason of a skip.
fn because(view: &View<'_>, entry: &AuditEntry) -> String {
    let detail = &entry.detail;
    let told = |name: &str| match detail.get(name) {
        Some(Arg::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let reason = match (told("why"), told("failure"), told("reason")) {
        (Some(code), _, _) => {
            let outcome = view.say(&format!("audit-outcome-{}", entry.outcome));
            format!("{outcome}: {}", why(view, code, detail))
        }
        (_, Some(code), _) => named(view, &format!("failure-{code}"), detail, code),
        (_, _, Some(_)) => view.i18n.html(view.locale, "audit-reason", detail),
        _ => return String::new(),
    };
    format!(" — {reason}")
}

fn why(view: &View<'_>, code: &str, detail: &Args) -> String {
    let key = format!("why-{code}");
    if view.i18n.has(&key) {
        view.i18n.html(view.locale, &key, detail)
    } else {
        named(view, &format!("failure-{code}"), detail, code)
    }
}

/// An entry may be older than the words of this version: then it keeps its code.
fn named(view: &View<'_>, key: &str, detail: &Args, code: &str) -> String {
    if view.i18n.has(key) {
        view.i18n.html(view.locale, key, detail)
    } else {
        view.tell("audit-reason", [("reason", code.into())])
    }
}
