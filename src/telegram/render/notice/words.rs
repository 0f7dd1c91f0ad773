//! Pieces of sentences about notices.

use super::number;
use crate::domain::campaign::audience::{AudienceRule, Listed, Who};
use crate::domain::campaign::message::{CAPTION, Message, Notice, TEXT};
use crate::domain::campaign::{Campaign, Task};
use crate::domain::failure::Arg;
use crate::telegram::render::{View, count};

/// Characters of a message that are shown of it.
const EXCERPT: usize = 160;

/// A language by its name, or its tag.
pub(super) fn language(view: &View<'_>, tag: &str) -> String {
    view.words("notice-language", [("tag", tag.into())])
}

/// What it says, language by language, the fallback first.
pub(super) fn says(view: &View<'_>, campaign: &Campaign) -> Vec<String> {
    let Some(notice) = campaign.task.notice() else {
        return Vec::new();
    };
    let mut messages: Vec<_> = notice.messages.iter().collect();
    messages.sort_by_key(|(tag, _)| **tag != notice.fallback);
    messages
        .into_iter()
        .flat_map(|(tag, message)| one(view, notice, tag, message))
        .collect()
}

fn one(view: &View<'_>, notice: &Notice, tag: &str, message: &Message) -> Vec<String> {
    let others = *tag == notice.fallback;
    let limit = if message.media.is_some() {
        CAPTION
    } else {
        TEXT
    };
    let mut lines = vec![view.tell(
        "notice-says",
        [
            ("language", language(view, tag).into()),
            ("others", if others { "yes" } else { "no" }.into()),
            ("text", excerpt(&message.text.text).into()),
            ("units", count(message.text.units())),
            ("limit", count(limit)),
        ],
    )];
    lines.extend(message.media.as_ref().map(|media| {
        let name = media.name.clone().unwrap_or_default();
        view.tell(
            "notice-media",
            [
                ("kind", media.kind.as_str().into()),
                ("size", Arg::Bytes(media.bytes)),
                ("named", if name.is_empty() { "no" } else { "yes" }.into()),
                ("name", name.into()),
            ],
        )
    }));
    lines.extend(message.button.as_ref().map(|button| {
        let label = ("label", button.label.as_str().into());
        view.tell(
            "notice-button",
            [label, ("url", button.url.as_str().into())],
        )
    }));
    lines
}

/// The beginning of a text on one line.
pub(super) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= EXCERPT {
        return line;
    }
    let cut: String = line.chars().take(EXCERPT).collect();
    format!("{}…", cut.trim_end())
}

/// For whom, in words.
pub(super) fn rule(view: &View<'_>, rule: &AudienceRule) -> String {
    let (span, provider, people) = match &rule.who {
        Who::Active { days } => (i64::from(*days), None, 0),
        Who::OpenPayments { hours } => (i64::from(*hours), None, 0),
        Who::TroubledJobs { hours, provider } => (i64::from(*hours), provider.as_deref(), 0),
        Who::Listed { count, .. } => (0, None, *count),
        Who::Everyone | Who::Concerned | Who::Reached => (0, None, 0),
    };
    let who = view.words(
        &format!("audience-{}", rule.who.as_str()),
        [
            ("span", span.into()),
            ("provider", provider.unwrap_or("any").into()),
            ("count", number(people)),
        ],
    );
    if matches!(rule.who, Who::Reached | Who::Concerned) {
        return who;
    }
    let spare = rule.spare_hours.map_or(0, i64::from);
    let tag = rule.language.as_deref();
    view.words(
        "audience-rule",
        [
            ("who", who.into()),
            ("only", if tag.is_some() { "yes" } else { "no" }.into()),
            ("language", language(view, tag.unwrap_or_default()).into()),
            ("spare", spare.into()),
        ],
    )
}

/// How many, and how old the list is.
pub(super) fn listed(view: &View<'_>, listed: &Listed) -> Vec<String> {
    let source = view.words(
        &format!("list-source-{}", listed.source.as_str()),
        [("at", view.at(listed.as_of))],
    );
    let mut lines = vec![view.tell(
        "notice-count",
        [("count", number(listed.count)), ("source", source.into())],
    )];
    if listed.blocked + listed.spared + listed.unknown > 0 {
        lines.push(view.tell(
            "notice-left-out",
            [
                ("blocked", number(listed.blocked)),
                ("spared", number(listed.spared)),
                ("unknown", number(listed.unknown)),
            ],
        ));
    }
    lines
}

/// What is done to each person, where that is not plain from what it says.
pub(super) fn task(view: &View<'_>, task: &Task) -> Option<String> {
    let of = task.of()?.to_string();
    let key = match task {
        Task::Delete { .. } => "notice-task-delete",
        _ => "notice-task-correct",
    };
    Some(view.tell(key, [("of", of.into())]))
}
