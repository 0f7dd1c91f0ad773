//! Contacts, as a phone makes them tappable: a number with its country, `@name` and an address are found
//! by Telegram itself, and only where they stand as plain text.

use super::{Button, Card, Page, View, health};
use crate::domain::contacts::{Contact, Directory, Field, Reach};
use crate::domain::operator::Actor;
use crate::ops::Present;
use crate::telegram::intent::Intent;
use crate::telegram::paper::ContactAct;

/// All contacts, and who is on call.
#[must_use]
pub fn list(view: &View<'_>, directory: &Directory) -> Card {
    let mut page = Page::titled(view.say("contacts-title"));
    page.lines(
        directory
            .contacts
            .iter()
            .map(|it| line(view, directory, it)),
    );
    page.gap();
    page.line(match directory.on_call() {
        Some(contact) => {
            let title = view.wording(&contact.title);
            let told = view.tell("contacts-on-call", [("title", title.into())]);
            format!("{told} {}", reach(view, &contact.reach))
        }
        None => view.say("contacts-nobody-on-call"),
    });
    if let Some(next) = directory.next.as_ref().and_then(|role| directory.of(role)) {
        let title = view.wording(&next.title);
        page.line(view.tell("contacts-next", [("title", title.into())]));
    }
    let row = vec![
        button(view, "contacts-page", ContactAct::Page),
        button(view, "contacts-edit", ContactAct::Roles),
    ];
    page.with(view, vec![row])
}

/// The roles to choose from.
#[must_use]
pub fn roles(view: &View<'_>, directory: &Directory) -> Card {
    let mut rows: Vec<Vec<Button>> = directory
        .contacts
        .iter()
        .map(|contact| {
            let role = contact.role.clone();
            let intent = Intent::Contacts {
                act: ContactAct::Role { role },
            };
            let label = view.wording(&contact.title);
            vec![Button { label, intent }]
        })
        .collect();
    rows.push(vec![button(view, "contacts-back", ContactAct::List)]);
    Page::titled(view.say("contacts-choose")).with(view, rows)
}

/// One role, with what can be changed of it.
#[must_use]
pub fn role(view: &View<'_>, directory: &Directory, contact: &Contact) -> Card {
    let page = Page::titled(line(view, directory, contact));
    let fields = Field::ALL.iter().map(|field| {
        let role = contact.role.clone();
        let label = view.word(&format!("contact-field-{}", field.as_str()));
        let act = ContactAct::Field {
            role,
            field: *field,
        };
        Button {
            label,
            intent: Intent::Contacts { act },
        }
    });
    let fields: Vec<Button> = fields.collect();
    let mut rows: Vec<Vec<Button>> = fields.chunks(2).map(<[Button]>::to_vec).collect();
    if directory.changed.contains(&contact.role) {
        let role = contact.role.clone();
        rows.push(vec![button(
            view,
            "contacts-reset",
            ContactAct::Reset { role },
        )]);
    }
    rows.push(vec![button(view, "contacts-back", ContactAct::Roles)]);
    page.with(view, rows)
}

/// Whoever is on call is wanted.
#[must_use]
pub fn page(view: &View<'_>, contact: &Contact, by: &Actor, now: &Present) -> Card {
    let title = view.wording(&contact.title);
    let told = view.tell(
        "contacts-paged",
        [("title", title.into()), ("by", view.who(by))],
    );
    let mut page = Page::titled(format!("{} {told}", reach(view, &contact.reach)));
    if let Some(run) = &now.run {
        let values = [
            ("run", run.id.to_string().into()),
            ("title", view.title(run)),
        ];
        page.line(view.tell("contacts-paged-run", values));
    }
    if let Some(run) = now.unreadable {
        page.line(view.tell(
            "contacts-paged-unreadable",
            [("run", run.to_string().into())],
        ));
    }
    for alert in &now.alerts {
        let cause = health::cause(view, &alert.candidate);
        page.line(view.tell("contacts-paged-alert", [("cause", cause.into())]));
    }
    if now.more > 0 {
        let more = i64::try_from(now.more).unwrap_or(i64::MAX);
        page.line(view.tell("contacts-paged-more", [("more", more.into())]));
    }
    if now.run.is_none() && now.unreadable.is_none() && now.alerts.is_empty() {
        page.line(view.say("contacts-paged-quiet"));
    }
    page.plain(view)
}

fn line(view: &View<'_>, directory: &Directory, contact: &Contact) -> String {
    let title = view.wording(&contact.title);
    let title = view.tell("contacts-role", [("title", title.into())]);
    let told = format!("{title} {}", reach(view, &contact.reach));
    // Whoever edits the file must see where it is not heard.
    match directory.changed.contains(&contact.role) {
        true => format!("{told} {}", view.say("contacts-changed")),
        false => told,
    }
}

/// How somebody is reached, as HTML.
fn reach(view: &View<'_>, reach: &Reach) -> String {
    if reach.is_empty() {
        return view.say("contacts-unknown");
    }
    let plain = |text: &str| view.tell("contacts-value", [("value", text.into())]);
    let account = reach.telegram.as_ref().map(|account| match account.id() {
        // Who has no name is mentioned by his number, under the name that the team knows.
        Some(id) => {
            let name = reach.name.as_deref().unwrap_or(account.as_str());
            let pair = [("id", id.to_string().into()), ("name", name.into())];
            view.tell("contacts-person", pair)
        }
        None => plain(account.as_str()),
    });
    let numbered = reach.telegram.as_ref().is_some_and(|it| it.id().is_some());
    let name = reach.name.as_deref().filter(|_| !numbered).map(plain);
    let phone = reach.phone.as_ref().map(|it| plain(it.as_str()));
    let email = reach.email.as_ref().map(|it| plain(it.as_str()));
    let parts: Vec<String> = [name, account, phone, email]
        .into_iter()
        .flatten()
        .collect();
    parts.join(" · ")
}

fn button(view: &View<'_>, key: &str, act: ContactAct) -> Button {
    Button {
        label: view.word(key),
        intent: Intent::Contacts { act },
    }
}
