//! Incidents: the command, the buttons of their messages, what is written for them.

mod act;
mod take;

pub(super) use act::{act, open};
pub(super) use take::take;

use super::{Asked, Handled, explain, refusal, reply};
use crate::domain::case::{Case, Dossier, PICTURE};
use crate::domain::failure::Arg;
use crate::domain::ids::CaseId;
use crate::ops::{OpsError, Written};
use crate::ports::journal::StateResult;
use crate::telegram::chat::Chat;
use crate::telegram::material;
use crate::telegram::render::{Card, View, case as render, menu};
use crate::telegram::send::NoFile;
use teloxide::types::Message;

/// Incidents in the list.
const RECENT: u32 = 8;

/// What `/incident` does besides showing one and opening one by its title.
const VERBS: [&str; 4] = ["close", "list", "note", "open"];

/// `/incident`: the present one; `note …`, `close`, `list`, `open …`, a number with or without one of
/// them, or the title of a new one.
pub(super) async fn command(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (argument, message): (&str, &Message),
) -> Handled {
    let (word, rest) = cut(argument);
    let (id, said) = match word.to_uppercase().parse::<CaseId>() {
        Ok(id) => (Some(id), rest),
        Err(_) => (None, argument),
    };
    let (verb, rest) = cut(said);
    let card = match (verb.to_lowercase().as_str(), id) {
        ("", None) => present(chat, view).await,
        ("", Some(id)) => shown(chat, view, id).await,
        ("list", None) if rest.is_empty() => list(chat, view).await,
        ("close", _) => match (rest.to_uppercase().parse().ok(), id) {
            (None, id) if rest.is_empty() => close(chat, view, asked, id).await,
            (Some(named), None) => close(chat, view, asked, Some(named)).await,
            _ => Ok(not_understood(view, argument, "close")),
        },
        ("note", id) => noted(chat, view, asked, (id, rest, message))
            .await
            .map(|noted| answer(view, noted)),
        ("open", None) => opened(chat, view, asked, rest).await,
        (verb, None) => match meant(verb) {
            Some(meant) => Ok(not_understood(view, argument, meant)),
            None => opened(chat, view, asked, argument).await,
        },
        (verb, Some(_)) => {
            let meant = meant(verb).unwrap_or("note");
            Ok(not_understood(view, argument, meant))
        }
    };
    let card = card.unwrap_or_else(|error| refusal(view, &error));
    reply(chat, asked, &card).await
}

/// The first word and the rest.
fn cut(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim())
}

/// The verb that was probably meant: a slip of the finger must not name an incident or open one.
fn meant(word: &str) -> Option<&'static str> {
    let slips = |verb: &&&str| {
        let most = if verb.len() > 4 { 2 } else { 1 };
        strsim::damerau_levenshtein(verb, word) <= most
    };
    VERBS.iter().find(slips).copied()
}

fn not_understood(view: &View<'_>, given: &str, verb: &str) -> Card {
    let values = [("given", Arg::from(given)), ("verb", Arg::from(verb))];
    menu::text(view, view.tell("incident-not-understood", values))
}

type Shown = Result<Card, OpsError>;

async fn present(chat: &Chat, view: &View<'_>) -> Shown {
    match chat.ops.present_case().await? {
        Some(case) => shown(chat, view, case.id).await,
        None => Ok(render::none(view)),
    }
}

/// The incident as it stands.
pub(super) async fn shown(chat: &Chat, view: &View<'_>, id: CaseId) -> Shown {
    Ok(render::card(view, &chat.ops.dossier(id).await?))
}

async fn list(chat: &Chat, view: &View<'_>) -> Shown {
    let mut found: Vec<Dossier> = Vec::new();
    for case in chat.ops.recent_cases(RECENT).await? {
        found.push(chat.ops.dossier(case.id).await?);
    }
    Ok(render::list(view, &found))
}

/// A new one, or a name for the present one.
async fn opened(chat: &Chat, view: &View<'_>, asked: &Asked, title: &str) -> Shown {
    let before = chat.ops.present_case().await?;
    let case = chat.ops.open_case(&asked.actor, title).await?;
    let Some(before) = before.filter(|before| before.id == case.id) else {
        return Ok(menu::text(view, told(view, "incident-opened", &case)));
    };
    let renamed = before.title.is_some() && before.title != case.title;
    let values = [
        ("incident", Arg::from(case.id.to_string())),
        ("renamed", if renamed { "yes" } else { "no" }.into()),
        ("was", before.title.unwrap_or_default().into()),
    ];
    Ok(menu::text(view, view.tell("incident-named", values)))
}

