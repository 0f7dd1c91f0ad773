//! A notice while it is written.

use super::{button, heading, labelled, words};
use crate::domain::campaign::message::{Message, Notice, Problem};
use crate::domain::campaign::ready::READY;
use crate::domain::campaign::{Campaign, Phase, Task};
use crate::domain::ids::CampaignId;
use crate::i18n::Locale;
use crate::ops::{NoticeRules, Previewed};
use crate::telegram::notice::{Act, Wants};
use crate::telegram::render::{Button, Card, Page, View, approval, count};
use std::collections::BTreeSet;

/// The draft, what waits for an approval, or what came to nothing.
pub(super) fn card(view: &View<'_>, campaign: &Campaign, rules: NoticeRules) -> Card {
    let key = match campaign.phase {
        Phase::Asked => "notice-asked-title",
        Phase::Dropped => "notice-dropped-title",
        _ => "notice-draft-title",
    };
    let mut page = Page::titled(heading(view, key, campaign));
    page.lines(words::task(view, &campaign.task));
    page.lines(words::says(view, campaign));
    if campaign
        .task
        .notice()
        .is_some_and(|one| one.messages.is_empty())
    {
        page.line(view.say("notice-says-nothing"));
    }
    page.gap();
    let rule = words::rule(view, &campaign.audience);
    page.line(view.tell("notice-for", [("rule", rule.into())]));
    match &campaign.listed {
        Some(listed) => page.lines(words::listed(view, listed)),
        None if campaign.phase == Phase::Draft => page.line(view.say("notice-counting")),
        None => {}
    }
    if campaign.urgent {
        page.line(view.say("notice-urgent"));
    }
    page.lines(stands(view, campaign, rules));
    page.with(view, buttons(view, campaign))
}

/// What keeps it back, or how its request stands.
fn stands(view: &View<'_>, campaign: &Campaign, rules: NoticeRules) -> Vec<String> {
    let mut lines = Vec::new();
    if campaign.phase == Phase::Draft {
        let notice = campaign.task.notice();
        let found = notice.map(Notice::problems).unwrap_or_default();
        let written = notice.is_some_and(|notice| !notice.messages.is_empty());
        if written {
            let problems = found.iter();
            lines.extend(problems.map(|(tag, found)| problem(view, tag, found)));
        }
        let count = campaign.listed.as_ref().map_or(0, |listed| listed.count);
        if count > rules.limit {
            let limit = [("limit", super::number(rules.limit))];
            lines.push(view.tell("notice-over-limit", limit));
        }
        return lines;
    }
    lines.push(String::new());
    match &campaign.approval {
        Some(found) if campaign.phase == Phase::Asked => {
            lines.push(approval::until(view, found));
            lines.push(view.say("notice-change-voids"));
        }
        Some(found) => lines.extend(super::ask::verdict(view, found)),
        None => lines.push(view.say("notice-given-up")),
    }
    lines
}

/// What is wrong in a language, and what to do.
#[must_use]
pub fn problem(view: &View<'_>, tag: &str, problem: &Problem) -> String {
    explained(view, &words::language(view, tag), problem)
}

/// What is wrong, and what to do.
#[must_use]
pub fn wrong(view: &View<'_>, problem: &Problem) -> String {
    explained(view, "none", problem)
}

fn explained(view: &View<'_>, language: &str, problem: &Problem) -> String {
    let mut args = problem.args();
    args.insert("language".to_owned(), language.into());
    let key = format!("notice-problem-{}", problem.code());
    view.i18n.html(view.locale, &key, &args)
}

fn buttons(view: &View<'_>, campaign: &Campaign) -> Vec<Vec<Button>> {
    let id = campaign.id;
    if campaign.phase == Phase::Dropped {
        return Vec::new();
    }
    let cancel = button(view, "notice-cancel", id, Act::Cancel);
    let send = button(view, "notice-send", id, Act::Send);
    let preview = button(view, "notice-preview", id, Act::Preview);
    let asked = campaign.phase == Phase::Asked;
    let last = if asked {
        vec![cancel]
    } else {
        vec![send, cancel]
    };
    let Some(notice) = campaign.task.notice() else {
        return vec![last];
    };
    let mut rows = texts(view, id, notice);
    rows.push(vec![
        button(
            view,
            "notice-other-language",
            id,
            Act::Text { language: None },
        ),
        button(view, "notice-link", id, Act::Button),
    ]);
    if matches!(campaign.task, Task::Send { .. }) {
        rows.push(vec![
            button(view, "notice-ready", id, Act::ReadyList),
            button(view, "notice-audience", id, Act::Audience),
        ]);
    }
    let on = !campaign.urgent;
    let urgent = view.words(
        "notice-urgent-button",
        [("on", if on { "no" } else { "yes" }.into())],
    );
    rows.push(vec![preview, labelled(urgent, id, Act::Urgent { on })]);
    rows.push(last);
    rows
}

