//! Looking at REI's bot, and a test message under its token.

use super::TelegramReiBot;
use super::answer::Answer;
use super::http::Call;
use super::requests;
use crate::domain::campaign::message::Message;
use crate::domain::failure::FailureCode;
use crate::ports::bot::{Errand, ReiBot, Webhook};
use crate::ports::{PortError, PortResult, redact};
use async_trait::async_trait;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Map;
use std::time::Duration;

/// An error of the webhook that is older, in seconds, says nothing of now.
const FRESH: i64 = 3600;

/// `getMe`, as far as it matters.
#[derive(Deserialize)]
struct Me {
    username: String,
}

/// `getWebhookInfo`, as far as it matters.
#[derive(Deserialize)]
struct WebhookInfo {
    url: String,
    pending_update_count: u64,
    last_error_date: Option<i64>,
    last_error_message: Option<String>,
}

#[async_trait]
impl ReiBot for TelegramReiBot {
    async fn username(&self) -> PortResult<String> {
        let me: Me = self.ask("getMe").await?;
        Ok(me.username)
    }

    async fn webhook(&self) -> PortResult<Webhook> {
        let info: WebhookInfo = self.ask("getWebhookInfo").await?;
        let now = Timestamp::now().as_second();
        let fresh = info.last_error_date.is_some_and(|at| now - at < FRESH);
        Ok(Webhook {
            is_set: !info.url.is_empty(),
            pending: info.pending_update_count,
            last_error: info
                .last_error_message
                .filter(|_| fresh)
                .map(|text| redact::tokens(&text)),
        })
    }

    async fn send(&self, person: i64, text: &str) -> PortResult<()> {
        let message = Message::plain(text);
        let class = self.pace.class(false, false);
        let call = requests::call(person, Errand::Send(&message), false, None);
        let answer = match self.turn_within(class).await {
            Ok(turn) => self.spend(turn, class, call).await,
            Err(wait) => Answer::Later(wait),
        };
        sent(answer)
    }
}

impl TelegramReiBot {
    /// Asks what Telegram does not count, so it takes no turn. Changes nothing: it may simply be asked
    /// again.
    async fn ask<T: DeserializeOwned>(&self, method: &'static str) -> PortResult<T> {
        let call = Call {
            method,
            fields: Map::new(),
            file: None,
        };
        let unreachable = |why: String| {
            PortError::new(FailureCode::BotUnreachable)
                .transient()
                .because(why)
        };
        match self.api.call(call).await {
            Answer::Done(result) => serde_json::from_value(result)
                .map_err(|error| unreachable(format!("{method}: {error}"))),
            Answer::TokenRefused => Err(token_refused()),
            Answer::Refused(refusal) => Err(unreachable(refusal.words)),
            Answer::Later(wait) => Err(unreachable(too_many(wait))),
            Answer::NotSent(why) | Answer::Unknown(why) => Err(unreachable(why)),
        }
    }
}

fn sent(answer: Answer) -> PortResult<()> {
    let refused = |reason: &str| {
        PortError::new(FailureCode::MessageRefused)
            .with("reason", reason.to_owned())
            .because(reason)
    };
    match answer {
        Answer::Done(_) => Ok(()),
        Answer::TokenRefused => Err(token_refused()),
        Answer::Refused(refusal) => Err(refused(&refusal.words)),
        Answer::Later(wait) => Err(refused(&too_many(wait))
            .with("retry_after", wait)
            .transient()),
        Answer::NotSent(why) => Err(PortError::new(FailureCode::BotUnreachable)
            .transient()
            .because(why)),
        Answer::Unknown(why) => Err(PortError::new(FailureCode::BotUnreachable)
            .unknown()
            .because(why)),
    }
}

fn token_refused() -> PortError {
    PortError::new(FailureCode::BotTokenRefused).because("Telegram does not take the token")
}

fn too_many(wait: Duration) -> String {
    let seconds = wait.as_secs_f64().ceil();
    format!("Too Many Requests: retry after {seconds}")
}