async fn close(chat: &Chat, view: &View<'_>, asked: &Asked, id: Option<CaseId>) -> Shown {
    let case = match id {
        Some(id) => chat.ops.case(id).await?,
        None => chat.ops.present_case().await?.ok_or(OpsError::NoCase)?,
    };
    if may_close(&case) || !case.is_open() {
        let case = chat.ops.close_case(&asked.actor, case.id).await?;
        return Ok(menu::text(view, told(view, "incident-closed", &case)));
    }
    Ok(render::close(view, &chat.ops.dossier(case.id).await?))
}

/// Nothing is left that somebody would want to be asked about.
fn may_close(case: &Case) -> bool {
    case.is_complete() && case.open_alerts.is_empty() && case.open_runs.is_empty()
}

fn told(view: &View<'_>, key: &str, case: &Case) -> String {
    view.tell(key, [("incident", Arg::from(case.id.to_string()))])
}

/// The incident that a note is in, or why nothing was noted.
type Noted = Result<Case, String>;

fn answer(view: &View<'_>, noted: Noted) -> Card {
    let html = noted.map_or_else(|why| why, |case| told(view, "incident-noted", &case));
    menu::text(view, html)
}

/// A note with what came with it.
async fn noted(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (id, text, message): (Option<CaseId>, &str, &Message),
) -> Result<Noted, OpsError> {
    let picture = match picture(chat, view, message).await? {
        Ok(picture) => picture,
        Err(why) => return Ok(Err(why)),
    };
    let written = Written {
        text: text.to_owned(),
        picture,
        album: message.media_group_id().map(|album| album.0.clone()),
    };
    let case = chat.ops.note_case(&asked.actor, id, &written).await?;
    Ok(Ok(case))
}

/// One more picture of an album: Telegram sends each as a message of its own, and only the first one
/// says what it is for. Tells whether it was one.
pub(super) async fn album(chat: &Chat, asked: &Asked, message: &Message) -> StateResult<bool> {
    let Some(album) = message.media_group_id() else {
        return Ok(false);
    };
    let album = &album.0;
    let known = chat.ops.case_of_album(&asked.actor, album).await;
    let Some(id) = known.map_err(super::state)? else {
        return Ok(false);
    };
    let view = chat.view(super::locale(chat, asked).await?);
    let text = message.caption().unwrap_or_default();
    let card = match noted(chat, &view, asked, (Some(id), text, message)).await {
        // The first one was confirmed.
        Ok(Ok(_)) => return Ok(true),
        Ok(Err(why)) => menu::text(&view, why),
        Err(error) => refusal(&view, &error),
    };
    reply(chat, asked, &card).await?;
    Ok(true)
}

/// The picture of a message, kept on the shelf; or why there is none, in words.
async fn picture(
    chat: &Chat,
    view: &View<'_>,
    message: &Message,
) -> Result<Result<Option<String>, String>, OpsError> {
    let Some(file) = material::picture(message) else {
        let words = message.text().is_some();
        let other = || view.say("incident-no-picture");
        return Ok(if words { Ok(None) } else { Err(other()) });
    };
    let too_large = || {
        let limit = Arg::Bytes(PICTURE);
        Ok(Err(
            view.tell("incident-picture-too-large", [("limit", limit)])
        ))
    };
    if file.bytes > PICTURE {
        return too_large();
    }
    match chat.sender.fetch(&file.id, PICTURE).await {
        Ok(bytes) => Ok(Ok(Some(chat.ops.keep_file(bytes).await?))),
        Err(NoFile::TooLarge) => too_large(),
        Err(NoFile::Lost(why)) => Ok(Err(
            view.tell("incident-picture-lost", [("why", why.into())])
        )),
    }
}

/// Something that failed, in a pop-up.
async fn no(
    chat: &Chat,
    view: &View<'_>,
    press: &super::presses::Press,
    error: &OpsError,
) -> Handled {
    let text = explain(view, error);
    chat.sender.answer(&press.query, &text, true).await;
    Ok(())
}
