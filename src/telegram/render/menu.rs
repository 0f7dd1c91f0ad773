//! Short answers and menus.

use super::{Button, Card, Page, View};
use crate::domain::failure::Arg;
use crate::domain::ids::RunbookId;
use crate::domain::operator::{Access, Actor};
use crate::domain::runbook::Runbook;
use crate::i18n::Locale;
use crate::telegram::intent::Intent;

/// A single text.
#[must_use]
pub fn text(view: &View<'_>, html: String) -> Card {
    Page::titled(html).plain(view)
}

/// The scenarios to choose from, those that are suspected first.
#[must_use]
pub fn scenarios(view: &View<'_>, runbooks: &[&Runbook], suspected: &[RunbookId]) -> Card {
    let suspicion = |runbook: &Runbook| suspected.iter().position(|id| *id == runbook.id);
    let mut runbooks = runbooks.to_vec();
    runbooks.sort_by_key(|runbook| suspicion(runbook).unwrap_or(usize::MAX));
    let mark = |runbook: &Runbook| Arg::from(suspicion(runbook).map_or("no", |_| "yes"));
    let mut page = Page::titled(view.say("recover-choose"));
    page.lines(runbooks.iter().map(|runbook| {
        let symptoms: Vec<String> = runbook.symptoms.iter().map(|key| view.word(key)).collect();
        view.tell(
            "recover-scenario",
            [
                ("title", view.word(&runbook.title).into()),
                ("symptoms", symptoms.join("; ").into()),
                ("suspected", mark(runbook)),
            ],
        )
    }));
    let rows = runbooks.iter().map(|runbook| {
        let title = view.word(&runbook.title);
        let values = [("title", title.into()), ("suspected", mark(runbook))];
        vec![Button {
            label: view.words("recover-scenario-button", values),
            intent: Intent::Scenario {
                runbook: runbook.id.clone(),
                page: 0,
            },
        }]
    });
    page.with(view, rows.collect())
}

/// The languages to choose from, each named in itself.
#[must_use]
pub fn languages(view: &View<'_>) -> Card {
    let row = Locale::ALL.iter().map(|locale| Button {
        label: View {
            locale: *locale,
            ..*view
        }
        .word("language-name"),
        intent: Intent::Language {
            code: locale.as_str().to_owned(),
        },
    });
    Page::titled(view.say("language-choose")).with(view, vec![row.collect()])
}

/// What this bot can do, and what this person may.
#[must_use]
pub fn help(view: &View<'_>, access: &Access, actor: &Actor) -> Card {
    let role = match (access.may_request(actor), access.may_approve(actor)) {
        (true, true) => "both",
        (true, false) => "admin",
        _ => "approver",
    };
    let mut page = Page::titled(view.say("help-title"));
    page.gap();
    page.line(view.say("help-body"));
    page.gap();
    page.line(view.say("help-rules"));
    page.line(view.tell("help-role", [("role", role.into())]));
    page.plain(view)
}