/// A button for each language of the program and of the notice.
fn texts(view: &View<'_>, id: CampaignId, notice: &Notice) -> Vec<Vec<Button>> {
    let own = Locale::ALL.iter().map(|locale| locale.as_str().to_owned());
    let tags: BTreeSet<String> = own.chain(notice.messages.keys().cloned()).collect();
    let buttons: Vec<Button> = tags
        .into_iter()
        .map(|tag| {
            let there = notice.messages.contains_key(&tag);
            let label = view.words(
                "notice-text-button",
                [
                    ("language", words::language(view, &tag).into()),
                    ("there", if there { "yes" } else { "no" }.into()),
                ],
            );
            let language = Some(tag);
            labelled(label, id, Act::Text { language })
        })
        .collect();
    buttons.chunks(2).map(<[Button]>::to_vec).collect()
}

/// Asks for something to be written.
#[must_use]
pub fn question(view: &View<'_>, campaign: &Campaign, wants: &Wants) -> Card {
    let id = campaign.id;
    let mut rows = Vec::new();
    let html = match wants {
        Wants::Text { language } => {
            let there = campaign
                .task
                .notice()
                .filter(|notice| notice.messages.contains_key(language));
            rows.extend(there.map(|notice| of_text(view, id, notice, language)));
            let name = words::language(view, language);
            view.tell("notice-ask-text", [("language", name.into())])
        }
        Wants::Language => view.say("notice-ask-language"),
        Wants::Button => {
            rows.push(vec![button(view, "notice-no-link", id, Act::NoButton)]);
            view.say("notice-ask-button")
        }
        Wants::Blanks { word } => view.say(&format!("notice-ask-{word}")),
        Wants::Audience => view.say("notice-ask-audience"),
        Wants::Ids => view.say("notice-ask-ids"),
    };
    Page::titled(html).with(view, rows)
}

/// What can be done with a text besides writing it anew.
fn of_text(view: &View<'_>, id: CampaignId, notice: &Notice, language: &str) -> Vec<Button> {
    let language = language.to_owned();
    let remove = Act::Remove {
        language: language.clone(),
    };
    let mut row = vec![button(view, "notice-remove", id, remove)];
    if notice.fallback != language {
        let fallback = Act::Fallback { language };
        row.push(button(view, "notice-fallback", id, fallback));
    }
    row
}

/// The ready notices, with their words in the reader's language.
#[must_use]
pub fn ready_list(view: &View<'_>, id: CampaignId) -> Card {
    let mut page = Page::titled(view.say("notice-ready-title"));
    let mut rows = Vec::new();
    for ready in READY {
        let name = view.word(&format!("ready-{}", ready.word));
        let blanks: Vec<String> = ready.blanks.iter().map(|_| "…".to_owned()).collect();
        let said = view.i18n.ready(ready, &blanks);
        let own = said.iter().find(|(locale, _)| *locale == view.locale);
        let text = own.map(|(_, text)| text.as_str()).unwrap_or_default();
        page.gap();
        page.line(view.tell(
            "notice-ready-line",
            [("name", name.as_str().into()), ("text", text.into())],
        ));
        let word = ready.word.to_owned();
        rows.push(vec![labelled(name, id, Act::Ready { word })]);
    }
    rows.push(vec![button(view, "notice-back", id, Act::Card)]);
    page.with(view, rows)
}

/// What was taken as the words of a language.
#[must_use]
pub fn taken(view: &View<'_>, language: &str, message: Option<&Message>) -> String {
    let units = message.map_or(0, |message| message.text.units());
    view.tell(
        "notice-taken",
        [
            ("language", words::language(view, language).into()),
            ("units", count(units)),
        ],
    )
}

/// What became of a preview.
#[must_use]
pub fn previewed(view: &View<'_>, id: CampaignId, previewed: &Previewed) -> Card {
    let again = vec![vec![button(view, "notice-preview", id, Act::Preview)]];
    match previewed {
        Previewed::Arrived(languages) => {
            let page = view.tell("notice-preview-arrived", [("count", count(*languages))]);
            Page::titled(page).plain(view)
        }
        Previewed::NotStarted => Page::titled(view.say("notice-preview-start")).with(view, again),
        Previewed::Refused(why) => {
            let html = view.tell("notice-preview-refused", [("why", why.as_str().into())]);
            Page::titled(html).plain(view)
        }
        Previewed::NotNow(why) => {
            let html = view.tell("notice-preview-not-now", [("why", why.as_str().into())]);
            Page::titled(html).with(view, again)
        }
    }
}
