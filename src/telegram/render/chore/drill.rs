//! A drill's messages: what it would be, how far it is, and the debrief.

use super::{asked, times, title, why};
use crate::domain::chore::drill::{Drilled, Now, Said, Wish};
use crate::domain::chore::{Chore, Outcome, Phase, Task};
use crate::domain::failure::Arg;
use crate::domain::runbook::Runbook;
use crate::ops::DrillPlan;
use crate::telegram::intent::Intent;
use crate::telegram::render::{Button, Card, Page, View, count};

/// The scenarios to choose from.
#[must_use]
pub fn choice(view: &View<'_>, runbooks: &[&Runbook]) -> Card {
    let mut page = Page::titled(view.say("drill-choose"));
    page.line(view.say("drill-untouched"));
    let rows = runbooks.iter().map(|runbook| {
        vec![Button {
            label: view.word(&runbook.title),
            intent: Intent::DrillPlan {
                runbook: runbook.id.clone(),
            },
        }]
    });
    page.with(view, rows.collect())
}

/// What a drill would be.
#[must_use]
pub fn plan(view: &View<'_>, plan: &DrillPlan) -> Card {
    let named = ("title", Arg::from(view.word(&plan.runbook.title)));
    let mut page = Page::titled(view.tell("drill-plan", [named]));
    let scenario = ("scenario", plan.scenario.as_str().into());
    page.line(view.tell("drill-fails", [scenario, ("bad", "no".into())]));
    page.line(match &plan.backup {
        Some(chosen) => {
            let time = view.at(chosen.backup.time.at());
            view.tell("drill-from", [("time", time)])
        }
        None => view.say("drill-from-none"),
    });
    let steps = count(plan.runbook.steps.len());
    page.line(view.tell("drill-phases", [("steps", steps)]));
    page.line(view.say("drill-untouched"));
    page.line(last(view, plan));
    page.with(view, buttons(view, plan))
}

fn last(view: &View<'_>, plan: &DrillPlan) -> String {
    let Some(last) = &plan.last else {
        return view.say("drill-last-none");
    };
    view.tell(
        "drill-last",
        [
            ("at", view.at(last.at)),
            ("took", last.took.into()),
            ("verdict", last.drilled.verdict.as_str().into()),
        ],
    )
}

fn buttons(view: &View<'_>, plan: &DrillPlan) -> Vec<Vec<Button>> {
    let ask = |label: &str, bad_backup| {
        let wish = Wish {
            runbook: plan.runbook.id.clone(),
            bad_backup,
        };
        vec![Button {
            label: view.word(label),
            intent: Intent::Chore {
                ask: Task::Drill { wish },
            },
        }]
    };
    let bad = plan
        .scenario
        .restores()
        .then(|| ask("drill-start-bad", true));
    std::iter::once(ask("choice-start", false))
        .chain(bad)
        .collect()
}

/// The drill as it stands.
#[must_use]
pub fn card(view: &View<'_>, chore: &Chore, now: Option<&Now>) -> Card {
    let mut page = Page::titled(title(view, chore));
    page.lines(scenario(view, chore));
    page.lines(asked(view, chore));
    page.lines(times(view, chore));
    if let (Phase::Running, Some(now)) = (chore.phase, now) {
        page.line(at(view, now));
    }
    page.lines(why(view, chore));
    if chore.phase.is_over() {
        return page.plain(view);
    }
    let cancel = Button {
        label: view.word("choice-cancel"),
        intent: Intent::CancelChore { chore: chore.id },
    };
    page.with(view, vec![vec![cancel]])
}

fn at(view: &View<'_>, now: &Now) -> String {
    let (step, number, of) = match now {
        Now::Recovering { title, number, of } => (view.word(title), *number, *of),
        _ => (String::new(), 0, 0),
    };
    view.tell(
        "drill-now",
        [
            ("at", now.as_str().into()),
            ("step", step.into()),
            ("number", i64::from(number).into()),
            ("of", i64::from(of).into()),
        ],
    )
}

fn scenario(view: &View<'_>, chore: &Chore) -> Option<String> {
    let Task::Drill { wish } = &chore.task else {
        return None;
    };
    let bad = if wish.bad_backup { "yes" } else { "no" };
    let scenario = ("scenario", wish.runbook.as_str().into());
    Some(view.tell("drill-fails", [scenario, ("bad", bad.into())]))
}

/// The debrief.
#[must_use]
pub fn report(view: &View<'_>, chore: &Chore) -> Card {
    let mut page = Page::titled(title(view, chore));
    page.lines(scenario(view, chore));
    page.lines(times(view, chore));
    page.lines(why(view, chore));
    if let Some(Outcome::Drilled(drilled)) = &chore.outcome {
        page.lines(debrief(view, drilled));
        page.lines(proposal(view, chore, drilled));
    }
    page.plain(view)
}

fn debrief(view: &View<'_>, drilled: &Drilled) -> Vec<String> {
    let mut lines = vec![String::new()];
    for said in drilled.debrief() {
        let text = spoken(view, &said);
        if said.heads {
            lines.push(String::new());
            lines.push(format!("<b>{text}</b>"));
        } else {
            lines.push(text);
        }
    }
    lines
}

/// What may be put into the runbook's file, as text to be copied.
fn proposal(view: &View<'_>, chore: &Chore, drilled: &Drilled) -> Vec<String> {
    let learned = drilled.learned();
    let words = learned
        .iter()
        .map(|said| view.i18n.plain(view.locale, &said.key, &filled(view, said)))
        .map(|text| text.trim_start_matches("• ").to_owned());
    let words = words.collect::<Vec<_>>().join(" ");
    let ended = chore.ended_at.unwrap_or(view.now);
    let date = ended.to_zoned(view.i18n.zone().clone()).date();
    let Some(entry) = drilled.proposal(&words, (date, &chore.id.to_string())) else {
        return Vec::new();
    };
    let runbook = Arg::from(drilled.seen.wish.runbook.as_str());
    // A value's line breaks are flattened, and TOML needs its own.
    let lines = entry
        .lines()
        .map(|line| view.tell("runbook-proposal-line", [("line", line.into())]));
    let lines: Vec<String> = lines.collect();
    vec![
        String::new(),
        view.tell("runbook-proposal", [("runbook", runbook)]),
        format!("<pre>{}</pre>", lines.join("\n")),
    ]
}

/// A text as HTML, the texts in it as words.
fn spoken(view: &View<'_>, said: &Said) -> String {
    view.i18n.html(view.locale, &said.key, &filled(view, said))
}

fn filled(view: &View<'_>, said: &Said) -> crate::domain::failure::Args {
    let mut args = said.args.clone();
    for value in args.values_mut() {
        if let Arg::Time(at) = value {
            *value = view.at(*at);
        }
    }
    for (name, words) in &said.words {
        let text = view
            .i18n
            .plain(view.locale, &words.key, &filled(view, words));
        args.insert(name.clone(), text.into());
    }
    args
}
