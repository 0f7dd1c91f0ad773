//! The team: whom approvals reach. Where Telegram does not answer the group's line says so.

use super::finding::{Finding, args};
use super::{Checker, team};
use crate::domain::failure::Args;
use crate::telegram;
use futures::future::join_all;
use std::collections::BTreeSet;

/// Each approver is in the group, where requests are shown.
pub(super) async fn approvers(checker: &Checker<'_>) -> Vec<Finding> {
    let Ok(bot) = team::admin(checker) else {
        return Vec::new();
    };
    let group = checker.settings().telegram.audit_chat;
    let people = &checker.settings().approvals.access.approvers;
    let asked = people.iter().map(|person| {
        let bot = &bot;
        async move { (*person, telegram::is_member(bot, group, *person).await) }
    });
    let answers = join_all(asked).await;
    if answers.iter().any(|(_, answer)| answer.is_err()) {
        return Vec::new();
    }
    let missing = answers
        .into_iter()
        .filter(|(_, answer)| *answer == Ok(false));
    let missing: BTreeSet<i64> = missing.map(|(person, _)| person).collect();
    let keys = ("check-approvers-ok", "check-approvers-missing");
    vec![told(checker, "approvers", &missing, keys)]
}

/// Each admin has started the bot: it cannot write first.
pub(super) async fn admins(checker: &Checker<'_>) -> Vec<Finding> {
    let Ok(bot) = team::admin(checker) else {
        return Vec::new();
    };
    let people = &checker.settings().approvals.access.admins;
    let asked = people.iter().map(|person| {
        let bot = &bot;
        async move { (*person, telegram::knows(bot, *person).await) }
    });
    let answers = join_all(asked).await;
    if answers.iter().any(|(_, answer)| answer.is_err()) {
        return Vec::new();
    }
    let missing = answers
        .into_iter()
        .filter(|(_, answer)| *answer == Ok(false));
    let missing: BTreeSet<i64> = missing.map(|(person, _)| person).collect();
    let keys = ("check-admins-ok", "check-admins-missing");
    vec![told(checker, "admins", &missing, keys)]
}

/// The first text where nobody is missing, else the second.
fn told(
    checker: &Checker<'_>,
    name: &str,
    missing: &BTreeSet<i64>,
    (all, some): (&str, &str),
) -> Finding {
    if missing.is_empty() {
        return checker.words.ok(name, all, &Args::new());
    }
    let people: Vec<String> = missing.iter().map(i64::to_string).collect();
    let told = args([("people", people.join(", ").into())]);
    checker.words.wrong(name, some, &told).lenient()
}

/// The user this runs as, by name where it has one.
pub(super) fn own_user() -> String {
    let own = rustix::process::geteuid().as_raw();
    let known = std::fs::read("/etc/passwd").unwrap_or_default();
    let known = String::from_utf8_lossy(&known);
    let name = known.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1)?.parse() == Ok(own)).then(|| name.to_owned())
    });
    name.unwrap_or_else(|| own.to_string())
}
