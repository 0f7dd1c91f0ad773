use super::*;
use crate::domain::action::Action;
use crate::domain::approval::Refusal;
use crate::domain::audit::{OUTCOMES, VERBS};
use crate::domain::choice::Choice;
use crate::domain::event::Outcome;
use crate::domain::failure::FailureCode;
use crate::domain::operator::Actor;

fn texts() -> I18n {
    I18n::new(TimeZone::posix("MSK-3").unwrap()).unwrap()
}

fn number(count: i64) -> Args {
    Args::from([("count".to_owned(), Arg::Number(count))])
}

#[test]
fn every_code_has_its_words() {
    let texts = texts();
    let mut keys: Vec<String> = Vec::new();
    for code in FailureCode::ALL {
        keys.push(format!("failure-{}", code.as_str()));
        keys.push(format!("failure-{}.hint", code.as_str()));
    }
    for kind in Action::KINDS {
        keys.push(format!("step-{kind}"));
        keys.push(format!("step-{kind}.does"));
    }
    keys.extend(Refusal::CODES.iter().map(|code| format!("refusal-{code}")));
    keys.extend(Refusal::CODES.iter().map(|code| format!("why-{code}")));
    keys.extend(VERBS.iter().map(|verb| format!("audit-{verb}")));
    keys.extend(OUTCOMES.iter().map(|word| format!("audit-outcome-{word}")));
    for outcome in [
        Outcome::Recovered,
        Outcome::RolledBack,
        Outcome::Aborted,
        Outcome::Denied,
        Outcome::Cancelled,
    ] {
        keys.push(format!("outcome-{}", outcome.as_str()));
        keys.push(format!("outcome-{}.short", outcome.as_str()));
    }
    let missing: Vec<_> = keys.iter().filter(|key| !texts.has(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_buttons_that_decide_are_worded_as_the_contract_says() {
    let texts = texts();
    let label = |name: &str| texts.plain(Locale::En, &format!("choice-{name}"), &Args::new());
    let labels = [
        Choice::Start,
        Choice::Cancel,
        Choice::Retry,
        Choice::Skip,
        Choice::RollBack,
        Choice::Abort,
        Choice::Resume,
        Choice::Happened,
        Choice::NotHappened,
    ]
    .map(|choice| label(choice.as_str()));
    assert_eq!(
        labels,
        [
            "Start",
            "Cancel",
            "Retry",
            "Skip",
            "Roll back",
            "Abort",
            "Resume",
            "Yes, it happened",
            "No, do it again"
        ]
    );
    assert_eq!([label("approve"), label("deny")], ["Approve", "Deny"]);
}

#[test]
fn refusals_fit_into_a_pop_up() {
    let texts = texts();
    let by = Actor::telegram(1, "A person with a rather long name, even with a title");
    let refused = Refusal::Decided {
        by: Some(by.clone()),
        at: Timestamp::UNIX_EPOCH,
    };
    let args = Args::from([
        ("by".to_owned(), by.name.as_str().into()),
        ("at".to_owned(), Timestamp::UNIX_EPOCH.into()),
    ]);
    for locale in Locale::ALL {
        for code in Refusal::CODES {
            let text = texts.plain(*locale, &format!("refusal-{code}"), &args);
            assert!(text.encode_utf16().count() <= 200, "{text}");
        }
    }
    assert_eq!(refused.code(), "decided");
}

#[test]
fn russian_counts_as_russians_do() {
    let texts = texts();
    let counted: Vec<String> = [1, 2, 5, 11, 21, 22, 1234]
        .iter()
        .map(|count| texts.plain(Locale::Ru, "runs", &number(*count)))
        .collect();
    assert_eq!(
        counted,
        [
            "1 запуск",
            "2 запуска",
            "5 запусков",
            "11 запусков",
            "21 запуск",
            "22 запуска",
            "1\u{a0}234 запуска"
        ]
    );
}

#[test]
fn numbers_sizes_and_lengths_are_worded() {
    let texts = texts();
    let size = |locale, bytes| texts.size(locale, bytes).replace('\u{a0}', " ");
    assert_eq!(size(Locale::En, 999), "999 B");
    assert_eq!(size(Locale::En, 1_288_490_189), "1.2 GiB");
    assert_eq!(size(Locale::Ru, 1_288_490_189), "1,2 ГиБ");
    assert_eq!(size(Locale::En, 150 << 20), "150 MiB");
    let length = |locale, seconds| {
        texts
            .length(locale, Duration::from_secs(seconds))
            .replace('\u{a0}', " ")
    };
    assert_eq!(length(Locale::En, 200), "3 min 20 s");
    assert_eq!(length(Locale::Ru, 200), "3 мин 20 с");
    assert_eq!(length(Locale::En, 0), "under 1 s");
    assert_eq!(length(Locale::En, 3600), "1 h");
    assert_eq!(length(Locale::En, 90_061), "1 d 1 h");
    assert_eq!(texts.number(Locale::En, -1_234_567), "-1,234,567");
    assert_eq!(texts.number(Locale::Ru, 1_234), "1\u{a0}234");
}

#[test]
fn times_are_the_teams() {
    let at: Timestamp = "2026-11-23T00:54:12Z".parse().unwrap();
    let texts = texts();
    let plain = |locale| texts.moment(locale, at).replace('\u{a0}', " ");
    assert_eq!(plain(Locale::En), "23 Nov 2026 03:54:12 MSK");
    assert_eq!(plain(Locale::Ru), "23 ноя 2026 03:54:12 MSK");
}

#[test]
fn only_the_locale_can_hold_markup() {
    let args = Args::from([
        ("id".to_owned(), "<b>\u{202e}1</b>".into()),
        ("given".to_owned(), "&".into()),
    ]);
    let texts = texts();
    let html = texts.html(Locale::En, "stranger", &args);
    assert!(html.contains("<code>&lt;b&gt;1&lt;/b&gt;</code>"), "{html}");
    let plain = texts.plain(Locale::En, "why-target", &args);
    assert_eq!(plain, "&");
}

#[test]
fn a_missing_text_is_its_key() {
    let texts = texts();
    assert_eq!(
        texts.plain(Locale::Ru, "no-such.key", &Args::new()),
        "no-such.key"
    );
    assert!(!texts.has("no-such"));
    assert!(!texts.has("failure-disk-full.nothing"));
}

#[test]
fn texts_for_chat_and_console_alike_hold_no_markup() {
    let shared = [
        "failure-", "refusal-", "error-", "why-", "patient-", "facts-", "choice-",
    ];
    for (locale, texts) in [("en", EN), ("ru", RU)] {
        let mut key = "";
        for line in texts.iter().flat_map(|text| text.lines()) {
            if let Some((name, _)) = line.split_once(" =") {
                key = name;
            }
            let plain = !line.contains('<') && !line.contains('&');
            let bound = shared.iter().any(|prefix| key.starts_with(prefix));
            assert!(plain || !bound || line.starts_with('#'), "{locale}: {line}");
        }
    }
}
