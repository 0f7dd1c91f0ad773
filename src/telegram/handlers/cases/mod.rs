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
use crate::telegram::chat::Chat;
use crate::telegram::material;
use crate::telegram::render::{Card, View, case as render, menu};
use crate::telegram::send::NoFile;
use teloxide::types::Message;

/// Incidents in the list.
const RECENT: u32 = 8;

/// `/incident`: the present one; `note …`, `close`, `list`, a number, or the title of a new one.
pub(super) async fn command(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (argument, message): (&str, &Message),
) -> Handled {
    let (word, rest) = argument
        .split_once(char::is_whitespace)
        .unwrap_or((argument, ""));
    let card = match word.to_lowercase().as_str() {
        "" => present(chat, view).await,
        "list" if rest.is_empty() => list(chat, view).await,
        "close" if rest.is_empty() => close(chat, view, asked).await,
        "note" => noted(chat, view, asked, (None, rest, message)).await,
        _ => match argument.parse::<CaseId>() {
            Ok(id) => shown(chat, view, id).await,
            Err(_) => opened(chat, view, asked, argument).await,
        },
    };
    let card = card.unwrap_or_else(|error| refusal(view, &error));
    reply(chat, asked, &card).await
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
    let before = chat.ops.present_case().await?.map(|case| case.id);
    let case = chat.ops.open_case(&asked.actor, title).await?;
    let key = if before == Some(case.id) {
        "incident-named"
    } else {
        "incident-opened"
    };
    Ok(menu::text(view, told(view, key, &case)))
}

async fn close(chat: &Chat, view: &View<'_>, asked: &Asked) -> Shown {
    let case = chat.ops.present_case().await?.ok_or(OpsError::NoCase)?;
    if may_close(&case) {
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

/// A note with what came with it.
async fn noted(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (id, text, message): (Option<CaseId>, &str, &Message),
) -> Shown {
    let picture = match picture(chat, view, message).await? {
        Ok(picture) => picture,
        Err(why) => return Ok(menu::text(view, why)),
    };
    let written = Written {
        text: text.to_owned(),
        picture,
    };
    let case = chat.ops.note_case(&asked.actor, id, &written).await?;
    Ok(menu::text(view, told(view, "incident-noted", &case)))
}

/// The picture of a message, kept on the shelf; or why there is none, in words.
async fn picture(
    chat: &Chat,
    view: &View<'_>,
    message: &Message,
) -> Result<Result<Option<String>, String>, OpsError> {
    let Some(file) = material::picture(message) else {
        return Ok(Ok(None));
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
