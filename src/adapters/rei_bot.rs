//! REI's own bot: looking whether its token works, and sending under it. Never reading its updates:
//! that would take them from REI.

use crate::domain::failure::FailureCode;
use crate::ports::bot::{ReiBot, Webhook};
use crate::ports::{PortError, PortResult, redact};
use async_trait::async_trait;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::time::Duration;
use teloxide::net::default_reqwest_settings;
use teloxide::payloads::SendMessageSetters;
use teloxide::requests::Requester;
use teloxide::types::{ChatId, LinkPreviewOptions};
use teloxide::{ApiError, Bot, RequestError};

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest wait for an answer.
const ANSWER: Duration = Duration::from_secs(15);
/// Longest wait in all. teloxide waits 10 s before it gives an answer 5xx on.
const LIMIT: Duration = Duration::from_secs(30);

/// An error of the webhook that is older, in seconds, says nothing of now.
const FRESH: i64 = 3600;

/// Why REI's bot cannot be spoken to at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBotApi {
    /// The address of the Bot API.
    #[error("`{0}` is not the address of a Bot API server")]
    Address(String),
    /// The machine's TLS or name resolution.
    #[error("no HTTP client can be made: {0}")]
    Client(String),
}

/// REI's bot over the Bot API.
pub struct TelegramReiBot {
    bot: Bot,
}

/// Without the token, which teloxide's own form would show.
impl fmt::Debug for TelegramReiBot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let api = redact::tokens(self.bot.api_url().as_str());
        f.debug_struct("TelegramReiBot").field("api", &api).finish()
    }
}

impl TelegramReiBot {
    /// `api_url` is the server's address without the token. Nothing is sent yet.
    ///
    /// # Errors
    /// The address is none, or the HTTP client cannot be set up.
    pub fn new(token: &SecretString, api_url: &str) -> Result<Self, InvalidBotApi> {
        let client = default_reqwest_settings()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            // Messages are rare here. A kept connection that the server closed meanwhile would turn
            // "surely not sent" into "perhaps sent".
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|error| InvalidBotApi::Client(redact::error(&error)))?;
        let bot = Bot::with_client(token.expose_secret(), client);
        let wrong = || InvalidBotApi::Address(redact::tokens(api_url));
        let bot = bot.set_api_url(api_url.parse().map_err(|_| wrong())?);
        if bot.api_url().host().is_none() {
            return Err(wrong());
        }
        Ok(Self { bot })
    }
}

#[async_trait]
impl ReiBot for TelegramReiBot {
    async fn username(&self) -> PortResult<String> {
        let me = bounded(self.bot.get_me())
            .await
            .map_err(|lost| lost.of_a_question())?;
        Ok(me.username().to_owned())
    }

    async fn webhook(&self) -> PortResult<Webhook> {
        let info = bounded(self.bot.get_webhook_info())
            .await
            .map_err(|lost| lost.of_a_question())?;
        let fresh = info
            .last_error_date
            .is_some_and(|at| Timestamp::now().as_second() - at.timestamp() < FRESH);
        Ok(Webhook {
            is_set: info.url.is_some(),
            pending: u64::from(info.pending_update_count),
            last_error: info
                .last_error_message
                .filter(|_| fresh)
                .map(|text| redact::tokens(&text)),
        })
    }

    async fn send(&self, person: i64, text: &str) -> PortResult<()> {
        // A link in a notice should not push the notice itself off the screen.
        let no_preview = LinkPreviewOptions {
            is_disabled: true,
            url: None,
            prefer_small_media: false,
            prefer_large_media: false,
            show_above_text: false,
        };
        let request = self
            .bot
            .send_message(ChatId(person), text)
            .link_preview_options(no_preview);
        bounded(request).await.map_err(|lost| lost.of_a_message())?;
        Ok(())
    }
}

/// Why there is no good answer.
enum Lost {
    Overdue,
    Error(RequestError),
}

async fn bounded<R, T>(request: R) -> Result<T, Lost>
where
    R: IntoFuture<Output = Result<T, RequestError>>,
{
    match tokio::time::timeout(LIMIT, request.into_future()).await {
        Ok(outcome) => outcome.map_err(Lost::Error),
        Err(_) => Err(Lost::Overdue),
    }
}

/// What became of a request that did not end well.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    /// Telegram does not take the token.
    TokenRefused,
    /// Telegram said no, in these words.
    Refused(String),
    /// Telegram asks to come back later.
    Later(u32),
    /// It never left.
    NotSent,
    /// It left, and the answer is not known.
    Unknown,
}

impl Lost {
    fn fate(&self) -> Fate {
        match self {
            Self::Overdue => Fate::Unknown,
            Self::Error(RequestError::Network(error)) if error.is_connect() => Fate::NotSent,
            Self::Error(RequestError::RetryAfter(wait)) => Fate::Later(wait.seconds()),
            Self::Error(RequestError::MigrateToChatId(to)) => {
                Fate::Refused(format!("the group is now {to}"))
            }
            Self::Error(RequestError::Api(error)) => answered(error),
            Self::Error(_) => Fate::Unknown,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Overdue => format!("no answer within {} s", LIMIT.as_secs()),
            // The raw answer may be a whole page of a proxy.
            Self::Error(RequestError::InvalidJson { .. }) => "the answer is no JSON".to_owned(),
            Self::Error(error) => redact::error(error),
        }
    }

    /// Of a request that changes nothing: it may simply be asked again.
    fn of_a_question(self) -> PortError {
        match self.fate() {
            Fate::Refused(_) | Fate::Later(_) | Fate::NotSent | Fate::Unknown => {
                PortError::new(FailureCode::BotUnreachable).transient()
            }
            Fate::TokenRefused => PortError::new(FailureCode::BotTokenRefused),
        }
        .because(self.detail())
    }

    fn of_a_message(self) -> PortError {
        let refused = |reason: String| {
            PortError::new(FailureCode::MessageRefused).with("reason", redact::tokens(&reason))
        };
        match self.fate() {
            Fate::TokenRefused => PortError::new(FailureCode::BotTokenRefused),
            Fate::Refused(reason) => refused(reason),
            Fate::Later(seconds) => refused(format!("Too Many Requests: retry after {seconds}"))
                .with("retry_after", Duration::from_secs(seconds.into()))
                .transient(),
            Fate::NotSent => PortError::new(FailureCode::BotUnreachable).transient(),
            Fate::Unknown => PortError::new(FailureCode::BotUnreachable).unknown(),
        }
        .because(self.detail())
    }
}

/// teloxide drops the error's number, so Telegram's words must tell a refusal from a breakdown.
fn answered(error: &ApiError) -> Fate {
    let words = match error {
        ApiError::InvalidToken => return Fate::TokenRefused,
        ApiError::Unknown(words) => words.clone(),
        known => known.to_string(),
    };
    let broken = [
        "Internal Server Error",
        "Bad Gateway",
        "Gateway Timeout",
        "Service Unavailable",
    ];
    if broken.iter().any(|start| words.starts_with(start)) {
        Fate::Unknown
    } else {
        Fate::Refused(words)
    }
}
