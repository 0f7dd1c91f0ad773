//! The two bots and the team's group.

use super::Checker;
use super::finding::{Finding, args};
use crate::domain::failure::{Arg, Args};
use crate::telegram::{self, Account, GroupKind, GroupLook, Refusal};
use secrecy::SecretString;
use teloxide::Bot;

/// The client of a token.
pub(super) fn bot(checker: &Checker<'_>, token: &SecretString) -> Result<Bot, Refusal> {
    let api = &checker.settings().base.telegram_api;
    telegram::client(token, api).map_err(|error| Refusal::Silent(error.to_string()))
}

/// The admin bot.
pub(super) fn admin(checker: &Checker<'_>) -> Result<Bot, Refusal> {
    bot(checker, &checker.settings().telegram.admin_token)
}

/// Whether the bot can do its work in the group.
pub(super) async fn check(checker: &Checker<'_>) -> Vec<Finding> {
    let team = checker.settings().telegram.audit_chat;
    let (bot, me) = match me(checker).await {
        Ok(known) => known,
        Err(refusal) => return vec![token(checker, "admin bot", "ADMIN_BOT_TOKEN", &refusal)],
    };
    let told = args([("bot", me.username.as_str().into())]);
    let mut findings = vec![checker.words.ok("admin bot", "check-admin-ok", &told)];
    match telegram::look_at_group(&bot, team, &me).await {
        Err(Refusal::Migrated(to)) => findings.extend(migrated(checker, &bot, to, &me).await),
        Ok(look) => findings.push(group(checker, &me, &look)),
        Err(refusal) => findings.push(refused(checker, &me, &refusal)),
    }
    findings
}

async fn me(checker: &Checker<'_>) -> Result<(Bot, Account), Refusal> {
    let bot = admin(checker)?;
    let me = telegram::account(&bot).await?;
    Ok((bot, me))
}

fn group(checker: &Checker<'_>, me: &Account, look: &GroupLook) -> Finding {
    let words = &checker.words;
    let told = args([
        ("bot", me.username.as_str().into()),
        ("title", look.title.as_str().into()),
        (
            "chat",
            Arg::Text(checker.settings().telegram.audit_chat.to_string()),
        ),
    ]);
    let name = "team group";
    match look.kind {
        GroupKind::Private => words.wrong(name, "check-team-private", &told),
        GroupKind::Channel => words.wrong(name, "check-team-channel", &told),
        GroupKind::Group if !look.can_write => words.wrong(name, "check-team-mute", &told),
        // Buttons and commands come through all the same; typed answers do not.
        GroupKind::Group if !look.is_admin && !me.reads_all => {
            words.wrong(name, "check-team-privacy", &told).lenient()
        }
        GroupKind::Group => words.ok(name, "check-team-ok", &told),
    }
}

/// The program follows by itself; the setting had better follow too.
async fn migrated(checker: &Checker<'_>, bot: &Bot, to: i64, me: &Account) -> Vec<Finding> {
    let told = args([("to", Arg::Text(to.to_string()))]);
    let moved = checker
        .words
        .wrong("team group id", "check-team-moved", &told);
    let there = match telegram::look_at_group(bot, to, me).await {
        Ok(look) => group(checker, me, &look),
        Err(refusal) => refused(checker, me, &refusal),
    };
    vec![moved.lenient(), there]
}

fn refused(checker: &Checker<'_>, me: &Account, refusal: &Refusal) -> Finding {
    let chat = checker.settings().telegram.audit_chat;
    let told = args([
        ("bot", me.username.as_str().into()),
        ("chat", Arg::Text(chat.to_string())),
        ("cause", cause(refusal).into()),
    ]);
    let key = match refusal {
        Refusal::NoChat | Refusal::Migrated(_) => "check-team-unknown",
        Refusal::NotThere => "check-team-absent",
        _ => "check-team-unreachable",
    };
    checker.words.wrong("team group", key, &told)
}

/// A token that Telegram does not know, or a server that does not answer.
fn token(checker: &Checker<'_>, name: &str, setting: &str, refusal: &Refusal) -> Finding {
    let told = args([
        ("setting", setting.into()),
        ("cause", cause(refusal).into()),
        ("server", server(checker).into()),
    ]);
    let key = match refusal {
        Refusal::Token => "check-token-refused",
        _ => "check-telegram-silent",
    };
    checker.words.wrong(name, key, &told)
}

fn server(checker: &Checker<'_>) -> String {
    let url = &checker.settings().base.telegram_api;
    url.host_str().unwrap_or_default().to_owned()
}

/// Telegram's own words, where it had any.
pub(super) fn cause(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Silent(words) | Refusal::Other(words) => words.clone(),
        other => format!("{other:?}"),
    }
}

/// REI's own bot: its token is known, and it is another bot than this program's.
pub(super) async fn rei(checker: &Checker<'_>) -> Vec<Finding> {
    let words = &checker.words;
    let name = "REI's bot";
    let Some(rei) = &checker.settings().base.rei_token else {
        return vec![
            words
                .wrong(name, "check-rei-absent", &Args::new())
                .lenient(),
        ];
    };
    let asked = async {
        let bot = bot(checker, rei)?;
        telegram::account(&bot).await
    };
    let (rei, admin) = tokio::join!(asked, me(checker));
    vec![match (rei, admin) {
        (Err(refusal), _) => token(checker, name, "REI_BOT_TOKEN", &refusal),
        (Ok(rei), Ok((_, admin))) if rei.id == admin.id => words.wrong(
            name,
            "check-rei-same",
            &args([("bot", rei.username.into())]),
        ),
        (Ok(rei), _) => words.ok(name, "check-rei-ok", &args([("bot", rei.username.into())])),
    }]
}
