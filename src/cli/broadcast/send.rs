//! `broadcast send`.

use super::watch;
use super::words;
use crate::cli::args::{BroadcastSend, To};
use crate::cli::recover::Manner;
use crate::cli::terminal::{json as print_json, line};
use crate::cli::{CliError, CliResult, Console, Exit};
use crate::domain::approval::Consent;
use crate::domain::campaign::audience::{AudienceRule, Who};
use crate::domain::campaign::message::{Message, Notice};
use crate::domain::campaign::{Campaign, Origin, ready};
use crate::domain::failure::Args;
use crate::ops::{OpsError, Part, language_tag};
use std::collections::BTreeMap;
use std::io::Read;

/// Longest text that is read, in bytes: far more than Telegram takes.
const LONGEST: u64 = 64 * 1024;

pub(super) async fn run(console: &Console, args: &BroadcastSend) -> CliResult {
    let notice = notice(console, args)?;
    if let Some((language, problem)) = notice.problems().into_iter().next() {
        return Err(OpsError::NoticeProblem(language, problem).into());
    }
    if args.dry_run {
        return dry(console, args, &notice).await;
    }
    let manner = Manner {
        yes: args.yes,
        json: args.json,
    };
    manner.admit(console)?;
    let campaign = write(console, args, notice).await?;
    let asked = console.ops.ask_notice(&console.actor, campaign.id).await?;
    if !args.json {
        show(console, &asked)?;
    }
    let named = words::named(asked.id);
    if !args.yes && !console.confirm("cli-ask-notice", &named).await? {
        console
            .ops
            .withdraw_notice(&console.actor, asked.id)
            .await?;
        return Ok(Exit::Refused);
    }
    approve(console, &asked, args.json).await?;
    watch::follow(console, asked.id, args.json).await
}

/// The console is the approval, unless another person is needed: then the chat is asked.
async fn approve(console: &Console, asked: &Campaign, json: bool) -> Result<(), CliError> {
    let named = words::named(asked.id);
    if console.ops.needs_another(asked) {
        if !console.attended {
            console
                .ops
                .withdraw_notice(&console.actor, asked.id)
                .await?;
            let refused = console.text("cli-notice-needs-another", &named);
            return Err(CliError::Refused(refused));
        }
        if json {
            return Ok(());
        }
        return console.say("cli-notice-asked", &named);
    }
    let Some(approval) = &asked.approval else {
        return Err(OpsError::NoticeMovedOn(asked.id).into());
    };
    let request = &approval.request.id;
    let decided = console
        .ops
        .approve_notice(&console.actor, request, Consent::Typed)
        .await;
    match decided {
        // Somebody in the chat was quicker; what he decided is what is watched.
        Err(error) if error.is_refusal() => Ok(()),
        other => Ok(other.map(drop)?),
    }
}

/// What would be sent, to whom; nothing is written.
async fn dry(console: &Console, args: &BroadcastSend, notice: &Notice) -> CliResult {
    let (who, file) = who(&args.to)?;
    let listed = match file {
        // Kept by its content: the same file is kept once, and asked for by nobody.
        Some(bytes) => {
            let (who, _) = console.ops.keep_ids(bytes).await?;
            console.ops.count_audience(&rule(args, who)).await?
        }
        None => console.ops.count_audience(&rule(args, who)).await?,
    };
    if args.json {
        print_json(&words::would(notice, &listed))?;
    } else {
        for text in words::says(console, notice) {
            line(&text)?;
        }
        for text in words::listed(console, &listed) {
            line(&text)?;
        }
    }
    Ok(if listed.count == 0 {
        Exit::NothingToDo
    } else {
        Exit::Done
    })
}

/// Writes the draft as the arguments say.
async fn write(
    console: &Console,
    args: &BroadcastSend,
    notice: Notice,
) -> Result<Campaign, CliError> {
    let (ops, actor) = (&console.ops, &console.actor);
    let (who, file) = who(&args.to)?;
    let who = match file {
        Some(bytes) => ops.keep_ids(bytes).await?.0,
        None => who,
    };
    let begun = (Origin::Console, notice.fallback.as_str());
    let id = ops.begin_notice(actor, begun).await?.id;
    ops.write_notice(actor, id, Part::All(notice.messages))
        .await?;
    ops.write_notice(actor, id, Part::Fallback(notice.fallback))
        .await?;
    ops.set_urgent(actor, id, args.urgent).await?;
    Ok(ops.set_audience(actor, id, rule(args, who)).await?)
}

