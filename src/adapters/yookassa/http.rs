//! One request, with its deadline and its repetitions.

use super::pace::Pace;
use super::wire::Refusal;
use super::{SERVICE, YooKassaKeys, YooKassaLimits, YooKassaOptions};
use crate::domain::failure::FailureCode;
use crate::ports::{PortError, PortResult, redact};
use reqwest::{Client, ClientBuilder, StatusCode, redirect};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use std::time::Duration;
use url::Url;

/// A page of a hundred payments has some hundred kilobytes; whatever is larger is something else.
const LARGEST: usize = 8 * 1024 * 1024;
/// Redirections of the status page that are followed.
const MOST_MOVES: usize = 3;
/// Longest text of an error.
const LONGEST: usize = 200;

/// The API with its keys and its pace.
pub(super) struct Api {
    client: Client,
    base: Url,
    keys: YooKassaKeys,
    limits: YooKassaLimits,
    pace: Pace,
}

/// Without the keys.
impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Api");
        shown.field("base", &self.base.as_str());
        shown.field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// How one request ended that did not end well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Too many requests.
    TooMany,
    /// No answer, or one of a server in trouble; the next may be better.
    Down(String),
    /// Our key is refused.
    Key(String),
    /// There is no such thing.
    Missing,
    /// Refused for another reason, or not what was asked for.
    Odd(String),
}

fn builder(limits: &YooKassaLimits) -> ClientBuilder {
    Client::builder()
        .connect_timeout(limits.connect)
        .timeout(limits.request)
        .user_agent(concat!("rei-recovery/", env!("CARGO_PKG_VERSION")))
}

/// For its status page. A page may move about on its own server; it sends nobody elsewhere, to an
/// address that only this machine reaches.
pub(super) fn page(limits: &YooKassaLimits) -> ClientBuilder {
    let same_server = redirect::Policy::custom(|attempt| {
        let last = attempt.previous().last();
        let stays = last.is_some_and(|last| {
            last.host() == attempt.url().host()
                && last.port_or_known_default() == attempt.url().port_or_known_default()
        });
        match stays && attempt.previous().len() <= MOST_MOVES {
            true => attempt.follow(),
            false => attempt.stop(),
        }
    });
    builder(limits).redirect(same_server)
}

impl Api {
    pub(super) fn new(options: &YooKassaOptions, keys: YooKassaKeys) -> reqwest::Result<Self> {
        let limits = options.limits;
        // A redirect would take the keys to another place.
        let client = builder(&limits).redirect(redirect::Policy::none());
        let pauses = (limits.first_pause, limits.longest_pause);
        Ok(Self {
            client: client.build()?,
            base: options.api.clone(),
            keys,
            limits,
            pace: Pace::new(limits.at_once, limits.at_most, pauses),
        })
    }

    /// Requests at once that could ever be.
    pub(super) fn at_most(&self) -> usize {
        self.limits.at_most.max(1) as usize
    }

    /// The address of a thing of the API.
    pub(super) fn address(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        // An address of http or https always has a path.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    /// Asks until there is an answer: nothing where there is no such thing.
    pub(super) async fn get<T: DeserializeOwned>(&self, url: &Url) -> PortResult<Option<T>> {
        let (mut failures, mut refusals) = (0, 0);
        loop {
            let leave = self.pace.leave().await;
            let trouble = match self.once(url).await {
                Ok(found) => {
                    leave.went_well();
                    return Ok(Some(found));
                }
                Err(Trouble::Missing) => {
                    leave.went_well();
                    return Ok(None);
                }
                Err(trouble) => trouble,
            };
            let (count, most) = match &trouble {
                Trouble::TooMany => {
                    leave.was_too_much();
                    (&mut refusals, self.limits.refusals)
                }
                Trouble::Down(_) => (&mut failures, self.limits.attempts),
                _ => return Err(trouble.error()),
            };
            drop(leave);
            *count += 1;
            if *count >= most {
                return Err(trouble.error());
            }
            tracing::debug!(?trouble, "asking YooKassa again");
            tokio::time::sleep(self.pause(*count)).await;
        }
    }

    /// Doubles from one repetition to the next; spread, so that not all come back at once.
    fn pause(&self, count: u32) -> Duration {
        let grown = self.limits.first_pause * 2u32.saturating_pow(count.saturating_sub(1).min(16));
        let half = grown.min(self.limits.longest_pause) / 2;
        half + half.mul_f64(share())
    }

    /// Asks once.
    pub(super) async fn once<T: DeserializeOwned>(&self, url: &Url) -> Result<T, Trouble> {
        let secret = self.keys.secret.expose_secret();
        let request = self.client.get(url.clone());
        let sent = request.basic_auth(&self.keys.shop, Some(secret)).send();
        let answer = sent.await.map_err(lost)?;
        let status = answer.status();
        let body = body(answer).await?;
        match status {
            StatusCode::OK => serde_json::from_slice(&body)
                .map_err(|error| Trouble::Odd(format!("the answer cannot be read: {error}"))),
            status => Err(refused(status, &body)),
        }
    }
}

/// Between 0 and 1; how good the dice are does not matter here.
fn share() -> f64 {
    let mut bytes = [0; 2];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u16::from_ne_bytes(bytes)) / f64::from(u16::MAX),
        Err(_) => 0.5,
    }
}

pub(super) fn lost(error: reqwest::Error) -> Trouble {
    // The address is in the settings already; what it may carry need not be in every error.
    Trouble::Down(cut(&redact::error(&error.without_url())))
}

/// The whole answer, as long as it is of a sane size.
pub(super) async fn body(mut answer: reqwest::Response) -> Result<Vec<u8>, Trouble> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(lost)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(Trouble::Odd("the answer is too large".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn refused(status: StatusCode, body: &[u8]) -> Trouble {
    // Only YooKassa's own words are passed on: what stands between may answer with anything.
    let words = match serde_json::from_slice::<Refusal>(body) {
        Ok(refusal) => {
            let description = refusal.description.unwrap_or_default();
            cut(&format!("{status}: {} {description}", refusal.code))
        }
        Err(_) => status.to_string(),
    };
    match status {
        StatusCode::TOO_MANY_REQUESTS => Trouble::TooMany,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Trouble::Key(words),
        StatusCode::NOT_FOUND => Trouble::Missing,
        StatusCode::REQUEST_TIMEOUT => Trouble::Down(words),
        _ if status.is_server_error() => Trouble::Down(words),
        _ => Trouble::Odd(words),
    }
}

/// A text of somebody else on one line, and not endless.
pub(super) fn cut(text: &str) -> String {
    let text = redact::tokens(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST).collect()
}

impl Trouble {
    /// The error for people.
    pub(super) fn error(self) -> PortError {
        let error = |code| PortError::new(code).with("service", SERVICE);
        match self {
            Self::TooMany => error(FailureCode::ProviderDown)
                .because("429: too many requests, however slowly they came")
                .transient(),
            Self::Down(why) => error(FailureCode::ProviderDown).because(why).transient(),
            Self::Key(why) => error(FailureCode::ProviderKeyRefused).because(why),
            Self::Missing => {
                error(FailureCode::ProviderAnswerUnreadable).because("404: there is no such list")
            }
            Self::Odd(why) => error(FailureCode::ProviderAnswerUnreadable).because(why),
        }
    }
}
