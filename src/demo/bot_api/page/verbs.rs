//! What a person does on the page.

use std::time::Duration;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::json;

use super::super::{
    BotApi,
    control::{ControlError, Parcel, Pick},
    ids::{BotId, MessageId, PersonId, Place},
};

/// An app stops waiting for an answer to a press about then.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) fn router() -> Router<BotApi> {
    Router::new()
        .route("/demo/send", post(send))
        .route("/demo/upload", post(upload))
        .route("/demo/press", post(press))
        .route("/demo/start", post(start))
        .route("/demo/block", post(block))
}

/// Why a verb could not be done.
struct Failure(ControlError);

impl From<ControlError> for Failure {
    fn from(error: ControlError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let code = match self.0 {
            ControlError::Blocked { .. } => "blocked",
            ControlError::NoSuchMessage { .. } | ControlError::NoSuchButton { .. } => "gone",
            ControlError::NotInChat { .. } => "outside",
            ControlError::Refused(_) => "refused",
            _ => "failed",
        };
        let body = json!({ "code": code, "text": self.0.to_string() });
        (StatusCode::CONFLICT, Json(body)).into_response()
    }
}

/// Who acts, and where.
#[derive(Debug, Deserialize)]
struct Actor {
    #[serde(rename = "as")]
    person: u64,
    chat: String,
}

impl Actor {
    fn place(&self) -> Result<(PersonId, Place), Failure> {
        let wrong = |()| ControlError::Refused(format!("{:?} is no chat", self.chat));
        Ok((PersonId(self.person), self.chat.parse().map_err(wrong)?))
    }

    /// The bot at the other end of a private chat.
    fn bot(&self) -> Result<(PersonId, BotId), Failure> {
        match self.place()? {
            (person, Place::Private { bot, .. }) => Ok((person, bot)),
            (_, Place::Group(_)) => Err(ControlError::Refused("a group is no bot".into()).into()),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Text {
    #[serde(flatten)]
    actor: Actor,
    text: String,
    reply_to: Option<MessageId>,
}

async fn send(State(api): State<BotApi>, Json(body): Json<Text>) -> Result<Response, Failure> {
    let (person, place) = body.actor.place()?;
    let id = match body.reply_to {
        Some(to) => api.reply(person, place, to, &body.text)?,
        None => api.send_text(person, place, &body.text)?,
    };
    Ok(Json(json!({ "id": id })).into_response())
}

/// The fields of the address; the body is the file.
#[derive(Debug, Deserialize)]
struct Attachment {
    #[serde(rename = "as")]
    person: u64,
    chat: String,
    name: String,
    #[serde(default)]
    caption: String,
    /// As a picture, which it must be then.
    #[serde(default)]
    photo: bool,
    /// As a film.
    #[serde(default)]
    video: bool,
    reply_to: Option<MessageId>,
}

async fn upload(
    State(api): State<BotApi>,
    Query(query): Query<Attachment>,
    bytes: Bytes,
) -> Result<Response, Failure> {
    let Attachment {
        person,
        chat,
        name,
        caption,
        photo,
        video,
        reply_to,
    } = query;
    let (person, place) = Actor { person, chat }.place()?;
    let parcel = if photo {
        Parcel::photo(bytes)
    } else if video {
        Parcel::video(name, bytes)
    } else {
        Parcel::document(name, bytes)
    };
    let id = api.send_file(person, place, parcel.caption(caption).answering(reply_to))?;
    Ok(Json(json!({ "id": id })).into_response())
}

#[derive(Debug, Deserialize)]
struct Push {
    #[serde(flatten)]
    actor: Actor,
    message: MessageId,
    index: usize,
}

/// Answers when the bot does; a bot that is down says nothing, and so does this, with 204.
async fn press(State(api): State<BotApi>, Json(body): Json<Push>) -> Result<Response, Failure> {
    let (person, place) = body.actor.place()?;
    let press = api.press(person, place, body.message, Pick::Index(body.index))?;
    Ok(match press.answer(PATIENCE).await {
        Ok(answer) => Json(answer).into_response(),
        Err(_) => StatusCode::NO_CONTENT.into_response(),
    })
}

async fn start(State(api): State<BotApi>, Json(actor): Json<Actor>) -> Result<Response, Failure> {
    let (person, bot) = actor.bot()?;
    let id = api.start_chat(person, bot)?;
    Ok(Json(json!({ "id": id })).into_response())
}

#[derive(Debug, Deserialize)]
struct Block {
    #[serde(flatten)]
    actor: Actor,
    blocked: bool,
}

async fn block(State(api): State<BotApi>, Json(body): Json<Block>) -> Result<Response, Failure> {
    let (person, bot) = body.actor.bot()?;
    api.set_blocked(person, bot, body.blocked)?;
    Ok(Json(json!({})).into_response())
}
