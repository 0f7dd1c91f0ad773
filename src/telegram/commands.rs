//! The commands, and who may use which.

use crate::domain::failure::Args;
use crate::domain::operator::{Access, Actor};
use crate::i18n::{I18n, Locale};
use teloxide::types::BotCommand;

/// What somebody can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `/status`
    Status,
    /// `/recover [runbook]`
    Recover,
    /// `/runs`
    Runs,
    /// `/cancel [run]`
    Cancel,
    /// `/backups`
    Backups,
    /// `/retry_failed [1h|24h|all]`
    RetryFailed,
    /// `/payments`
    Payments,
    /// `/broadcast [list]`
    Broadcast,
    /// `/checklist`
    Checklist,
    /// `/contacts`
    Contacts,
    /// `/drill [runbook]`
    Drill,
    /// `/incident [title | note … | close | list | I-7]`
    Incident,
    /// `/audit [n]`
    Audit,
    /// `/language`
    Language,
    /// `/help`, and `/start`, which Telegram itself sends
    Help,
    /// Not of this bot.
    Unknown,
}

/// Who may use a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Everybody on one of the lists.
    Operators,
    /// `ADMIN_IDS`.
    Admins,
}

/// Each command with its rule, in the order of the menu.
const TABLE: &[(&str, Command, Rule)] = &[
    ("status", Command::Status, Rule::Operators),
    ("recover", Command::Recover, Rule::Admins),
    ("retry_failed", Command::RetryFailed, Rule::Admins),
    ("payments", Command::Payments, Rule::Operators),
    ("broadcast", Command::Broadcast, Rule::Admins),
    ("runs", Command::Runs, Rule::Operators),
    ("cancel", Command::Cancel, Rule::Operators),
    ("backups", Command::Backups, Rule::Operators),
    ("checklist", Command::Checklist, Rule::Operators),
    ("contacts", Command::Contacts, Rule::Operators),
    ("drill", Command::Drill, Rule::Admins),
    ("incident", Command::Incident, Rule::Operators),
    ("audit", Command::Audit, Rule::Operators),
    ("language", Command::Language, Rule::Operators),
    ("help", Command::Help, Rule::Operators),
];

/// A command as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Which.
    pub command: Command,
    /// With its slash, without the bot's name; for the audit trail.
    pub text: String,
    /// What follows.
    pub argument: String,
    /// The bot was named: in a group it is surely meant.
    pub addressed: bool,
}

/// Reads a command; nothing where there is none, or where another bot is meant.
#[must_use]
pub fn read(text: &str, me: &str) -> Option<Written> {
    let mut words = text.trim().splitn(2, char::is_whitespace);
    let head = words.next()?.strip_prefix('/')?;
    let argument = words.next().unwrap_or_default().trim().to_owned();
    let (name, addressed) = match head.split_once('@') {
        Some((name, bot)) if bot.eq_ignore_ascii_case(me) => (name, true),
        Some(_) => return None,
        None => (head, false),
    };
    let name = name.to_ascii_lowercase();
    let known = TABLE.iter().find(|(known, ..)| *known == name);
    let command = match known {
        Some((_, command, _)) => *command,
        None if name == "start" => Command::Help,
        None => Command::Unknown,
    };
    Some(Written {
        command,
        text: format!("/{name}"),
        argument,
        addressed,
    })
}

/// Whether this person may use it.
#[must_use]
pub fn allows(command: Command, access: &Access, actor: &Actor) -> bool {
    let rule = TABLE.iter().find(|(_, known, _)| *known == command);
    match rule.map_or(Rule::Operators, |(.., rule)| *rule) {
        Rule::Operators => access.knows(actor),
        Rule::Admins => access.may_request(actor),
    }
}

/// The menu in a language.
#[must_use]
pub fn menu(i18n: &I18n, locale: Locale) -> Vec<BotCommand> {
    TABLE
        .iter()
        .map(|(name, ..)| {
            let text = i18n.plain(locale, &format!("command-{name}"), &Args::new());
            BotCommand::new(*name, text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;
    use std::collections::BTreeSet;

    fn command(text: &str) -> Option<Command> {
        read(text, "rei_admin_bot").map(|written| written.command)
    }

    #[test]
    fn a_command_is_read_with_and_without_the_bots_name() {
        let written = read(
            "/Recover@REI_admin_bot  database-corruption ",
            "rei_admin_bot",
        );
        let written = written.unwrap();
        assert_eq!(written.command, Command::Recover);
        assert_eq!(written.argument, "database-corruption");
        assert!(written.addressed);
        assert_eq!(command("/help"), Some(Command::Help));
        assert_eq!(command("/start abc"), Some(Command::Help));
        assert_eq!(command("/status@other_bot"), None);
        assert_eq!(command("hello /status"), None);
        assert_eq!(command("/"), Some(Command::Unknown));
    }

    #[test]
    fn an_approver_may_look_and_not_request() {
        let access = Access {
            admins: BTreeSet::new(),
            approvers: BTreeSet::from([2]),
        };
        let bob = Actor::telegram(2, "Bob");
        assert!(allows(Command::Status, &access, &bob));
        assert!(!allows(Command::Recover, &access, &bob));
        assert!(!allows(Command::Help, &access, &Actor::telegram(3, "Eve")));
    }

    #[test]
    fn every_command_is_described_in_every_language() {
        let i18n = I18n::new(TimeZone::UTC).unwrap();
        for locale in Locale::ALL {
            for entry in menu(&i18n, *locale) {
                assert!(!entry.description.starts_with("command-"), "{entry:?}");
                assert!((3..=256).contains(&entry.description.chars().count()));
            }
        }
    }
}
