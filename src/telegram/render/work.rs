//! What came out of steps that concern Redis, jobs, payments, providers and REI's folder.

use super::View;
use crate::domain::facts::{Differences, Facts};
use crate::domain::failure::Arg;
use crate::domain::job::Tallies;
use crate::domain::money::Money;
use crate::domain::payment::{PendingPayments, SyncReport};
use crate::domain::provider::Reading;
use crate::domain::queue::RedisContent;
use std::collections::BTreeMap;

/// Families of keys that are named.
const FAMILIES: usize = 6;

/// What came out, in a few words.
pub(super) fn of(view: &View<'_>, facts: &Facts) -> Option<String> {
    if let Some((key, blanks)) = facts.told() {
        return Some(view.i18n.html(view.locale, key, &blanks));
    }
    Some(match facts {
        Facts::RedisChecked {
            failure: Some(failure),
            ..
        } => view.failure(failure),
        Facts::RedisInspected(content) => inspected(view, content),
        Facts::Tallied { tallies } => tallied(view, tallies),
        Facts::Readings { readings } => said(view, readings),
        Facts::Pending(found) => pending(view, found),
        Facts::Synced(report) => synced(view, report),
        Facts::Reconciled(found) => differences(view, found),
        _ => return None,
    })
}

fn number(number: u64) -> Arg {
    Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

/// What a flush loses; also shown where it is to be approved.
pub(super) fn inspected(view: &View<'_>, content: &RedisContent) -> String {
    let mut families: Vec<(&String, &u64)> = content.families.iter().collect();
    families.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let named: Vec<String> = families
        .iter()
        .take(FAMILIES)
        .map(|(family, count)| {
            view.words(
                "facts-family",
                [
                    ("family", family.as_str().into()),
                    ("count", number(**count)),
                ],
            )
        })
        .collect();
    let families = if named.is_empty() {
        view.word("facts-no-keys")
    } else {
        named.join(", ")
    };
    view.tell(
        "facts-redis-inspected",
        [
            ("damaged", number(content.damaged)),
            ("families", families.into()),
            ("unknown", number(content.unknown_jobs)),
        ],
    )
}

fn tallied(view: &View<'_>, tallies: &Tallies) -> String {
    if tallies.is_empty() {
        return view.say("facts-no-jobs");
    }
    let lines = tallies.iter().map(|(provider, tally)| {
        view.tell(
            "facts-tally",
            [
                ("provider", provider.as_str().into()),
                ("completed", number(tally.completed)),
                ("failed", number(tally.failed)),
                ("open", number(tally.open)),
            ],
        )
    });
    lines.collect::<Vec<_>>().join("; ")
}

fn said(view: &View<'_>, readings: &[Reading]) -> String {
    let lines = readings.iter().map(|reading| {
        view.tell(
            "facts-reading",
            [
                ("service", reading.service.as_str().into()),
                ("condition", reading.condition.as_str().into()),
                ("said", reading.said.as_deref().unwrap_or("none").into()),
            ],
        )
    });
    lines.collect::<Vec<_>>().join("; ")
}

/// Open payments by age and sum; also what `/payments` shows.
pub(super) fn pending(view: &View<'_>, found: &PendingPayments) -> String {
    let [hour, day, older] = found.by_age;
    let sums = found.sums.iter().map(|(currency, minor)| {
        let (minor, currency) = (*minor, currency.clone());
        Money { minor, currency }.to_string()
    });
    view.tell(
        "facts-pending",
        [
            ("count", number(hour + day + older)),
            ("users", number(found.users)),
            ("sums", sums.collect::<Vec<_>>().join(", ").into()),
            ("hour", number(hour)),
            ("day", number(day)),
            ("older", number(older)),
        ],
    )
}

pub(super) fn synced(view: &View<'_>, report: &SyncReport) -> String {
    let open = report.open.iter().map(|(id, deed)| {
        let deed = view.word(&format!("deed-{deed}"));
        let values = [("id", id.as_str().into()), ("deed", deed.into())];
        view.words("facts-synced-open", values)
    });
    let open: Vec<String> = open.collect();
    let open = if open.is_empty() {
        Arg::Number(0)
    } else {
        open.join(", ").into()
    };
    view.tell(
        "facts-synced",
        [
            ("looked", number(report.looked_at)),
            ("credited", number(report.credited)),
            ("credits", report.credits.into()),
            ("already", number(report.already)),
            ("updated", number(report.updated)),
            ("open", open),
        ],
    )
}

fn differences(view: &View<'_>, found: &Differences) -> String {
    let mut lines = Vec::new();
    if let (Some(missing), Some(unknown)) = (found.jobs_missing, found.jobs_unknown) {
        let values = [("missing", number(missing)), ("unknown", number(unknown))];
        lines.push(view.tell("facts-reconciled-jobs", values));
    }
    if let Some(deeds) = &found.payments {
        lines.push(payments(view, deeds));
    }
    if let Some(count) = found.balances {
        lines.push(view.tell("facts-reconciled-balances", [("count", number(count))]));
    }
    for (part, failure) in &found.unknown {
        let failure = view.i18n.plain(
            view.locale,
            &format!("failure-{}", failure.code.as_str()),
            &failure.args,
        );
        let values = [("part", part.as_str().into()), ("failure", failure.into())];
        lines.push(view.tell("facts-reconciled-unknown", values));
    }
    lines.join("; ")
}

fn payments(view: &View<'_>, deeds: &BTreeMap<String, u64>) -> String {
    if deeds.is_empty() {
        return view.say("facts-reconciled-payments-none");
    }
    let named = deeds.iter().map(|(deed, count)| {
        let deed = view.word(&format!("deed-{deed}"));
        view.words(
            "facts-family",
            [("family", deed.into()), ("count", number(*count))],
        )
    });
    let deeds = named.collect::<Vec<_>>().join(", ");
    view.tell("facts-reconciled-payments", [("deeds", deeds.into())])
}

#[cfg(test)]
mod tests {
    use super::super::outcome;
    use super::super::sample::{texts, view};
    use super::*;
    use crate::domain::facts::{Noticed, Retried};
    use crate::domain::failure::{Failure, FailureCode};
    use crate::domain::install::{ProgramReport, Switch, Switched, Unpacked};
    use crate::domain::job::Tally;
    use crate::domain::provider::Condition;
    use crate::domain::queue::{Flushed, Rebuilt, RedisHealth, RedisRole};
    use crate::i18n::Locale;

    fn health() -> RedisHealth {
        RedisHealth {
            version: "7.0.15".into(),
            role: RedisRole::Replica,
            persistence_error: Some("err".into()),
            memory: 3 << 20,
            memory_limit: None,
            keys: 1204,
            foreign_keys: 0,
            uptime: 5,
        }
    }

    fn queue() -> Vec<Facts> {
        let families = [("rq:job", 40), ("session", 7)].map(|(name, n)| (name.to_owned(), n));
        vec![
            Facts::RedisChecked {
                health: None,
                failure: Some(
                    Failure::new(FailureCode::RedisUnreachable).with("server", "127.0.0.1:6379/0"),
                ),
            },
            Facts::RedisAnswers(health()),
            Facts::RedisInspected(RedisContent {
                families: families.into(),
                jobs: 40,
                unknown_jobs: 2,
                damage: Vec::new(),
                damaged: 3,
            }),
            Facts::RedisInspected(RedisContent::default()),
            Facts::Flushed(Flushed { keys: 47 }),
            Facts::Rebuilt(Rebuilt {
                added: 1,
                present: 12,
            }),
            Facts::QueueMoves {
                workers: 2,
                waiting: 11,
                taken: 3,
            },
            Facts::Retried(Retried {
                requeued: 21,
                made: 2,
                finished: 3,
                stopped: 1,
                settled: 0,
                expired: 4,
                unproved: 5,
            }),
            Facts::Retried(Retried::default()),
        ]
    }

    fn services() -> Vec<Facts> {
        let tally = Tally {
            completed: 8,
            failed: 2,
            open: 1,
        };
        let reading = |condition, said: Option<&str>| Reading {
            service: "kling".into(),
            condition,
            said: said.map(str::to_owned),
            failure: None,
            millis: 120,
        };
        vec![
            Facts::Tallied {
                tallies: Tallies::from([("kling".to_owned(), tally)]),
            },
            Facts::Tallied {
                tallies: Tallies::new(),
            },
            Facts::Readings {
                readings: vec![
                    reading(Condition::Up, None),
                    reading(Condition::Down, Some("503 <b>")),
                ],
            },
            Facts::Pending(PendingPayments {
                by_age: [1, 2, 3],
                sums: BTreeMap::from([("RUB".to_owned(), 119_900)]),
                oldest: None,
                users: 5,
            }),
            Facts::Pending(PendingPayments::default()),
            Facts::Synced(SyncReport {
                looked_at: 40,
                credited: 3,
                credits: 300,
                open: vec![("p-17".into(), "look-at-refund".into())],
                ..SyncReport::default()
            }),
            Facts::Reconciled(Differences {
                jobs_missing: Some(4),
                jobs_unknown: Some(1),
                payments: Some(BTreeMap::from([("credit".to_owned(), 2)])),
                balances: Some(1),
                unknown: vec![(
                    "payments".into(),
                    Failure::new(FailureCode::ProviderNotConfigured)
                        .with("service", "YooKassa")
                        .with("settings", "YOOKASSA_SHOP_ID"),
                )],
            }),
        ]
    }

    fn home() -> Vec<Facts> {
        vec![
            Facts::Switched(Switched {
                switch: Switch::ManualPayments,
                was: Some(false),
                line: 12,
                copy: Some("/opt/rei_bot/copy".into()),
            }),
            Facts::Noticed(Noticed {
                sent: 120,
                blocked: 3,
                failed: 1,
                ambiguous: 1,
            }),
            Facts::Ran(ProgramReport {
                code: Some(0),
                tail: String::new(),
                millis: 4200,
            }),
            Facts::Unpacked(Unpacked {
                files: 12,
                bytes: 4096,
                replaced: 1,
            }),
            Facts::SettingsReady { made: true },
            Facts::Balance { balance: 120 },
            Facts::Webhook {
                pending: 12,
                last_error: Some("Connection refused".into()),
                is_set: true,
            },
        ]
    }

    #[test]
    fn every_outcome_reads_well_in_both_languages() {
        let i18n = texts();
        let all = [queue(), services(), home()].concat();
        let mut text = Vec::new();
        for locale in Locale::ALL {
            let view = view(&i18n, *locale, "01:00:05");
            text.extend(all.iter().map(|facts| outcome::of(&view, facts).unwrap()));
        }
        assert!(text.iter().all(|line| !line.contains("{$")), "{text:#?}");
        let text = text.join("\n").replace('\u{a0}', "~");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false },
            { insta::assert_snapshot!("outcomes", text) });
    }
}
