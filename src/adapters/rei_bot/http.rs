//! One call of the Bot API over HTTP.
//!
//! Connections are kept: a new one for each message would cost two round trips and a handshake. One
//! that the server closed while it was idle does no harm: hyper repeats by itself what was never
//! written (and nothing else), and this side lets go first, before a server usually does. HTTP/1.1, so
//! that one broken connection makes one answer unknown and not all that are under way.

use super::InvalidBotApi;
use super::answer::{Answer, cut, read};
use crate::ports::redact;
use reqwest::header::RETRY_AFTER;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use std::fmt;
use std::time::Duration;
use url::Url;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest wait for an answer.
const ANSWER: Duration = Duration::from_secs(15);
/// Bytes a second that a file surely goes up with, on top of that.
const UPLOAD: u64 = 128 * 1024;
/// How long a connection is kept that nobody uses; web servers close theirs after a minute or so.
const IDLE: Duration = Duration::from_secs(20);
/// Connections kept: enough for a thousand calls a second that take a quarter of a second each.
const KEPT: usize = 256;
/// A message with all that belongs to it has some kilobytes.
const LARGEST: usize = 1024 * 1024;

/// The Bot API under one token.
pub(super) struct Api {
    client: Client,
    /// Up to and with the token.
    base: Url,
    bot: i64,
}

/// Without the token.
impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = redact::tokens(self.base.as_str());
        f.debug_struct("Api").field("base", &base).finish()
    }
}

/// A call.
#[derive(Debug)]
pub(super) struct Call {
    /// The method, as Telegram spells it.
    pub method: &'static str,
    /// Its parameters.
    pub fields: Map<String, Value>,
    /// A file that goes with it.
    pub file: Option<File>,
}

/// A file on its way up.
#[derive(Debug)]
pub(super) struct File {
    /// The part of the form.
    pub part: &'static str,
    /// The name people see.
    pub name: String,
    /// Its type.
    pub mime: Option<String>,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Api {
    pub fn new(token: &SecretString, api_url: &str) -> Result<Self, InvalidBotApi> {
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .http1_only()
            .tcp_nodelay(true)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(KEPT)
            // It would take the token to another place.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("rei-recovery/", env!("CARGO_PKG_VERSION")));
        let failed = |error| InvalidBotApi::Client(redact::error(&error));
        let token = token.expose_secret();
        let number = token.split(':').next().and_then(|id| id.parse().ok());
        Ok(Self {
            client: client.build().map_err(failed)?,
            base: base(token, api_url).ok_or_else(|| wrong(api_url))?,
            bot: number.ok_or(InvalidBotApi::Token)?,
        })
    }

    /// The bot's own id.
    pub fn bot(&self) -> i64 {
        self.bot
    }

    /// Calls a method once.
    pub async fn call(&self, call: Call) -> Answer {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(call.method);
        }
        let request = self.client.post(url);
        let request = match call.file {
            None => request.json(&call.fields),
            Some(file) => match with_file(request, call.fields, file) {
                Ok(request) => request,
                Err(error) => return Answer::NotSent(told(error)),
            },
        };
        match request.send().await {
            Ok(response) => answered(response).await,
            Err(error) if error.is_connect() || error.is_builder() => Answer::NotSent(told(error)),
            Err(error) => Answer::Unknown(told(error)),
        }
    }
}

fn base(token: &str, api_url: &str) -> Option<Url> {
    let mut url: Url = api_url.parse().ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .push(&format!("bot{token}"));
    Some(url)
}

fn wrong(api_url: &str) -> InvalidBotApi {
    InvalidBotApi::Address(redact::tokens(api_url))
}

/// As a form, in which a field that is no text is written as JSON.
fn with_file(
    request: RequestBuilder,
    fields: Map<String, Value>,
    file: File,
) -> reqwest::Result<RequestBuilder> {
    // Telegram reads `filename="…"` as it stands and knows no `filename*=`.
    let mut form = Form::new().percent_encode_noop();
    for (name, value) in fields {
        form = match value {
            Value::String(text) => form.text(name, text),
            other => form.text(name, other.to_string()),
        };
    }
    let seconds = file.bytes.len() as u64 / UPLOAD;
    let mut part = Part::bytes(file.bytes).file_name(file.name);
    if let Some(mime) = &file.mime {
        part = part.mime_str(mime)?;
    }
    Ok(request
        .multipart(form.part(file.part, part))
        .timeout(ANSWER + Duration::from_secs(seconds)))
}

async fn answered(response: Response) -> Answer {
    let status = response.status().as_u16();
    let header = response.headers().get(RETRY_AFTER);
    let wait = header.and_then(|value| value.to_str().ok()?.parse().ok());
    match body(response).await {
        Ok(body) => read(status, wait, &body),
        // The status alone says that it was not done.
        Err(_) if status == 429 => read(status, wait, b""),
        Err(why) => Answer::Unknown(why),
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(told)? {
        if body.len() + chunk.len() > LARGEST {
            return Err("the answer is too large".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The address holds the token.
fn told(error: reqwest::Error) -> String {
    cut(&redact::error(&error.without_url()))
}