fn rule(args: &BroadcastSend, who: Who) -> AudienceRule {
    let hours = |spare: std::time::Duration| spare.as_secs().div_ceil(3_600);
    AudienceRule {
        who,
        language: args.only_language.clone(),
        spare_hours: args
            .spare
            .map(|spare| u32::try_from(hours(spare.0)).unwrap_or(u32::MAX)),
    }
}

/// Whom the argument names, and the file where it names one.
fn who(to: &To) -> Result<(Who, Option<Vec<u8>>), CliError> {
    match to {
        To::Who(who) => Ok((who.clone(), None)),
        To::File(path) => Ok((Who::Everyone, Some(std::fs::read(path)?))),
    }
}

/// What the notice says: a ready one, or texts from files.
fn notice(console: &Console, args: &BroadcastSend) -> Result<Notice, CliError> {
    let main = args.language.clone();
    let main = main.unwrap_or_else(|| console.locale.as_str().to_owned());
    let fallback = language_tag(&main)?;
    if let Some(word) = &args.ready {
        return lies_ready(console, args, (word, fallback));
    }
    let mut messages = BTreeMap::new();
    if let Some(source) = &args.text {
        messages.insert(fallback.clone(), Message::plain(read(source)?));
    }
    let others = [("en", &args.text_en), ("ru", &args.text_ru)];
    for (language, source) in others {
        if let Some(source) = source {
            messages.insert(language.to_owned(), Message::plain(read(source)?));
        }
    }
    Ok(Notice { fallback, messages })
}

fn lies_ready(
    console: &Console,
    args: &BroadcastSend,
    (word, fallback): (&str, String),
) -> Result<Notice, CliError> {
    let usage = |key: &str| {
        let given = Args::from([("given".to_owned(), word.into())]);
        CliError::Usage(console.text(key, &given))
    };
    let ready = ready::find(word).ok_or_else(|| usage("cli-no-ready-notice"))?;
    let set: BTreeMap<&str, &str> = args
        .set
        .iter()
        .filter_map(|pair| pair.split_once('='))
        .collect();
    let filled: Option<Vec<String>> = ready
        .blanks
        .iter()
        .map(|blank| set.get(blank).map(|value| (*value).to_owned()))
        .collect();
    let filled = filled.ok_or_else(|| {
        let blanks = ready.blanks.join(", ");
        let args = Args::from([
            ("given".to_owned(), word.into()),
            ("blanks".to_owned(), blanks.into()),
        ]);
        CliError::Usage(console.text("cli-ready-blanks", &args))
    })?;
    let said = console.i18n.ready(ready, &filled).into_iter();
    let messages = said
        .map(|(locale, text)| (locale.as_str().to_owned(), Message::plain(text)))
        .collect();
    Ok(Notice { fallback, messages })
}

/// A text from a file, or with `-` from standard input. Its last line break is the file's, not its.
fn read(source: &str) -> Result<String, CliError> {
    let mut text = String::new();
    if source == "-" {
        std::io::stdin().take(LONGEST).read_to_string(&mut text)?;
    } else {
        let file = std::fs::File::open(source)?;
        file.take(LONGEST).read_to_string(&mut text)?;
    }
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

fn show(console: &Console, asked: &Campaign) -> Result<(), CliError> {
    let notice = asked.task.notice();
    let says = notice.map(|notice| words::says(console, notice));
    let listed = asked.listed.as_ref();
    let listed = listed.map(|listed| words::listed(console, listed));
    let takes = words::takes(console, asked);
    let all = says
        .into_iter()
        .flatten()
        .chain(listed.into_iter().flatten());
    all.chain(takes).try_for_each(|text| line(&text))?;
    Ok(())
}
