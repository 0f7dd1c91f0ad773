//! Refusals, worded as Telegram words them.
//!
//! A bot decides by these texts and codes whether to try again, to give a chat up or to wait, so a
//! text that is nearly right would make a test prove nothing.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use thiserror::Error;

/// What the Bot API says instead of a result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{code} {description}")]
pub struct ApiError {
    /// The HTTP status, repeated in the body as `error_code`.
    pub code: u16,
    /// The text, with its class in front (`Bad Request: …`).
    pub description: String,
    /// What a program can act on.
    pub hint: Option<Hint>,
}

/// The `parameters` of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// Seconds until the token may be used again.
    RetryAfter(u64),
    /// The group lives on under this id.
    MigrateTo(i64),
}

impl ApiError {
    fn new(code: u16, class: &str, text: &str) -> Self {
        Self {
            code,
            description: format!("{class}: {text}"),
            hint: None,
        }
    }

    /// 400: the request can never succeed as it stands.
    pub fn bad_request(text: impl AsRef<str>) -> Self {
        Self::new(400, "Bad Request", text.as_ref())
    }

    /// 403: the other side does not want to hear from this bot.
    pub fn forbidden(text: impl AsRef<str>) -> Self {
        Self::new(403, "Forbidden", text.as_ref())
    }

    /// 409: somebody else uses the token.
    pub fn conflict(text: impl AsRef<str>) -> Self {
        Self::new(409, "Conflict", text.as_ref())
    }

    /// 401: no bot has this token.
    pub fn unauthorized() -> Self {
        Self {
            code: 401,
            description: "Unauthorized".into(),
            hint: None,
        }
    }

    /// 404: a token that cannot be one, or a path outside the API.
    pub fn not_found() -> Self {
        Self {
            code: 404,
            description: "Not Found".into(),
            hint: None,
        }
    }

    /// 404: the token is good, the method does not exist.
    pub fn no_such_method() -> Self {
        Self::new(404, "Not Found", "method not found")
    }

    /// 413: more bytes than an upload may have.
    pub fn too_large() -> Self {
        Self {
            code: 413,
            description: "Request Entity Too Large".into(),
            hint: None,
        }
    }

    /// 429: the token is stalled for `seconds`.
    pub fn too_many(seconds: u64) -> Self {
        let mut error = Self::new(429, "Too Many Requests", &format!("retry after {seconds}"));
        error.hint = Some(Hint::RetryAfter(seconds));
        error
    }

    /// 400: the group became a supergroup and left its old id.
    pub fn migrated(to: i64) -> Self {
        let mut error = Self::bad_request("group chat was upgraded to a supergroup chat");
        error.hint = Some(Hint::MigrateTo(to));
        error
    }

    /// 5xx: Telegram's own trouble, before anything was handled.
    pub fn server(code: u16) -> Self {
        let description = if code == 502 {
            "Bad Gateway"
        } else {
            "Internal Server Error"
        };
        Self {
            code,
            description: description.into(),
            hint: None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut body = json!({
            "ok": false,
            "error_code": self.code,
            "description": self.description,
        });
        match self.hint {
            Some(Hint::RetryAfter(n)) => body["parameters"] = json!({ "retry_after": n }),
            Some(Hint::MigrateTo(id)) => body["parameters"] = json!({ "migrate_to_chat_id": id }),
            None => {}
        }
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(body)).into_response();
        if let Some(Hint::RetryAfter(n)) = self.hint {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(n));
        }
        response
    }
}
