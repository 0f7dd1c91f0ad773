//! The choice of people.

use super::{button, labelled, words};
use crate::domain::campaign::Campaign;
use crate::domain::campaign::audience::{AudienceRule, Who};
use crate::domain::failure::Arg;
use crate::i18n::Locale;
use crate::telegram::notice::{Act, Wants};
use crate::telegram::render::{Button, Card, Page, View};

/// Hours for which who got a notice is spared, where that is wished.
const SPARE: u32 = 24;

/// Whom it could be for; each button keeps what the others chose.
#[must_use]
pub fn audience(view: &View<'_>, campaign: &Campaign) -> Card {
    let (id, now) = (campaign.id, &campaign.audience);
    let rule = words::rule(view, now);
    let mut page = Page::titled(view.tell("notice-audience-title", [("rule", rule.into())]));
    if now.who.needs_database() {
        page.line(view.say("notice-audience-database"));
    }
    let to = |label: String, audience: AudienceRule| {
        let mark = if audience == *now { "● " } else { "" };
        labelled(format!("{mark}{label}"), id, Act::To { audience })
    };
    let who = |who: Who| {
        let audience = AudienceRule { who, ..now.clone() };
        to(short(view, &audience.who), audience)
    };
    let mut rows = vec![
        vec![who(Who::Everyone)],
        vec![who(Who::Active { days: 7 }), who(Who::Active { days: 30 })],
        vec![who(Who::OpenPayments { hours: 24 }), who(troubled())],
    ];
    rows.push(vec![
        button(view, "notice-ids", id, Act::Write { wants: Wants::Ids }),
        button(
            view,
            "notice-written",
            id,
            Act::Write {
                wants: Wants::Audience,
            },
        ),
    ]);
    rows.push(languages(view, now, &to));
    let spare = AudienceRule {
        spare_hours: now.spare_hours.is_none().then_some(SPARE),
        ..now.clone()
    };
    let spares = now.spare_hours.is_some();
    let label = view.words(
        "notice-spare",
        [
            ("on", if spares { "yes" } else { "no" }.into()),
            ("hours", i64::from(now.spare_hours.unwrap_or(SPARE)).into()),
        ],
    );
    rows.push(vec![labelled(label, id, Act::To { audience: spare })]);
    rows.push(vec![button(view, "notice-back", id, Act::Card)]);
    page.with(view, rows)
}

fn troubled() -> Who {
    Who::TroubledJobs {
        hours: 24,
        provider: None,
    }
}

fn languages(
    view: &View<'_>,
    now: &AudienceRule,
    to: &impl Fn(String, AudienceRule) -> Button,
) -> Vec<Button> {
    let mut row = vec![to(
        view.word("notice-all-languages"),
        AudienceRule {
            language: None,
            ..now.clone()
        },
    )];
    row.extend(Locale::ALL.iter().map(|locale| {
        let language = Some(locale.as_str().to_owned());
        let audience = AudienceRule {
            language,
            ..now.clone()
        };
        to(words::language(view, locale.as_str()), audience)
    }));
    row
}

/// An audience on a button.
fn short(view: &View<'_>, who: &Who) -> String {
    let span: Arg = match who {
        Who::Active { days } => i64::from(*days).into(),
        Who::OpenPayments { hours } | Who::TroubledJobs { hours, .. } => i64::from(*hours).into(),
        _ => 0.into(),
    };
    let key = format!("audience-short-{}", who.as_str());
    view.words(&key, [("span", span)])
}

/// For whom it is now, and what of a file could not be read.
#[must_use]
pub fn addressed(view: &View<'_>, audience: &AudienceRule, strange: u64) -> String {
    let rule = words::rule(view, audience);
    let mut html = view.tell("notice-for", [("rule", rule.into())]);
    if strange > 0 {
        html.push('\n');
        html.push_str(&view.tell("notice-strange-lines", [("count", super::number(strange))]));
    }
    html
}
